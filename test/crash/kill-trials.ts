// kill -9 at random moments and at every step of the path. In one trial, requests are in flight to the built proxy (new keys,
// each sent twice, and keys of earlier trials again), the process is killed, and the next one continues with the same file and
// gets the same keys. The fake PolyAI counts its triggers per number; every key has its own number.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { completes, slowed } from '../../src/proxy/sandbox/fake-polyai/script.js';
import { systemClock } from '../../src/proxy/core/clock.js';
import { loadKeyring } from '../../src/proxy/secrets/keyring.js';
import { startProxy } from '../../src/proxy/main.js';
import { openConnection } from '../../src/proxy/store/sqlite/driver.js';
import { childEnv } from '../fixtures/child-env.js';
import { type Answer, type ProxyProcess, startProcess, wideOpen } from './proxy-process.js';

/** The moments at which the process is killed. */
export const moments = [
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
] as const;
type Moment = (typeof moments)[number];

/** The result of a run. */
export interface TrialReport {
  /** Kills of a process that had requests in flight (or, with `starting`, was about to serve them). */
  readonly trials: number;
  readonly byMoment: Readonly<Record<string, number>>;
  /** Trials whose moment did not come in time; the process was killed anyway. */
  readonly missed: number;
  /** Requests that were answered `429` because the clock had gone back. */
  readonly refused: number;
  readonly keys: number;
  readonly requests: number;
  readonly triggers: number;
  /** Numbers that the fake PolyAI got more than one trigger for. */
  readonly duplicates: number;
  readonly completed: number;
  readonly unknown: number;
  readonly seconds: number;
}

/** Options of a run. `waits`: wait for the calls' ends with the built proxy in real time (about a minute). */
export interface TrialOptions {
  readonly trials: number;
  readonly waits?: boolean;
  /** Each process that starts has a wall clock this much behind the one before it, milliseconds; the last has the right time again. */
  readonly clockBackMs?: number;
  readonly onProgress?: (done: number) => void;
}

interface Press {
  readonly key: string;
  readonly phone: string;
  /** Id of the call, once an answer contained it. */
  id?: string;
}

const shiftedClock = new URL('../../scripts/clock/shift.js', import.meta.url).href;
const newKeysPerTrial = 3;
const oldKeysPerTrial = 6;
const patienceMs = 5_000;
const account = { accountId: 'trials', projectId: 'trials', connectorId: 'connector-for-trials' } as const;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs trials one after the other on one database file. Rejects when a guarantee of the path is broken. */
export async function runKillTrials({
  trials,
  waits = false,
  clockBackMs = 0,
  onProgress,
}: TrialOptions): Promise<TrialReport> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-trials-'));
  const file = join(folder, 'trials.db');
  let onUpstream = (_request: 'trigger' | 'status' | 'unknown'): void => {};
  const fakePolyAi = await createFakePolyAi({
    ...account,
    timeScale: 100,
    log: (line) => onUpstream(/status$/.test(line) ? 'status' : /trigger$/.test(line) ? 'trigger' : 'unknown'),
  });
  const env = {
    POLYAI_BASE_URL: fakePolyAi.url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: `file:${file}`,
  };
  const presses: Press[] = [];
  const open = new Set<Press>();
  const byMoment: Record<string, number> = {};
  let requests = 0;
  let missed = 0;
  let refused = 0;

  const checkAnswer = (press: Press, answer: Answer): Answer => {
    if (answer === undefined) return undefined;
    const { status, body } = answer;
    if (status === 202) {
      const id = String(body['id']);
      // A key keeps its call forever.
      if (press.id !== undefined) assert.equal(id, press.id, 'a key changed its call');
      press.id = id;
      open.delete(press);
      return answer;
    }
    const isWaiting = status === 409 && body['code'] === 'request-in-progress';
    const isEnding = status === 503 && body['code'] === 'shutting-down';
    // Consumed at a time that has not come yet: allowances stay closed, and the key has no call until it is sent again.
    const isRefused = clockBackMs > 0 && status === 429;
    if (isRefused) refused += 1;
    assert.ok(isWaiting || isEnding || isRefused, `unexpected answer: ${String(status)} ${JSON.stringify(body)}`);
    return answer;
  };
  const requestCall = async (proxy: ProxyProcess, press: Press): Promise<Answer> => {
    requests += 1;
    return checkAnswer(press, await proxy.requestCall(press.key, press.phone));
  };

  const newPress = (): Press => {
    // Each number in its own block where possible; Ofcom has opened all of 020 3.
    const phone = `+44203${String(1_000_000 + ((presses.length * 10_007) % 8_999_999)).padStart(7, '0')}`;
    const press = { key: randomBytes(16).toString('base64url'), phone };
    presses.push(press);
    open.add(press);
    return press;
  };

  /** Sends requests and kills the process at the given moment. */
  async function trial(proxy: ProxyProcess, moment: Moment): Promise<void> {
    let strike = (): void => {};
    const struck = new Promise<void>((resolve) => (strike = resolve));
    const kill = (): void => {
      proxy.kill('SIGKILL');
      strike();
    };
    const fresh = Array.from({ length: newKeysPerTrial }, newPress);
    const old = [...open].filter((press) => !fresh.includes(press)).sort(() => Math.random() - 0.5);
    const again = presses.at(-newKeysPerTrial - 1);
    const all = [...fresh, ...fresh, ...old.slice(0, oldKeysPerTrial), ...(again === undefined ? [] : [again])];
    const on = (event: string) => {
      proxy.onEvent = (seen) => {
        if (seen === event) kill();
      };
    };
    const upstream = (kind: 'trigger' | 'status', act: () => void) => {
      onUpstream = (seen) => {
        if (seen === kind) act();
      };
    };
    const whenTriggered = (): void => {
      const before = fakePolyAi.triggers().length;
      const check = (): void => {
        if (fakePolyAi.triggers().length > before) kill();
        else if (proxy.pid !== undefined && !isOver) setImmediate(check);
      };
      check();
    };
    let isOver = false;
    const fate = Math.random();
    switch (moment) {
      case 'at random':
        setTimeout(kill, fate * fate * 300);
        break;
      case 'starting':
        // Killed by the caller, before it listens.
        break;
      case 'call reserved':
        on('call-reserved');
        break;
      case 'answer read':
        on('call-placed');
        break;
      case 'call ended':
        on('call-ended');
        break;
      case 'trigger arrives':
        upstream('trigger', kill);
        break;
      case 'status request arrives':
        upstream('status', kill);
        break;
      case 'trigger read, unanswered':
        for (const { phone } of fresh) fakePolyAi.script(phone, { ...slowed(completes, 1), trigger: { kind: 'hang' } });
        whenTriggered();
        break;
      case 'trigger answered':
        whenTriggered();
        break;
      case 'visitor answered':
      case 'retried':
      case 'stream open':
      case 'draining':
        break;
    }
    const sent = all.map((press) => requestCall(proxy, press));
    const firstAccepted = Promise.race(
      sent.map(async (answer) => ((await answer)?.status === 202 ? answer : new Promise<Answer>(() => {}))),
    );
    if (moment === 'visitor answered') void firstAccepted.then(kill);
    if (moment === 'retried')
      void firstAccepted.then(() => {
        sent.push(...fresh.map((press) => requestCall(proxy, press)));
        setTimeout(kill, fate * 15);
      });
    if (moment === 'draining')
      void firstAccepted.then(() => {
        proxy.kill('SIGTERM');
        sent.push(...fresh.map((press) => requestCall(proxy, press)));
        setTimeout(kill, fate * 50);
      });
    if (moment === 'stream open')
      void firstAccepted.then((answer) =>
        proxy.follow(String(answer?.body['id']), String(answer?.body['token'])).then(kill),
      );
    let isLate = false;
    await Promise.race([
      struck,
      after(patienceMs).then(() => {
        isLate = !isOver;
      }),
    ]);
    if (isLate) {
      missed += 1;
      kill();
    }
    isOver = true;
    onUpstream = () => {};
    await proxy.gone;
    await Promise.all(sent);
    assert.equal(proxy.complaints(), '', 'the proxy wrote to its standard error');
  }

  try {
    let done = 0;
    while (done < trials) {
      const moment = moments[done % moments.length] ?? 'at random';
      const proxy = startProcess({ ...env, ...clockBehind(done * clockBackMs) });
      if (moment === 'starting') {
        await after(Math.random() * 900);
        proxy.kill('SIGKILL');
        await proxy.gone;
      } else {
        assert.ok(await proxy.listening, `the proxy did not start: ${proxy.complaints()}`);
        await trial(proxy, moment);
      }
      byMoment[moment] = (byMoment[moment] ?? 0) + 1;
      done += 1;
      assertOnce(fakePolyAi);
      onProgress?.(done);
    }
    await finish(env, file, open, presses, requestCall, waits);
    const { completed, unknown } = assertEnds(file, presses, fakePolyAi);
    return {
      trials: done,
      byMoment,
      missed,
      refused,
      keys: presses.length,
      requests,
      triggers: fakePolyAi.triggers().length,
      duplicates: assertOnce(fakePolyAi),
      completed,
      unknown,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
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

/** Asserts that no number was triggered twice. */
function assertOnce(fakePolyAi: FakePolyAi): number {
  const numbers = fakePolyAi.triggers().map(({ number }) => number);
  const twice = numbers.length - new Set(numbers).size;
  assert.equal(twice, 0, 'a phone would have rung twice');
  return twice;
}

const hasOpenCalls = (file: string): boolean => {
  const db = openConnection(file, { lockTimeoutMs: 10_000 });
  try {
    return db.prepare(`SELECT 1 FROM calls WHERE stage <> 'ended' LIMIT 1`).all().length > 0;
  } finally {
    db.close();
  }
};

/** Runs a last process that is not killed: every key gets its call, and every call reaches its end. */
async function finish(
  env: Readonly<Record<string, string>>,
  file: string,
  open: Set<Press>,
  presses: readonly Press[],
  requestCall: (proxy: ProxyProcess, press: Press) => Promise<Answer>,
  waits: boolean,
): Promise<void> {
  const last = startProcess(env);
  assert.ok(await last.listening, last.complaints());
  // A sample of the keys that were answered, and all that were not.
  for (const press of presses.slice(-20)) await requestCall(last, press);
  for (const press of open) await requestCall(last, press);
  const deadline = Date.now() + 180_000;
  if (waits) while (hasOpenCalls(file) && Date.now() < deadline) await after(500);
  last.kill('SIGTERM');
  await last.gone;
  if (waits) return;
  // Instead of waiting out the dispatch deadline, the last process runs with a clock an hour ahead.
  const ahead = { ...systemClock, now: () => Date.now() + 3_600_000 };
  const proxy = await startProxy(
    { ...wideOpen, ...env, PORT: '0' },
    { clock: ahead, writeLog: () => {}, print: () => {} },
  );
  try {
    while (hasOpenCalls(file) && Date.now() < deadline) await after(50);
  } finally {
    await proxy.close();
  }
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly stage: string;
  readonly accepted_at: number | null;
}

/** Compares every press with the stored call and with the fake PolyAI's triggers. */
function assertEnds(
  file: string,
  presses: readonly Press[],
  fakePolyAi: FakePolyAi,
): { completed: number; unknown: number } {
  const keyring = loadKeyring({ fileBesideDatabase: `${file}.keys` });
  const triggered = new Set(fakePolyAi.triggers().map(({ number }) => number));
  const db = openConnection(file);
  let completed = 0;
  let unknown = 0;
  try {
    const find = db.prepare('SELECT id, status, stage, accepted_at FROM calls WHERE number_key = ?');
    for (const { phone, id } of presses) {
      const rows = find.all([keyring.numberKeys(phone)[0] ?? '']) as Row[];
      assert.equal(rows.length, 1, `a press with ${String(rows.length)} calls`);
      const [row] = rows;
      if (id !== undefined) assert.equal(row?.id, id, 'the stored call is not the one that was answered');
      assert.equal(row?.stage, 'ended', 'a call did not reach its end');
      if (row.accepted_at === null) {
        assert.equal(row.status, 'unknown');
        unknown += 1;
      } else {
        assert.equal(row.status, 'completed', 'an accepted call did not complete');
        assert.ok(triggered.has(phone));
        completed += 1;
      }
    }
  } finally {
    db.close();
  }
  return { completed, unknown };
}
