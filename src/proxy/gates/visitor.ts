// Counts every attempt against an address and its network prefix, before anything that depends on a person's number is answered.
// In memory and per process: an attempt places no call, and a flood must not reach the disk. Calls are counted durably, in the
// reservation.

import type { Clock } from '../core/clock.js';
import type { VisitorAddress } from '../http/client-address.js';
import type { Rule } from '../store/store.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** Attempts of addresses. */
export interface VisitorGate {
  /** Whether an attempt is left, without consuming one. For use before the body is read. */
  check(address: VisitorAddress): Verdict<void>;
  /** Consumes one attempt of the address and one of its network prefix, or neither. */
  consume(address: VisitorAddress): Verdict<void>;
}

/** Limits of the gate. */
export interface VisitorGateDeps {
  readonly clock: Pick<Clock, 'now'>;
  /** For IPv4 /32 and IPv6 /64. */
  readonly perAddress: Rule;
  /** For IPv4 /24 and IPv6 /48: a /48 contains 65,536 addresses of the kind above. */
  readonly perNetworkPrefix: Rule;
}

/** How many addresses, and how many network prefixes, are remembered; the least recently used is dropped first. */
export const rememberedAddresses = 50_000;

/** Creates the gate. */
export function createVisitorGate({ clock, perAddress, perNetworkPrefix }: VisitorGateDeps): VisitorGate {
  const addresses = createAttempts(perAddress);
  const networkPrefixes = createAttempts(perNetworkPrefix);

  function waitMs({ bucket, networkPrefix }: VisitorAddress, now: number): number {
    return Math.max(addresses.waitMs(bucket, now), networkPrefixes.waitMs(networkPrefix, now));
  }

  return {
    check: (address) => verdictOf(waitMs(address, clock.now())),
    consume(address) {
      const now = clock.now();
      const wait = waitMs(address, now);
      if (wait === 0) {
        addresses.take(address.bucket, now);
        networkPrefixes.take(address.networkPrefix, now);
      }
      return verdictOf(wait);
    },
  };
}

const verdictOf = (waitMs: number): Verdict<void> =>
  waitMs === 0
    ? allow(undefined)
    : refuse({ code: 'visitor-limit', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });

interface Attempts {
  /** Milliseconds until the next attempt; 0: now. */
  waitMs(key: string, now: number): number;
  take(key: string, now: number): void;
}

/** GCRA with one timestamp per key: a burst of the rule's limit, then one every `windowMs / limit`. */
function createAttempts({ limit, windowMs }: Rule): Attempts {
  const intervalMs = Math.ceil(windowMs / Math.max(1, limit));
  // Theoretical arrival times, most recently used key last.
  const arrivals = new Map<string, number>();

  /** A timestamp more than a window ahead was made before the clock was set back, and would lock the key out for hours. */
  function arrivalOf(key: string, now: number): number {
    const arrival = arrivals.get(key) ?? now;
    return arrival > now + windowMs ? now : Math.max(arrival, now);
  }

  return {
    waitMs: (key, now) => (limit < 1 ? windowMs : Math.max(0, arrivalOf(key, now) - (limit - 1) * intervalMs - now)),
    take(key, now) {
      const arrival = arrivalOf(key, now) + intervalMs;
      arrivals.delete(key);
      arrivals.set(key, arrival);
      if (arrivals.size > rememberedAddresses) arrivals.delete(arrivals.keys().next().value ?? '');
    },
  };
}
