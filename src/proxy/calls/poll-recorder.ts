// Writes down what polls came to, all that come back together in one transaction: a thousand calls under way must not be a thousand
// commits a second. Decides nothing.

import type { Clock } from '../core/clock.js';
import type { PollResult, Store, StoredCall } from '../store/store.js';

/** What the recorder needs. */
export interface PollRecorderDeps {
  readonly store: Pick<Store, 'recordPolls'>;
  readonly clock: Pick<Clock, 'after'>;
}

/** Collects results and writes them. */
export interface PollRecorder {
  /** A status request is under way. Every `begin` is followed by one `end`. */
  begin(): void;
  /** Resolves when the result is durable, with the call after it; undefined when it is not kept any more. */
  record(result: PollResult): Promise<StoredCall | undefined>;
  /** A status request came back, and its result was given to `record` if there is one. */
  end(): void;
}

/** A result waits for others this long at most: not felt by a visitor, and longer than the answers of one burst lie apart. */
export const windowMs = 20;

interface Waiting {
  readonly result: PollResult;
  readonly resolve: (call: StoredCall | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes a recorder. */
export function createPollRecorder({ store, clock }: PollRecorderDeps): PollRecorder {
  let underWay = 0;
  let waiting: Waiting[] = [];
  let alarm = new AbortController();

  const flush = (): void => {
    alarm.abort();
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    store.recordPolls(batch.map(({ result }) => result)).then(
      (calls) => batch.forEach(({ resolve }, index) => resolve(calls[index])),
      (error: unknown) => batch.forEach(({ reject }) => reject(error)),
    );
  };

  return {
    begin: () => {
      underWay += 1;
    },
    record: (result) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject });
        if (waiting.length > 1) return;
        alarm = new AbortController();
        clock.after(windowMs, flush, alarm.signal);
      }),
    end: () => {
      underWay -= 1;
      if (underWay === 0) flush();
    },
  };
}
