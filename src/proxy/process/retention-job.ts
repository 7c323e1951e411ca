// The retention jobs: delete what has expired, at startup and again and again. The store decides how long rows are kept.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Store } from '../store/store.js';

const hourMs = 60 * 60_000;
const minuteMs = 60_000;

/** Starts the job that deletes expired rows every hour; the returned function stops it. A failed run is logged, and the next one catches up. */
export const startRetentionJob = (store: Pick<Store, 'deleteExpired'>, clock: Clock, log: Log): (() => Promise<void>) =>
  startJob(() => store.deleteExpired(), hourMs, clock, log);

/** The same for what is kept for second attempts, every minute. */
export const startRedialExpiryJob = (
  store: Pick<Store, 'expireRedials'>,
  clock: Clock,
  log: Log,
): (() => Promise<void>) => startJob(() => store.expireRedials(), minuteMs, clock, log);

function startJob(work: () => Promise<void>, everyMs: number, clock: Clock, log: Log): () => Promise<void> {
  const stopped = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = work().catch((error: unknown) => log.error('retention-failed', {}, error));
    clock.after(everyMs, run, stopped.signal);
  };
  run();
  return async () => {
    stopped.abort();
    await running;
  };
}
