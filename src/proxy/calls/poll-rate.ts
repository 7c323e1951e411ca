// How fast and whether calls may be polled upstream at all: so many in any second, and none while the credential is refused.

import type { Clock } from '../core/clock.js';

/** Permission to poll. */
export interface PollRate {
  /** How many status requests may begin now. */
  room(): number;
  /** Takes one status request out of the budget. */
  take(): void;
  /** When there is room again, epoch milliseconds. */
  roomAt(): number;
  /** Undefined: poll now, and report afterwards how it went. Otherwise the time to come back. */
  pausedUntil(): number | undefined;
  /** Whether the credential worked; undefined when the answer could not tell. True is returned when a pause began. */
  report(isCredentialFine: boolean | undefined): boolean;
}

const secondMs = 1_000;
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;
/** While one status request tries whether the credential works again, the others wait this long. */
const trialMs = 2_000;

/** Makes the pace. `perSecond`: status requests in any window of one second, default 20. */
export const createPollRate = (clock: Pick<Clock, 'now'>, perSecond = 20): PollRate => {
  /** Times of the newest status requests, oldest first; never more than `perSecond`. */
  const recent: number[] = [];
  let pauseMs = firstPauseMs;
  let resumeAt: number | undefined;
  let isTrying = false;

  /** A clock that was set back must not close the door for as long as it was set back. */
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
    pausedUntil: () => {
      const now = clock.now();
      if (resumeAt === undefined) return undefined;
      if (now < resumeAt) return resumeAt;
      if (isTrying) return now + trialMs;
      isTrying = true;
      return undefined;
    },
    report: (isCredentialFine) => {
      const wasTrial = isTrying;
      isTrying = false;
      if (isCredentialFine === true) {
        resumeAt = undefined;
        pauseMs = firstPauseMs;
        return false;
      }
      if (isCredentialFine === undefined) return false;
      // Status requests that were under way when the pause began do not make it longer.
      if (resumeAt !== undefined && !wasTrial) return false;
      resumeAt = clock.now() + pauseMs;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      return true;
    },
  };
};
