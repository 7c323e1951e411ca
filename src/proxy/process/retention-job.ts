// Deletes what is past its retention, at start and every hour. What is kept how long is the store's.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Store } from '../store/store.js';

const everyMs = 60 * 60_000;

/** Starts sweeping; the returned function stops it. A sweep that fails is logged and tried again with the next. */
export function keepSwept(store: Pick<Store, 'sweep'>, clock: Clock, log: Log): () => Promise<void> {
  const stopped = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const sweep = (): void => {
    running = store.sweep().catch((error: unknown) => log.error('sweep-failed', {}, error));
    clock.after(everyMs, sweep, stopped.signal);
  };
  sweep();
  return async () => {
    stopped.abort();
    await running;
  };
}
