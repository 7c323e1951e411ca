// How fast and whether calls may be looked at upstream at all: so many in any second, and none while the credential is refused.

import type { Clock } from '../core/clock.js';

/** Permission to look. */
export interface LookPace {
  /** How many looks may begin now. */
  room(): number;
  /** Takes one look out of the room. */
  take(): void;
  /** When there is room again, epoch milliseconds. */
  roomAt(): number;
  /** Undefined: look now, and say afterwards how it went. Otherwise the time to come back. */
  pausedUntil(): number | undefined;
  /** Whether the credential worked; undefined when the look could not tell. True is returned when a pause began. */
  report(isCredentialFine: boolean | undefined): boolean;
}

const secondMs = 1_000;
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;
/** While one look tries whether the credential works again, the others wait this long. */
const trialMs = 2_000;

/** Makes the pace. `perSecond`: looks in any window of one second, default 20. */
export const createLookPace = (clock: Pick<Clock, 'now'>, perSecond = 20): LookPace => {
  /** Times of the newest looks, oldest first; never more than `perSecond`. */
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
      // Looks that were under way when the pause began do not make it longer.
      if (resumeAt !== undefined && !wasTrial) return false;
      resumeAt = clock.now() + pauseMs;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      return true;
    },
  };
};
