// What is offered at a limit can really be had: times are booked as they were offered, and the place is the one that joining gives.
// Mutations that turn it red: the check by `wouldAdmit`; the start of the times after the refill; the refusal of a full queue.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acceptedOf, callRequest, freshNumber } from '../fixtures/app.js';
import { problemOf, queueFixture } from './fixture.js';

const minute = 60_000;

/** Limits of every kind that visitors share, low enough to be reached. */
const settings = fc.record({
  LIMIT_SITE_IN_FLIGHT: fc.integer({ min: 1, max: 3 }),
  LIMIT_ALL_IN_FLIGHT: fc.integer({ min: 1, max: 3 }),
  LIMIT_SITE_PER_HOUR: fc.integer({ min: 1, max: 6 }),
  LIMIT_COUNTRY_PER_HOUR: fc.integer({ min: 1, max: 6 }),
  LIMIT_ALL_PER_DAY: fc.integer({ min: 2, max: 6 }),
  LIMIT_ALL_BURST: fc.integer({ min: 2, max: 6 }),
});

test('every time that is offered can be booked, and the limit does not stand in the way then', async () => {
  await fc.assert(
    fc.asyncProperty(settings, fc.array(fc.nat(90), { maxLength: 4 }), fc.nat(9), async (limits, booked, which) => {
      const env = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)]));
      const { call, post, clock, request, store } = queueFixture(env);
      // Some have booked before, at other times.
      for (const _ of booked) {
        const slots = await request('/v1/slots', {
          method: 'POST',
          headers: { Origin: 'https://www.example.com', 'Content-Type': 'application/json' },
          body: JSON.stringify({ phone: freshNumber() }),
        });
        const [slot] = ((await slots.json()) as { slots: { at: string }[] }).slots;
        if (slot) await post(callRequest({ phone: freshNumber(), scheduleAt: slot.at }));
      }
      let problem;
      for (let n = 0; n < 8 && problem === undefined; n += 1) {
        const response = await call();
        if (response.status !== 202) problem = await problemOf(response);
        else if (which % 2 === 0) {
          const { id } = await acceptedOf(response);
          await store.append(id, [{ status: 'completed', at: clock.now() }]);
        }
      }
      if (problem === undefined) return;
      assert.equal(problem.code, 'busy');
      const { slots = [], retryAfterSeconds = 0 } = problem;
      assert.deepEqual(
        slots.map(({ at }) => at),
        slots.map(({ at }) => at).toSorted(),
        'not the earliest first',
      );
      const slot = slots[which % Math.max(1, slots.length)];
      if (slot === undefined) return;
      if (retryAfterSeconds > 30)
        assert.ok(
          Date.parse(slot.at) >= clock.now() + (retryAfterSeconds - 1) * 1_000,
          'the limit is still in the way',
        );
      const booking = await post(callRequest({ phone: freshNumber(), scheduleAt: slot.at }));
      assert.equal(booking.status, 202, `${slot.at}: ${await booking.clone().text()}`);
    }),
    { numRuns: 25 },
  );
});

test('no time is offered to somebody who could book none', async () => {
  const { call, post } = queueFixture({
    LIMIT_SCHEDULED_PER_ADDRESS: '1',
    LIMIT_ADDRESS_PER_MINUTE: '20',
    LIMIT_DISTINCT_NUMBERS_PER_HOUR: '10',
    LIMIT_ATTEMPTS_PER_10_MINUTES: '40',
  });
  const address = { address: '198.51.100.7' };
  await acceptedOf(await call());
  const [slot] = (await problemOf(await call({}, address))).slots ?? [];
  const booking = callRequest({ phone: freshNumber(), scheduleAt: slot?.at ?? '' });
  assert.equal((await post(booking, address)).status, 202);
  const problem = await problemOf(await call({}, address));
  assert.deepEqual([problem.code, problem.slots, problem.queue?.position], ['busy', undefined, 1]);
});

test('the place that is offered is the one that joining gives', async () => {
  const { call, join } = queueFixture();
  await acceptedOf(await call());
  for (const position of [1, 2, 3]) {
    assert.equal((await problemOf(await call())).queue?.position, position);
    assert.equal((await join()).queue?.position, position);
  }
});

test('a full queue is not offered, and cannot be joined', async () => {
  const { call, join, post, see, leave } = queueFixture({ QUEUE_LENGTH: '2', LIMIT_SCHEDULED_PER_NEIGHBOURHOOD: '9' });
  await acceptedOf(await call());
  const first = await join();
  await join();
  assert.equal((await problemOf(await call())).queue, undefined);
  const refused = await problemOf(await post(callRequest({ phone: freshNumber(), queue: true })));
  assert.deepEqual([refused.code, refused.queue], ['busy', undefined]);
  assert.ok((refused.slots?.length ?? 0) > 0, 'no times instead');
  assert.equal((await leave(first)).status, 200);
  assert.equal((await see(first)).status, 'cancelled');
  assert.equal((await problemOf(await call())).queue?.position, 2);
});

test('the length of the queue is one total for all sites', async () => {
  const { call, join, post } = queueFixture({
    ALLOWED_ORIGINS: 'https://www.example.com,https://b.example',
    QUEUE_LENGTH: '1',
  });
  const elsewhere = { headers: { Origin: 'https://b.example' } };
  await acceptedOf(await call());
  await acceptedOf(await call({}, elsewhere));
  await join();
  assert.equal((await problemOf(await call({}, elsewhere))).queue, undefined);
  assert.equal((await post(callRequest({ phone: freshNumber(), queue: true }), elsewhere)).status, 429);
});

test('an allowance that refills within half an hour can be waited for, a later one cannot', async () => {
  for (const [perHour, afterMs, isOffered] of [
    ['2', 1_000, true],
    // At its end, the wait is over.
    ['2', 0, false],
    ['1', 1_000, false],
  ] as const) {
    const { call, post, clock } = queueFixture({ LIMIT_SITE_PER_HOUR: perHour, LIMIT_SITE_IN_FLIGHT: '9' });
    for (let n = 0; n < Number(perHour); n += 1) await acceptedOf(await call());
    clock.advance(afterMs);
    const problem = await problemOf(await call());
    assert.deepEqual(
      [problem.code, problem.queue],
      ['busy', isOffered ? { position: 1, waitSeconds: 1_799 } : undefined],
    );
    const joined = await post(callRequest({ phone: freshNumber(), queue: true }));
    assert.equal(joined.status, isOffered ? 202 : 429);
    if (isOffered) assert.equal(((await joined.json()) as { queue: { position: number } }).queue.position, 1);
  }
});

test('outside the hours at the end of the wait, the queue is not offered', async () => {
  const { call } = queueFixture({ BUSINESS_HOURS: 'Europe/London daily 09:00-15:20' });
  await acceptedOf(await call());
  assert.equal((await problemOf(await call())).queue, undefined);
});

test('a refusal for another reason offers neither', async () => {
  const { call, post, answers } = queueFixture({ LIMIT_SITE_IN_FLIGHT: '9' });
  const phone = freshNumber();
  await acceptedOf(await call({ phone }));
  const personal = await problemOf(await call({ phone }));
  assert.deepEqual([personal.code, personal.queue, personal.slots], ['try-later', undefined, undefined]);
  answers.push({ kind: 'rejected', httpStatus: 429 });
  const upstream = await problemOf(await post(callRequest({ phone: freshNumber() })));
  assert.deepEqual([upstream.code, upstream.queue, upstream.slots], ['busy', undefined, undefined]);
});

test('a time in the future is offered in the order of the day, from when the limit is gone', async () => {
  const { call, clock } = queueFixture({ LIMIT_ALL_PER_DAY: '1', LIMIT_SITE_IN_FLIGHT: '9' });
  await acceptedOf(await call());
  const problem = await problemOf(await call());
  assert.equal(problem.queue, undefined);
  for (const { at } of problem.slots ?? []) assert.ok(Date.parse(at) >= clock.now() + 24 * 60 * minute, at);
});

test('a time is offered only from when the limit is gone, even where a booking would be accepted before', async () => {
  const { call, end, clock } = queueFixture({ LIMIT_COUNTRY_PER_HOUR: '1', LIMIT_SITE_IN_FLIGHT: '9' });
  await end((await acceptedOf(await call())).id);
  const { slots = [], retryAfterSeconds } = await problemOf(await call());
  assert.equal(retryAfterSeconds, 3_600);
  assert.ok(slots.length > 0, 'no times');
  for (const { at } of slots) assert.ok(Date.parse(at) >= clock.now() + 60 * minute, at);
});

test('an address gets few offers, and a flood from many addresses gets no times: a refusal must stay cheap', async () => {
  let reads = 0;
  const { call, clock } = queueFixture(
    {},
    {
      store: (store) => ({
        ...store,
        wouldAdmit: (requests) => {
          reads += 1;
          return store.wouldAdmit(requests);
        },
      }),
    },
  );
  await acceptedOf(await call());
  const offered = async (address: string): Promise<readonly [boolean, boolean]> => {
    const problem = await problemOf(await call({}, { address }));
    assert.equal(problem.code, 'busy');
    return [problem.slots !== undefined, problem.queue !== undefined];
  };
  const address = '198.51.100.1';
  for (let n = 0; n < 5; n += 1) assert.deepEqual(await offered(address), [true, true]);
  const before = reads;
  for (let n = 0; n < 10; n += 1) assert.deepEqual(await offered(address), [false, false]);
  assert.equal(reads, before, 'looked for what is not offered');
  clock.advance(1_000);
  for (let n = 0; n < 10; n += 1) assert.deepEqual(await offered(`192.0.${String(n)}.1`), [true, true]);
  assert.deepEqual(await offered('192.0.99.1'), [false, true], 'a place is cheap');
  clock.advance(1_000);
  assert.deepEqual(await offered('192.0.98.1'), [true, true]);
});
