// Deliveries from a real store: at least once, for a day, across restarts and instances. Mutations that turn each red: no jitter; retry
// for ever; forget the lease; send while another holds it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../src/proxy/core/log.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import type { Store } from '../../../src/proxy/store/store.js';
import { createDeliveries, type Deliveries } from '../../../src/proxy/webhooks/deliveries.js';
import type { MessageToSend, SendMessage, Sent } from '../../../src/proxy/webhooks/send-message.js';
import { afterFailure } from '../../../src/proxy/webhooks/retry-delay.js';
import { until } from '../fixtures/call-streams.js';
import { acceptedCall, day, hour, manualClock, type ManualClock, minute } from '../store/fixtures/stores.js';
import { endpointAt } from './fixture.js';

const endpoints = [endpointAt('https://crm.example/hook')];

interface Fixture {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly sent: MessageToSend[];
  /** What the endpoint answers from now on. */
  answer: () => Promise<Sent>;
  open(store?: Store): Deliveries;
}

function createFixture(): Fixture {
  const clock = manualClock();
  const store = createSqliteStore({ file: ':memory:', clock, subscriptions: endpoints });
  const sent: MessageToSend[] = [];
  const send: SendMessage = (_, message) => {
    sent.push(message);
    return self.answer();
  };
  const deps = { keyring: { open: String }, openOutcome: () => undefined, clock, log: silentLog, random: () => 0.5 };
  const self: Fixture = {
    clock,
    store,
    sent,
    answer: () => Promise.resolve({ kind: 'accepted' }),
    open: (own = store) => createDeliveries({ ...deps, endpoints, store: own, send }),
  };
  return self;
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('what happens is sent once, with an id that does not depend on the attempt', async (t) => {
  const { clock, store, sent, open } = createFixture();
  const deliveries = open();
  deliveries.start();
  t.after(() => deliveries.stop());
  const call = await acceptedCall(store, clock.now());
  clock.advance(1_000);
  await until(() => sent.length === 1);
  await store.append(call.id, [{ status: 'no-answer', at: clock.now() }]);
  await settled();
  clock.advance(1_000);
  await until(() => sent.length === 3);
  assert.deepEqual(sent.map(({ id }) => id).sort(), [
    `${call.id}.call.ended`,
    `${call.id}.call.missed`,
    `${call.id}.call.requested`,
  ]);
  await settled();
  clock.advance(day);
  await settled();
  assert.equal(sent.length, 3);
  assert.equal(await store.nextDeliveryAt(), undefined);
});

test('a failure is retried for a day, less and less often, and then kept for the operator, who can replay it', async (t) => {
  const fixture = createFixture();
  const { clock, store, sent, open } = fixture;
  fixture.answer = () => Promise.resolve({ kind: 'failed', error: 'http-500' });
  const deliveries = open();
  deliveries.start();
  t.after(() => deliveries.stop());
  const call = await acceptedCall(store, clock.now());
  const times: number[] = [];
  const start = clock.now();
  for (let passed = 0; passed <= day + 3 * hour; passed += minute) {
    const before = sent.length;
    clock.advance(minute);
    await settled();
    if (sent.length > before) times.push(clock.now() - start);
  }
  assert.ok(sent.length >= 15 && sent.length <= 30, String(sent.length));
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.equal(new Set(sent.map(({ body }) => body)).size, 1);
  assert.ok((times.at(-1) ?? 0) >= day, 'the last attempt comes when the day is over');
  const [letter] = await store.deadLetters({}, 10);
  assert.equal(letter?.callId, call.id);
  assert.equal(letter.error, 'http-500');
  assert.equal(letter.attempts, sent.length);
  assert.equal(await store.nextDeliveryAt(), undefined);

  fixture.answer = () => Promise.resolve({ kind: 'accepted' });
  assert.equal(await store.replayDeadLetters({ endpoint: 'other' }), 0);
  assert.equal(await store.replayDeadLetters({ endpoint: 'crm', id: letter.id }), 1);
  const before = sent.length;
  await settled();
  clock.advance(2_000);
  await until(() => sent.length === before + 1);
  await settled();
  assert.deepEqual(await store.deadLetters({}, 10), []);
});

test('an instance that is killed while it sends loses nothing: another one sends it after the lease', async (t) => {
  const fixture = createFixture();
  const { clock, store, sent, open } = fixture;
  fixture.answer = () => new Promise(() => {});
  const killed = open();
  killed.start();
  await acceptedCall(store, clock.now());
  await settled();
  clock.advance(1_000);
  await until(() => sent.length === 1);
  fixture.answer = () => Promise.resolve({ kind: 'accepted' });
  const other = open();
  other.start();
  t.after(() => other.stop());
  await settled();
  clock.advance(10_000);
  await settled();
  assert.equal(sent.length, 1, 'the lease is held');
  clock.advance(minute);
  await until(() => sent.length === 2);
  assert.equal(sent[0]?.id, sent[1]?.id);
});

test('an endpoint that is gone, or no longer configured, gets nothing more', async (t) => {
  const fixture = createFixture();
  const { clock, store, sent } = fixture;
  fixture.answer = () => Promise.resolve({ kind: 'gone' });
  const deliveries = fixture.open();
  deliveries.start();
  t.after(() => deliveries.stop());
  await acceptedCall(store, clock.now());
  await settled();
  clock.advance(1_000);
  await until(() => sent.length === 1);
  await settled();
  assert.equal((await store.deadLetters({}, 1))[0]?.error, 'http-410');
});

test('pauses grow, are spread, respect Retry-After, and end with the day', () => {
  const due = (attempts: number, random: number, retryAfterSeconds = 0): number => {
    const result = afterFailure({ attempts, retryUntil: day }, 'x', 0, () => random, retryAfterSeconds);
    return result.kind === 'failed' ? result.dueAt : Number.NaN;
  };
  assert.deepEqual(
    [0, 1, 2].map((attempts) => due(attempts, 0.5)),
    [5_000, 15_000, 45_000],
  );
  assert.ok(due(3, 0) < due(3, 0.99), 'spread');
  assert.equal(due(99, 0.5), 2 * hour);
  assert.equal(due(0, 0.5, 600), 10 * minute);
  assert.equal(due(0, 0.5, 1e9), 2 * hour, 'an absurd Retry-After');
  const last = afterFailure({ attempts: 9, retryUntil: day }, 'x', day - 1_000, () => 0.5);
  assert.deepEqual(last, { kind: 'failed', error: 'x', dueAt: day });
  assert.deepEqual(
    afterFailure({ attempts: 9, retryUntil: day }, 'x', day, () => 0.5),
    { kind: 'dead', error: 'x' },
  );
});
