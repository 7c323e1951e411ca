// An address pays for every attempt before anything that depends on a person's number is answered. A shield in memory
// repeats what the store said, so that a flood of refusals does not reach the disk; the store stays the authority.

import type { Clock } from '../core/clock.js';
import type { VisitorAddress } from '../http/client-address.js';
import type { Rule, Store } from '../store/store.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** Takes one attempt from an address's allowance. */
export type VisitorGate = (address: VisitorAddress) => Promise<Verdict<void>>;

/** What the gate needs. `keysOf` turns an address into keyed HMACs, the current key's first. */
export interface VisitorGateDeps {
  readonly store: Pick<Store, 'consume'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly keysOf: (address: string) => readonly string[];
  readonly rule: Rule;
}

/** Addresses the shield remembers; the oldest is forgotten first and costs the store one more question. */
const shielded = 20_000;

/** Makes the gate. */
export function createVisitorGate({ store, clock, keysOf, rule }: VisitorGateDeps): VisitorGate {
  const refusedUntil = new Map<string, number>();

  return async function visitorGate({ bucket }) {
    const now = clock.now();
    const until = refusedUntil.get(bucket) ?? 0;
    if (until > now) return limited(until - now);
    refusedUntil.delete(bucket);
    const [key = '', ...aliases] = keysOf(bucket);
    const refusal = await store.consume([{ scope: 'attempts', key, aliases, rule }]);
    if (refusal === undefined) return allow(undefined);
    const retryAfterMs = refusal.kind === 'rate-limited' ? refusal.retryAfterMs : 1_000;
    refusedUntil.set(bucket, now + retryAfterMs);
    if (refusedUntil.size > shielded) refusedUntil.delete(refusedUntil.keys().next().value ?? '');
    return limited(retryAfterMs);
  };
}

const limited = (retryAfterMs: number): Verdict<never> =>
  refuse({ code: 'visitor-limit', retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)) });
