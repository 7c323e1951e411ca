// How long each call's status has been unreadable. Per process: after a restart, or in another process, the count starts over,
// which delays the outcome but never makes it wrong.

import type { Clock } from '../core/clock.js';

/** The calls whose status is currently unreadable. */
export interface UnreadableCalls {
  /**
   * Records a request without a readable status; returns for how long there has been none, milliseconds. `failures`: how many in a row
   * there were before it, whoever made them, as the store knows it.
   */
  add(callId: string, failures: number): number;
  /** No request was made, because PolyAI refuses the credential; returns for how long there has been no readable status. */
  addPause(callId: string, failures: number): number;
  /** The call's status was read, or the call has ended. */
  remove(callId: string): void;
}

/** A call not reported for this long is polled by another process, milliseconds. */
const forgottenAfterMs = 60 * 60_000;
/** Longest time between two requests of which the first has failed, milliseconds: the longest pause of the credential, and some delay. */
export const longestGapMs = 330_000;

/** Creates an empty record. Uses the monotonic clock. */
export function createUnreadableCalls(clock: Pick<Clock, 'monotonic'>): UnreadableCalls {
  const series = new Map<string, { readonly began: number; readonly newest: number; readonly failures: number }>();

  function record(callId: string, failures: number, isSame: (known: number) => boolean): number {
    const now = clock.monotonic();
    const known = series.get(callId);
    // Another process may have read the status since, and may have failed again: then this is another series.
    const isContinued =
      known !== undefined &&
      isSame(known.failures) &&
      now - known.newest <= longestGapMs * Math.max(1, failures - known.failures);
    const began = isContinued ? known.began : now;
    series.set(callId, { began, newest: now, failures });
    const [oldest] = series;
    if (oldest !== undefined && now - oldest[1].began > forgottenAfterMs) series.delete(oldest[0]);
    return now - began;
  }

  return {
    add: (callId, failures) => record(callId, failures, (known) => failures > known),
    addPause: (callId, failures) => record(callId, failures, (known) => failures >= known),
    remove: (callId) => void series.delete(callId),
  };
}
