// Since when the status of a call cannot be told. In this process alone: after a restart, or in another process, the count begins
// again, which is late rather than wrong.

import type { Clock } from '../core/clock.js';

/** The calls that cannot be read at present. */
export interface UnreadableCalls {
  /** One more request told nothing; returns for how long that has been so, milliseconds. `isFirst`: the one before it was clear. */
  add(callId: string, isFirst: boolean): number;
  /** Its status was told, or it has ended. */
  remove(callId: string): void;
}

/** Whoever was not heard of for this long is watched by another process, milliseconds. */
const forgottenAfterMs = 60 * 60_000;

/** Starts with none. Counts with the clock that nobody sets. */
export function createUnreadableCalls(clock: Pick<Clock, 'monotonic'>): UnreadableCalls {
  const since = new Map<string, number>();

  return {
    add(callId, isFirst) {
      const now = clock.monotonic();
      if (isFirst) since.delete(callId);
      const began = since.get(callId) ?? now;
      since.set(callId, began);
      const [oldest] = since;
      if (oldest !== undefined && now - oldest[1] > forgottenAfterMs) since.delete(oldest[0]);
      return now - began;
    },
    remove: (callId) => void since.delete(callId),
  };
}
