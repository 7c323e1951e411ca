// How many triggers may be unanswered at one time. The breaker learns that PolyAI's answers are unclear only when they are in:
// what goes out before that is bounded here. In this process alone.

import type { Clock } from '../core/clock.js';
import { longestTurnMs } from './dispatch-deadline.js';

/** Lets triggers go out, first come, first served. */
export interface DispatchQueue {
  /** Resolves when it is one's turn, with what to call when the answer is there; undefined when no turn came within 5 s. */
  enter(): Promise<(() => void) | undefined>;
  /** True when somebody who enters now need not wait. */
  hasRoom(): boolean;
}

/** Triggers without an answer at one time: twice as many as open the breaker, and as many as the shipped burst. */
export const maxUnanswered = 10;

/** Makes an empty queue. */
export function createDispatchQueue(clock: Pick<Clock, 'after'>, max: number = maxUnanswered): DispatchQueue {
  let unanswered = 0;
  const waiting: ((leave: (() => void) | undefined) => void)[] = [];

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) unanswered -= 1;
    else next(leave);
  }

  return {
    hasRoom: () => unanswered < max,
    enter() {
      if (unanswered < max) {
        unanswered += 1;
        return Promise.resolve(leave);
      }
      return new Promise((resolve) => {
        const late = new AbortController();
        const turn = (go: (() => void) | undefined): void => {
          late.abort();
          resolve(go);
        };
        waiting.push(turn);
        clock.after(
          longestTurnMs,
          () => {
            const index = waiting.indexOf(turn);
            if (index >= 0) waiting.splice(index, 1);
            resolve(undefined);
          },
          late.signal,
        );
      });
    },
  };
}
