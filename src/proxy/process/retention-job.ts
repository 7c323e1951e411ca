// The retention job: deletes expired rows at startup and every hour. The store decides how long rows are kept.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Store } from '../store/store.js';

const everyMs = 60 * 60_000;

/** Starts the job; the returned function stops it. A failed run is logged, and the next one catches up. */
export function startRetentionJob(store: Pick<Store, 'deleteExpired'>, clock: Clock, log: Log): () => Promise<void> {
  const stopped = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const deleteExpired = (): void => {
    running = store.deleteExpired().catch((error: unknown) => log.error('retention-failed', {}, error));
    clock.after(everyMs, deleteExpired, stopped.signal);
  };
  deleteExpired();
  return async () => {
    stopped.abort();
    await running;
  };
}
