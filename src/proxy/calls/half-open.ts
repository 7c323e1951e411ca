// The pause after a failure and the single attempt that may end it: 30 s, doubling up to 5 minutes while attempts fail. What
// failed does not matter here.

import type { Clock } from '../core/clock.js';

/** A pause with one attempt at its end. */
export interface HalfOpen {
  /** True from `open` until `close`, including the time of the attempt. */
  isOpen(): boolean;
  /** When the next attempt may begin, epoch milliseconds. */
  tryAt(): number;
  /** Begins a pause; while open, the next and longer one. */
  open(): void;
  /** Ends the pause and resets its length. */
  close(): void;
}

/** The first pause, milliseconds. */
export const firstPauseMs = 30_000;
/** The longest pause, milliseconds. */
export const longestPauseMs = 300_000;

/** Creates it closed. */
export function createHalfOpen(clock: Pick<Clock, 'now'>): HalfOpen {
  let pauseMs = firstPauseMs;
  let openedAt: number | undefined;
  let tryAt = 0;

  return {
    isOpen: () => openedAt !== undefined,
    // Setting the clock back must not lengthen the pause.
    tryAt: () => (openedAt !== undefined && clock.now() < openedAt ? clock.now() : tryAt),
    open() {
      openedAt = clock.now();
      tryAt = openedAt + pauseMs;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    },
    close() {
      openedAt = undefined;
      pauseMs = firstPauseMs;
    },
  };
}
