// Scheduled callbacks on a database file: several processes, a proxy that was down, clocks that jump, and what is
// left of the number afterwards. Mutations that turn a test red:
//   place-scheduled-call.ts: drop the check of the slot's age, of `now < slotAt`, of the hours, of the consent's age, or `lateMs`
//   leases.ts: `startScheduled` without its check of the stage or the lease

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import { createScheduledCallPlacer } from '../../../src/proxy/calls/place-scheduled-call.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import { createStatusPoller, type StatusPoller } from '../../../src/proxy/calls/status-poller.js';
import {
  acceptedOf,
  callRequest,
  origin,
  problemOf,
  type Fixture,
  createFixture,
  type FixtureOptions,
} from '../fixtures/app.js';
import { day, hour, minute, temporaryFolder } from '../store/fixtures/stores.js';

/** Monday, 2 March 2026, 23:00 in London. */
const night = Date.UTC(2026, 2, 2, 23);
const morning = Date.UTC(2026, 2, 3, 8);

interface Waiting {
  readonly fixture: Fixture;
  readonly file: string;
  readonly id: string;
  readonly slotAt: number;
  /** Another process on the same file. */
  other(): Fixture;
  /** Starts the poller of a fixture. */
  watch(of?: Fixture): StatusPoller;
  /** Lets time pass in steps, running everything that follows from it. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Sets the clock without letting time pass. */
  jump(ms: number): Promise<void>;
  snapshot(): Promise<CallSnapshot>;
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function waiting(t: TestContext, slotAt: number = morning, options: FixtureOptions = {}): Promise<Waiting> {
  const folder = temporaryFolder();
  const file = join(folder.path, 'calls.db');
  const fixture = createFixture({ start: night, file, ...options });
  const fixtures = [fixture];
  const pollers: StatusPoller[] = [];
  t.after(async () => {
    for (const poller of pollers) await poller.stop();
    for (const { store } of fixtures) await store.close();
    folder.remove();
  });
  const scheduleAt = new Date(slotAt).toISOString();
  const { id, token } = await acceptedOf(await fixture.post(callRequest({ scheduleAt })));
  return {
    fixture,
    file,
    id,
    slotAt,
    other: () => {
      const made = createFixture({ file, clock: fixture.clock, keys: fixture.keyring, ...options });
      fixtures.push(made);
      return made;
    },
    watch: (of = fixture) => {
      const poller = createStatusPoller({
        store: of.store,
        credential: fixture.credential,
        polyai: { status: () => Promise.resolve({ kind: 'failed', reason: 'fault' }) },
        clock: of.clock,
        random: () => 0.5,
        log: silentLog,
        placeScheduled: createScheduledCallPlacer({ ...of.gates, ...of, log: silentLog }),
      });
      pollers.push(poller);
      poller.start();
      return poller;
    },
    pass: async (ms, stepMs = 500) => {
      await settle();
      for (let passed = 0; passed < ms; passed += stepMs) {
        fixture.clock.advance(stepMs);
        await settle();
      }
    },
    jump: async (ms) => {
      fixture.clock.advance(ms);
      await settle();
    },
    snapshot: async () => {
      const headers = { Authorization: `Bearer ${token}`, Origin: origin };
      return (await (await fixture.request(`/v1/calls/${id}`, { headers })).json()) as CallSnapshot;
    },
  };
}

/** Everything on disk. */
const bytesOf = (file: string): Buffer =>
  Buffer.concat(
    ['', '-wal', '-shm'].map((end) => (existsSync(file + end) ? readFileSync(file + end) : Buffer.alloc(0))),
  );

async function sealedOf({ fixture }: Waiting): Promise<string> {
  fixture.clock.advance(morning - fixture.clock.now());
  const [due] = await fixture.store.claimDue(1, 1);
  assert.ok(due?.sealedRequest);
  fixture.clock.advance(10);
  return due.sealedRequest;
}

test('while it waits the number is on disk only sealed, and after placing not at all', async (t) => {
  const call = await waiting(t);
  const sealed = await sealedOf(call);
  assert.ok(bytesOf(call.file).includes(sealed), 'kept until it is placed');
  assert.ok(!bytesOf(call.file).includes('79460958'), 'never in clear');
  call.watch();
  await call.pass(2_000);
  assert.equal(call.fixture.triggers.length, 1);
  const after = bytesOf(call.file);
  assert.ok(!after.includes(sealed), 'gone from the file and from its journal');
  assert.ok(!after.includes('79460958'));
});

test('when canceled, the sealed number is gone from disk too', async (t) => {
  const call = await waiting(t);
  const sealed = await sealedOf(call);
  assert.equal(await call.fixture.store.cancelScheduled(call.id, 'taken-back'), true);
  await call.pass(1_000);
  assert.ok(!bytesOf(call.file).includes(sealed));
});

test('three processes on one file place it once, within five seconds of its time', async (t) => {
  const call = await waiting(t);
  const fixtures = [call.fixture, call.other(), call.other()];
  await call.jump(call.slotAt - 20_000 - call.fixture.clock.now());
  for (const one of fixtures) call.watch(one);
  await call.pass(40_000, 250);
  assert.equal(fixtures.flatMap(({ triggers }) => triggers).length, 1);
  const requested = (await call.snapshot()).history.find(({ status }) => status === 'requested');
  const lateMs = Date.parse(requested?.at ?? '') - call.slotAt;
  assert.ok(lateMs >= 0 && lateMs <= 5_000, `${String(lateMs)} ms after its time`);
});

test('the process that leased it dies before placing: another one places it, once', async (t) => {
  const call = await waiting(t);
  await call.jump(call.slotAt - call.fixture.clock.now());
  const [dead] = await call.fixture.store.claimDue(1, 3_000);
  assert.equal(dead?.why, 'place');
  const next = call.other();
  call.watch(next);
  await call.pass(5_000);
  assert.equal(next.triggers.length, 1);
  assert.equal(call.fixture.triggers.length, 0);
});

for (const { title, back, placed } of [
  { title: 'a minute late', back: minute, placed: true },
  { title: 'an hour late', back: hour, placed: true },
  { title: 'more than an hour late', back: hour + 1_000, placed: false },
  { title: 'days late', back: 3 * day, placed: false },
])
  test(`a proxy that comes back ${title} ${placed ? 'places it' : 'records it as missed'}`, async (t) => {
    const call = await waiting(t);
    await call.jump(call.slotAt + back - call.fixture.clock.now());
    const again = call.other();
    call.watch(again);
    await settle();
    assert.equal(again.triggers.length, placed ? 1 : 0);
    const { status, endedBecause, history } = await call.snapshot();
    if (placed) return assert.deepEqual([status, endedBecause], ['requested', undefined]);
    assert.deepEqual([status, endedBecause], ['failed', 'slot-missed']);
    assert.deepEqual(
      history.map((item) => item.status),
      ['scheduled', 'failed'],
    );
  });

test('a proxy that is back within the hour but after calling hours misses it instead of placing it late at night', async (t) => {
  const call = await waiting(t, Date.UTC(2026, 2, 3, 20, 30));
  await call.jump(call.slotAt + 40 * minute - call.fixture.clock.now());
  const again = call.other();
  call.watch(again);
  await settle();
  assert.equal(again.triggers.length, 0);
  assert.equal((await call.snapshot()).endedBecause, 'slot-missed');
});

test('clocks that jump an hour, on either side of the time, place nothing twice and nothing early', async (t) => {
  const call = await waiting(t);
  call.watch();
  await call.jump(call.slotAt - 10_000 - call.fixture.clock.now());
  await call.pass(2_000);
  await call.jump(-hour);
  await call.pass(10 * minute, 10_000);
  assert.equal(call.fixture.triggers.length, 0, 'set back before its time: it waits');
  await call.jump(hour);
  await call.pass(5_000);
  assert.equal(call.fixture.triggers.length, 1, 'set forward past its time: placed');
  await call.jump(-hour);
  await call.pass(2 * hour, 10_000);
  assert.equal(call.fixture.triggers.length, 1, 'its time comes once more: not placed again');
  await call.jump(hour);
  await call.jump(-hour);
  await call.pass(5_000);
  assert.equal(call.fixture.triggers.length, 1);
});

test('a clock that is set an hour forward and corrected within five minutes places nothing early and nothing late', async (t) => {
  const call = await waiting(t);
  call.watch();
  await call.jump(call.slotAt - 40 * minute - call.fixture.clock.now());
  await call.pass(2_000);
  call.fixture.clock.jump(hour);
  await call.pass(4 * minute, 5_000);
  assert.equal(call.fixture.triggers.length, 0, 'the time has come, but by an untrusted clock');
  call.fixture.clock.jump(-hour);
  await call.pass(call.slotAt - call.fixture.clock.now() - 10_000, 5_000);
  assert.equal(call.fixture.triggers.length, 0);
  await call.pass(15_000);
  assert.equal(call.fixture.triggers.length, 1, 'within five seconds of its time');
});

test('a clock that is set forward and left alone is trusted after five minutes', async (t) => {
  const call = await waiting(t);
  call.watch();
  await call.jump(call.slotAt - 40 * minute - call.fixture.clock.now());
  await call.pass(2_000);
  call.fixture.clock.jump(41 * minute);
  await call.pass(5 * minute - 5_000, 5_000);
  assert.equal(call.fixture.triggers.length, 0);
  await call.pass(10_000, 1_000);
  assert.equal(call.fixture.triggers.length, 1);
});

test('a clock set back an hour between leasing and placing waits for the time to come again', async (t) => {
  const call = await waiting(t);
  await call.jump(call.slotAt - call.fixture.clock.now());
  const [due] = await call.fixture.store.claimDue(1, 3_000);
  assert.ok(due);
  await call.jump(-hour);
  await createScheduledCallPlacer({ ...call.fixture.gates, ...call.fixture, log: silentLog })(due);
  assert.equal(call.fixture.triggers.length, 0);
  call.watch();
  await call.pass(hour + 5_000, 5_000);
  assert.equal(call.fixture.triggers.length, 1);
});

test('consent that is too old is not used', async (t) => {
  const call = await waiting(t);
  await call.jump(call.slotAt - call.fixture.clock.now());
  const [due] = await call.fixture.store.claimDue(1, 3_000);
  assert.ok(due);
  const old = { ...due, call: { ...due.call, createdAt: call.slotAt - 8 * day - 1 } };
  await createScheduledCallPlacer({ ...call.fixture.gates, ...call.fixture, log: silentLog })(old);
  assert.equal(call.fixture.triggers.length, 0);
  assert.equal((await call.snapshot()).endedBecause, 'not-allowed-when-due');
});

test('the number’s allowance is enforced if it was used up meanwhile', async (t) => {
  const call = await waiting(t, Date.UTC(2026, 2, 3, 9), { env: { LIMIT_NUMBER_PER_DAY: '1' } });
  await call.jump(morning - call.fixture.clock.now());
  const other = await acceptedOf(await call.fixture.post(callRequest()));
  await call.fixture.store.append(other.id, [{ status: 'completed', at: call.fixture.clock.now() }]);
  await call.jump(call.slotAt - call.fixture.clock.now());
  call.watch();
  await call.pass(hour + 5 * minute, 5_000);
  assert.equal(call.fixture.triggers.length, 1);
  assert.equal((await call.snapshot()).endedBecause, 'not-allowed-when-due');
});

const phone = '+442079460958';

/** What whoever requested a callback can see of it, every minute from booking to two hours past its time. */
async function observed(t: TestContext, happens: (call: Waiting) => Promise<void>): Promise<readonly string[]> {
  const call = await waiting(t, Date.UTC(2026, 2, 3, 9), { env: { LIMIT_NUMBER_PER_DAY: '1' } });
  await call.jump(morning - call.fixture.clock.now());
  await happens(call);
  call.watch();
  const seen: string[] = [];
  const look = async (): Promise<void> => {
    const { id: _, ...rest } = await call.snapshot();
    const booked = await call.fixture.post(
      callRequest({ phone, scheduleAt: new Date(call.slotAt + 5 * hour).toISOString() }),
    );
    seen.push(JSON.stringify([rest, booked.status, booked.ok ? undefined : (await problemOf(booked)).code]));
  };
  await look();
  for (let minutes = 0; minutes < 180; minutes += 1) {
    await call.pass(minute, 10_000);
    if (minutes % 5 === 0 || Math.abs(minutes - 120) < 5) await look();
  }
  assert.equal(call.fixture.triggers.filter(({ number }) => number === phone).length, 0, 'its phone did not ring');
  return seen;
}

test('whoever holds a callback cannot tell that the number’s owner opted out from any other reason about the number', async (t) => {
  const usedUp = await observed(t, async ({ fixture }) => {
    const other = await acceptedOf(await fixture.post(callRequest({ phone })));
    await fixture.store.append(other.id, [{ status: 'completed', at: fixture.clock.now() }]);
    fixture.triggers.length = 0;
  });
  const suppressed = await observed(t, async ({ fixture }) => {
    await fixture.store.suppress(fixture.keyring.numberKeys(phone), 'webhook');
  });
  const allowedAgain = await observed(t, async ({ fixture }) => {
    await fixture.store.suppress(fixture.keyring.numberKeys(phone), 'operator');
    await fixture.store.unsuppress(fixture.keyring.numberKeys(phone));
  });
  assert.match(usedUp[0] ?? '', /"status":"scheduled".*"canTakeBack":true/);
  assert.match(usedUp.at(-1) ?? '', /"endedBecause":"not-allowed-when-due"/);
  assert.deepEqual(suppressed, usedUp);
  assert.deepEqual(allowedAgain, usedUp);
});

test('a callback whose number opted out can be canceled like any other', async (t) => {
  const call = await waiting(t);
  await call.fixture.store.suppress(call.fixture.keyring.numberKeys(phone), 'webhook');
  assert.equal(await call.fixture.store.cancelScheduled(call.id, 'taken-back'), true);
  assert.equal((await call.snapshot()).endedBecause, 'taken-back');
});

test('the sealed number of a callback that can no longer be placed is gone from disk', async (t) => {
  const call = await waiting(t);
  const sealed = await sealedOf(call);
  const numberKeys = call.fixture.keyring.numberKeys(phone);
  await call.fixture.store.suppress(numberKeys, 'operator');
  await call.fixture.store.unsuppress(numberKeys);
  await call.pass(1_000);
  assert.ok(!bytesOf(call.file).includes(sealed));
});

test('the hours are checked when a time is chosen, just as for an immediate call', async (t) => {
  const call = await waiting(t);
  const atNight = await call.fixture.post(callRequest({ phone: '+442079460001' }));
  assert.equal((await problemOf(atNight)).code, 'outside-hours');
  const wrong = await call.fixture.post(callRequest({ phone: '+442079460001', scheduleAt: '2026-03-03T21:30:00Z' }));
  assert.equal((await problemOf(wrong)).code, 'slot-not-open');
});
