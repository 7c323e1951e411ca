// Allowances through the whole path, on a manual clock: each row of the table, what a refusal says, what is refunded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/proxy/store/store.js';
import {
  acceptedOf,
  callRequest,
  freshNumber,
  newKey,
  origin,
  problemOf,
  type Fixture,
  createFixture,
  type FixtureOptions,
} from '../fixtures/app.js';

const minute = 60_000;
const hour = 60 * minute;
const address = '203.0.113.7';

/** Every limit raised, so that a test reaches only the one it is about. */
const wide = (only: Record<string, string> = {}): FixtureOptions => ({
  env: {
    HOURS_PROFILE: 'off',
    LIMIT_NUMBER_PER_10_MINUTES: '10',
    LIMIT_NUMBER_PER_DAY: '10',
    LIMIT_PREFIX_PER_HOUR: '1000',
    LIMIT_PREFIX_PER_DAY: '1000',
    LIMIT_COUNTRY_PER_HOUR: '1000',
    LIMIT_ABROAD_PER_DAY: '1000',
    LIMIT_ADDRESS_PER_MINUTE: '1000',
    LIMIT_ADDRESS_PER_HOUR: '1000',
    LIMIT_ADDRESS_PER_DAY: '1000',
    LIMIT_NEIGHBOURHOOD_PER_HOUR: '1000',
    LIMIT_NEIGHBOURHOOD_PER_DAY: '1000',
    LIMIT_DISTINCT_NUMBERS_PER_HOUR: '10',
    LIMIT_DISTINCT_NUMBERS_PER_DAY: '10',
    LIMIT_ATTEMPTS_PER_10_MINUTES: '1000',
    LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '1000',
    LIMIT_SITE_PER_HOUR: '1000',
    LIMIT_SITE_PER_DAY: '1000',
    LIMIT_SITE_IN_FLIGHT: '1000',
    LIMIT_ALL_BURST: '1000',
    LIMIT_ALL_PER_HOUR: '1000',
    LIMIT_ALL_PER_DAY: '1000',
    LIMIT_ALL_IN_FLIGHT: '1000',
    ...only,
  },
});

/** Ends every call at once, so that nothing stays in flight. */
async function finish(fixture: Fixture, response: Response): Promise<void> {
  const call = await acceptedOf(response);
  await fixture.store.append(call.id, [{ status: 'completed', at: fixture.clock.now() }]);
}

interface Row {
  readonly what: string;
  readonly setting: string;
  readonly limit: number;
  /** One request that counts toward the limit. */
  readonly send: (fixture: Fixture, i: number) => Promise<Response>;
  readonly code: 'visitor-limit' | 'try-later' | 'busy';
  /** When the next request passes. */
  readonly reopensMs: number;
}

const one = callRequest();
const other = (): ReturnType<typeof callRequest> => callRequest({ phone: freshNumber() });

const rows: readonly Row[] = [
  {
    what: 'a number in 10 minutes',
    setting: 'LIMIT_NUMBER_PER_10_MINUTES',
    limit: 2,
    send: (h) => h.post(one),
    code: 'try-later',
    reopensMs: 10 * minute,
  },
  {
    what: 'a number in 24 hours',
    setting: 'LIMIT_NUMBER_PER_DAY',
    limit: 3,
    send: (h) => h.post(one),
    code: 'try-later',
    reopensMs: 24 * hour,
  },
  {
    what: 'a block of numbers in an hour',
    setting: 'LIMIT_PREFIX_PER_HOUR',
    limit: 5,
    send: (h, i) => h.post(callRequest({ phone: `+44207946095${String(i)}` })),
    code: 'try-later',
    reopensMs: hour,
  },
  {
    what: 'a country in an hour',
    setting: 'LIMIT_COUNTRY_PER_HOUR',
    limit: 4,
    send: (h) => h.post(other()),
    code: 'busy',
    reopensMs: 15 * minute,
  },
  {
    what: 'other countries in a day',
    setting: 'LIMIT_ABROAD_PER_DAY',
    limit: 2,
    send: (h, i) => h.post(callRequest({ phone: `+1212736${String(5000 + i)}`, country: 'US' })),
    code: 'busy',
    reopensMs: 24 * hour,
  },
  {
    what: 'an address in a minute',
    setting: 'LIMIT_ADDRESS_PER_MINUTE',
    limit: 1,
    send: (h) => h.post(other(), { address }),
    code: 'visitor-limit',
    reopensMs: minute,
  },
  {
    what: 'an address in an hour',
    setting: 'LIMIT_ADDRESS_PER_HOUR',
    limit: 5,
    send: (h) => h.post(other(), { address }),
    code: 'visitor-limit',
    reopensMs: 12 * minute,
  },
  {
    what: 'an IPv6 /64 in an hour',
    setting: 'LIMIT_ADDRESS_PER_HOUR',
    limit: 5,
    send: (h, i) => h.post(other(), { address: `2001:db8:0:1::${String(i + 1)}` }),
    code: 'visitor-limit',
    reopensMs: 12 * minute,
  },
  {
    what: 'an address in a day',
    setting: 'LIMIT_ADDRESS_PER_DAY',
    limit: 6,
    send: (h) => h.post(other(), { address }),
    code: 'visitor-limit',
    reopensMs: 4 * hour,
  },
  {
    what: 'a network prefix in an hour',
    setting: 'LIMIT_NEIGHBOURHOOD_PER_HOUR',
    limit: 4,
    send: (h, i) => h.post(other(), { address: `203.0.113.${String(i + 1)}` }),
    code: 'visitor-limit',
    reopensMs: 15 * minute,
  },
  {
    what: 'an IPv6 /48 in a day',
    setting: 'LIMIT_NEIGHBOURHOOD_PER_DAY',
    limit: 4,
    send: (h, i) => h.post(other(), { address: `2001:db8:0:${String(i + 1)}::1` }),
    code: 'visitor-limit',
    reopensMs: 6 * hour,
  },
  {
    what: 'different numbers of an address in an hour',
    setting: 'LIMIT_DISTINCT_NUMBERS_PER_HOUR',
    limit: 2,
    send: (h) => h.post(other(), { address }),
    code: 'visitor-limit',
    reopensMs: hour,
  },
  {
    what: 'different numbers of an address in a day',
    setting: 'LIMIT_DISTINCT_NUMBERS_PER_DAY',
    limit: 3,
    send: (h) => h.post(other(), { address }),
    code: 'visitor-limit',
    reopensMs: 24 * hour,
  },
  {
    what: 'a site in an hour',
    setting: 'LIMIT_SITE_PER_HOUR',
    limit: 4,
    send: (h) => h.post(other()),
    code: 'busy',
    reopensMs: 15 * minute,
  },
  {
    what: 'a site in a day',
    setting: 'LIMIT_SITE_PER_DAY',
    limit: 6,
    send: (h) => h.post(other()),
    code: 'busy',
    reopensMs: 24 * hour,
  },
  {
    what: 'everybody in an hour',
    setting: 'LIMIT_ALL_PER_HOUR',
    limit: 60,
    send: (h) => h.post(other()),
    code: 'busy',
    reopensMs: minute,
  },
  {
    what: 'everybody in a day',
    setting: 'LIMIT_ALL_PER_DAY',
    limit: 6,
    send: (h) => h.post(other()),
    code: 'busy',
    reopensMs: 24 * hour,
  },
];

for (const { what, setting, limit, send, code, reopensMs } of rows) {
  test(`${what}: ${String(limit)} pass, one more gets ${code}, and it reopens`, async () => {
    // "Everybody in an hour" is a burst and a rate: a burst as large as the hourly count makes it a plain hourly limit.
    const burst = setting === 'LIMIT_ALL_PER_HOUR' ? { LIMIT_ALL_BURST: String(limit) } : {};
    const fixture = createFixture(wide({ [setting]: String(limit), ...burst }));
    for (let i = 0; i < limit; i += 1) await finish(fixture, await send(fixture, i));
    const refused = await send(fixture, limit);
    const problem = await problemOf(refused);
    assert.equal(problem.code, code);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), String(problem.retryAfterSeconds));
    assert.equal(fixture.triggers.length, limit);
    if (code !== 'try-later') assert.equal(problem.retryAfterSeconds, reopensMs / 1_000);
    assert.equal(refused.headers.has('ratelimit'), code === 'visitor-limit');
    fixture.clock.advance(reopensMs - 1);
    assert.equal((await send(fixture, limit)).status, 429, 'not a moment sooner');
    fixture.clock.advance(1);
    await finish(fixture, await send(fixture, limit));
  });
}

test('in flight: one call per number, a few per site, a few in total', async () => {
  const number = createFixture(wide());
  await acceptedOf(await number.post(one));
  assert.equal((await problemOf(await number.post(one))).code, 'try-later');
  for (const setting of ['LIMIT_SITE_IN_FLIGHT', 'LIMIT_ALL_IN_FLIGHT']) {
    const fixture = createFixture(wide({ [setting]: '2' }));
    const first = await acceptedOf(await fixture.post(other()));
    await acceptedOf(await fixture.post(other()));
    assert.equal((await problemOf(await fixture.post(other()))).code, 'busy', setting);
    await fixture.store.append(first.id, [{ status: 'busy', at: fixture.clock.now() }]);
    assert.equal((await fixture.post(other())).status, 202);
    assert.equal(fixture.triggers.length, 3);
  }
});

test('a forged X-Forwarded-For gains nothing', async () => {
  const fixture = createFixture(wide({ LIMIT_ADDRESS_PER_HOUR: '1' }));
  await finish(fixture, await fixture.post(other(), { address, headers: { 'X-Forwarded-For': '192.0.2.1' } }));
  const again = await fixture.post(other(), { address, headers: { 'X-Forwarded-For': '192.0.2.2' } });
  assert.equal((await problemOf(again)).code, 'visitor-limit');
});

test('attempts are counted whatever their outcome, and before the number is checked', async () => {
  const fixture = createFixture(wide({ LIMIT_ATTEMPTS_PER_10_MINUTES: '3' }));
  const premium = callRequest({ phone: '+449098790000' });
  for (let i = 0; i < 3; i += 1)
    assert.equal((await problemOf(await fixture.post(premium, { address }))).code, 'number-refused');
  const fourth = await fixture.post(premium, { address });
  assert.equal((await problemOf(fourth)).code, 'visitor-limit');
  assert.equal(fourth.headers.get('ratelimit'), '"address";r=0;t=200');
  fixture.clock.advance(200_000);
  assert.equal((await problemOf(await fixture.post(premium, { address }))).code, 'number-refused');
});

test('attempts of simultaneous requests are counted too, though all of them began with one left', async () => {
  const fixture = createFixture(wide({ LIMIT_ATTEMPTS_PER_10_MINUTES: '3' }));
  const premium = callRequest({ phone: '+449098790000' });
  const answers = await Promise.all(Array.from({ length: 6 }, () => fixture.post(premium, { address })));
  const codes = await Promise.all(answers.map(async (answer) => (await problemOf(answer)).code));
  assert.deepEqual(codes.sort(), [...Array(3).fill('number-refused'), ...Array(3).fill('visitor-limit')]);
});

test('four refusals that would reveal something about a person get one answer', async () => {
  const answerOf = async (prepare: (fixture: Fixture) => Promise<void>): Promise<string> => {
    const fixture = createFixture(wide({ LIMIT_NUMBER_PER_DAY: '1' }));
    await prepare(fixture);
    const response = await fixture.post(one);
    const headers = [...response.headers].filter(([name]) => name !== 'x-request-id');
    const body = (await response.text()).replace(/"requestId":"[a-z]{16}"/, '"requestId":""');
    return JSON.stringify({ status: response.status, headers, body });
  };
  const inFlight = await answerOf(async (fixture) => void (await acceptedOf(await fixture.post(one))));
  const coolingDown = await answerOf(async (fixture) => {
    fixture.answers = [{ kind: 'unknown', reason: 'timeout' }];
    assert.equal((await acceptedOf(await fixture.post(one))).status, 'unknown');
  });
  const dayCap = await answerOf(async (fixture) => finish(fixture, await fixture.post(one)));
  const suppressed = await answerOf((fixture) =>
    fixture.store.suppress(fixture.keyring.numberKeys(one.phone), 'operator').then(() => {}),
  );
  assert.match(inFlight, /try-later/);
  assert.equal(coolingDown, inFlight);
  assert.equal(dayCap, inFlight);
  assert.equal(suppressed, inFlight);
});

test('a visitor at their own limit cannot find out whose number is suppressed, cooling down or being called', async () => {
  const fixture = createFixture(wide({ LIMIT_ADDRESS_PER_HOUR: '1' }));
  await finish(fixture, await fixture.post(other(), { address }));
  await fixture.store.suppress(fixture.keyring.numberKeys(one.phone), 'operator');
  const called = callRequest({ phone: '+442079460001' });
  await acceptedOf(await fixture.post(called));
  const codes = [];
  for (const request of [one, called, other()])
    codes.push((await problemOf(await fixture.post(request, { address }))).code);
  assert.deepEqual(codes, ['visitor-limit', 'visitor-limit', 'visitor-limit']);
});

test('what PolyAI rejects counts against the visitor, not the number or the site', async () => {
  const fixture = createFixture(
    wide({ LIMIT_NUMBER_PER_DAY: '1', LIMIT_SITE_PER_HOUR: '1', LIMIT_ALL_PER_DAY: '1', LIMIT_ADDRESS_PER_HOUR: '2' }),
  );
  fixture.answers = [
    { kind: 'rejected', httpStatus: 400 },
    { kind: 'rejected', httpStatus: 429, retryAfterSeconds: 9_999_999 },
    { kind: 'accepted', upstreamId: 'OUT-1' },
  ];
  const rejected = await fixture.post(one, { address });
  const { status, code, reason } = await problemOf(rejected);
  assert.deepEqual([status, code, reason], [422, 'number-refused', 'unsupported-type']);
  const limited = await fixture.post(one, { address });
  assert.equal((await problemOf(limited.clone())).code, 'busy');
  assert.equal(limited.headers.get('retry-after'), '3600', 'an absurd wait is not passed on');
  assert.equal((await problemOf(await fixture.post(one, { address }))).code, 'visitor-limit');
  assert.equal((await fixture.post(one)).status, 202, 'another visitor can still call the number');
});

test('what was provably not sent costs nothing', async () => {
  const fixture = createFixture(
    wide({ LIMIT_NUMBER_PER_DAY: '1', LIMIT_ADDRESS_PER_HOUR: '1', LIMIT_SITE_PER_HOUR: '1' }),
  );
  fixture.answers = [
    { kind: 'not-sent', reason: 'refused' },
    { kind: 'accepted', upstreamId: 'OUT-1' },
  ];
  const failed = await fixture.post(one, { address });
  assert.equal(failed.status, 503);
  assert.equal(failed.headers.get('retry-after'), '30');
  assert.equal((await problemOf(failed)).code, 'upstream-unavailable');
  assert.equal((await fixture.post(one, { address })).status, 202);
});

test('an unclear result is reported as unknown, consumes every allowance, and the number cools down for five minutes', async () => {
  const fixture = createFixture(wide());
  fixture.answers = [
    { kind: 'unknown', reason: 'timeout' },
    { kind: 'accepted', upstreamId: 'OUT-1' },
  ];
  const key = newKey();
  const call = await acceptedOf(await fixture.post(one, { key }));
  assert.equal(call.status, 'unknown');
  assert.equal(call.tryAgainAt, new Date(fixture.clock.now() + 5 * minute).toISOString());
  assert.equal(
    (await acceptedOf(await fixture.post(one, { key }))).id,
    call.id,
    'the same request is never sent again',
  );
  assert.equal((await problemOf(await fixture.post(one))).code, 'try-later');
  assert.equal(fixture.triggers.length, 1);
  fixture.clock.advance(5 * minute);
  assert.equal((await fixture.post(one)).status, 202);
});

test('a site limit applies to each origin separately', async () => {
  const fixture = createFixture({
    env: { ...wide({ LIMIT_SITE_PER_HOUR: '1' }).env, ALLOWED_ORIGINS: `${origin},https://shop.example.com` },
  });
  await finish(fixture, await fixture.post(other()));
  assert.equal((await problemOf(await fixture.post(other()))).code, 'busy');
  assert.equal((await fixture.post(other(), { headers: { Origin: 'https://shop.example.com' } })).status, 202);
});

test('a flood from hundreds of /64s of one /48 is refused without reaching the store', async () => {
  let uses = 0;
  const counted = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const verb = Reflect.get(target, name) as (...values: unknown[]) => unknown;
        return (...values: unknown[]) => {
          uses += 1;
          return verb(...values);
        };
      },
    });
  const allowed = 20;
  const fixture = createFixture({
    store: counted,
    env: { LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: String(allowed) },
  });
  const from = (index: number): string => `2001:db8:5:${index.toString(16)}::1`;
  for (let index = 0; index < allowed; index += 1)
    await fixture.post(callRequest({ phone: '1' }), { address: from(index) });
  uses = 0;
  for (let index = allowed; index < 400; index += 1) {
    const response = await fixture.post(callRequest(), { address: from(index) });
    assert.equal(response.status, 429, from(index));
  }
  assert.equal(uses, 0);
});
