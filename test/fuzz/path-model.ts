// The whole path against a small model, on either store: requests, retries, a different request under the same key, crashes at every point, restarts,
// clock jumps, calls that progress, streams that drop and resume, in any order. Mutations that turn it red: skip the key lookup; place
// an interrupted call again, or leave it open forever; forget a number's concurrency slot or daily limit; send a reader only new events.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { type CallAccepted, type CallSnapshot, type CallStatus, isTerminal } from '../../src/contract.js';
import { createCircuitBreaker } from '../../src/proxy/calls/circuit-breaker.js';
import { createCredentialMonitor } from '../../src/proxy/calls/credential-monitor.js';
import { buildApp, type BuiltApp } from '../../src/proxy/compose.js';
import type { Clock } from '../../src/proxy/core/clock.js';
import { readConfig } from '../../src/proxy/config/config.js';
import { createCallEvents } from '../../src/proxy/routes/call-events.js';
import { createKeyring } from '../../src/proxy/secrets/keyring.js';
import { silentLog } from '../../src/proxy/core/log.js';
import { createCallPlacer } from '../../src/proxy/calls/place-call.js';
import type { StatusOutcome, PlaceOutcome, PolyAi } from '../../src/proxy/polyai/polyai.js';
import { createCallStreams } from '../../src/proxy/streams/call-streams.js';
import type { Store } from '../../src/proxy/store/store.js';
import { createStatusPoller, type StatusPoller } from '../../src/proxy/calls/status-poller.js';
import { callRequest, officeHours, origin, realEnv } from '../proxy/fixtures/app.js';

const perDay = 5;
const second = 1_000;
const hour = 3_600 * second;
const numbers = ['+442079460958', '+442079460001', '+442034960123'] as const;
const phases: readonly CallStatus[] = ['created', 'queued', 'ringing', 'in-progress', 'completed'];
type Mode = 'accept' | 'reject' | 'not-sent' | 'unknown' | 'hang';

/** Timers run on monotonic time; the wall clock can jump. */
class JumpingClock implements Clock {
  #elapsed = 0;
  #jumped = 0;
  #timers = new Set<{ at: number; task: () => void }>();
  furthest = officeHours;

  now = (): number => {
    const now = officeHours + this.#elapsed + this.#jumped;
    this.furthest = Math.max(this.furthest, now);
    return now;
  };

  monotonic = (): number => this.#elapsed;

  after = (delayMs: number, task: () => void, signal?: AbortSignal): void => {
    if (signal?.aborted) return;
    const forget = (): void => void this.#timers.delete(timer);
    const run = (): void => {
      signal?.removeEventListener('abort', forget);
      task();
    };
    const timer = { at: this.#elapsed + delayMs, task: run };
    this.#timers.add(timer);
    signal?.addEventListener('abort', forget, { once: true });
  };

  jump(ms: number): void {
    this.#jumped += ms;
    this.now();
  }

  /** Drops the timers of a process that died. */
  forgetTimers(): void {
    this.#timers.clear();
  }

  async advance(ms: number, stepMs = second): Promise<void> {
    const target = this.#elapsed + ms;
    while (this.#elapsed < target) {
      this.#elapsed = Math.min(target, this.#elapsed + stepMs);
      // Those due now; timers they start wait for the next step.
      const due = [...this.#timers].filter(({ at }) => at <= this.#elapsed);
      for (const timer of due) if (this.#timers.delete(timer)) timer.task();
      await settle();
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work outside of this process, which takes real time. */
const pending = new Set<Promise<unknown>>();

/** Makes the model wait for some work before it goes on. */
export function track(work: unknown): void {
  if (!(work instanceof Promise)) return;
  pending.add(work);
  const forget = (): void => void pending.delete(work);
  work.then(forget, forget);
}

/** Waits until nothing goes on: for many turns in a row, nobody has worked. */
async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 25; quiet += 1) {
    if (pending.size > 0) quiet = 0;
    while (pending.size > 0) await Promise.allSettled(pending);
    await turn();
  }
}

/** A database that is empty at first. */
export interface ModelDatabase {
  /** Opens it, again and again; the clock is the model's. */
  open(clock: Clock): Promise<Store>;
  remove(): Promise<void>;
}

interface Press {
  readonly key: string;
  readonly phone: string;
  /** The answer the visitor got; undefined while the call is being placed. */
  answered?: { readonly status: number; readonly id: string | undefined };
  call?: CallAccepted;
  /** The longest journal seen by any reader. */
  seen: readonly string[];
}

/** The model: what must hold for every press, whatever happened. */
class Model {
  presses: Press[] = [];
}

/** The real system, and what it sent upstream. */
class System {
  readonly clock = new JumpingClock();
  readonly #database: ModelDatabase;
  readonly #keyring = createKeyring([{ name: 'v1', secret: randomBytes(32) }]);
  readonly #config = readConfig({ ...realEnv, HOURS_PROFILE: 'off', LIMIT_ALL_PER_DAY: String(perDay) });
  /** Every trigger that may have rung, oldest first. */
  readonly triggers: { readonly number: string; readonly at: number }[] = [];
  sends = 0;
  /** By how much the clock has jumped in all. */
  jumpedMs = 0;
  /** Violations observed upstream. */
  readonly mistakes: string[] = [];
  mode: Mode = 'accept';
  #upstream = new Map<string, { readonly number: string; readonly since: number; phase: number }>();
  #visitors = 0;
  #store!: Store;
  #poller!: StatusPoller;
  #app!: BuiltApp['app'];

  constructor(database: ModelDatabase) {
    this.#database = database;
  }

  async start(): Promise<void> {
    const { clock } = this;
    const store = await this.#database.open(clock);
    const polyai: Pick<PolyAi, 'place' | 'status'> = {
      place: (number) => this.#place(number),
      status: (id) => this.#status(id),
    };
    const credential = createCredentialMonitor({ probe: () => Promise.resolve('works'), clock, log: silentLog });
    const breaker = createCircuitBreaker(clock, credential);
    const placer = createCallPlacer({ store, polyai, breaker, credential, clock, log: silentLog });
    const callStreams = createCallStreams({ store, clock, random: () => 0.5 });
    this.#store = store;
    this.#poller = createStatusPoller({
      store,
      polyai,
      credential,
      isPlacing: (callId) => placer.isPlacing(callId),
      clock,
      random: () => 0.5,
      log: silentLog,
    });
    this.#app = buildApp({
      config: this.#config,
      store,
      placer,
      credential,
      keyring: this.#keyring,
      clock,
      log: silentLog,
      random: randomBytes,
      fetch: () => Promise.reject(new Error('no network')),
      events: createCallEvents(callStreams),
    }).app;
    this.#poller.start();
  }

  /** The process dies on the spot: nothing is drained, nothing is finished. */
  async crash(): Promise<void> {
    const poller = this.#poller;
    await this.#store.close();
    this.clock.forgetTimers();
    void poller.stop();
    await settle();
  }

  async end(): Promise<void> {
    await this.crash();
    await this.#database.remove();
  }

  #place(number: string): Promise<PlaceOutcome> {
    const { mode } = this;
    this.mode = 'accept';
    this.sends += 1;
    if (mode === 'not-sent') return Promise.resolve({ kind: 'not-sent', reason: 'refused' });
    if (mode === 'reject') return Promise.resolve({ kind: 'rejected', httpStatus: 422 });
    this.triggers.push({ number, at: this.clock.now() });
    for (const call of this.#upstream.values())
      if (call.number === number && call.phase < phases.length - 1 && this.clock.furthest - call.since < 2 * hour)
        this.mistakes.push('two concurrent calls to one person');
    if (mode === 'unknown') return Promise.resolve({ kind: 'unknown', reason: 'timed-out' });
    if (mode === 'hang') return new Promise(() => {});
    const id = `OUT-${String(this.triggers.length)}`;
    this.#upstream.set(id, { number, since: this.clock.furthest, phase: 0 });
    return Promise.resolve({ kind: 'accepted', upstreamId: id });
  }

  #status(id: string): Promise<StatusOutcome> {
    const phase = this.#upstream.get(id)?.phase;
    if (phase === undefined) return Promise.resolve({ kind: 'missing' });
    const history = phases.slice(0, phase + 1).map((status) => ({ status, at: this.clock.now() }));
    return Promise.resolve({ kind: 'seen', status: phases[phase] ?? 'created', history });
  }

  /** Calls progress upstream by a number of statuses. */
  progress(by: number): void {
    for (const call of this.#upstream.values()) call.phase = Math.min(phases.length - 1, call.phase + by);
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    this.#visitors += 1;
    const remoteAddress = `100.${String(64 + (this.#visitors >> 8))}.${String(this.#visitors & 255)}.1`;
    return Promise.resolve(
      this.#app.request(`http://proxy.example${path}`, init, { incoming: { socket: { remoteAddress } } }),
    );
  }

  post(key: string, phone: string): Promise<Response> {
    return this.request('/v1/calls', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, 'Idempotency-Key': key },
      body: JSON.stringify(callRequest({ phone })),
    });
  }
}

type Command = fc.AsyncCommand<Model, System>;

/** Everything that must hold at any moment. */
function assertInvariants(model: Model, real: System): void {
  assert.deepEqual(real.mistakes, []);
  for (const number of numbers) {
    const times = real.triggers
      .filter((trigger) => trigger.number === number)
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    for (const [index, at] of times.entries()) {
      assert.ok((times[index + 2] ?? Infinity) - at >= 10 * 60 * second, 'three calls to a number in 10 minutes');
      assert.ok((times[index + 3] ?? Infinity) - at >= 24 * hour, 'four calls to a number in 24 hours');
    }
  }
  const refilled = Math.floor((real.clock.furthest - officeHours) / ((24 * hour) / perDay));
  assert.ok(real.triggers.length <= perDay + refilled, `${String(real.triggers.length)} calls in total`);
  const presses = model.presses.filter(({ answered }) => answered === undefined || answered.status === 202);
  assert.equal(real.triggers.length, presses.length, 'one trigger per key that was accepted or is being placed');
}

/** A press, new or known. The model does not predict which presses the limits refuse, only that a refused one rings no phone. */
async function press(model: Model, real: System, one: Press): Promise<void> {
  const isKnown = model.presses.includes(one);
  const before = real.sends;
  const { mode } = real;
  const pending = real.post(one.key, one.phone);
  const answer = await Promise.race([
    pending,
    settle()
      .then(settle)
      .then(() => undefined),
  ]);
  if (answer === undefined) {
    assert.ok(!isKnown && mode === 'hang', 'only a hanging trigger stays unanswered');
    model.presses.push(one);
    return;
  }
  const body = (await answer.json()) as CallAccepted & { code?: string };
  if (isKnown) {
    assert.equal(real.sends, before, 'a known key sends nothing');
    if (one.answered === undefined) {
      // Its placing is still in progress, or was interrupted by a crash and the outcome is unknown.
      if (answer.status === 409) {
        assert.equal(body.code, 'request-in-progress');
        return;
      }
      assert.equal(answer.status, 202);
      assert.equal(body.status, 'unknown');
      one.answered = { status: 202, id: body.id };
      one.call = body;
    }
    assert.equal(answer.headers.get('idempotency-replayed'), 'true');
    assert.equal(answer.status, one.answered.status);
    assert.equal(answer.status === 202 ? body.id : undefined, one.answered.id);
    return;
  }
  // Limits, and the breaker after five unclear results.
  if (answer.status === 429 || body.code === 'calls-paused') {
    assert.equal(real.sends, before, 'refused, but sent anyway');
    return;
  }
  assert.equal(real.sends, before + 1);
  const expected = { accept: 202, unknown: 202, reject: 502, 'not-sent': 503, hang: 0 }[mode];
  assert.equal(answer.status, expected);
  one.answered = { status: answer.status, id: answer.status === 202 ? body.id : undefined };
  if (answer.status === 202) one.call = body;
  model.presses.push(one);
}

const journalOf = (snapshot: CallSnapshot): string[] =>
  snapshot.history.map(({ seq, status }) => `${String(seq)} ${status}`);

/** What a reader sees continues what any reader has seen: no gap, no repeat, no terminal status left. */
function sees(one: Press, snapshot: CallSnapshot): void {
  const journal = journalOf(snapshot);
  assert.deepEqual(journal.slice(0, one.seen.length), one.seen, 'the journal was rewritten or has a gap');
  assert.deepEqual(
    journal.map((entry) => Number(entry.split(' ')[0])),
    journal.map((_, index) => index + 1),
  );
  const last = one.seen.at(-1)?.split(' ')[1] as CallStatus | undefined;
  if (last !== undefined && isTerminal(last)) assert.deepEqual(journal, one.seen, 'a terminal status was left');
  one.seen = journal;
}

/** Opens the stream where the last reader stopped, reads for some seconds, and drops the connection. */
async function read(real: System, one: Press, forMs: number): Promise<void> {
  const { call } = one;
  if (call === undefined) return;
  const from = one.seen.length;
  const dropped = new AbortController();
  const response = await real.request(`/v1/calls/${call.id}/events`, {
    headers: { Authorization: `Bearer ${call.token}`, ...(from > 0 && { 'Last-Event-ID': String(from) }) },
    signal: dropped.signal,
  });
  if (response.status === 204) {
    assert.ok(
      isTerminal((one.seen.at(-1)?.split(' ')[1] ?? 'requested') as CallStatus),
      '204 means that nothing is left to send',
    );
    return;
  }
  assert.equal(response.status, 200);
  let newest = from;
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event !== 'snapshot') return;
      assert.ok(Number(id) > newest, `event ${String(id)} after ${String(newest)}`);
      newest = Number(id);
      sees(one, JSON.parse(data) as CallSnapshot);
    },
  });
  const reader = response.body?.getReader();
  const reading = (async () => {
    for (;;) {
      const { value, done } = (await reader?.read().catch(() => undefined)) ?? { value: undefined, done: true };
      if (done) return;
      parser.feed(Buffer.from(value ?? []).toString());
    }
  })();
  await settle();
  await real.clock.advance(forMs);
  dropped.abort();
  await reader?.cancel().catch(() => {});
  await reading;
  await settle();
}

const command = (name: string, run: (model: Model, real: System) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    assertInvariants(model, real);
  },
  toString: () => name,
});

const pick = (model: Model, index: number): Press | undefined =>
  model.presses[index % Math.max(1, model.presses.length)];
const modes: readonly Mode[] = ['accept', 'accept', 'accept', 'reject', 'not-sent', 'unknown', 'hang'];

const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(fc.constantFrom(...modes), fc.constantFrom(...numbers)).map(([mode, phone]) =>
    command(`request ${phone} ${mode}`, async (model, real) => {
      real.mode = mode;
      await press(model, real, { key: randomBytes(16).toString('base64url'), phone, seen: [] });
      real.mode = 'accept';
    }),
  ),
  fc.constantFrom(...numbers).map((phone) =>
    command(`a complete call to ${phone}, and eleven minutes`, async (model, real) => {
      await press(model, real, { key: randomBytes(16).toString('base64url'), phone, seen: [] });
      real.progress(phases.length);
      await real.clock.advance(12 * second);
      await real.clock.advance(11 * 60 * second, 30 * second);
    }),
  ),
  fc.constantFrom(...numbers).map((phone) =>
    command(`two presses for ${phone}`, async (model, real) => {
      for (let presses = 0; presses < 2; presses += 1)
        await press(model, real, { key: randomBytes(16).toString('base64url'), phone, seen: [] });
    }),
  ),
  fc.nat(20).map((index) =>
    command(`again ${String(index)}`, async (model, real) => {
      const one = pick(model, index);
      if (one !== undefined) await press(model, real, one);
    }),
  ),
  fc.nat(20).map((index) =>
    command(`another request under key ${String(index)}`, async (model, real) => {
      const one = pick(model, index);
      if (one === undefined) return;
      const before = real.sends;
      const response = await real.post(one.key, numbers.find((number) => number !== one.phone) ?? '');
      assert.equal(((await response.json()) as { code: string }).code, 'idempotency-key-reused');
      assert.equal(real.sends, before);
    }),
  ),
  fc.constant(
    command('crash and restart', async (_model, real) => {
      await real.crash();
      await real.start();
    }),
  ),
  fc.constantFrom(-1, 1).map((sign) =>
    command(`the clock jumps ${String(sign)} h`, async (_model, real) => {
      real.jumpedMs += sign * hour;
      real.clock.jump(sign * hour);
      await settle();
    }),
  ),
  fc
    .constantFrom(5, 45, 400)
    .map((seconds) =>
      command(`${String(seconds)} s pass`, (_model, real) =>
        real.clock.advance(seconds * second, seconds > 60 ? 5 * second : second),
      ),
    ),
  fc.integer({ min: 1, max: 4 }).map((by) =>
    command(`calls progress by ${String(by)}`, async (_model, real) => {
      real.progress(by);
      await real.clock.advance(12 * second);
    }),
  ),
  fc.tuple(fc.nat(20), fc.constantFrom(0, 4)).map(([index, seconds]) =>
    command(`follow ${String(index)} for ${String(seconds)} s`, async (model, real) => {
      const one = pick(model, index);
      if (one !== undefined) await read(real, one, seconds * second);
    }),
  ),
];

/** Defines the test for one kind of database; each run gets a new one. */
export function testPathModel(name: string, create: () => Promise<ModelDatabase>, numRuns: number): void {
  test(`${name}: whatever happens in whatever order, one trigger per key, no cap exceeded, no terminal status left, no gap and no repeat`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (list) => {
        const real = new System(await create());
        await real.start();
        const model = new Model();
        try {
          await fc.asyncModelRun(() => ({ model, real }), list);
          // Eventually every accepted call reaches its end or is reported as unknown.
          await real.crash();
          await real.start();
          real.progress(phases.length);
          await real.clock.advance(60 * second);
          // A clock that was set back delays what is due by as much.
          real.clock.jump(2 * hour - Math.min(0, real.jumpedMs));
          await real.clock.advance(60 * second);
          for (const one of model.presses) {
            await press(model, real, one);
            assert.ok(one.answered, 'a press that was never answered');
            await read(real, one, 0);
            if (one.answered.status === 202)
              assert.ok(isTerminal(one.seen.at(-1)?.split(' ')[1] as CallStatus), one.seen.join());
          }
          assertInvariants(model, real);
        } finally {
          await real.end();
        }
      }),
      { numRuns },
    );
  });
}
