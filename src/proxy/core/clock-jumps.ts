// Detects that the machine's clock was set, by comparing it with the monotonic clock. What follows from a jump is up to the
// caller.

import type { Clock } from './clock.js';

/** A detector of clock jumps. */
export interface ClockJumps {
  /** Compares the two clocks; returns how far the wall clock jumped since the last comparison, milliseconds, 0 if it did not. */
  compare(): number;
  /** Milliseconds since the last detected jump; infinite if there was none. */
  sinceJumpMs(): number;
}

/** A smaller difference between two comparisons is slewing, not a jump, milliseconds. */
export const smallestJumpMs = 5_000;

/** Starts watching. Waking from sleep counts as a jump too. */
export function watchClockJumps(clock: Pick<Clock, 'now' | 'monotonic'>): ClockJumps {
  const difference = (): number => clock.now() - clock.monotonic();
  let known = difference();
  let jumpedAt = -Infinity;

  return {
    compare() {
      const jump = difference() - known;
      known += jump;
      if (Math.abs(jump) < smallestJumpMs) return 0;
      jumpedAt = clock.monotonic();
      return jump;
    },
    sinceJumpMs: () => clock.monotonic() - jumpedAt,
  };
}
