// The pause after a failure and the single try that ends it: 30 s, doubling to 5 minutes while the tries fail. Knows nothing of
// what failed.

import type { Clock } from '../core/clock.js';

/** A pause with one try at its end. */
export interface HalfOpen {
  /** True from `open` until `close`, the time of the try included. */
  isOpen(): boolean;
  /** When the next try may begin, epoch milliseconds. */
  tryAt(): number;
  /** Begins a pause; while open it begins the next, longer one. */
  open(): void;
  /** Ends it, and the next pause is a short one again. */
  close(): void;
}

/** The first pause, milliseconds. */
export const firstPauseMs = 30_000;
/** The longest pause, milliseconds. */
export const longestPauseMs = 300_000;

/** Makes a closed one. */
export function createHalfOpen(clock: Pick<Clock, 'now'>): HalfOpen {
  let pauseMs = firstPauseMs;
  let openedAt: number | undefined;
  let tryAt = 0;

  return {
    isOpen: () => openedAt !== undefined,
    // A clock that was set back must not make the pause longer by as much.
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
