// Graceful shutdown, without losing a call: nothing new begins, calls being placed are finished, streams are asked to reconnect,
// and then everything is closed in the reverse order of opening.

import type { Clock } from '../core/clock.js';
import type { Health } from '../routes/health.js';
import type { HttpServer } from './http-server.js';
import type { Log } from '../core/log.js';
import type { CallPlacer } from '../calls/place-call.js';
import type { CallStreams } from '../streams/call-streams.js';

/** What to shut down. */
export interface DrainDeps {
  readonly health: Pick<Health, 'drain'>;
  /** Absent if the app is mounted in another server. */
  readonly server: Pick<HttpServer, 'close' | 'drop'> | undefined;
  readonly placer: Pick<CallPlacer, 'idle'>;
  readonly callStreams: Pick<CallStreams, 'drain'>;
  readonly poller: { stop(): Promise<void> };
  readonly queue: { stop(): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
  /** Close functions, the last opened first. */
  readonly opened: readonly (() => Promise<void>)[];
}

/** How long triggers may take to finish, milliseconds; one that takes longer becomes `unknown` after the restart. */
const placingMs = 10_000;
/** How long the last responses may take, milliseconds. */
const answersMs = 1_000;

/** Drains and closes. Never rejects: a failure to close is logged. */
export async function drain(deps: DrainDeps): Promise<void> {
  const { health, server, placer, callStreams, poller, queue, clock, log, opened } = deps;
  log.info('draining');
  health.drain();
  const closed = server?.close() ?? Promise.resolve();
  await Promise.all([within(placer.idle(), placingMs, clock), callStreams.drain(), poller.stop(), queue.stop()]);
  await within(closed, answersMs, clock);
  server?.drop();
  for (const close of opened) await close().catch((error: unknown) => log.error('close-failed', {}, error));
  log.info('stopped');
}

/** Waits for the work, at most `ms`. */
async function within(work: Promise<void>, ms: number, clock: Clock): Promise<void> {
  const late = new AbortController();
  const tooLate = new Promise<void>((resolve) => clock.after(ms, resolve, late.signal));
  await Promise.race([work, tooLate]);
  late.abort();
}
