// Whether a visitor's call is being placed, so that other work on the same thread can yield to it for a moment. Which work yields is
// decided by its callers.

import type { Clock } from './clock.js';

/** Visitors' calls that are being placed. */
export interface UrgentWork {
  /** A call is being placed from now on, until the turn of the event loop in which the returned function is called is over: by then its response is sent. */
  begin(): () => void;
  isUnderWay(): boolean;
  /** Resolves when none is under way, and after {@link longestWaitMs} at the latest: PolyAI can take seconds to answer. */
  passed(): Promise<void>;
}

/** The longest that other work waits, milliseconds: longer than the proxy's own part of placing a call, and imperceptible to a visitor. */
export const longestWaitMs = 25;

/** Creates it. `afterTurn` runs a task once everything that is ready now has run. */
export function createUrgentWork(
  clock: Pick<Clock, 'after'>,
  afterTurn: (task: () => void) => void = setImmediate,
): UrgentWork {
  const underWay = new Set<object>();
  const waiting = new Set<() => void>();

  const wakeAll = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };

  return {
    begin() {
      const work = {};
      underWay.add(work);
      return () =>
        afterTurn(() => {
          if (underWay.delete(work) && underWay.size === 0) wakeAll();
        });
    },
    isUnderWay: () => underWay.size > 0,
    passed: () =>
      underWay.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.add(resolve);
            clock.after(longestWaitMs, () => {
              waiting.delete(resolve);
              resolve();
            });
          }),
  };
}

/** Nothing is ever urgent; for a poller without a server. */
export const nothingUrgent: Pick<UrgentWork, 'isUnderWay' | 'passed'> = {
  isUnderWay: () => false,
  passed: () => Promise.resolve(),
};
