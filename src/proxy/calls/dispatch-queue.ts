// Limits the number of unanswered triggers. The breaker learns that responses are unclear only when they arrive; the queue
// limits what is sent before that. Several instances share that limit, each with its part.

import type { Clock } from '../core/clock.js';
import { longestTurnMs } from './dispatch-deadline.js';

/** A first-come, first-served queue for triggers. */
export interface DispatchQueue {
  /** Resolves with a function to call when the response has arrived, or with undefined when no turn came within 5 s. */
  enter(): Promise<(() => void) | undefined>;
  /** True when a trigger would not have to wait. */
  hasRoom(): boolean;
}

/** The most unanswered triggers: twice the breaker's threshold, and equal to the default burst. */
export const maxUnanswered = 10;

/** Creates an empty queue. */
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
          late.abort('entered');
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
