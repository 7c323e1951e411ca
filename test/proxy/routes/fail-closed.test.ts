// When the store, PolyAI or the process fails: no call, or the truth about one, and never a second trigger.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dispatchLifeMs } from '../../../src/proxy/calls/dispatch-deadline.js';
import { pingLifeMs } from '../../../src/proxy/routes/health.js';
import { type Store, StoreUnavailable } from '../../../src/proxy/store/store.js';
import { acceptedOf, callRequest, newKey, problemOf, createFixture } from '../fixtures/app.js';

const failing =
  (verb: keyof Store, after = 0) =>
  (store: Store): Store => {
    let calls = 0;
    const original = store[verb] as (...values: unknown[]) => Promise<unknown>;
    const broken = (...values: unknown[]): Promise<unknown> => {
      calls += 1;
      return calls > after ? Promise.reject(new StoreUnavailable('disk full')) : original(...values);
    };
    return { ...store, [verb]: broken };
  };

/** Does something several times, running everything that follows in between. */
async function turns(step: () => void, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) {
    step();
    for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

for (const verb of ['recall', 'reserve'] as const) {
  test(`when the store cannot ${verb}, no call is placed and the visitor is asked to try again`, async () => {
    const fixture = createFixture({ store: failing(verb) });
    const response = await fixture.post();
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '10');
    assert.equal((await problemOf(response)).code, 'store-unavailable');
    assert.equal(fixture.triggers.length, 0);
    assert.ok(!JSON.stringify(fixture.lines).includes('7946'));
  });
}

test('a database that is deleted while the proxy runs turns /readyz red, and no call is placed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-deleted-'));
  const file = join(folder, 'calls.db');
  const fixture = createFixture({ file });
  t.after(async () => {
    await fixture.store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  assert.equal((await fixture.request('/readyz')).status, 200);
  rmSync(file);
  fixture.clock.advance(pingLifeMs);
  const ready = await fixture.request('/readyz');
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { status: 'store-unavailable' });
  assert.equal((await problemOf(await fixture.post())).code, 'store-unavailable');
  assert.equal(fixture.triggers.length, 0);
  assert.equal((await fixture.request('/healthz')).status, 200, 'the process itself is alive');
});

test('when an accepted call cannot be recorded the visitor sees it as requested, and a retry places nothing more', async () => {
  const fixture = createFixture({ store: failing('settle') });
  const key = newKey();
  const call = await acceptedOf(await fixture.post(callRequest(), { key }));
  assert.equal(call.status, 'requested');
  // Until the outcome of placing is known; nothing that may turn out wrong is stored.
  assert.equal((await problemOf(await fixture.post(callRequest(), { key }))).code, 'request-in-progress');
  assert.equal(fixture.triggers.length, 1);
});

test('an accepted call that finds the store locked is recorded as soon as it unlocks', async () => {
  let isLocked = true;
  const fixture = createFixture({
    store: (store) => ({
      ...store,
      settle: (...given) => (isLocked ? Promise.reject(new StoreUnavailable('locked')) : store.settle(...given)),
    }),
  });
  const { id } = await acceptedOf(await fixture.post());
  await turns(() => fixture.clock.advance(1_000), 10);
  assert.equal((await fixture.store.read(id))?.stage, 'dispatching');
  assert.ok(fixture.placer.isPlacing(id), 'it must not be taken for lost');
  isLocked = false;
  await turns(() => fixture.clock.advance(1_000), 2);
  assert.equal((await fixture.store.read(id))?.stage, 'accepted');
  assert.equal(fixture.placer.isPlacing(id), false);
  assert.equal(fixture.triggers.length, 1);
});

test('recording is given up at its deadline', async () => {
  let writes = 0;
  const fixture = createFixture({
    store: (store) => ({
      ...store,
      settle: () => ((writes += 1), Promise.reject(new StoreUnavailable('locked'))),
    }),
  });
  const { id } = await acceptedOf(await fixture.post());
  await turns(() => fixture.clock.advance(1_000), 60);
  assert.equal(writes, 1 + dispatchLifeMs / 1_000);
  assert.equal(fixture.placer.isPlacing(id), false);
  await fixture.placer.idle();
});

test('an unclear result that cannot be recorded is reported to the visitor as unknown at once', async () => {
  const fixture = createFixture({ store: failing('settle') });
  fixture.answers = [{ kind: 'unknown', reason: 'timed-out' }];
  const call = await acceptedOf(await fixture.post());
  assert.equal(call.status, 'unknown');
  assert.equal(call.seq, 2);
  assert.ok(call.tryAgainAt, 'says when to come back');
});

test('an exception from the PolyAI client is an unclear result', async () => {
  const fixture = createFixture();
  fixture.answers = [() => Promise.reject(new Error('fault +442079460958'))];
  assert.equal((await acceptedOf(await fixture.post())).status, 'unknown');
  assert.ok(!fixture.lines.join('').includes('7946'));
});

test('a fault of our own is reported without any details', async () => {
  const fixture = createFixture({
    store: (store) => ({ ...store, recall: () => Promise.reject(new Error('secret words')) }),
  });
  const response = await fixture.post();
  assert.equal(response.status, 500);
  const text = await response.text();
  assert.match(text, /"code":"internal"/);
  assert.doesNotMatch(text, /secret words|at /);
  assert.equal(fixture.triggers.length, 0);
});

test('while it shuts down no new call is placed, and reads still work', async () => {
  const fixture = createFixture();
  const call = await acceptedOf(await fixture.post());
  fixture.health.drain();
  const refused = await fixture.post(callRequest({ phone: '+442079460001' }));
  assert.equal((await problemOf(refused)).code, 'shutting-down');
  assert.equal(fixture.triggers.length, 1);
  const read = await fixture.request(`/v1/calls/${call.id}`, { headers: { Authorization: `Bearer ${call.token}` } });
  assert.equal(read.status, 200);
  assert.equal((await fixture.request('/readyz')).status, 503);
});

test('shutdown waits for calls that are being placed', async () => {
  const fixture = createFixture();
  let answer = (): void => {};
  fixture.answers = [
    () => new Promise((resolve) => (answer = () => resolve({ kind: 'accepted', upstreamId: 'OUT-1' }))),
  ];
  const pending = fixture.post();
  while (fixture.triggers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  let isIdle = false;
  const idle = fixture.placer.idle().then(() => (isIdle = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isIdle, false);
  answer();
  await idle;
  assert.equal((await pending).status, 202);
});

test('a visitor who hangs up changes nothing: the call is placed and recorded', async () => {
  const fixture = createFixture();
  let answer = (): void => {};
  fixture.answers = [
    () => new Promise((resolve) => (answer = () => resolve({ kind: 'accepted', upstreamId: 'OUT-9' }))),
  ];
  const gone = new AbortController();
  const key = newKey();
  const request = new Request('http://proxy.example/v1/calls', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: 'https://www.example.com', 'Idempotency-Key': key },
    body: JSON.stringify(callRequest()),
    signal: gone.signal,
  });
  const pending = fixture.app.request(request);
  while (fixture.triggers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  gone.abort();
  answer();
  await pending;
  const call = await acceptedOf(await fixture.post(callRequest(), { key }));
  assert.equal((await fixture.store.read(call.id))?.upstreamId, 'OUT-9');
});
