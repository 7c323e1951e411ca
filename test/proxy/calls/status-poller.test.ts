// The poller on a real store with a clock that the test advances, against scripted upstreams and against the fake PolyAI.
// Mutations that turn a test red:
//   status-poller.ts: drop the check of `isActive`, the newest lease in `record`, `if (stopping.aborted) return`, the wait for `placing`,
//     the pause, the wake-up, or the back-off after faults; place what is `lost`; a lease of 30 s. poll-rate.ts: unlimited room

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { createFakePolyAi, endsIn, slowed } from '../../../src/proxy/sandbox/fake-polyai.js';
import type { CallStatus } from '../../../src/contract.js';
import { createCredentialMonitor } from '../../../src/proxy/calls/credential-monitor.js';
import { probeCredential } from '../../../src/proxy/polyai/probe-credential.js';
import { createLog, silentLog } from '../../../src/proxy/core/log.js';
import { createConnector } from '../../../src/proxy/polyai/connector.js';
import type { StatusOutcome, PolyAi } from '../../../src/proxy/polyai/polyai.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { type DueCall, type Store, StoreUnavailable } from '../../../src/proxy/store/store.js';
import {
  createStatusPoller,
  leaseMs,
  longestSleepMs,
  type StatusPoller,
  type StatusPollerOptions,
} from '../../../src/proxy/calls/status-poller.js';
import { createUrgentWork } from '../../../src/proxy/core/urgent-work.js';
import { until } from '../fixtures/call-streams.js';
import {
  acceptedCall,
  type ManualClock,
  manualClock,
  hour,
  minute,
  reservation,
  reserved,
  statuses,
  temporaryFolder,
} from '../store/fixtures/stores.js';
import { follow } from '../store/fixtures/follow.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Fixture {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly file: string;
  /** Every status request, with the time since the start, milliseconds. */
  readonly polls: { readonly id: string; readonly at: number }[];
  watch(options?: Partial<StatusPollerOptions>): StatusPoller;
  /** Lets time pass in small steps, running everything that follows from it. */
  pass(ms: number, stepMs?: number): Promise<void>;
}

const seen = (...words: CallStatus[]): StatusOutcome => ({
  kind: 'seen',
  status: words.at(-1) ?? 'created',
  history: words.map((status) => ({ status, at: 0 })),
});

const createFixture = (
  answer: (id: string, count: number) => StatusOutcome | Promise<StatusOutcome> = () => seen('queued'),
): Fixture => {
  const folder = temporaryFolder();
  cleanups.push(() => folder.remove());
  const clock = manualClock();
  const began = clock.now();
  const file = join(folder.path, 'calls.db');
  const store = createSqliteStore({ file, clock });
  cleanups.push(() => store.close());
  const polls: { id: string; at: number }[] = [];
  const polyai: Pick<PolyAi, 'status'> = {
    status: async (id) => {
      polls.push({ id, at: clock.now() - began });
      return answer(id, polls.length);
    },
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock,
    store,
    file,
    polls,
    watch: (options = {}) => {
      const log = options.log ?? silentLog;
      const credential = createCredentialMonitor({ probe: () => probeCredential(polyai), clock, log });
      const poller = createStatusPoller({ store, polyai, credential, clock, random: () => 0.5, log, ...options });
      cleanups.push(() => poller.stop());
      poller.start();
      return poller;
    },
    pass: async (ms, stepMs = 100) => {
      await settle();
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.advance(stepMs);
        await settle();
      }
    },
  };
};

test('a call is polled every two seconds, then every ten, until it ends', async () => {
  const answers = [seen('created'), seen('queued'), seen('ringing'), seen('in-progress'), seen('in-progress')];
  const { store, clock, polls, watch, pass } = createFixture((_id, count) => answers[count - 1] ?? seen('completed'));
  const call = await acceptedCall(store, clock.now());
  watch();
  await pass(60_000);
  assert.deepEqual(
    polls.map(({ at }) => Math.round(at / 1_000)),
    [0, 2, 4, 6, 16, 26],
  );
  assert.deepEqual(statuses(await store.read(call.id)), [
    'requested',
    'created',
    'queued',
    'ringing',
    'in-progress',
    'completed',
  ]);
  await pass(60_000, 1_000);
  assert.equal(polls.length, 6);
});

test('one poller polls once, however many readers follow', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  const call = await acceptedCall(store, clock.now());
  const leaving = new AbortController();
  for (let index = 0; index < 9; index += 1) void follow(store, call.id, 0, leaving.signal).next();
  watch();
  await pass(10_000);
  assert.equal(polls.length, 6);
  leaving.abort();
});

test('two pollers on one store share the status requests between them', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  await acceptedCall(store, clock.now());
  watch();
  watch();
  await pass(10_000);
  assert.equal(polls.length, 6);
});

test('a new call is polled when it is due, without waiting for the next cycle', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  const poller = watch();
  await pass(500);
  await acceptedCall(store, clock.now());
  poller.wake();
  await pass(0);
  assert.equal(polls.length, 1);
});

test('the loop is woken only for something that is due before it runs anyway', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  let leases = 0;
  const counted: Store = {
    ...store,
    claimDue: (limit, ms) => {
      leases += 1;
      return store.claimDue(limit, ms);
    },
  };
  const poller = watch({ store: counted });
  await pass(0);
  const before = leases;
  poller.wakeBy(clock.now() + 1_000);
  await pass(0);
  assert.equal(leases, before, 'it sleeps for a second at most');
  await acceptedCall(store, clock.now());
  poller.wakeBy(clock.now());
  await pass(0);
  assert.deepEqual([leases > before, polls.length], [true, 1]);
});

test('polling lets a call that is being placed pass', async () => {
  const { store, clock, polls, watch, pass } = createFixture(() => seen('completed'));
  const urgent = createUrgentWork(clock);
  await acceptedCall(store, clock.now());
  const end = urgent.begin();
  watch({ urgent });
  await pass(0);
  assert.equal(polls.length, 0, 'no lease');
  end();
  await pass(0);
  assert.equal(polls.length, 1);
});

test('recording a poll lets a call that is being placed pass', async () => {
  let end = (): void => {};
  const { store, clock, polls, watch, pass } = createFixture(() => {
    end = urgent.begin();
    return seen('completed');
  });
  const urgent = createUrgentWork(clock);
  const { id } = await acceptedCall(store, clock.now());
  watch({ urgent });
  await pass(0);
  assert.deepEqual([polls.length, (await store.read(id))?.status], [1, 'requested']);
  end();
  await pass(0);
  assert.equal((await store.read(id))?.status, 'completed');
});

test('polling goes on while PolyAI takes seconds to answer a trigger', async () => {
  const { store, clock, polls, watch, pass } = createFixture(() => seen('completed'));
  const urgent = createUrgentWork(clock);
  urgent.begin();
  const call = await acceptedCall(store, clock.now());
  watch({ urgent });
  await pass(300);
  assert.deepEqual([polls.length, (await store.read(call.id))?.status], [1, 'completed']);
});

test('polling of calls in flight resumes within two seconds of a restart', async () => {
  let hang = true;
  const { store, clock, polls, watch, pass } = createFixture(() =>
    hang ? new Promise<StatusOutcome>(() => {}) : seen('completed'),
  );
  const call = await acceptedCall(store, clock.now());
  const died = watch();
  await pass(100);
  // The process dies in the middle of a status request: the lease is not returned. Another process needs a second to start.
  await died.stop();
  hang = false;
  clock.advance(1_000);
  watch();
  await pass(2_000);
  assert.equal(polls.length, 2);
  assert.equal((await store.read(call.id))?.status, 'completed');
});

test('a status request that outlives its lease is not repeated meanwhile, and its result counts', async () => {
  let answer = (_outcome: StatusOutcome): void => {};
  const { store, clock, polls, watch, pass } = createFixture(() => new Promise((resolve) => (answer = resolve)));
  const call = await acceptedCall(store, clock.now());
  watch();
  await pass(9_000);
  assert.equal(polls.length, 1);
  answer(seen('ringing'));
  await pass(1_900);
  assert.equal((await store.read(call.id))?.status, 'ringing');
  assert.equal(polls.length, 1);
  await pass(200);
  assert.equal(polls.length, 2);
});

test('polling backs off while upstream fails for ten minutes, then recovers', async () => {
  const { store, clock, polls, watch, pass } = createFixture((_id, count) =>
    clock.now() - begin < 10 * minute
      ? { kind: 'failed', reason: 'http-500' }
      : seen(count > 0 ? 'completed' : 'queued'),
  );
  const begin = clock.now();
  const call = await acceptedCall(store, clock.now());
  watch();
  await pass(11 * minute, 1_000);
  assert.ok(polls.length >= 20 && polls.length <= 30, `${polls.length} polls`);
  assert.equal((await store.read(call.id))?.status, 'completed');
});

test('a call that upstream never finds becomes unknown after 30 seconds, and its number cools down', async () => {
  const { store, clock, watch, pass } = createFixture(() => ({ kind: 'missing' }));
  const call = await acceptedCall(store, clock.now(), { numberKeys: ['v1:n'] });
  watch();
  await pass(29_000);
  assert.equal((await store.read(call.id))?.status, 'requested');
  await pass(4_000);
  const ended = await store.read(call.id);
  assert.equal(ended?.status, 'unknown');
  assert.ok((ended.coolDownUntil ?? 0) > clock.now());
  const again = await store.reserve(reservation(clock.now(), { numberKeys: ['v1:n'] }));
  assert.equal(again.kind === 'refused' && again.refusal.kind, 'cooling-down');
});

test('a call that never progresses becomes unknown after two hours', async () => {
  const { store, clock, watch, pass } = createFixture(() => seen('queued'));
  const call = await acceptedCall(store, clock.now());
  watch();
  await pass(2 * hour - minute, 20_000);
  assert.equal((await store.read(call.id))?.status, 'queued');
  await pass(2 * minute, 5_000);
  assert.equal((await store.read(call.id))?.status, 'unknown');
});

for (const [what, outcome] of [
  [
    'ends with a status PolyAI has not documented',
    { kind: 'failed', reason: 'unfamiliar-status', unfamiliar: { length: 9, form: 'word' } },
  ],
  [
    'has such a status after known ones',
    { ...seen('created', 'in-progress'), unfamiliar: { length: 9, form: 'word' } },
  ],
  ['has a history too long to be read', { kind: 'failed', reason: 'unreadable-answer' }],
  ['cannot be polled', { kind: 'failed', reason: 'http-500' }],
] as [string, StatusOutcome][]) {
  test(`a call that ${what} frees its slots after a quarter of an hour, not after two hours`, async () => {
    const lines: string[] = [];
    const { store, clock, watch, pass } = createFixture(() => outcome);
    const concurrencySlots = [{ scope: 'site', key: 'site', max: 1 }] as const;
    const call = await acceptedCall(store, clock.now(), { concurrencySlots });
    watch({ log: createLog({ write: (line) => lines.push(line), clock }) });
    await pass(14 * minute, 5_000);
    assert.equal((await store.reserve(reservation(clock.now(), { concurrencySlots }))).kind, 'refused');
    await pass(3 * minute, 5_000);
    assert.equal((await store.read(call.id))?.status, 'unknown');
    assert.equal((await store.reserve(reservation(clock.now(), { concurrencySlots }))).kind, 'reserved');
    const unfamiliar = lines.filter((line) => line.includes('status-unfamiliar'));
    assert.equal(unfamiliar.length, 'unfamiliar' in outcome ? 1 : 0, 'not logged once');
    for (const line of unfamiliar) assert.match(line, /"level":"warn".*"length":9,"form":"word"/);
  });
}

test('the wait starts over when a call can be read again', async () => {
  const { store, clock, watch, pass } = createFixture((_id, count) =>
    count === 30 ? seen('created') : { kind: 'failed', reason: 'http-500' },
  );
  const call = await acceptedCall(store, clock.now());
  watch();
  await pass(25 * minute, 5_000);
  assert.equal((await store.read(call.id))?.status, 'created');
  await pass(8 * minute, 5_000);
  assert.equal((await store.read(call.id))?.status, 'unknown');
});

test('a call being placed is not lost when the clock jumps', async () => {
  const { store, clock, watch, pass } = createFixture();
  const call = await reserved(store, reservation(clock.now()));
  let isPlacing = true;
  watch({ isPlacing: () => isPlacing });
  await pass(2_000);
  clock.jump(hour);
  await pass(minute, 1_000);
  assert.deepEqual(statuses(await store.read(call.id)), ['requested']);
  isPlacing = false;
  await pass(5_000, 500);
  assert.deepEqual(statuses(await store.read(call.id)), ['requested', 'unknown']);
});

test('a call that another process is placing is not lost when the clock jumps', async () => {
  const { store, clock, watch, pass } = createFixture();
  const call = await reserved(store, reservation(clock.now()));
  watch();
  await pass(2_000);
  clock.jump(hour);
  await pass(30_000, 500);
  assert.deepEqual(statuses(await store.read(call.id)), ['requested']);
  await pass(20_000, 500);
  assert.deepEqual(statuses(await store.read(call.id)), ['requested', 'unknown']);
});

test('never more than 20 status requests in a second, and every call gets its turn', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  for (let index = 0; index < 100; index += 1) await acceptedCall(store, clock.now());
  watch();
  await pass(10_000, 50);
  const perSecond = new Map<number, number>();
  for (const { at } of polls) perSecond.set(Math.floor(at / 1_000), (perSecond.get(Math.floor(at / 1_000)) ?? 0) + 1);
  assert.ok([...perSecond.values()].every((count) => count <= 20));
  assert.equal(new Set(polls.map(({ id }) => id)).size, 100);
  assert.ok(polls.length >= 150, `${polls.length} polls`);
});

test('a refused credential pauses all polling, is logged once, and polling resumes when it works', async () => {
  const lines: string[] = [];
  let works = false;
  const { store, clock, polls, watch, pass } = createFixture(() => (works ? seen('completed') : { kind: 'denied' }));
  const calls: string[] = [];
  for (let index = 0; index < 5; index += 1) calls.push((await acceptedCall(store, clock.now())).id);
  watch({ log: createLog({ write: (line) => lines.push(line), clock }) });
  await pass(29_000, 500);
  assert.ok(polls.length <= 5, `${polls.length} polls`);
  const before = polls.length;
  assert.equal(lines.filter((line) => line.includes('credential-refused')).length, 1);
  await pass(3_000, 500);
  assert.equal(polls.length, before + 1, 'one status request checks whether it works again');
  works = true;
  await pass(3 * minute, 1_000);
  for (const id of calls) assert.equal((await store.read(id))?.status, 'completed');
});

test('a call whose placing was interrupted becomes unknown and is never placed again', async () => {
  const placed: DueCall[] = [];
  const { store, clock, polls, watch, pass } = createFixture();
  const call = await reserved(store, reservation(clock.now()));
  watch({ placeScheduled: async (due) => void placed.push(due) });
  await pass(35_000, 500);
  assert.deepEqual(statuses(await store.read(call.id)), ['requested', 'unknown']);
  assert.equal(polls.length, 0);
  assert.equal(placed.length, 0);
});

test('a due callback is handed over once, while polling goes on', async () => {
  const placed: DueCall[] = [];
  const { store, clock, polls, watch, pass } = createFixture();
  const dueAt = clock.now() + minute;
  const slot = { at: new Date(dueAt).toISOString(), zone: 'UTC', wall: '2026-03-02T09:01' };
  await reserved(store, reservation(clock.now(), { scheduled: { slot, dueAt, sealedRequest: 'sealed' } }));
  await acceptedCall(store, clock.now());
  let finish = (): void => {};
  const poller = watch({
    placeScheduled: (due) => {
      placed.push(due);
      return new Promise<void>((resolve) => (finish = resolve));
    },
  });
  await pass(59_000, 500);
  assert.equal(placed.length, 0);
  await pass(10_000, 500);
  assert.equal(placed.length, 1);
  assert.equal(placed[0]?.sealedRequest, 'sealed');
  assert.ok(polls.length > 30);
  let hasStopped = false;
  const stopped = poller.stop().then(() => (hasStopped = true));
  await pass(1_000);
  assert.equal(hasStopped, false, 'stopping waits for a callback that is being placed');
  finish();
  await stopped;
});

test('a failing store stops nothing permanently', async () => {
  const { store, clock, polls, watch, pass } = createFixture();
  const call = await acceptedCall(store, clock.now());
  let inDoubt = true;
  const doubtful: Store = {
    ...store,
    claimDue: (...args) => (inDoubt ? Promise.reject(new StoreUnavailable('locked')) : store.claimDue(...args)),
  };
  let claims = 0;
  watch({ store: { ...doubtful, claimDue: (...args) => ((claims += 1), doubtful.claimDue(...args)) } });
  await pass(2 * minute, 500);
  assert.ok(claims >= 5 && claims <= 12, `${claims} tries in two minutes`);
  inDoubt = false;
  await pass(31_000, 500);
  assert.ok(polls.length > 0);
  assert.equal((await store.read(call.id))?.status, 'queued');
});

test('the next poll makes up for a failed write', async () => {
  const { store, clock, polls, watch, pass } = createFixture(() => seen('created', 'completed'));
  const call = await acceptedCall(store, clock.now());
  let fails = 1;
  watch({
    store: {
      ...store,
      recordPolls: (results) =>
        fails-- > 0 ? Promise.reject(new StoreUnavailable('full')) : store.recordPolls(results),
    },
  });
  await pass(10_000);
  assert.equal(polls.length, 2);
  assert.equal((await store.read(call.id))?.status, 'completed');
});

test('a polling cycle takes two commits, however many calls it polls', async () => {
  // Half of the responses arrive a moment later.
  const { store, clock, polls, watch, pass } = createFixture(async (_id, count) => {
    if (count % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    return seen('created', 'ringing');
  });
  const calls: string[] = [];
  for (let n = 0; n < 20; n += 1) calls.push((await acceptedCall(store, clock.now())).id);
  let claims = 0;
  let records = 0;
  watch({
    store: {
      ...store,
      claimDue: async (...args) => {
        const leases = await store.claimDue(...args);
        if (leases.length > 0) claims += 1;
        return leases;
      },
      recordPolls: (results) => ((records += 1), store.recordPolls(results)),
    },
  });
  await pass(200);
  assert.equal(polls.length, 20);
  assert.deepEqual({ claims, records }, { claims: 1, records: 1 });
  for (const id of calls) assert.equal((await store.read(id))?.status, 'ringing');
});

test('a slow status request does not delay the others', async () => {
  let count = 0;
  const { store, clock, watch, pass } = createFixture(() =>
    (count += 1) === 1 ? new Promise(() => {}) : seen('created', 'ringing'),
  );
  for (let n = 0; n < 3; n += 1) await acceptedCall(store, clock.now(), { callId: `slow-or-not-${n}` });
  watch();
  await pass(200);
  const read = await Promise.all([0, 1, 2].map((n) => store.read(`slow-or-not-${n}`)));
  assert.deepEqual(
    read.map((call) => call?.status),
    ['requested', 'ringing', 'ringing'],
  );
});

test('a status request that takes longer than a lease is not repeated by another instance, until its process dies', async () => {
  const { store, clock, polls, watch, pass } = createFixture(() => new Promise(() => {}));
  await acceptedCall(store, clock.now());
  let claims = 0;
  // What has been leased stays with it by renewal alone.
  const first = watch({
    store: { ...store, claimDue: async (...args) => (claims++ === 0 ? store.claimDue(...args) : []) },
  });
  await pass(0);
  watch();
  await pass(9_000, 250);
  assert.equal(polls.length, 1);
  await first.stop();
  await pass(leaseMs + longestSleepMs, 250);
  assert.equal(polls.length, 2, 'the other has taken over');
});

test('late polling of a ringing phone is logged once a minute', async () => {
  const { store, clock, watch, pass } = createFixture(() => seen('created', 'ringing'));
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line), clock, secrets: [] });
  for (let n = 0; n < 60; n += 1) await acceptedCall(store, clock.now());
  watch({ pollsPerSecond: 5, log });
  await pass(50_000, 250);
  const late = lines.filter((line) => line.includes('polling-late'));
  assert.equal(late.length, 1);
  await pass(20_000, 250);
  assert.equal(lines.filter((line) => line.includes('polling-late')).length, 2);
});

test('among a thousand calls in flight, phones that ring are polled within three seconds at the shipped rate', async () => {
  const ringing = new Set<string>();
  const { clock, polls, watch, pass } = createFixture((id) =>
    ringing.has(id) ? seen('created', 'ringing') : seen('created', 'ringing', 'in-progress'),
  );
  // In memory: a thousand durable writes take their time.
  const store = createSqliteStore({ file: ':memory:', clock });
  cleanups.push(() => store.close());
  for (let n = 0; n < 1_000; n += 1) {
    const call = await acceptedCall(store, clock.now());
    if (n % 33 === 0) ringing.add(`OUT-${call.id}`);
    else await store.append(call.id, [{ status: 'in-progress', at: clock.now() }]);
  }
  watch({ store });
  await pass(60_000, 250);
  const gaps = [...ringing].flatMap((id) => {
    const times = [0, ...polls.filter((poll) => poll.id === id).map(({ at }) => at), 60_000];
    return times.slice(1).map((at, index) => at - (times[index] ?? 0));
  });
  gaps.sort((a, b) => a - b);
  const p95 = gaps[Math.floor(gaps.length * 0.95)] ?? Infinity;
  assert.ok(p95 <= 3_000, `p95 of ${String(gaps.length)} is ${String(p95)} ms`);
  const answered = polls.filter(({ id }) => !ringing.has(id)).length;
  assert.ok(answered >= 60, `the others were polled ${String(answered)} times`);
});

test('after stopping nothing is leased and nothing is written', async () => {
  let answer = (_outcome: StatusOutcome): void => {};
  const { store, clock, polls, watch, pass } = createFixture(() => new Promise((resolve) => (answer = resolve)));
  const call = await acceptedCall(store, clock.now());
  const poller = watch();
  await pass(100);
  await poller.stop();
  answer(seen('completed'));
  await pass(20_000);
  assert.equal(polls.length, 1);
  assert.equal((await store.read(call.id))?.status, 'requested');
  poller.start();
  await pass(100);
  assert.equal(polls.length, 2);
});

test('against the fake PolyAI: every phase of a call is recorded, even those between two status requests', async () => {
  const { store, clock, watch, pass } = createFixture();
  const fake = await createFakePolyAi({
    accountId: 'acme',
    projectId: 'callbacks',
    connectorId: 'secret',
    now: () => clock.now(),
  });
  cleanups.push(() => fake.close());
  fake.script('+14155550100', slowed(endsIn('no-answer'), 0.1));
  const polyai = createConnector({
    baseUrl: fake.url,
    accountId: 'acme',
    projectId: 'callbacks',
    connectorId: 'secret',
    clock,
    random: Math.random,
  });
  cleanups.push(() => polyai.close());
  const outcome = await polyai.place('+14155550100', {});
  assert.ok(outcome.kind === 'accepted');
  const call = await reserved(store, reservation(clock.now()));
  await store.settle(call.id, { kind: 'accepted', upstreamId: outcome.upstreamId, nextPollAt: clock.now() });
  watch({ polyai });
  await until(() => fake.statusRequests() === 1);
  for (let turn = 2; (await store.read(call.id))?.stage !== 'ended'; turn += 1) {
    await pass(100);
    if (turn > 500) assert.fail('the call did not end');
  }
  assert.deepEqual(statuses(await store.read(call.id)), ['requested', 'created', 'queued', 'ringing', 'no-answer']);
});

test('the queue has its turns every second or so, however many polls are due', async () => {
  const { store, clock, watch, pass } = createFixture(() => seen('queued'));
  for (let n = 0; n < 40; n += 1) await acceptedCall(store, clock.now());
  let ticks = 0;
  watch({ pollsPerSecond: 5, queue: { tick: () => void (ticks += 1), onRoom: () => {} } });
  await pass(10_000);
  assert.ok(ticks >= 5, `${String(ticks)} turns in ten seconds`);
});

test('the queue has its turns also while callbacks wait for a clock that has jumped', async () => {
  const { store, clock, watch, pass } = createFixture();
  const dueAt = clock.now() + hour;
  const slot = { at: new Date(dueAt).toISOString(), zone: 'UTC', wall: '2026-03-02T10:00' };
  await reserved(store, reservation(clock.now(), { scheduled: { slot, dueAt, sealedRequest: 'sealed' } }));
  let ticks = 0;
  let placed = 0;
  watch({
    queue: { tick: () => void (ticks += 1), onRoom: () => {} },
    placeScheduled: async () => void (placed += 1),
  });
  await pass(1_000);
  clock.jump(2 * hour);
  ticks = 0;
  await pass(10_000);
  assert.equal(placed, 0);
  assert.ok(ticks >= 5, `${String(ticks)} turns in ten seconds`);
});
