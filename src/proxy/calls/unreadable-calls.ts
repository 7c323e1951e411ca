// How long each call's status has been unreadable. Per process: after a restart, or in another process, the count starts over,
// which delays the outcome but never makes it wrong.

import type { Clock } from '../core/clock.js';

/** The calls whose status is currently unreadable. */
export interface UnreadableCalls {
  /** Records a request without a readable status; returns for how long there has been none, milliseconds. `isFirst`: the previous one was readable. */
  add(callId: string, isFirst: boolean): number;
  /** The call's status was read, or the call has ended. */
  remove(callId: string): void;
}

/** A call not reported for this long is polled by another process, milliseconds. */
const forgottenAfterMs = 60 * 60_000;

/** Creates an empty record. Uses the monotonic clock. */
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
