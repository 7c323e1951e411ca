// Waiting for a limit, from the refusal to the call: what is offered, joining, order, leaving, expiry. Mutations that turn it red: in
// reservations.ts, the check of `limits`; in store/queue.ts, the comparison of orders.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join as folderPath } from 'node:path';
import { test } from 'node:test';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { acceptedOf, callRequest, freshNumber } from '../fixtures/app.js';
import { temporaryFolder } from '../store/fixtures/stores.js';
import { problemOf, queueFixture } from './fixture.js';

const minute = 60_000;

test('at a limit of the site, a visitor is offered times and a place in the queue', async () => {
  const { call } = queueFixture();
  await acceptedOf(await call());
  const response = await call();
  assert.equal(response.status, 429);
  const problem = await problemOf(response);
  assert.equal(problem.code, 'busy');
  assert.deepEqual(problem.queue, { position: 1 });
  assert.ok((problem.slots?.length ?? 0) > 0, 'no times');
});

test('whoever joins waits, is called in the order of joining, and sees its true position', async () => {
  const { call, join, see, turn, end, triggers } = queueFixture();
  const running = await acceptedOf(await call());
  const first = await join();
  const second = await join();
  assert.deepEqual([first.status, first.queue], ['scheduled', { position: 1 }]);
  assert.deepEqual([second.status, second.queue], ['scheduled', { position: 2 }]);
  assert.equal(first.canTakeBack, true);
  await turn();
  assert.equal(triggers.length, 1, 'placed without room');
  await end(running.id);
  await turn();
  assert.equal(triggers.length, 2);
  const placed = await see(first);
  assert.deepEqual([placed.status, placed.queue], ['requested', undefined]);
  assert.deepEqual((await see(second)).queue, { position: 1 });
  await end(first.id);
  await turn();
  assert.equal((await see(second)).status, 'requested');
});

test('a new call does not overtake those who wait, even when there is room', async () => {
  const { call, join, end, turn } = queueFixture();
  const running = await acceptedOf(await call());
  await join();
  await end(running.id);
  const problem = await problemOf(await call());
  assert.deepEqual([problem.code, problem.queue], ['busy', { position: 2 }]);
  await turn();
});

test('whoever joins when nothing stands in the way anymore is called at once', async () => {
  const { join, triggers } = queueFixture();
  const joined = await join();
  assert.deepEqual([joined.status, joined.queue, triggers.length], ['requested', undefined, 1]);
});

test('a place in the queue can be given up at any time', async () => {
  const { call, join, leave, see, end, turn, triggers } = queueFixture();
  const running = await acceptedOf(await call());
  const first = await join();
  const second = await join();
  assert.equal((await leave(first)).status, 200);
  const left = await see(first);
  assert.deepEqual([left.status, left.endedBecause, left.queue], ['cancelled', 'taken-back', undefined]);
  await turn();
  assert.deepEqual((await see(second)).queue, { position: 1 });
  await end(running.id);
  await turn();
  assert.equal((await see(second)).status, 'requested');
  assert.equal(triggers.length, 2);
});

test('after thirty minutes the wait is over', async () => {
  const { call, join, see, turn, clock, end, triggers } = queueFixture();
  const running = await acceptedOf(await call());
  const waiting = await join();
  clock.advance(30 * minute - 1);
  await turn();
  assert.equal((await see(waiting)).status, 'scheduled');
  clock.advance(1);
  await end(running.id);
  await turn();
  const ended = await see(waiting);
  assert.deepEqual([ended.status, ended.endedBecause], ['failed', 'not-sent']);
  assert.equal(triggers.length, 1);
});

test('a suppressed number waits like any other, is passed over at its turn, and holds up nobody', async () => {
  const { call, join, see, turn, end, store, keyring, triggers, clock } = queueFixture();
  const running = await acceptedOf(await call());
  const phone = freshNumber();
  await store.suppress(keyring.numberKeys(phone), 'operator');
  const suppressed = await join({ phone });
  const other = await join();
  assert.deepEqual([suppressed.queue, other.queue], [{ position: 1 }, { position: 2 }]);
  await end(running.id);
  await turn();
  assert.equal((await see(other)).status, 'requested');
  const still = await see(suppressed);
  assert.deepEqual([still.status, still.queue?.position], ['scheduled', 1]);
  await end(other.id);
  await turn();
  await acceptedOf(await call());
  clock.advance(30 * minute);
  await turn();
  const ended = await see(suppressed);
  assert.deepEqual([ended.status, ended.endedBecause], ['failed', 'not-sent']);
  assert.ok(!triggers.some(({ number }) => number === phone), 'called');
});

test('somebody who needs only their own site’s limit does not wait for visitors of other sites', async () => {
  const sites = 'https://www.example.com,https://b.example';
  const { call, join } = queueFixture({ ALLOWED_ORIGINS: sites });
  await acceptedOf(await call());
  await join();
  const elsewhere = { headers: { Origin: 'https://b.example' } };
  await acceptedOf(await call({}, elsewhere));
  assert.deepEqual((await join({}, elsewhere)).queue, { position: 1 });
});

test('a time and the queue cannot be requested together', async () => {
  const { post } = queueFixture();
  const response = await post(callRequest({ queue: true, scheduleAt: '2026-03-02T16:00:00Z' }));
  assert.deepEqual([response.status, (await problemOf(response)).code], [400, 'invalid-request']);
});

test('with QUEUE_LENGTH=0 there is no queue', async () => {
  const { call, post } = queueFixture({ QUEUE_LENGTH: '0' });
  await acceptedOf(await call());
  const problem = await problemOf(await call());
  assert.deepEqual([problem.code, problem.queue], ['busy', undefined]);
  assert.equal((await post(callRequest({ phone: freshNumber(), queue: true }))).status, 429);
});

test('somebody who waited and then missed the call is called once more', async () => {
  const fixture = queueFixture({ REDIAL_AFTER_MINUTES: '3' });
  const first = await acceptedOf(await fixture.call());
  const waiting = await fixture.join();
  await fixture.end(first.id);
  await fixture.turn();
  const missed = await fixture.store.append(waiting.id, [{ status: 'no-answer', at: fixture.clock.now() }]);
  const second = await fixture.store.read(missed.redial?.callId ?? '');
  assert.deepEqual([second?.status, second?.redialOf], ['scheduled', waiting.id]);
});

test('after the clock was set back by hours, nobody is called whose wait is long over', async () => {
  const { call, join, see, turn, clock, end, triggers, store } = queueFixture();
  const running = await acceptedOf(await call());
  const waiting = await join();
  clock.jump(-3 * 60 * minute);
  await end(running.id);
  await turn();
  const ended = await see(waiting);
  assert.deepEqual([ended.status, ended.endedBecause], ['failed', 'not-sent']);
  assert.deepEqual([triggers.length, (await store.readQueue()).length], [1, 0]);
});

test('a clock that jumps by less than the longest wait delays no turn: it follows from the limit, not from the time', async () => {
  // After it was set back, the allowances may: they never reopen.
  for (const jumped of [29 * minute, 6_000, -6_000]) {
    const { call, join, see, turn, clock, end, triggers } = queueFixture();
    const running = await acceptedOf(await call());
    const waiting = await join();
    clock.jump(jumped);
    await end(running.id);
    await turn();
    assert.deepEqual([(await see(waiting)).status, triggers.length], ['requested', 2], String(jumped));
  }
});

test('a clock that jumps further ends the wait, and one that jumps past the hours calls nobody', async () => {
  const open = { BUSINESS_HOURS: 'Europe/London daily 14:00-16:00' };
  for (const [env, jumped, because] of [
    [{}, 30 * minute, 'not-sent'],
    [{}, -30 * minute, 'not-sent'],
    [open, 10 * 60 * minute, 'not-sent'],
    [{ BUSINESS_HOURS: 'Europe/London daily 14:00-15:20' }, 25 * minute, 'not-allowed-when-due'],
    [{ BUSINESS_HOURS: 'Europe/London daily 15:00-16:00' }, -6_000, 'not-allowed-when-due'],
  ] as const) {
    const { call, join, see, turn, clock, end, triggers } = queueFixture(env);
    const running = await acceptedOf(await call());
    const waiting = await join();
    clock.jump(jumped);
    await end(running.id);
    await turn();
    const ended = await see(waiting);
    assert.deepEqual([ended.status, ended.endedBecause], ['failed', because], JSON.stringify([env, jumped]));
    assert.equal(triggers.length, 1);
  }
});

test('a damaged row of a call that waits holds up nobody, before its time and after', async (t) => {
  const folder = temporaryFolder();
  const file = folderPath(folder.path, 'calls.db');
  const keys = createKeyring([{ name: 'v1', secret: randomBytes(32) }]);
  const { call, join, end, see, turn, clock, triggers, store } = queueFixture({}, { file, keys });
  t.after(async () => {
    await store.close();
    folder.remove();
  });
  const running = await acceptedOf(await call());
  const damaged = await join();
  const other = await join();
  const connection = openConnection(file);
  connection.exec(`UPDATE calls SET history = 'x' WHERE id = '${damaged.id}'`);
  connection.close();
  await end(running.id);
  await turn();
  await turn();
  assert.equal((await see(other)).status, 'requested');
  await end(other.id);
  clock.advance(31 * minute);
  const last = await acceptedOf(await call());
  const late = await join();
  await end(last.id);
  await turn();
  assert.equal((await see(late)).status, 'requested');
  assert.equal(triggers.length, 4);
});
