// What all trials of one run share: a database, a fake PolyAI that counts its triggers per number, and the presses of the visitors.
// Every key has its own number. Which process or server is killed, and when, is up to the caller.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { startProxy } from '../../src/proxy/main.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';
import { type Answer, type ProxyProcess, startProcess, wideOpen } from './proxy-process.js';
import type { TrialStore } from './trial-stores.js';

/** A visitor's press of the button: one key, one number. */
export interface Press {
  readonly key: string;
  readonly phone: string;
  /** When the call was requested for, if not for now: RFC 3339. */
  readonly scheduleAt?: string;
  /** Id of the call, once an answer contained it. */
  id?: string;
  /** The visitor was told that it is canceled. */
  isCanceled?: true;
  /** The last answer: its time had passed before it was reserved. */
  isTooLate?: boolean;
}

/** What may happen in a run besides the expected answers. */
export interface RunOptions {
  /** The wall clock goes back: allowances consumed at a time that has not come yet stay closed. */
  readonly clockGoesBack?: boolean;
  /** The database dies while the proxy runs. */
  readonly databaseDies?: boolean;
  /** Wait for the calls' ends with the built proxy in real time (about a minute). */
  readonly waits?: boolean;
  /** New keys of each trial; each is sent twice. */
  readonly keysPerTrial?: number;
}

/** How a run ended. */
export interface RunReport {
  readonly keys: number;
  readonly requests: number;
  readonly triggers: number;
  /** Numbers that the fake PolyAI got more than one trigger for. */
  readonly duplicates: number;
  readonly completed: number;
  readonly unknown: number;
  readonly canceled: number;
  /** Keys for a later time, whether placed or not. */
  readonly scheduled: number;
  /** Requests that were answered `429` because the clock had gone back. */
  readonly refused: number;
}

/** A run. */
export interface TrialRun {
  /** Settings of every process. */
  readonly settings: Readonly<Record<string, string>>;
  readonly fakePolyAi: FakePolyAi;
  /** Called with every request that reaches the fake PolyAI. */
  onUpstream: (request: 'trigger' | 'status' | 'unknown') => void;
  /** The new keys of a trial, and keys of earlier ones that are sent again. */
  choose(): { readonly fresh: readonly Press[]; readonly all: readonly Press[] };
  /** Sends a key to a process, and checks the answer; a scheduled call may then be canceled. */
  send(proxy: ProxyProcess, press: Press): Promise<Answer>;
  /** Asserts that no number was triggered twice so far; returns 0. */
  assertOnce(): number;
  /** Starts a process that is not killed: every key gets its call, every call reaches its end, and both are compared with what was answered. */
  finish(): Promise<RunReport>;
  close(): Promise<void>;
}

const newKeys = 3;
const oldKeys = 6;
/** How far ahead a call is scheduled, milliseconds: it is due in one of the next trials. */
const aheadMs = [1_000, 10_000] as const;

/** Prepares a run on an empty database. */
export async function createTrialRun(store: TrialStore, options: RunOptions = {}): Promise<TrialRun> {
  const { clockGoesBack = false, databaseDies = false, waits = false, keysPerTrial = newKeys } = options;
  const fakePolyAi = await createFakePolyAi({
    ...credential,
    timeScale: 100,
    log: (line) => run.onUpstream(/status$/.test(line) ? 'status' : /trigger$/.test(line) ? 'trigger' : 'unknown'),
  });
  const settings = {
    ...settingsFor(fakePolyAi),
    ...store.settings,
  };
  const presses: Press[] = [];
  const open = new Set<Press>();
  let requests = 0;
  let refused = 0;

  const isUnavailable = ({ status, body }: NonNullable<Answer>): boolean =>
    status === 503 && (body['code'] === 'shutting-down' || (databaseDies && body['code'] === 'store-unavailable'));

  const checkAnswer = (press: Press, answer: Answer, idBefore: string | undefined): Answer => {
    if (answer === undefined) return undefined;
    const { status, body } = answer;
    press.isTooLate = body['code'] === 'slot-not-open';
    if (status === 202) {
      const id = String(body['id']);
      // A key keeps its call forever.
      if (press.id !== undefined) assert.equal(id, press.id, 'a key changed its call');
      press.id = id;
      open.delete(press);
      return answer;
    }
    if (press.scheduleAt !== undefined && press.isTooLate) {
      // The same key may be reserved by another request at the same moment; the key is sent again, alone, at the end.
      assert.equal(idBefore, undefined, 'a key lost its call');
      return answer;
    }
    const isWaiting = status === 409 && body['code'] === 'request-in-progress';
    const isRefused = clockGoesBack && status === 429;
    if (isRefused) refused += 1;
    assert.ok(
      isWaiting || isUnavailable(answer) || isRefused,
      `unexpected answer: ${String(status)} ${JSON.stringify(body)}`,
    );
    return answer;
  };

  const cancel = async (proxy: ProxyProcess, press: Press, token: string): Promise<void> => {
    const answer = await proxy.cancel(press.id ?? '', token);
    if (answer === undefined || isUnavailable(answer)) return;
    if (answer.status === 200) press.isCanceled = true;
    else assert.equal(answer.body['code'], 'not-cancellable', JSON.stringify(answer.body));
  };

  const newPress = (scheduleAt?: string): Press => {
    // Each number in its own block where possible; Ofcom has opened all of 020 3.
    const phone = `+44203${String(1_000_000 + ((presses.length * 10_007) % 8_999_999)).padStart(7, '0')}`;
    const press = {
      key: randomBytes(16).toString('base64url'),
      phone,
      ...(scheduleAt !== undefined && { scheduleAt }),
    };
    presses.push(press);
    open.add(press);
    return press;
  };

  /** Asserts that every press has one call, ended, which is the one that was answered and did what the visitor was told. */
  async function assertEnds(): Promise<Pick<RunReport, 'completed' | 'unknown' | 'canceled'>> {
    const keyring = store.keyring();
    const triggered = new Map(fakePolyAi.triggers().map(({ number, at }) => [number, at]));
    const byNumber = new Map<string, string[]>();
    const calls = new Map((await store.calls()).map(({ call, numberKey }) => [call.id, { call, numberKey }]));
    for (const [id, { numberKey }] of calls) byNumber.set(numberKey, [...(byNumber.get(numberKey) ?? []), id]);
    const ends = { completed: 0, unknown: 0, canceled: 0 };
    for (const press of presses) {
      const ids = byNumber.get(keyring.numberKeys(press.phone)[0] ?? '') ?? [];
      const triggeredAt = triggered.get(press.phone);
      if (press.isTooLate && press.id === undefined) {
        assert.deepEqual([ids, triggeredAt], [[], undefined], 'a request that was refused left something behind');
        continue;
      }
      assert.equal(ids.length, 1, `a press with ${String(ids.length)} calls`);
      const call = calls.get(ids[0] ?? '')?.call;
      if (press.id !== undefined) assert.equal(call?.id, press.id, 'the stored call is not the one that was answered');
      assert.equal(call?.stage, 'ended', 'a call did not reach its end');
      if (press.isCanceled) assert.equal(call.endedBecause, 'taken-back', 'a call that was canceled came back');
      if (press.scheduleAt !== undefined && triggeredAt !== undefined)
        assert.ok(triggeredAt >= Date.parse(press.scheduleAt), 'a phone rang before its time');
      if (call.endedBecause === 'taken-back') {
        assert.equal(triggeredAt, undefined, 'the phone of a canceled call rang');
        ends.canceled += 1;
      } else if (call.upstreamId === undefined) {
        assert.equal(call.status, 'unknown');
        ends.unknown += 1;
      } else {
        assert.equal(call.status, 'completed', 'an accepted call did not complete');
        assert.notEqual(triggeredAt, undefined);
        ends.completed += 1;
      }
    }
    return ends;
  }

  const isOver = async (isSo: () => Promise<boolean>, everyMs: number): Promise<void> => {
    const deadline = performance.now() + 180_000;
    while (!(await isSo()) && performance.now() < deadline) await after(everyMs);
  };
  const hasEnded = async (): Promise<boolean> => (await store.openCalls()) === 0;

  const run: TrialRun = {
    settings,
    fakePolyAi,
    onUpstream: () => {},
    choose() {
      const again = presses.at(-1);
      const fresh = Array.from({ length: keysPerTrial }, (_, index) =>
        index === 0 && !clockGoesBack
          ? newPress(new Date(Date.now() + aheadMs[0] + Math.random() * (aheadMs[1] - aheadMs[0])).toISOString())
          : newPress(),
      );
      const old = [...open].filter((press) => !fresh.includes(press)).sort(() => Math.random() - 0.5);
      return { fresh, all: [...fresh, ...fresh, ...old.slice(0, oldKeys), ...(again === undefined ? [] : [again])] };
    },
    async send(proxy, press) {
      requests += 1;
      const { id } = press;
      const answer = checkAnswer(press, await proxy.requestCall(press.key, press.phone, press.scheduleAt), id);
      if (answer?.body['status'] === 'scheduled' && Math.random() < 0.3)
        await cancel(proxy, press, String(answer.body['token']));
      return answer;
    },
    assertOnce() {
      const numbers = fakePolyAi.triggers().map(({ number }) => number);
      const twice = numbers.length - new Set(numbers).size;
      assert.equal(twice, 0, 'a phone would have rung twice');
      return twice;
    },
    async finish() {
      const last = startProcess(settings);
      assert.ok(await last.listening, last.complaints());
      // A sample of the keys that were answered, and all that were not.
      for (const press of presses.slice(-20)) await run.send(last, press);
      for (const press of open) await run.send(last, press);
      await isOver(waits ? hasEnded : async () => (await store.openCalls('scheduled')) === 0, 500);
      last.kill('SIGTERM');
      await last.gone;
      if (!waits) {
        // Instead of waiting out the dispatch deadline, the last process runs an hour later.
        const clock = await store.passAnHour();
        const proxy = await startProxy(
          { ...wideOpen, ...settings, PORT: '0' },
          { clock, writeLog: () => {}, print: () => {} },
        );
        try {
          await isOver(hasEnded, 50);
        } finally {
          await proxy.close();
        }
      }
      const ends = await assertEnds();
      return {
        keys: presses.length,
        requests,
        triggers: fakePolyAi.triggers().length,
        duplicates: run.assertOnce(),
        ...ends,
        scheduled: presses.filter(({ scheduleAt }) => scheduleAt !== undefined).length,
        refused,
      };
    },
    close: () => fakePolyAi.close(),
  };
  return run;
}
