// Scheduled callbacks: kept encrypted, checked again when due, placed once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScheduledCallPlacer, type PlaceScheduledCall } from '../../../src/proxy/calls/place-scheduled-call.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import {
  acceptedOf,
  callRequest,
  freshNumber,
  origin,
  problemOf,
  type Fixture,
  createFixture,
  type FixtureOptions,
} from '../fixtures/app.js';
import { acceptedCall } from '../store/fixtures/stores.js';

const night = Date.UTC(2026, 2, 2, 23, 0, 0);
const minute = 60_000;

interface Waiting {
  readonly fixture: Fixture;
  readonly id: string;
  readonly slotAt: number;
  /** Advances the clock to a time, and does what the poller does. */
  readonly at: (time: number, place?: PlaceScheduledCall) => Promise<void>;
  readonly placeScheduledCall: PlaceScheduledCall;
}

async function waiting(
  options: FixtureOptions = {},
  over: Partial<ReturnType<typeof callRequest>> = {},
): Promise<Waiting> {
  const fixture = createFixture({ start: night, ...options });
  const { slots } = await problemOf(await fixture.post(callRequest(over)));
  const scheduleAt = slots?.[0]?.at ?? '';
  const call = await acceptedOf(await fixture.post(callRequest({ ...over, scheduleAt })));
  const placeScheduledCall = createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog });
  const at = async (time: number, place = placeScheduledCall): Promise<void> => {
    fixture.clock.advance(time - fixture.clock.now());
    for (const due of await fixture.store.claimDue(10, 3_000)) if (due.why === 'place') await place(due);
  };
  return { fixture, id: call.id, slotAt: Date.parse(scheduleAt), at, placeScheduledCall };
}

test('it is placed at its time and not before, with what was requested', async () => {
  const { fixture, id, slotAt, at } = await waiting(
    { env: { METADATA_KEYS: 'topic' } },
    { metadata: { topic: 'boilers' } },
  );
  await at(slotAt - 1);
  assert.deepEqual(fixture.triggers, []);
  await at(slotAt);
  assert.deepEqual(fixture.triggers, [{ number: '+442079460958', metadata: { topic: 'boilers' } }]);
  assert.equal((await fixture.store.read(id))?.stage, 'accepted');
  await at(slotAt + minute);
  assert.equal(fixture.triggers.length, 1);
});

test('neither number nor metadata is in the database in clear while it waits', async () => {
  const { fixture } = await waiting({ env: { METADATA_KEYS: 'topic' } }, { metadata: { topic: 'canary-topic' } });
  fixture.clock.advance(12 * 60 * minute);
  const [due] = await fixture.store.claimDue(10, 3_000);
  assert.ok(due?.sealedRequest);
  assert.doesNotMatch(JSON.stringify(due), /7946|canary/);
});

test('two leases of one callback place it once', async () => {
  const { fixture, slotAt, placeScheduledCall } = await waiting();
  fixture.clock.advance(slotAt - fixture.clock.now());
  const [first] = await fixture.store.claimDue(10, 3_000);
  fixture.clock.advance(3_001);
  const [second] = await fixture.store.claimDue(10, 3_000);
  assert.ok(first && second);
  await Promise.all([placeScheduledCall(first), placeScheduledCall(second)]);
  assert.equal(fixture.triggers.length, 1);
});

test('a callback up to an hour late is still placed, a later one is missed', async () => {
  const late = await waiting();
  await late.at(late.slotAt + 60 * minute);
  assert.equal(late.fixture.triggers.length, 1);
  const missed = await waiting();
  await missed.at(missed.slotAt + 60 * minute + 1);
  assert.equal(missed.fixture.triggers.length, 0);
  const call = await missed.fixture.store.read(missed.id);
  assert.deepEqual([call?.status, call?.endedBecause], ['failed', 'slot-missed']);
});

test('a number suppressed in the meantime is not called', async () => {
  const { fixture, id, slotAt, placeScheduledCall } = await waiting();
  fixture.clock.advance(slotAt - fixture.clock.now());
  const [due] = await fixture.store.claimDue(10, 3_000);
  await fixture.store.suppress(fixture.keyring.numberKeys('+442079460958'), 'webhook');
  assert.ok(due);
  await placeScheduledCall(due);
  assert.equal(fixture.triggers.length, 0);
  assert.equal((await fixture.store.read(id))?.stage, 'scheduled', 'it is tried again, like one that finds no room');
});

test('hours and countries are checked again', async () => {
  const closed = await waiting();
  const { verdict: _, ...hours } = closed.fixture.hours;
  const shut = createScheduledCallPlacer({
    ...closed.fixture.gates,
    ...closed.fixture,
    log: silentLog,
    hours: { ...hours, verdict: () => ({ open: false, reason: 'outside-hours', slots: [], zones: [] }) },
  });
  await closed.at(closed.slotAt, shut);
  assert.equal(closed.fixture.triggers.length, 0);
  assert.equal((await closed.fixture.store.read(closed.id))?.endedBecause, 'not-allowed-when-due');
  const refused = await waiting();
  const strict = createScheduledCallPlacer({
    ...refused.fixture.gates,
    ...refused.fixture,
    log: silentLog,
    number: () => ({ allowed: false, problem: { code: 'number-refused' } }),
  });
  await refused.at(refused.slotAt, strict);
  assert.equal(refused.fixture.triggers.length, 0);
});

test('a request that cannot be decrypted is not called', async () => {
  const { fixture, id, at, slotAt } = await waiting();
  const blind = createScheduledCallPlacer({
    ...fixture.gates,
    ...fixture,
    log: silentLog,
    keyring: {
      ...fixture.keyring,
      open: () => {
        throw new Error('key gone');
      },
    },
  });
  await at(slotAt, blind);
  assert.equal(fixture.triggers.length, 0);
  assert.equal((await fixture.store.read(id))?.endedBecause, 'not-allowed-when-due');
});

test('when the overall allowance is used up it waits, and is placed when there is room', async () => {
  const { fixture, slotAt, at } = await waiting({ env: { LIMIT_SITE_IN_FLIGHT: '1' } });
  fixture.clock.advance(slotAt - fixture.clock.now());
  const concurrencySlots = [{ scope: 'site', key: origin, max: 1 }] as const;
  const other = await acceptedCall(fixture.store, fixture.clock.now(), { concurrencySlots });
  await at(slotAt);
  assert.equal(fixture.triggers.length, 0);
  await fixture.store.append(other.id, [{ status: 'completed', at: fixture.clock.now() }]);
  await at(slotAt + 30_000);
  assert.equal(fixture.triggers.length, 1);
});

test('a number can have only one waiting callback', async () => {
  const { fixture, slotAt } = await waiting();
  const second = await fixture.post(callRequest({ scheduleAt: new Date(slotAt).toISOString() }));
  assert.equal((await problemOf(second)).code, 'try-later');
});

test('the total of waiting callbacks has its own limit, and placing one makes room', async () => {
  const { fixture, slotAt, at } = await waiting({ env: { LIMIT_SCHEDULED: '1' } });
  const schedule = (): Promise<Response> =>
    fixture.post(callRequest({ phone: freshNumber(), scheduleAt: new Date(slotAt + 60 * minute).toISOString() }));
  assert.equal((await problemOf(await schedule())).code, 'busy');
  assert.match(fixture.lines.at(-1) ?? '', /"call-refused".*"limit":"scheduled"/);
  await at(slotAt);
  assert.equal(fixture.triggers.length, 1);
  assert.equal((await schedule()).status, 202);
});

test('only offered times are accepted', async () => {
  const fixture = createFixture({ start: night });
  for (const scheduleAt of ['2026-03-03T03:00:00Z', '2026-03-02T22:00:00Z', '2027-03-03T12:00:00Z']) {
    const response = await fixture.post(callRequest({ scheduleAt }));
    assert.equal(response.status, 422);
    assert.equal((await problemOf(response)).code, 'slot-not-open', scheduleAt);
  }
  assert.equal(fixture.triggers.length, 0);
});

test('POST /v1/slots offers times, costs an attempt, and refuses for the same reasons as a call', async () => {
  const fixture = createFixture({ start: night, env: { LIMIT_ATTEMPTS_PER_10_MINUTES: '2' } });
  const ask = (phone: string): Promise<Response> =>
    fixture.post(
      { phone, timeZone: 'Europe/London' },
      { path: '/v1/slots', address: '203.0.113.7', headers: { Origin: origin } },
    );
  const offered = (await (await ask('+442079460958')).json()) as { openNow: boolean; slots: unknown[] };
  assert.equal(offered.openNow, false);
  assert.ok(offered.slots.length > 3);
  assert.equal((await problemOf(await ask('+449098790000'))).reason, 'premium-rate');
  assert.equal((await problemOf(await ask('+442079460958'))).code, 'visitor-limit');
});

test('POST /v1/slots takes its JSON as text, which needs no preflight, from allowed pages alone', async () => {
  const { post } = createFixture({ start: night });
  const body = JSON.stringify({ phone: '+442079460958' });
  const ask = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    post(body, { path: '/v1/slots', headers });
  const text = { 'Content-Type': 'text/plain;charset=UTF-8' };
  assert.equal((await ask(text)).status, 200);
  assert.equal(
    (await problemOf(await ask({ ...text, Origin: 'https://elsewhere.example' }))).code,
    'origin-not-allowed',
  );
  // A form of an allowed page sends no charset.
  assert.equal((await problemOf(await ask({ 'Content-Type': 'text/plain' }))).code, 'unsupported-media-type');
  assert.equal((await problemOf(await ask({ ...text, 'Sec-Fetch-Mode': 'navigate' }))).code, 'origin-not-allowed');
});

test('booking gives the same answer for a suppressed, a cooling-down and an ordinary number, and the suppressed one is never called', async () => {
  const book = async (
    prepare: (fixture: Fixture, keys: readonly string[]) => Promise<unknown>,
  ): Promise<[Fixture, string]> => {
    const fixture = createFixture({ start: night });
    await prepare(fixture, fixture.keyring.numberKeys('+442079460958'));
    const scheduleAt = new Date(Date.UTC(2026, 2, 3, 9)).toISOString();
    const response = await fixture.post(callRequest({ scheduleAt }));
    const headers = [...response.headers].filter(([name]) => name !== 'x-request-id');
    const { id, token, ...body } = await acceptedOf(response);
    assert.ok(id.length + token.length > 0, 'an id and a capability');
    return [fixture, JSON.stringify([response.status, headers, body])];
  };
  const [, ordinary] = await book(() => Promise.resolve());
  const [fixture, suppressed] = await book((fixture, keys) => fixture.store.suppress(keys, 'operator'));
  const [, cooling] = await book(async ({ store, clock }, numberKeys) => {
    const call = await acceptedCall(store, clock.now(), { numberKeys });
    await store.settle(call.id, { kind: 'unknown', coolDownUntil: clock.now() + 5 * minute });
  });
  assert.equal(suppressed, ordinary);
  assert.equal(cooling, ordinary);
  fixture.clock.advance(Date.UTC(2026, 2, 3, 9) - fixture.clock.now());
  const placeScheduledCall = createScheduledCallPlacer({ ...fixture.gates, ...fixture, log: silentLog });
  const [due] = await fixture.store.claimDue(10, 3_000);
  assert.ok(due !== undefined);
  await placeScheduledCall(due);
  assert.equal(fixture.triggers.length, 0);
  assert.equal((await fixture.store.read(due.call.id))?.endedBecause, undefined);
});
