// How many challenges an address had lately, in this process. It only sets a price: the limits that hold are the store's.

import type { Clock } from '../core/clock.js';

/** Counts challenges by address. */
export interface RecentChallenges {
  /** How many this address had in the window, before this one, which is counted. */
  count(addressBucket: string): number;
}

/** What a count needs. `most`: addresses remembered at one time; beyond it the oldest is forgotten. */
export interface RecentChallengesOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly windowMs?: number;
  readonly most?: number;
}

/** Makes a count over fixed windows of (by default) 10 minutes for (by default) 10,000 addresses. */
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
      // A window that starts in the future is one from before the clock was set back.
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
