// A waiting call's stream: a snapshot whenever its place changes, with the same ID, and nothing otherwise. Mutations that turn it red: the
// stream does not keep the waiting call; `showAgain` reuses the encoding; places are reported although nothing changed.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import { acceptedOf } from '../fixtures/app.js';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { temporaryFolder } from '../store/fixtures/stores.js';
import { problemOf, queueFixture } from './fixture.js';

const shown = (snapshots: readonly CallSnapshot[]): unknown[] =>
  snapshots.map(({ seq, status, queue }) => [seq, status, queue?.position]);

test('a stream shows the place at once, then every change of it, then the call', async () => {
  const { call, join, stream, turn, leave, end } = queueFixture();
  const running = await acceptedOf(await call());
  const first = await join();
  const second = await join();
  const third = await join();
  const read = await stream(third);
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 3]]);
  await turn();
  assert.deepEqual(shown(await read()), [], 'repeated');
  await leave(second);
  await turn();
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 2]]);
  await end(running.id);
  await turn();
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 1]]);
  await end(first.id);
  await turn();
  const last = await read();
  assert.deepEqual(shown(last).at(-1), [2, 'requested', undefined]);
});

test('a page that has the call already, as after joining or a lost connection, is shown its place and every change', async () => {
  const { call, join, stream, turn, leave } = queueFixture();
  await acceptedOf(await call());
  const first = await join();
  const second = await join();
  assert.equal(second.seq, 1);
  const read = await stream(second, '1');
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 2]]);
  await leave(first);
  await turn();
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 1]]);
});

test('a stream of one instance shows what happens on another', async (t) => {
  const folder = temporaryFolder();
  const shared = {
    file: join(folder.path, 'calls.db'),
    keys: createKeyring([{ name: 'v1', secret: randomBytes(32) }]),
  };
  const here = queueFixture({}, shared);
  const there = queueFixture({}, { ...shared, clock: here.clock });
  t.after(async () => {
    await here.store.close();
    await there.store.close();
    folder.remove();
  });
  const running = await acceptedOf(await here.call());
  const first = await here.join();
  const second = await there.join();
  assert.deepEqual(second.queue, { position: 2 });
  const read = await there.stream(second);
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 2]]);
  assert.equal((await here.leave(first)).status, 200);
  await there.turn();
  assert.deepEqual(shown(await read()), [[1, 'scheduled', 1]]);
  await here.end(running.id);
  await here.turn();
  assert.equal(here.triggers.length, 2, 'nobody was called');
  await there.turn();
  assert.equal(there.triggers.length, 0, 'called twice');
});

test('the estimate is shown anew only when it has changed noticeably', async () => {
  const { call, join, stream, turn, clock, end, moved } = queueFixture({
    LIMIT_SITE_PER_HOUR: '3',
    LIMIT_SITE_IN_FLIGHT: '9',
  });
  for (let n = 0; n < 3; n += 1) await end((await acceptedOf(await call())).id);
  assert.deepEqual((await problemOf(await call())).queue, { position: 1, waitSeconds: 1_200 });
  const waiting = await join();
  assert.deepEqual(waiting.queue, { position: 1, waitSeconds: 1_200 });
  await turn();
  const read = await stream(waiting);
  const [{ queue } = { queue: undefined }] = await read();
  assert.deepEqual(queue, { position: 1, waitSeconds: 1_200 });
  moved.length = 0;
  clock.advance(10_000);
  await turn();
  assert.deepEqual([await read(), moved], [[], []]);
  clock.advance(20_000);
  await turn();
  const later = await read();
  assert.deepEqual(
    later.map((one) => one.queue),
    [{ position: 1, waitSeconds: 1_170 }],
  );
});

test('a call that was passed over keeps a plausible place, and its stream shows nothing of it', async () => {
  const { call, join, stream, turn, end, store, keyring } = queueFixture();
  const running = await acceptedOf(await call());
  const phone = '+442079460321';
  await store.suppress(keyring.numberKeys(phone), 'operator');
  const suppressed = await join({ phone });
  const other = await join();
  await turn();
  const read = await stream(suppressed);
  await read();
  await end(running.id);
  await turn();
  assert.deepEqual(await read(), []);
  const readOther = await stream(other);
  assert.deepEqual(shown(await readOther()), [[2, 'requested', undefined]]);
});

test('a call that was passed over keeps a plausible wait, although nothing stands in its way', async () => {
  const { call, join, moved, see, turn, end, clock, store, keyring } = queueFixture({
    LIMIT_SITE_PER_HOUR: '10',
    LIMIT_SITE_IN_FLIGHT: '9',
  });
  for (let n = 0; n < 10; n += 1) await end((await acceptedOf(await call())).id);
  const phone = '+442079460322';
  await store.suppress(keyring.numberKeys(phone), 'operator');
  const suppressed = await join({ phone });
  await turn();
  moved.length = 0;
  clock.advance(6 * 60_000);
  await turn();
  assert.deepEqual(moved, []);
  assert.deepEqual((await see(suppressed)).queue, { position: 1, waitSeconds: 360 });
  // Until it can no longer be true, as for any other call.
  clock.advance(18 * 60_000);
  assert.deepEqual((await see(suppressed)).queue, { position: 1 });
});

test('nobody is told a wait that cannot happen: not in the response, on request, or in the stream', async () => {
  const { call, join, stream, turn, clock, end, see, leave } = queueFixture({ LIMIT_COUNTRY_PER_HOUR: '40' });
  // Calls take 12 minutes, and one can run at a time.
  for (let n = 0; n < 20; n += 1) {
    const { id } = await acceptedOf(await call());
    clock.advance(12 * 60_000);
    await end(id);
  }
  await acceptedOf(await call());
  assert.deepEqual((await problemOf(await call())).queue, { position: 1, waitSeconds: 720 });
  const first = await join();
  const second = await join();
  assert.deepEqual([first.queue, second.queue?.waitSeconds], [{ position: 1, waitSeconds: 720 }, 1_440]);
  // The third turn would be after 36 minutes: nobody is offered it, and whoever insists is told no time.
  assert.equal((await problemOf(await call())).queue, undefined);
  const third = await join();
  assert.deepEqual(third.queue, { position: 3 });
  await turn();
  clock.advance(6 * 60_000 - 1_000);
  assert.deepEqual((await see(second)).queue, { position: 2, waitSeconds: 1_440 });
  const read = await stream(second, '1');
  assert.deepEqual((await read()).at(-1)?.queue, { position: 2, waitSeconds: 1_440 });
  clock.advance(1_000);
  assert.deepEqual((await see(second)).queue, { position: 2 }, 'on request');
  await turn();
  assert.deepEqual(
    (await read()).map((one) => one.queue),
    [{ position: 2 }],
    'in the stream',
  );
  await leave(first);
  await turn();
  assert.deepEqual((await read()).at(-1)?.queue, { position: 1, waitSeconds: 720 });
});
