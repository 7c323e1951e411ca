// The database itself dies while calls are placed: kill -9 of the server process that serves the proxy (after which PostgreSQL ends all
// its others and recovers), of the whole server, and of the server and the proxy at once. The proxy goes on with what comes back.

import assert from 'node:assert/strict';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresServer } from '../fixtures/postgres-server.js';
import { type ProxyProcess, startProcess } from './proxy-process.js';
import { type Moment, sendUntil } from './trial.js';
import { createTrialRun, type RunOptions, type RunReport } from './trial-run.js';
import { postgresTrials } from './trial-stores.js';

/** The moments at which something is killed. No trigger is left unanswered: the proxy would wait for it, and not for the database. */
export const databaseMoments: readonly Moment[] = [
  'at random',
  'call reserved',
  'trigger arrives',
  'trigger answered',
  'at random',
  'answer read',
  'visitor answered',
  'retried',
  'at random',
  'status request arrives',
  'call ended',
];

/** What is killed. Both lengths are coprime with the number of moments, so that every pair occurs. */
export const victims = ['backend', 'postmaster', 'backend', 'postmaster and proxy'] as const;

/** The result of a run. */
export interface DatabaseReport extends RunReport {
  readonly trials: number;
  readonly byVictim: Readonly<Record<string, number>>;
  readonly byMoment: Readonly<Record<string, number>>;
  /** Trials whose moment did not come in time; the victim was killed anyway. */
  readonly missed: number;
  readonly seconds: number;
}

/** Options of a run. */
export interface DatabaseTrialOptions extends Pick<RunOptions, 'waits' | 'keysPerTrial'> {
  readonly trials: number;
  readonly onProgress?: (done: number) => void;
}

/** Runs trials one after the other on one server. Rejects when a guarantee of the path is broken. */
export async function runDatabaseTrials(
  server: PostgresServer,
  { trials, onProgress, ...options }: DatabaseTrialOptions,
): Promise<DatabaseReport> {
  const started = performance.now();
  const store = await postgresTrials(server);
  const run = await createTrialRun(store, { ...options, databaseDies: true });
  const byMoment: Record<string, number> = {};
  const byVictim: Record<string, number> = {};
  let missed = 0;
  let proxy: ProxyProcess | undefined;
  try {
    for (let done = 0; done < trials; ) {
      const moment = databaseMoments[done % databaseMoments.length] ?? 'at random';
      const victim = victims[done % victims.length] ?? 'backend';
      proxy ??= startProcess(run.settings);
      assert.ok(await proxy.listening, `the proxy did not start: ${proxy.complaints()}`);
      await whenReady(proxy);
      const living: ProxyProcess = proxy;
      const observer = new pg.Client({ connectionString: store.url });
      observer.on('error', () => {});
      await observer.connect();
      let died = Promise.resolve();
      const trial = await sendUntil(run, living, moment, () => {
        switch (victim) {
          case 'backend':
            died = killBackend(observer);
            break;
          case 'postmaster and proxy':
            living.kill('SIGKILL');
            died = killServer(server);
            break;
          case 'postmaster':
            died = killServer(server);
            break;
        }
      });
      await died;
      await observer.end().catch(() => {});
      // After `backend` the server recovers by itself.
      if (victim === 'backend') await whenAnswering(server, store.url);
      else await server.restart();
      await Promise.all(trial.sent);
      assert.equal(living.complaints(), '', 'the proxy wrote to its standard error');
      if (victim === 'postmaster and proxy') {
        await living.gone;
        proxy = undefined;
      }
      if (trial.missed) missed += 1;
      byMoment[moment] = (byMoment[moment] ?? 0) + 1;
      byVictim[victim] = (byVictim[victim] ?? 0) + 1;
      done += 1;
      run.assertOnce();
      onProgress?.(done);
    }
    proxy?.kill('SIGTERM');
    await proxy?.gone;
    const ended = await run.finish();
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { trials, byVictim, byMoment, missed, ...ended, seconds };
  } finally {
    proxy?.kill('SIGKILL');
    await store.remove();
    await run.close();
  }
}

/** Kills the server process that is working for the proxy, or one that waits for it. */
async function killBackend(observer: pg.Client): Promise<void> {
  const { rows } = await observer.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'polyai-callback' AND query NOT LIKE 'LISTEN%'
     ORDER BY state = 'idle', random() LIMIT 1`,
  );
  const ended = new Promise((resolve) => observer.once('end', resolve));
  assert.ok(rows[0], 'the proxy is not connected');
  process.kill(rows[0].pid, 'SIGKILL');
  await ended;
}

async function killServer(server: PostgresServer): Promise<void> {
  const { process: postmaster } = server;
  postmaster.kill('SIGKILL');
  // Its own event does not keep this process alive.
  while (postmaster.signalCode === null) await after(5);
}

const patiently = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, what);
    await after(20);
  }
};

const whenAnswering = (server: PostgresServer, url: string): Promise<void> =>
  patiently(
    () =>
      server.query(url, 'SELECT 1').then(
        () => true,
        () => false,
      ),
    'PostgreSQL did not recover',
  );

const whenReady = (proxy: ProxyProcess): Promise<void> =>
  patiently(async () => (await proxy.readiness())?.status === 200, 'the proxy did not become ready again');
