// Notices that the machine's clock was set: its time and that of a clock nobody sets no longer go together. What follows from a
// jump is for whoever asks.

import type { Clock } from './clock.js';

/** What is known of jumps. */
export interface ClockJumps {
  /** Compares the two clocks; returns by how many milliseconds the wall clock jumped since the last comparison, 0 when it did not. */
  compare(): number;
  /** Milliseconds since the newest jump that a comparison found; infinite when there was none. */
  sinceJumpMs(): number;
}

/** A smaller difference between two comparisons is a clock that is steered, not one that was set, milliseconds. */
export const smallestJumpMs = 5_000;

/** Starts with the clocks as they are. A machine that slept has jumped too. */
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
