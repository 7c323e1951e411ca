// Records the results of polls, batching those that return together into one transaction: a thousand open calls must not cause a
// thousand commits a second. Decides nothing.

import type { Clock } from '../core/clock.js';
import { nothingUrgent, type UrgentWork } from '../core/urgent-work.js';
import type { PollResult, Store, StoredCall } from '../store/store.js';

/** Dependencies of the recorder. */
export interface PollRecorderDeps {
  readonly store: Pick<Store, 'recordPolls'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Calls that are being placed: writing yields to them. */
  readonly urgent?: Pick<UrgentWork, 'isUnderWay' | 'passed'>;
}

/** Batches and writes results. */
export interface PollRecorder {
  /** A status request has started. Every `begin` is followed by one `end`. */
  begin(): void;
  /** Resolves with the updated call once the result is durable; with undefined when the call no longer exists. */
  record(result: PollResult): Promise<StoredCall | undefined>;
  /** A status request has finished, and its result, if any, was passed to `record`. */
  end(): void;
}

/** The longest a result waits for others: imperceptible to a visitor, and longer than the gaps within one burst. */
export const windowMs = 20;

interface Waiting {
  readonly result: PollResult;
  readonly resolve: (call: StoredCall | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Creates a recorder. */
export function createPollRecorder({ store, clock, urgent = nothingUrgent }: PollRecorderDeps): PollRecorder {
  let underWay = 0;
  let waiting: Waiting[] = [];
  let alarm = new AbortController();

  const write = (): void => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    store.recordPolls(batch.map(({ result }) => result)).then(
      (calls) => batch.forEach(({ resolve }, index) => resolve(calls[index])),
      (error: unknown) => batch.forEach(({ reject }) => reject(error)),
    );
  };

  const flush = (): void => {
    // A reason spares the stack trace of a default one (measured).
    alarm.abort('written');
    if (urgent.isUnderWay()) void urgent.passed().then(write);
    else write();
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
