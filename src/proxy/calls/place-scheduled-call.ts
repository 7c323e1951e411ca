// Places a callback whose time has come: everything is checked again, then it is placed once, or its end is recorded. The poller
// hands out due calls; the store guarantees that only one instance starts each.

import type { Clock } from '../core/clock.js';
import type { AllowanceGate } from '../gates/rate-limit.js';
import type { NumberGate } from '../gates/number.js';
import type { Hours } from '../hours/hours.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Log } from '../core/log.js';
import { dispatchLifeMs } from './dispatch-deadline.js';
import type { CallPlacer } from './place-call.js';
import { type PlanRedial, planWhenPlaced, redialKeptMs } from './redial.js';
import { openRequest, type ScheduledRequest } from './sealed-request.js';
import type { DueCall, Refusal, Store, StoredCall } from '../store/store.js';

/** Dependencies of placing scheduled calls. */
export interface ScheduledCallPlacerDeps {
  readonly store: Pick<Store, 'startScheduled' | 'cancelScheduled' | 'postpone'>;
  readonly placer: Pick<CallPlacer, 'admit' | 'place' | 'hasRoom'>;
  readonly keyring: Pick<Keyring, 'open' | 'numberKeys'>;
  readonly number: NumberGate;
  readonly allowance: AllowanceGate;
  readonly hours: Hours;
  /** Only where the operator allows one more call after a missed one. */
  readonly planRedial?: PlanRedial | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Places a due callback or ends it. Rejects only when the store is unavailable: then the lease expires and it is tried again. */
export type PlaceScheduledCall = (due: DueCall) => Promise<void>;

/** A callback can still be placed this long after its time, in case the proxy was down or busy. */
export const slotKeptMs: number = 60 * 60_000;
/** The oldest consent with which a callback is placed: slots reach seven days ahead. */
const consentLifeMs = 8 * 24 * 60 * 60_000;
/** Later than this after its time, a callback outside the hours counts as missed; earlier, the hours must have changed. */
const lateMs = 60_000;
/** The visitor that all callbacks count as: who requested them is no longer known. */
const callbacks = 'callbacks';
/** Delay between attempts while a temporary condition prevents placing. */
const retryMs = 30_000;

const keptMs = ({ redialAfter }: StoredCall): number => (redialAfter === undefined ? slotKeptMs : redialKeptMs);

/** Creates it. */
export function createScheduledCallPlacer(deps: ScheduledCallPlacerDeps): PlaceScheduledCall {
  const { store, placer, keyring, allowance, hours, clock, log } = deps;

  return async function placeScheduledCall(due) {
    const { call, lease } = due;
    const now = clock.now();
    const slotAt = Date.parse(call.scheduledFor?.at ?? '');
    // An unreadable time and one that has passed both count as missed; after the clock was set back, the call waits.
    if (!(now <= slotAt + keptMs(call))) return end(call, 'slot-missed');
    if (now < slotAt) return store.postpone(call.id, lease, { dueAt: slotAt, failures: due.failures });
    // Someone opted out after it was requested, and allowed calls again since: that consent is gone.
    if (due.sealedRequest === undefined) return later(due, now, slotAt);
    const request = opened(due, due.sealedRequest);
    if (request === undefined || !isStillAllowed(request, call, now)) return end(call, 'not-allowed-when-due');
    if (!isOpen(request, now)) return end(call, now - slotAt > lateMs ? 'slot-missed' : 'not-allowed-when-due');

    const pass = placer.hasRoom() ? placer.admit() : undefined;
    if (pass?.allowed !== true) return later(due, now, slotAt);
    const numberKeys = keyring.numberKeys(request.number.e164);
    const counted = { number: request.number, numberKeys, origin: call.origin };
    const dispatchDeadline = now + dispatchLifeMs;
    const redial = planWhenPlaced(deps.planRedial, call, request, now);
    const refusal = await store
      .startScheduled(call.id, lease, { numberKeys, ...allowance.forDue(counted), dispatchDeadline, redial })
      .catch((error: unknown) => {
        pass.value.release();
        throw error;
      });
    if (refusal !== undefined) {
      pass.value.release();
      return refused(refusal, due, now, slotAt);
    }
    await placer.place({
      call,
      number: request.number.e164,
      metadata: request.metadata,
      pass: pass.value,
      visitor: callbacks,
    });
  };

  function opened({ call }: DueCall, sealedRequest: string): ScheduledRequest | undefined {
    try {
      return openRequest(keyring, sealedRequest);
    } catch (error) {
      log.error('sealed-request-unreadable', { callId: call.id }, error);
      return undefined;
    }
  }

  /** The operator's countries may have changed since the booking, and consent expires. */
  function isStillAllowed({ number }: ScheduledRequest, call: StoredCall, now: number): boolean {
    const again = deps.number({ phone: number.e164, international: true });
    return again.allowed && now - call.createdAt <= consentLifeMs;
  }

  /** Checks the legal and business hours as they are now. */
  function isOpen({ number, timeZone }: ScheduledRequest, now: number): boolean {
    return hours.verdict({ ...number, browserZone: timeZone, now }).open;
  }

  async function refused(
    refusal: Refusal | { readonly kind: 'lost-lease' },
    due: DueCall,
    now: number,
    slotAt: number,
  ): Promise<void> {
    switch (refusal.kind) {
      case 'lost-lease':
        return;
      // Ending a suppressed one at once would tell whoever requested it that the number's owner opted out.
      case 'suppressed':
      case 'at-capacity':
      case 'cooling-down':
      case 'rate-limited':
      case 'queue':
        return later(due, now, slotAt);
    }
  }

  /** Retries after a temporary condition, until the slot is missed. */
  async function later({ call, lease, failures }: DueCall, now: number, slotAt: number): Promise<void> {
    const dueAt = now + retryMs;
    if (dueAt > slotAt + keptMs(call)) return end(call, 'not-allowed-when-due');
    await store.postpone(call.id, lease, { dueAt, failures: failures + 1 });
  }

  async function end(call: StoredCall, because: NonNullable<StoredCall['endedBecause']>): Promise<void> {
    if (await store.cancelScheduled(call.id, because)) log.info('scheduled-call-ended', { callId: call.id, because });
  }
}
