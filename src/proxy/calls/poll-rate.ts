// Limits the status requests of this process in any one second.

import type { Clock } from '../core/clock.js';

/** The budget of status requests. */
export interface PollRate {
  /** How many may begin now. */
  room(): number;
  /** Takes one from the budget. */
  take(): void;
  /** When there is room again, epoch milliseconds. */
  roomAt(): number;
}

const secondMs = 1_000;

/** Creates the budget. `perSecond`: status requests in any window of one second, default 20. */
export const createPollRate = (clock: Pick<Clock, 'now'>, perSecond = 20): PollRate => {
  /** Times of the newest status requests, oldest first; never more than `perSecond`. */
  const recent: number[] = [];

  /** Setting the clock back must not block polling until it catches up. */
  const forget = (now: number): void => {
    while (recent[0] !== undefined && (now - recent[0] >= secondMs || recent[0] > now)) recent.shift();
  };

  return {
    room: () => {
      forget(clock.now());
      return perSecond - recent.length;
    },
    take: () => void recent.push(clock.now()),
    roomAt: () => (recent[0] ?? clock.now()) + secondMs,
  };
};
