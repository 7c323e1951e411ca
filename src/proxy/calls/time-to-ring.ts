// How soon phones have usually been ringing lately, from the proxy's own journal. Read at most every few minutes, never for a request.

import type { Clock } from '../core/clock.js';
import type { Store, StoredCall } from '../store/store.js';

/** How soon phones usually ring. */
export interface TimeToRing {
  /** Whole seconds within which three quarters of recent calls rang; undefined while too few calls show it, or when that is slow. */
  seconds(): number | undefined;
}

/** Dependencies. */
export interface TimeToRingDeps {
  readonly store: Pick<Store, 'recentCalls'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** How many of the newest calls are considered, and how old they may be, milliseconds. */
const newestCalls = 200;
const longestAgeMs = 7 * 24 * 60 * 60_000;
/** Fewer calls than this are not representative. */
export const fewestCalls = 20;
/** A longer time would not reassure anybody, seconds. */
export const longestShownSeconds = 20;
/** How often the journal is read, milliseconds. */
export const freshMs: number = 5 * 60_000;

/** Creates it. The first answer is undefined: the journal is read in the background. */
export function createTimeToRing({ store, clock }: TimeToRingDeps): TimeToRing {
  let known: number | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    seconds() {
      const now = clock.now();
      if (Math.abs(now - readAt) >= freshMs) {
        readAt = now;
        store.recentCalls(newestCalls).then(
          (calls) => (known = usualSeconds(calls.filter(({ createdAt }) => now - createdAt < longestAgeMs))),
          // The next request after a while tries again. What the store reports elsewhere is logged there.
          () => (known = undefined),
        );
      }
      return known;
    },
  };
}

/** The third quartile of the time from the trigger to the ringing, whole seconds, rounded up. */
export function usualSeconds(calls: readonly StoredCall[]): number | undefined {
  const times = calls.flatMap((call) => timeOf(call) ?? []).sort((a, b) => a - b);
  const usual = times[Math.ceil(times.length * 0.75) - 1];
  if (times.length < fewestCalls || usual === undefined) return undefined;
  const seconds = Math.max(1, Math.ceil(usual / 1_000));
  return seconds <= longestShownSeconds ? seconds : undefined;
}

/** Undefined for a call that does not count, because nothing is known about its ringing; infinite for one that never rang. */
function timeOf({ history, status }: StoredCall): number | undefined {
  const at = (wanted: string): number | undefined => {
    const item = history.find((one) => one.status === wanted);
    return item && Date.parse(item.at);
  };
  const requested = at('requested');
  // Where the ringing is not reported, the answer is the earliest sign of it.
  const rang = at('ringing') ?? at('in-progress');
  if (requested === undefined) return undefined;
  if (rang !== undefined) return Math.max(0, rang - requested);
  return status === 'failed' ? Number.POSITIVE_INFINITY : undefined;
}
