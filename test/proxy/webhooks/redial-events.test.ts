// What an endpoint receives about a missed call and the second attempt that follows, over a real socket: which events, what they contain, in
// which order, and signed. Mutations that turn each red are in test/mutations/outcomes.ts.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import type { RedialPlan, Store } from '../../../src/proxy/store/store.js';
import { createDeliveries } from '../../../src/proxy/webhooks/deliveries.js';
import { createSender } from '../../../src/proxy/webhooks/send-message.js';
import { until } from '../fixtures/call-streams.js';
import { acceptedCall, manualClock, type ManualClock, minute, reservation } from '../store/fixtures/stores.js';
import { endpointAt, secret, startReceiver } from './fixture.js';

interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface World {
  readonly clock: ManualClock;
  readonly store: Store;
  /** Lets what is due be delivered, until there are as many as `count` in all; returns them by their times, each verified. */
  readonly receive: (count: number) => Promise<readonly Message[]>;
}

const numberKeys = ['v1:redialed'];
const site = 'https://site.example';

async function open(t: TestContext): Promise<World> {
  const clock = manualClock();
  const receiver = await startReceiver();
  const endpoints = [endpointAt(receiver.url, { number: true })];
  const store = createSqliteStore({ file: ':memory:', clock, subscriptions: endpoints });
  const deliveries = createDeliveries({
    endpoints,
    store,
    clock,
    send: createSender(systemClock),
    keyring: { open: (sealed) => sealed.replace('sealed ', '') },
    openOutcome: () => undefined,
    log: silentLog,
    random: () => 0.5,
  });
  deliveries.start();
  t.after(async () => {
    await deliveries.stop();
    await receiver.close();
    await store.close();
  });
  return {
    clock,
    store,
    async receive(count) {
      const { received } = receiver;
      // The outbox is looked through once a second. Not so many seconds that a lease expires, however long a connection takes.
      for (let second = 0; second < 30 && received.length < count; second += 1) {
        clock.advance(1_000);
        for (let turn = 0; turn < 500 && received.length < count; turn += 1)
          await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => received.length >= count);
      // Recorded, too: after a jump beyond the lease, it would be sent again.
      for (let turn = 0; turn < 10_000 && (await store.nextDeliveryAt()) !== undefined; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      assert.equal(received.length, count, received.map(({ body }) => body).join('\n'));
      assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, count, 'an event twice');
      return received
        .map(({ body, headers }) => {
          const message = new Webhook(secret).verify(body, headers as Record<string, string>) as Message;
          assert.ok(headers['webhook-id']?.includes(message.type), 'the ID is of another event');
          return message;
        })
        .toSorted((a, b) => a.timestamp.localeCompare(b.timestamp) || a.type.localeCompare(b.type));
    },
  };
}

const planFrom = (now: number, over: Partial<RedialPlan> = {}): RedialPlan => ({
  callId: 'second',
  afterMs: 3 * minute,
  until: now + 20 * minute,
  zone: 'Europe/London',
  sealedRequest: 'the request',
  ...over,
});

test('a missed call is reported with the second attempt, which is reported like a callback, with the first one’s ID', async (t) => {
  const { clock, store, receive } = await open(t);
  const requestedAt = new Date(clock.now()).toISOString();
  const first = await acceptedCall(store, clock.now(), {
    numberKeys,
    redial: planFrom(clock.now()),
    sealedNumber: 'sealed +442079460958',
  });
  clock.advance(30_000);
  const missedAt = new Date(clock.now()).toISOString();
  const dueAt = new Date(clock.now() + 3 * minute).toISOString();
  await store.append(first.id, [{ status: 'no-answer', at: clock.now() }]);
  const ofFirst = { callId: first.id, site, requestedAt, number: '+442079460958' };
  const ofSecond = {
    callId: 'second',
    site,
    requestedAt: missedAt,
    scheduledFor: dueAt,
    redialOf: first.id,
    number: '+442079460958',
  };
  const missed = { status: 'no-answer', endedAt: missedAt };
  assert.deepEqual(await receive(4), [
    { type: 'call.requested', timestamp: requestedAt, data: ofFirst },
    { type: 'call.ended', timestamp: missedAt, data: { ...ofFirst, ...missed } },
    { type: 'call.missed', timestamp: missedAt, data: { ...ofFirst, ...missed } },
    { type: 'call.scheduled', timestamp: missedAt, data: ofSecond },
  ]);

  // The miss is recorded once more: by another instance, say.
  await store.append(first.id, [{ status: 'no-answer', at: clock.now() }]);
  clock.advance(Date.parse(dueAt) - clock.now());
  const [due] = await store.claimDue(9, minute);
  assert.equal(due?.call.id, 'second');
  const placedAt = new Date(clock.now()).toISOString();
  assert.equal(await store.startScheduled('second', due.lease, reservation(clock.now(), { numberKeys })), undefined);
  clock.advance(5_000);
  const busyAt = new Date(clock.now()).toISOString();
  await store.settle('second', { kind: 'accepted', upstreamId: 'upstream-second', nextPollAt: clock.now() + minute });
  await store.append('second', [{ status: 'busy', at: clock.now() }]);
  const ended = { status: 'busy', endedAt: busyAt };
  // A second attempt is never followed by another.
  assert.deepEqual((await receive(7)).slice(4), [
    { type: 'call.requested', timestamp: placedAt, data: ofSecond },
    { type: 'call.ended', timestamp: busyAt, data: { ...ofSecond, ...ended } },
    { type: 'call.missed', timestamp: busyAt, data: { ...ofSecond, ...ended } },
  ]);
});

test('a reported voicemail announces the second attempt with the report, and a canceled one is reported as ended', async (t) => {
  const { clock, store, receive } = await open(t);
  const first = await acceptedCall(store, clock.now(), {
    numberKeys,
    redial: planFrom(clock.now(), { reportWaitMs: 2 * minute }),
  });
  await store.append(first.id, [{ status: 'completed', at: clock.now() }]);
  assert.deepEqual(
    (await receive(2)).map(({ type }) => type),
    ['call.ended', 'call.requested'],
  );
  const reportedAt = new Date(clock.now()).toISOString();
  const report = { answeredBy: 'voicemail', disposition: 'no-message', sealedText: 's', doNotCall: false } as const;
  await store.recordOutcome({ callId: first.id, ...report });
  const events = (await receive(5)).filter(({ timestamp }) => timestamp === reportedAt);
  assert.deepEqual(
    events.map(({ type, data }) => [type, data['callId'], data['redialOf']]),
    [
      ['call.missed', first.id, undefined],
      ['call.outcome', first.id, undefined],
      ['call.scheduled', 'second', first.id],
    ],
  );
  await store.cancelScheduled('second', 'taken-back');
  const last = (await receive(6)).at(-1);
  assert.deepEqual(
    [last?.type, last?.data['callId'], last?.data['redialOf'], last?.data['status'], last?.data['endedBecause']],
    ['call.ended', 'second', first.id, 'cancelled', 'taken-back'],
  );
});

test('where nothing may be promised, no second attempt is announced', async (t) => {
  const { clock, store, receive } = await open(t);
  const late = await acceptedCall(store, clock.now(), { numberKeys, redial: planFrom(clock.now()) });
  const optedOut = await acceptedCall(store, clock.now(), {
    numberKeys: ['v1:opted-out'],
    redial: planFrom(clock.now(), { callId: 'never' }),
  });
  await store.suppress(['v1:opted-out'], 'operator');
  await store.append(optedOut.id, [{ status: 'no-answer', at: clock.now() }]);
  clock.advance(18 * minute);
  await store.append(late.id, [{ status: 'no-answer', at: clock.now() }]);
  const types = (await receive(7)).map(({ type }) => type).toSorted();
  assert.deepEqual(types, [
    'call.ended',
    'call.ended',
    'call.missed',
    'call.missed',
    'call.requested',
    'call.requested',
    'number.suppressed',
  ]);
});
