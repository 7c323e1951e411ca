// How many challenges an address got recently, in this process. It only sets the price: the binding limits are the store's.

import type { Clock } from '../core/clock.js';

/** Counts challenges by address. */
export interface RecentChallenges {
  /** How many this address got in the window before this one, which is counted. */
  count(addressBucket: string): number;
}

/** Options of a counter. `most`: addresses remembered at once; beyond that, the oldest is forgotten. */
export interface RecentChallengesOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly windowMs?: number;
  readonly most?: number;
}

/** Creates a counter over fixed windows, by default of 10 minutes and for 10,000 addresses. */
export function createRecentChallenges({
  clock,
  windowMs = 10 * 60_000,
  most = 10_000,
}: RecentChallengesOptions): RecentChallenges {
  const windows = new Map<string, { since: number; challenges: number }>();
  return {
    count(addressBucket) {
      const now = clock.now();
      const window = windows.get(addressBucket);
      // A window that starts in the future dates from before the clock was set back.
      if (window !== undefined && window.since <= now && now < window.since + windowMs) return window.challenges++;
      windows.delete(addressBucket);
      for (const oldest of windows.keys()) {
        if (windows.size < most) break;
        windows.delete(oldest);
      }
      windows.set(addressBucket, { since: now, challenges: 1 });
      return 0;
    },
  };
}
