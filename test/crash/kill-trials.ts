// kill -9 at random moments and at every step of the path. In one trial, requests are in flight to the built proxy (new keys,
// each sent twice, and keys of earlier trials again; calls for now and for a few seconds later, some of which are canceled), the process
// is killed, and the next one continues with the same database and gets the same keys.

import assert from 'node:assert/strict';
import { setTimeout as after } from 'node:timers/promises';
import { childEnv } from '../fixtures/child-env.js';
import { startProcess } from './proxy-process.js';
import { type Moment, sendUntil } from './trial.js';
import { createTrialRun, type RunOptions, type RunReport } from './trial-run.js';
import type { TrialStore } from './trial-stores.js';

/** The moments at which the process is killed. */
export const moments: readonly (Moment | 'starting')[] = [
  'at random',
  'call reserved',
  'at random',
  'trigger arrives',
  'trigger read, unanswered',
  'at random',
  'trigger answered',
  'answer read',
  'visitor answered',
  'at random',
  'retried',
  'status request arrives',
  'call ended',
  'at random',
  'stream open',
  'draining',
  'starting',
];

/** The result of a run. */
export interface TrialReport extends RunReport {
  /** Kills of a process that had requests in flight (or, with `starting`, was about to serve them). */
  readonly trials: number;
  readonly byMoment: Readonly<Record<string, number>>;
  /** Trials whose moment did not come in time; the process was killed anyway. */
  readonly missed: number;
  readonly seconds: number;
}

/** Options of a run. */
export interface TrialOptions extends Pick<RunOptions, 'waits' | 'keysPerTrial'> {
  readonly trials: number;
  /** Each process that starts has a wall clock this much behind the one before it, milliseconds; the last has the right time again. */
  readonly clockBackMs?: number;
  readonly onProgress?: (done: number) => void;
}

const shiftedClock = new URL('../../scripts/clock/shift.js', import.meta.url).href;

/** Runs trials one after the other on one database, which is empty at first. Rejects when a guarantee of the path is broken. */
export async function runKillTrials(
  store: TrialStore,
  { trials, clockBackMs = 0, onProgress, ...options }: TrialOptions,
): Promise<TrialReport> {
  const started = performance.now();
  const run = await createTrialRun(store, { ...options, clockGoesBack: clockBackMs > 0 });
  const byMoment: Record<string, number> = {};
  let missed = 0;
  try {
    for (let done = 0; done < trials; ) {
      const moment = moments[done % moments.length] ?? 'at random';
      const proxy = startProcess({ ...run.settings, ...clockBehind(done * clockBackMs) });
      if (moment === 'starting') {
        await after(Math.random() * 900);
        proxy.kill('SIGKILL');
        await proxy.gone;
      } else {
        assert.ok(await proxy.listening, `the proxy did not start: ${proxy.complaints()}`);
        const trial = await sendUntil(run, proxy, moment, () => proxy.kill('SIGKILL'));
        await proxy.gone;
        await Promise.all(trial.sent);
        assert.equal(proxy.complaints(), '', 'the proxy wrote to its standard error');
        if (trial.missed) missed += 1;
      }
      byMoment[moment] = (byMoment[moment] ?? 0) + 1;
      done += 1;
      run.assertOnce();
      onProgress?.(done);
    }
    const ended = await run.finish();
    const seconds = Math.round((performance.now() - started) / 1_000);
    return { trials, byMoment, missed, ...ended, seconds };
  } finally {
    await run.close();
  }
}

/** The environment of a process whose wall clock is this many milliseconds behind. */
const clockBehind = (ms: number): Readonly<Record<string, string>> =>
  ms === 0
    ? {}
    : {
        NODE_OPTIONS: `${childEnv['NODE_OPTIONS'] ?? ''} --import ${shiftedClock}`.trim(),
        TEST_CLOCK_SHIFT_MS: String(Number(childEnv['TEST_CLOCK_SHIFT_MS'] ?? 0) - ms),
      };
