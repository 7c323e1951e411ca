// Whether one more call may be promised after a missed one, decided when the call is placed: only then is the number known. The store
// carries it out (store/sql/redials.ts).

import type { AllowedNumber } from '../gates/number.js';
import type { RequestedCall } from '../http/request-schemas.js';
import type { Hours } from '../hours/hours.js';
import { knownZone } from '../hours/zone-clock.js';
import { callIdLetters, randomId, type RandomBytes } from '../core/random-id.js';
import type { Keyring } from '../secrets/keyring.js';
import type { RedialPlan, StoredCall } from '../store/store.js';
import { type ScheduledRequest, sealRequest, type ToSeal } from './sealed-request.js';

/** A call that is about to be placed. */
export interface ToRedial extends ToSeal {
  readonly callId: string;
  readonly callRequest: Pick<RequestedCall, 'timeZone'>;
  readonly number: AllowedNumber;
  readonly now: number;
}

/** Plans the second attempt of a call; undefined where none may be promised. */
export type PlanRedial = (call: ToRedial) => RedialPlan | undefined;

/** Dependencies. */
export interface RedialDeps {
  readonly afterMinutes: number;
  /** How long after a completed call the agent's report that a voicemail answered is awaited, milliseconds; undefined where none is taken. */
  readonly reportWaitMs: number | undefined;
  readonly keyring: Pick<Keyring, 'seal'>;
  readonly hours: Pick<Hours, 'verdict'>;
  readonly random: RandomBytes;
}

/** How long after the call was placed the phone can have been missed for another call to be promised, milliseconds. */
const longestFirstMs = 10 * 60_000;
/** How long after its time a second attempt can still be placed, milliseconds: later, nobody expects it. */
export const redialKeptMs: number = 10 * 60_000;

/** Creates it. */
export function createRedial({ afterMinutes, reportWaitMs, keyring, hours, random }: RedialDeps): PlanRedial {
  const afterMs = afterMinutes * 60_000;
  return function planRedial({ callId: firstId, callRequest, number, metadata: given, now }) {
    const until = now + longestFirstMs + afterMs;
    // Open at the latest time that may be promised, and so, as now, in between; checked again when it is due.
    if (!hours.verdict({ ...number, browserZone: callRequest.timeZone, now: until }).open) return undefined;
    const callId = randomId(callIdLetters, random);
    // The agent reports on the second call by its own ID.
    const entries = Object.entries(given ?? {}).map(([key, value]) => [key, value === firstId ? callId : value]);
    const metadata = given && (Object.fromEntries(entries) as Record<string, string>);
    return {
      callId,
      afterMs,
      until,
      zone: knownZone(callRequest.timeZone ?? '') ?? 'UTC',
      ...(reportWaitMs !== undefined && { reportWaitMs }),
      sealedRequest: sealRequest(keyring, { callRequest, number, metadata }),
    };
  };
}

/** The plan of a call that has waited for its time or its turn; undefined for a second attempt, which is never followed by another. */
export function planWhenPlaced(
  plan: PlanRedial | undefined,
  { id: callId, redialAfter }: StoredCall,
  { number, metadata, timeZone }: ScheduledRequest,
  now: number,
): RedialPlan | undefined {
  if (redialAfter !== undefined) return undefined;
  return plan?.({ callId, callRequest: { ...(timeZone !== undefined && { timeZone }) }, number, metadata, now });
}
