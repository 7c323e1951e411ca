// Promised times can be kept: how many bookings a time takes, what is offered, and a simulated morning.
// Mutations that turn a test red: bookings.ts: drop the aliases of a slot, `isFree`, the rounds; rate-limit.ts: drop the promised keys

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { SlotsOffered } from '../../../src/contract.js';
import { createScheduledCallPlacer } from '../../../src/proxy/calls/place-scheduled-call.js';
import { createStatusPoller } from '../../../src/proxy/calls/status-poller.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import {
  capacityOf,
  createBookings,
  isDayFull,
  type Promised,
  providerShareOf,
  reserveFor,
  reservedAheadMs,
} from '../../../src/proxy/gates/bookings.js';
import { limitsFor } from '../../../src/proxy/gates/limits.js';
import type { StatusOutcome } from '../../../src/proxy/polyai/polyai.js';
import {
  acceptedOf,
  callRequest,
  freshNumber,
  problemOf,
  type Fixture,
  createFixture,
  type FixtureOptions,
} from '../fixtures/app.js';
import { hour, minute } from '../store/fixtures/stores.js';

/** Monday, 2 March 2026, 23:00 in London; the next morning's hours begin at eight. */
const night = Date.UTC(2026, 2, 2, 23);
const morning = Date.UTC(2026, 2, 3, 8);

const shipped = limitsFor('shipped');

test('a time accepts as many bookings as can be called within five minutes and the hourly limits allow', () => {
  assert.deepEqual(capacityOf(shipped, 4), { site: 10, all: 10 });
  assert.deepEqual(capacityOf(shipped, 10), { site: 5, all: 10 });
  assert.deepEqual(capacityOf({ ...shipped, sitePerHour: 6 }, 4), { site: 3, all: 10 });
  assert.deepEqual(capacityOf({ ...shipped, countryPerHour: 4 }, 4), { site: 2, all: 10 });
  assert.deepEqual(capacityOf({ ...shipped, allPerHour: 4 }, 4), { site: 2, all: 2 });
  assert.deepEqual(capacityOf({ ...shipped, allPerHour: 1 }, 4), { site: 1, all: 1 });
  assert.deepEqual(capacityOf({ ...shipped, siteInFlight: 0 }, 4), { site: 0, all: 10 });
});

/** Every visitor comes from a separate network of a separate provider. */
let strangers = 0;
const stranger = (): string => {
  strangers += 1;
  return `20.${String(strangers & 255)}.${String(strangers >> 8)}.7`;
};

const book = (fixture: Fixture, at: number, address = stranger(), phone = freshNumber()): Promise<Response> =>
  fixture.post(callRequest({ phone, scheduleAt: new Date(at).toISOString() }), { address });

async function offered(fixture: Fixture): Promise<readonly number[]> {
  const phone = freshNumber();
  const response = await fixture.post({ phone }, { path: '/v1/slots', address: stranger() });
  return ((await response.json()) as SlotsOffered).slots.map(({ at }) => Date.parse(at));
}

const open = (t: TestContext, options: FixtureOptions = {}): Fixture => {
  const fixture = createFixture({ start: night, ...options });
  t.after(() => fixture.store.close());
  return fixture;
};

test('a full time is neither offered nor accepted, nor is one a few minutes away', async (t) => {
  const fixture = open(t);
  const codes: string[] = [];
  assert.ok((await offered(fixture)).includes(morning));
  for (let i = 0; i < 12; i += 1) {
    const response = await book(fixture, morning);
    codes.push(response.status === 202 ? 'booked' : (await problemOf(response)).code);
  }
  assert.deepEqual(codes, [...Array<string>(10).fill('booked'), 'slot-not-open', 'slot-not-open']);
  assert.equal((await offered(fixture)).includes(morning), false);
  const beside = await problemOf(await book(fixture, morning + minute));
  assert.equal(beside.code, 'slot-not-open');
  assert.ok((beside.slots ?? []).length > 0, 'other times are offered at once');
  await acceptedOf(await book(fixture, morning + 30 * minute));
});

test('the store decides when two visitors request the last place at once', async (t) => {
  const fixture = open(t, { env: { LIMIT_SITE_PER_HOUR: '2' } });
  const answers = await Promise.all([1, 2, 3, 4].map(() => book(fixture, morning)));
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [202, 422, 422, 422],
  );
  for (const answer of answers.filter(({ status }) => status !== 202))
    assert.equal((await problemOf(answer)).code, 'slot-not-open');
});

test('one of the last places is not given out again a few minutes before or after its time', async (t) => {
  const fixture = open(t, { env: { LIMIT_SITE_PER_HOUR: '2' } });
  const answers = await Promise.all([morning + 14 * minute, morning + 16 * minute].map((at) => book(fixture, at)));
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [202, 422],
  );
});

test('bookings are capped all together, with a time to come back', async (t) => {
  const fixture = open(t, { env: { LIMIT_SCHEDULED_PER_HOUR: '2' } });
  await acceptedOf(await book(fixture, morning));
  await acceptedOf(await book(fixture, morning + hour));
  const problem = await problemOf(await book(fixture, morning + 2 * hour));
  assert.equal(problem.code, 'busy');
  assert.ok((problem.retryAfterSeconds ?? 0) > 0, 'says when');
});

test('a canceled booking frees its place for another', async (t) => {
  const fixture = open(t, { env: { LIMIT_SITE_PER_HOUR: '2' } });
  const { id } = await acceptedOf(await book(fixture, morning));
  assert.equal((await book(fixture, morning)).status, 422);
  await fixture.store.cancelScheduled(id, 'taken-back');
  await acceptedOf(await book(fixture, morning));
});

test('a network books once per address, twice in total, and not at adjacent times', async (t) => {
  const fixture = open(t);
  for (const [address, after, expected] of [
    ['21.0.0.1', 0, 'booked'],
    ['21.0.0.1', 24 * hour, 'visitor-limit'],
    ['21.0.0.2', hour, 'visitor-limit'],
    ['21.0.0.2', 24 * hour, 'booked'],
    ['21.0.0.3', 48 * hour, 'visitor-limit'],
  ] as const) {
    const response = await book(fixture, morning + after, address);
    assert.equal(response.status === 202 ? 'booked' : (await problemOf(response)).code, expected, address);
    fixture.clock.advance(minute);
  }
});

/** From nine to twelve. */
const nineToTwelve = [0, 1, 2, 3, 4, 5].map((half) => morning + hour + 30 * half * minute);

/** Tries one time after another until one is accepted; the code of the last refusal if none is, or the network is at its limit. */
async function bookAny(fixture: Fixture, address: string): Promise<number | string> {
  let code = '';
  for (const at of nineToTwelve) {
    const response = await book(fixture, at, address);
    if (response.status === 202) return at;
    ({ code } = await problemOf(response));
    if (code !== 'slot-not-open') break;
  }
  return code;
}

test('three dozen networks with two addresses each, over several hours, do not book up the morning', async (t) => {
  const fixture = open(t);
  let taken = 0;
  for (let i = 0; i < 72; i += 1) {
    if (typeof (await bookAny(fixture, `22.${String(i >> 1)}.0.${String(i & 1)}`)) === 'number') taken += 1;
    fixture.clock.advance(5 * minute);
  }
  assert.equal(taken, 36);
  assert.ok(typeof (await bookAny(fixture, stranger())) === 'number', 'another visitor still finds a time');
});

test('visitors from one provider hold at most half of a time, and never fewer places than one network may', () => {
  assert.equal(providerShareOf(10, shipped), 5);
  assert.equal(providerShareOf(5, shipped), 3);
  assert.equal(providerShareOf(1, shipped), 1);
  assert.equal(providerShareOf(0, shipped), 0);
  assert.equal(providerShareOf(10, { scheduledPerNeighbourhood: 16 }), 8);
  assert.equal(providerShareOf(10, { scheduledPerNeighbourhood: 50 }), 10);
});

for (const { minutes, left, version, network } of [
  { minutes: 2, left: 30, version: 'IPv4', network: (i: number) => `22.7.${String(i)}.1` },
  { minutes: 10, left: 12, version: 'IPv4', network: (i: number) => `22.7.${String(i)}.1` },
  { minutes: 10, left: 12, version: 'IPv6', network: (i: number) => `2a02:c207:${((i + 1) * 256).toString(16)}::1` },
]) {
  test(`as many ${version} networks of one provider as they like do not empty a morning of ${String(minutes)}-minute calls`, async (t) => {
    const fixture = open(t, {
      env: { EXPECTED_CALL_MINUTES: String(minutes), CALL_HOURS: 'mon-fri 09:00-12:00' },
    });
    for (let i = 0; i < 40; i += 1) {
      await bookAny(fixture, network(i));
      fixture.clock.advance(3 * minute);
    }
    assert.equal(await bookAny(fixture, network(99)), 'slot-not-open', 'the provider has its share');
    const phone = freshNumber();
    const response = await fixture.post({ phone }, { path: '/v1/slots', address: network(98) });
    const { slots } = (await response.json()) as SlotsOffered;
    assert.deepEqual(
      slots.map(({ at }) => Date.parse(at)).filter((at) => nineToTwelve.includes(at)),
      [],
      'and is not offered what it cannot have',
    );
    const free = await offered(fixture);
    assert.ok(free.filter((at) => nineToTwelve.includes(at)).length > 2, 'others are offered the same morning');
    let others = 0;
    while (typeof (await bookAny(fixture, stranger())) === 'number') {
      others += 1;
      fixture.clock.advance(3 * minute);
    }
    assert.equal(others, left);
  });
}

test('three dozen networks at once leave bookable times in the morning', async (t) => {
  const fixture = open(t);
  for (let network = 0; network < 36; network += 1) await book(fixture, morning + (network % 8) * 30 * minute);
  fixture.clock.advance(2 * minute);
  const free = (await offered(fixture)).filter((at) => at < morning + 4 * hour);
  assert.ok(free.length > 0, 'times of the morning are offered');
  await acceptedOf(await book(fixture, free[0] ?? 0));
});

test('while promises are due an immediate call leaves room for them', async (t) => {
  const fixture = open(t);
  for (let i = 0; i < 5; i += 1) await acceptedOf(await book(fixture, morning + hour));
  fixture.clock.advance(morning + hour - 10 * minute - night);
  const now = (): Promise<Response> => fixture.post(callRequest({ phone: freshNumber() }), { address: stranger() });
  const early = await acceptedOf(await now());
  await fixture.store.append(early.id, [{ status: 'completed', at: fixture.clock.now() }]);
  fixture.clock.advance(7 * minute);
  assert.equal((await problemOf(await now())).code, 'busy');
});

/** Sixty visitors, one after another, each of whom takes an offered time of the morning; one who is turned away does without. */
async function promisedMorning(fixture: Fixture, phoneOf: (visitor: number) => string): Promise<Map<string, number>> {
  const due = new Map<string, number>();
  for (let visitor = 0; visitor < 60; visitor += 1) {
    fixture.clock.advance(2 * minute);
    const times = (await offered(fixture)).filter((at) => at < morning + 5 * hour);
    const at = times[visitor % Math.max(times.length, 1)];
    if (at === undefined) continue;
    const response = await book(fixture, at, stranger(), phoneOf(visitor));
    if (response.status === 202) due.set((await acceptedOf(response)).id, at);
    else assert.equal((await problemOf(response)).code, 'slot-not-open');
  }
  return due;
}

test('a morning with sixty visitors: everyone who was promised a time is called within five minutes of it', async (t) => {
  const fixture = open(t);
  const due = await promisedMorning(fixture, freshNumber);
  assert.ok(due.size >= 40, `${String(due.size)} were promised a time`);
  const latest = await latestOf(t, fixture, due);
  assert.ok(latest <= 5 * minute, `the latest came ${String(latest / 1_000)} s after its time`);
});

test('the same morning, with all numbers in one block: no more is promised than the block allows, and that is kept', async (t) => {
  const fixture = open(t);
  const due = await promisedMorning(fixture, (visitor) => `+44203123${String(4_000 + visitor)}`);
  assert.equal(due.size, shipped.prefixPerDay);
  const latest = await latestOf(t, fixture, due, async () => {
    // Somebody else in the block: an immediate call must not take what was promised.
    await fixture.post(callRequest({ phone: '+442031239999' }), { address: stranger() });
  });
  assert.ok(latest <= 5 * minute, `the latest came ${String(latest / 1_000)} s after its time`);
});

test('visitors who request immediate calls, minute after minute, delay no promised callback', async (t) => {
  const fixture = open(t);
  const due = new Map<string, number>();
  for (const at of [morning + hour, morning + 1.5 * hour]) {
    for (let i = 0; i < 8; i += 1) due.set((await acceptedOf(await book(fixture, at))).id, at);
    // Bookings in one hour have their own limit.
    fixture.clock.advance(hour);
  }
  let called = 0;
  const latest = await latestOf(t, fixture, due, async () => {
    const response = await fixture.post(callRequest({ phone: freshNumber() }), { address: stranger() });
    if (response.status === 202) called += 1;
    else assert.equal((await problemOf(response)).code, 'busy');
  });
  assert.ok(latest <= 5 * minute, `the latest came ${String(latest / 1_000)} s after its time`);
  assert.ok(called >= 5, `only ${String(called)} of them were called`);
});

for (const setting of ['LIMIT_ALL_PER_DAY', 'LIMIT_SITE_PER_DAY']) {
  test(`${setting}: immediate calls cannot use up what promised callbacks need`, async (t) => {
    const fixture = open(t, { env: { [setting]: '6' } });
    const due = new Map<string, number>();
    for (let i = 0; i < 4; i += 1) due.set((await acceptedOf(await book(fixture, morning + hour))).id, morning + hour);
    let called = 0;
    const latest = await latestOf(t, fixture, due, async () => {
      const response = await fixture.post(callRequest({ phone: freshNumber() }), { address: stranger() });
      if (response.status === 202) called += 1;
    });
    assert.ok(latest <= 5 * minute, `the latest came ${String(latest / 1_000)} s after its time`);
    assert.equal(called, 2);
  });

  test(`${setting}: no more callbacks are promised for a day than it allows`, async (t) => {
    const fixture = open(t, { env: { [setting]: '3' } });
    const ids: string[] = [];
    for (const at of [0, 1, 2]) ids.push((await acceptedOf(await book(fixture, morning + at * hour))).id);
    assert.equal((await problemOf(await book(fixture, morning + 3 * hour))).code, 'slot-not-open');
    const times = await offered(fixture);
    assert.ok(times.length > 0, 'other days are offered');
    assert.deepEqual(
      times.filter((at) => at < morning + 12 * hour),
      [],
    );
    await acceptedOf(await book(fixture, morning + 26 * hour));
    await fixture.store.cancelScheduled(ids[0] ?? '', 'taken-back');
    await acceptedOf(await book(fixture, morning + 3 * hour));
  });
}

test('the calls of today count toward a callback promised for tonight', async (t) => {
  const fixture = open(t, { env: { LIMIT_ALL_PER_DAY: '3' } });
  fixture.clock.advance(morning - night);
  for (let i = 0; i < 3; i += 1) {
    await acceptedOf(await fixture.post(callRequest({ phone: freshNumber() }), { address: stranger() }));
    fixture.clock.advance(2 * minute);
  }
  assert.equal((await problemOf(await book(fixture, morning + 5 * hour))).code, 'slot-not-open');
  await acceptedOf(await book(fixture, morning + 25 * hour));
});

test('what an immediate call leaves of a refilling allowance', () => {
  const rule = { kind: 'gcra', limit: 20, windowMs: hour } as const;
  const at = (time: number, count = 1): Promised => ({ at: time, count });
  assert.equal(reserveFor(rule, [], 0), 0);
  assert.equal(reserveFor(rule, [at(0, 3)], 0), 3);
  assert.equal(reserveFor(rule, [at(-hour), at(0)], 0), 2, 'calls already waiting count in full');
  assert.equal(reserveFor(rule, [at(15 * minute, 10)], 0), 5, 'five have refilled by then');
  assert.equal(reserveFor(rule, [at(minute), at(3 * hour, 2)], 0), 1);
});

/** Bookings per half hour of the coming week, never more than `capacity`; as the quarter hours that are stored. */
const weekOf = (capacity: number): fc.Arbitrary<readonly Promised[]> =>
  fc
    .array(fc.nat({ max: capacity }), { minLength: 1, maxLength: 7 * 48 })
    .map((counts) => counts.flatMap((count, index) => (count === 0 ? [] : [{ at: index * 30 * minute, count }])));

test('callbacks that are due later than those that are read need no reserve today', () => {
  const limitAndWeek = fc
    .integer({ min: 2, max: 400 })
    .chain((limit) => fc.tuple(fc.constant(limit), weekOf(Math.floor(limit / 2)), fc.integer({ min: 0, max: hour })));
  fc.assert(
    fc.property(limitAndWeek, ([limit, week, now]) => {
      const rule = { kind: 'gcra', limit, windowMs: hour } as const;
      const read = week.filter((one) => one.at <= now + reservedAheadMs);
      assert.equal(reserveFor(rule, read, now), reserveFor(rule, week, now));
    }),
  );
});

test('a day is full exactly if one more would be too many in some day', () => {
  const day = 24 * hour;
  fc.assert(
    fc.property(weekOf(3), fc.nat({ max: 7 * 48 }), fc.nat({ max: 60 }), (week, slot, limit) => {
      const at = slot * 30 * minute;
      const times = week
        .flatMap((one) => Array<number>(one.count).fill(one.at))
        .filter((time) => Math.abs(time - at) < day);
      const all = [...times, at];
      const expected = all.some(
        (first) => all.filter((time) => time >= first && time - first < day - 15 * minute).length > limit,
      );
      assert.equal(isDayFull(week, at, limit), expected);
    }),
  );
});

test('an immediate call reads the bookings of the next hours, however many there are', async () => {
  const lasts: (string | undefined)[] = [];
  const bookings = createBookings({
    limits: shipped,
    expectedCallMinutes: 3,
    store: {
      countSlots: (_scope, _prefix, last) => {
        lasts.push(last);
        return Promise.resolve(new Map());
      },
    },
    keysOf: (text) => [text],
  });
  const now = Date.UTC(2026, 2, 2, 9, 7);
  await bookings.promisedTimes('https://www.example.com', now);
  const last = String(Math.floor((now + reservedAheadMs) / (15 * minute)));
  assert.deepEqual(new Set(lasts), new Set([`all at ${last}`, `https://www.example.com at ${last}`]));
});

/** Runs the poller through the morning; calls last four minutes. Returns how late the latest of `due` was placed, milliseconds. */
async function latestOf(
  t: TestContext,
  fixture: Fixture,
  due: ReadonlyMap<string, number>,
  everyMinute?: () => Promise<void>,
): Promise<number> {
  const calls = new Map<string, number>();
  fixture.answers = [
    () => {
      const upstreamId = `OUT-${String(calls.size)}`;
      calls.set(upstreamId, fixture.clock.now());
      return Promise.resolve({ kind: 'accepted', upstreamId });
    },
  ];
  const status = (id: string): Promise<StatusOutcome> => {
    const start = calls.get(id) ?? 0;
    const isOver = fixture.clock.now() - start >= 4 * minute;
    const history = [
      { status: 'in-progress', at: start },
      ...(isOver ? [{ status: 'completed', at: fixture.clock.now() } as const] : []),
    ] as const;
    return Promise.resolve({ kind: 'seen', status: isOver ? 'completed' : 'in-progress', history });
  };
  const poller = createStatusPoller({
    ...fixture,
    polyai: { status },
    random: () => 0.5,
    log: silentLog,
    placeScheduled: createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog }),
  });
  t.after(() => poller.stop());
  fixture.clock.advance(morning - minute - fixture.clock.now());
  poller.start();
  // Half an hour past the last one: anyone who has not been called by then is certainly late.
  const end = Math.max(...due.values()) + 0.5 * hour;
  for (let passed = 0; passed <= end - morning; passed += 10_000) {
    if (passed % minute === 0 && fixture.clock.now() >= morning) await everyMinute?.();
    fixture.clock.advance(10_000);
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  const delays: number[] = [];
  for (const [id, at] of due) {
    const call = await fixture.store.read(id);
    const requested = call?.history.find((item) => item.status === 'requested')?.at;
    assert.ok(requested !== undefined, `a call for ${new Date(at).toISOString()} was never placed`);
    delays.push(Date.parse(requested) - at);
  }
  return Math.max(...delays);
}
