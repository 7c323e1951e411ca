// The queue against visitors who want more than their place: one number, one address, one network, one provider, leaving and coming back,
// numbers that may not be called. Mutations that turn it red are in test/mutations/queue.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedOf, callRequest, freshNumber, newKey } from '../fixtures/app.js';
import { problemOf, queueFixture } from './fixture.js';

const minute = 60_000;
const wide = { LIMIT_ADDRESS_PER_MINUTE: '9', LIMIT_ADDRESS_PER_HOUR: '9', LIMIT_DISTINCT_NUMBERS_PER_HOUR: '9' };

test('a number waits once, whoever requests it, with the answer that reveals nothing', async () => {
  const { call, join, post } = queueFixture();
  await acceptedOf(await call());
  const phone = freshNumber();
  await join({ phone });
  const again = await problemOf(await post(callRequest({ phone, queue: true })));
  assert.deepEqual(again, {
    type: 'urn:polyai-callback:problem:try-later',
    title: again.title,
    status: 429,
    code: 'try-later',
    requestId: again.requestId,
    retryAfterSeconds: 600,
  });
});

test('an address waits once, a network twice', async () => {
  const { call, join, post } = queueFixture(wide);
  await acceptedOf(await call());
  await join({}, { address: '198.51.100.1' });
  const codeFrom = async (address: string): Promise<string> =>
    (await problemOf(await post(callRequest({ phone: freshNumber(), queue: true }), { address }))).code;
  assert.equal(await codeFrom('198.51.100.1'), 'visitor-limit');
  await join({}, { address: '198.51.100.2' });
  assert.equal(await codeFrom('198.51.100.3'), 'visitor-limit');
});

test('one provider gets half of the queue, the others the rest', async () => {
  const { call, join, post } = queueFixture({ QUEUE_LENGTH: '4' });
  await acceptedOf(await call());
  for (const network of [1, 2]) await join({}, { address: `198.51.${String(network)}.1` });
  const third = await problemOf(
    await post(callRequest({ phone: freshNumber(), queue: true }), { address: '198.51.3.1' }),
  );
  assert.deepEqual([third.code, third.queue], ['busy', undefined]);
  assert.deepEqual((await join({}, { address: '192.0.2.1' })).queue, { position: 3 });
});

test('leaving and coming back gains nothing: the new place is the last, and each costs one of the address’s calls', async () => {
  const { call, join, leave, see, post, clock, turn } = queueFixture();
  await acceptedOf(await call());
  const address = '198.51.100.1';
  const first = await join({}, { address });
  const other = await join();
  assert.equal((await leave(first)).status, 200);
  const at = await problemOf(await post(callRequest({ phone: freshNumber(), queue: true }), { address }));
  assert.equal(at.code, 'visitor-limit');
  clock.advance(minute);
  const back = await join({}, { address });
  assert.equal(back.queue?.position, 2);
  await turn();
  assert.equal((await see(other)).queue?.position, 1);
});

test('whoever joins is limited like whoever is called: attempts, consent, number, hours, origin', async () => {
  const { call, post } = queueFixture();
  await acceptedOf(await call());
  const joined = callRequest({ phone: freshNumber(), queue: true });
  const codeOf = async (body: unknown, over: object = {}): Promise<string> =>
    (await problemOf(await post(body, over))).code;
  const { consent: _, ...withoutConsent } = joined;
  assert.equal(await codeOf(withoutConsent), 'consent-required');
  assert.equal(await codeOf({ ...joined, phone: '+449098790000' }), 'number-refused');
  assert.equal(await codeOf(joined, { headers: { Origin: 'https://evil.example' } }), 'origin-not-allowed');
  const address = '198.51.100.1';
  for (let n = 0; n < 20; n += 1) await post({ ...joined, phone: '+4420' }, { address });
  assert.equal(await codeOf(joined, { address }), 'visitor-limit');
});

test('the same press, repeated, joins once, and its key cannot be used without the queue', async () => {
  const { call, post, store } = queueFixture();
  await acceptedOf(await call());
  const body = callRequest({ phone: freshNumber(), queue: true });
  const key = newKey();
  const first = await acceptedOf(await post(body, { key }));
  const again = await post(body, { key });
  assert.equal(again.headers.get('Idempotency-Replayed'), 'true');
  const second = await acceptedOf(again);
  assert.deepEqual([second.id, second.queue], [first.id, first.queue]);
  assert.equal((await store.readQueue()).length, 1);
  const { queue: _, ...direct } = body;
  assert.equal((await problemOf(await post(direct, { key }))).code, 'idempotency-key-reused');
});

test('numbers that may not be called hold up nobody, however many wait', async () => {
  const { call, join, turn, end, store, keyring, triggers } = queueFixture();
  const running = await acceptedOf(await call());
  for (let n = 0; n < 6; n += 1) {
    const phone = freshNumber();
    await store.suppress(keyring.numberKeys(phone), 'operator');
    await join({ phone });
  }
  await end(running.id);
  await turn();
  assert.equal(triggers.length, 1);
  const direct = await acceptedOf(await call());
  assert.equal(direct.status, 'requested');
  assert.equal((await problemOf(await call())).queue?.position, 1);
});

test('an opt-out that was withdrawn does not bring back a consent from before', async () => {
  const { call, join, turn, end, store, keyring, triggers, clock } = queueFixture();
  const running = await acceptedOf(await call());
  const phone = freshNumber();
  await join({ phone });
  await store.suppress(keyring.numberKeys(phone), 'operator');
  await store.unsuppress(keyring.numberKeys(phone));
  await end(running.id);
  await turn();
  clock.advance(minute);
  await turn();
  assert.deepEqual(
    triggers.map(({ number }) => number === phone),
    [false],
  );
});

test('after a cool-down, a call that was passed over has its turn after all', async () => {
  const { call, join, turn, end, triggers, clock, store, see } = queueFixture({ LIMIT_SITE_IN_FLIGHT: '2' });
  const phone = freshNumber();
  const running = await acceptedOf(await call());
  const own = await acceptedOf(await call({ phone }));
  const waiting = await join({ phone });
  await end(running.id);
  await turn();
  assert.equal((await see(waiting)).status, 'scheduled', 'two calls to one number');
  await store.append(own.id, [{ status: 'completed', at: clock.now() }]);
  clock.advance(30_000);
  await turn();
  assert.equal((await see(waiting)).status, 'requested');
  assert.equal(triggers.length, 3);
});

test('at the turn, the hours count again', async () => {
  const { call, join, turn, end, see, clock, triggers } = queueFixture({
    BUSINESS_HOURS: 'Europe/London daily 09:00-15:20',
  });
  const running = await acceptedOf(await call());
  const waiting = await join();
  clock.advance(25 * minute);
  await end(running.id);
  await turn();
  const ended = await see(waiting);
  assert.deepEqual([ended.status, ended.endedBecause, triggers.length], ['failed', 'not-allowed-when-due', 1]);
});

test('an offer does not depend on whether the number has a booking or waits already', async () => {
  const { call, join, post } = queueFixture();
  await acceptedOf(await call());
  const phone = freshNumber();
  const before = await problemOf(await call({ phone }));
  await join({ phone });
  const at = before.slots?.[0]?.at;
  await acceptedOf(await post(callRequest({ phone, ...(at !== undefined && { scheduleAt: at }) })));
  const after = await problemOf(await call({ phone }));
  const stranger = await problemOf(await call());
  assert.deepEqual([after.queue, after.slots], [stranger.queue, stranger.slots]);
  assert.ok(after.queue !== undefined && after.slots !== undefined, 'nothing is offered');
});

test('an empty queue is read by nobody, and a direct call needs no more statements', async () => {
  let reads = 0;
  const { turns, call } = queueFixture(
    {},
    {
      store: (store) => ({
        ...store,
        readQueue: () => {
          reads += 1;
          return store.readQueue();
        },
      }),
    },
  );
  turns.tick(false);
  turns.onRoom();
  await turns.idle();
  await acceptedOf(await call());
  assert.equal(reads, 0);
});
