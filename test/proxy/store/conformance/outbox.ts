// Events for endpoints, as every store must keep them: in the transaction of the change, and nothing where nobody wants them.

import assert from 'node:assert/strict';
import { rowsInSlice } from '../../../../src/proxy/store/sql/retention.js';
import { type Subscription, type WebhookEvent, webhookEvents } from '../../../../src/proxy/store/outbox.js';
import type { Store } from '../../../../src/proxy/store/store.js';
import { acceptedCall, consumptionOf, day, hour, minute, reservation, reserved, strict } from '../fixtures/stores.js';
import { immediate, joining, starting } from './queue.js';
import type { StoreTest } from './store.js';

/** The subscriptions of the stores that {@link outboxConformance} is run on. */
export const subscriptions: readonly Subscription[] = [
  { name: 'all', events: webhookEvents },
  { name: 'some', events: ['call.ended'] },
];

const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
const outcome = { answeredBy: 'voicemail', disposition: 'message-left', sealedText: 's', doNotCall: false } as const;

/** Takes everything that is due, and marks it as delivered. */
async function taken(
  store: Store,
): Promise<{ endpoint: string; event: WebhookEvent; data: Record<string, unknown> }[]> {
  const deliveries = await store.claimDeliveries(50, minute);
  for (const delivery of deliveries) await store.recordDelivery(delivery, { kind: 'delivered' });
  return deliveries.map(({ endpoint, event, data }) => ({ endpoint, event, data }));
}
const eventsOf = async (store: Store): Promise<string[]> =>
  (await taken(store)).map(({ endpoint, event }) => `${endpoint} ${event}`).sort();

export function outboxConformance(storeTest: StoreTest): void {
  storeTest('a call that waits in the queue is scheduled, as such, then requested', async ({ store, clock }) => {
    const running = await reserved(store, immediate(clock.now()));
    const request = joining(clock.now());
    await reserved(store, request);
    clock.advance(1_000);
    await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
    assert.equal(await store.startQueued(request.callId, starting(request.numberKeys, clock.now())), undefined);
    const events = (await taken(store)).filter(({ data }) => data['callId'] === request.callId);
    assert.deepEqual(
      events.map(({ event, data }) => [event, data['queued']]),
      [
        ['call.scheduled', true],
        ['call.requested', undefined],
      ],
    );
  });

  storeTest('a call is reported to everyone who wants to know, each event once', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    assert.deepEqual(await eventsOf(store), ['all call.requested']);
    await store.append(call.id, [{ status: 'in-progress', at: clock.now() }]);
    clock.advance(65_000);
    assert.deepEqual(await eventsOf(store), []);
    await store.recordPolls([{ callId: call.id, lease: '', items: [{ status: 'completed', at: clock.now() }] }]);
    const [ended] = await taken(store);
    assert.deepEqual(ended?.data, {
      callId: call.id,
      site: 'https://site.example',
      requestedAt: new Date(call.createdAt).toISOString(),
      status: 'completed',
      answeredAt: new Date(call.createdAt).toISOString(),
      endedAt: new Date(clock.now()).toISOString(),
      talkedSeconds: 65,
    });
    await store.append(call.id, [{ status: 'failed', at: clock.now() }]);
    assert.deepEqual(await eventsOf(store), []);
  });

  storeTest(
    'a callback is reported when it is booked, when it is placed, and when it is missed',
    async ({ store, clock }) => {
      const scheduled = { slot, dueAt: clock.now(), sealedRequest: 's' };
      const one = reservation(clock.now(), { scheduled });
      await reserved(store, one);
      assert.deepEqual(await eventsOf(store), ['all call.scheduled']);
      const [due] = await store.claimDue(1, hour);
      await store.startScheduled(one.callId, due?.lease ?? '', one);
      assert.deepEqual(await eventsOf(store), ['all call.requested']);
      await store.settle(one.callId, { kind: 'rejected' });
      assert.deepEqual(await eventsOf(store), ['all call.ended', 'all call.missed', 'some call.ended']);
      const other = reservation(clock.now(), { scheduled });
      await reserved(store, other);
      await store.cancelScheduled(other.callId, 'taken-back');
      assert.deepEqual(await eventsOf(store), ['all call.ended', 'all call.scheduled', 'some call.ended']);
    },
  );

  storeTest('what is refused or rolled back is not reported', async ({ store, clock }) => {
    const consumptions = [consumptionOf('all', 'all', strict(1, day))];
    await reserved(store, reservation(clock.now(), { consumptions }));
    await taken(store);
    assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
    await store.recordOutcome({ ...outcome, callId: 'nobody' });
    assert.deepEqual(await eventsOf(store), []);
  });

  storeTest(
    'a report and the opt-out in it are reported, with the report’s texts still encrypted',
    async ({ store, clock }) => {
      const call = await acceptedCall(store, clock.now(), { numberKeys: ['v1:n'], sealedNumber: 'sealed number' });
      await taken(store);
      await store.recordOutcome({ ...outcome, callId: call.id, doNotCall: true });
      const deliveries = await store.claimDeliveries(50, minute);
      assert.deepEqual(deliveries.map(({ event }) => event).sort(), [
        'call.missed',
        'call.outcome',
        'number.suppressed',
      ]);
      for (const { sealedNumber } of deliveries) assert.equal(sealedNumber, 'sealed number');
      const reported = deliveries.find(({ event }) => event === 'call.outcome');
      assert.equal(reported?.outcome?.sealedText, 's');
      assert.equal(reported.data['doNotCall'], true);
      for (const delivery of deliveries) await store.recordDelivery(delivery, { kind: 'delivered' });
      await store.recordOutcome({ ...outcome, callId: call.id });
      assert.deepEqual(await eventsOf(store), ['all call.outcome'], 'missed once, and suppressed already');
    },
  );

  storeTest('an opt-out is reported once, with the number only if it was given', async ({ store }) => {
    await store.suppress(['v1:n'], 'operator', undefined, 'sealed');
    await store.suppress(['v1:n'], 'webhook', undefined, 'sealed');
    const deliveries = await store.claimDeliveries(50, minute);
    assert.deepEqual(
      deliveries.map(({ event, data, sealedNumber }) => [event, data, sealedNumber]),
      [['number.suppressed', { source: 'operator' }, 'sealed']],
    );
    assert.equal(JSON.stringify(deliveries[0]?.id).includes('v1:n'), false);
  });

  storeTest('a message is leased to one process at a time', async ({ store, clock }) => {
    await acceptedCall(store, clock.now());
    const [first] = await store.claimDeliveries(50, minute);
    assert.deepEqual(await store.claimDeliveries(50, minute), []);
    assert.equal(await store.nextDeliveryAt(), clock.now() + minute);
    clock.advance(minute);
    const [second] = await store.claimDeliveries(50, minute);
    assert.equal(second?.id, first?.id);
    await store.recordDelivery(first!, { kind: 'delivered' });
    assert.notEqual(await store.nextDeliveryAt(), undefined, 'the first lease is over');
    await store.recordDelivery(second!, { kind: 'failed', error: 'x', dueAt: clock.now() + hour });
    assert.equal(await store.nextDeliveryAt(), clock.now() + hour);
    clock.advance(hour);
    const [third] = await store.claimDeliveries(50, minute);
    assert.equal(third?.attempts, 1);
  });

  storeTest('dead letters are listed, replayed, and deleted after 30 days', async ({ store, clock }) => {
    await acceptedCall(store, clock.now());
    const [delivery] = await store.claimDeliveries(1, minute);
    await store.recordDelivery(delivery!, { kind: 'dead', error: 'http-500' });
    const [letter] = await store.deadLetters({ endpoint: 'all' }, 9);
    assert.equal(letter?.error, 'http-500');
    assert.equal(letter.attempts, 1);
    assert.deepEqual(await store.deadLetters({ id: 'other' }, 9), []);
    assert.equal(await store.replayDeadLetters({}), 1);
    const [again] = await store.claimDeliveries(1, minute);
    assert.equal(again?.id, delivery?.id);
    assert.equal(again?.attempts, 0);
    assert.equal(again?.retryUntil, clock.now() + day);
    await store.recordDelivery(again, { kind: 'dead', error: 'http-500' });
    clock.advance(30 * day + 1);
    await store.deleteExpired();
    assert.deepEqual(await store.deadLetters({}, 9), []);
  });

  storeTest('every dead letter is replayed, however many there are', async ({ store, clock }) => {
    for (let n = 0; n < 60; n += 1) await acceptedCall(store, clock.now());
    for (const delivery of await store.claimDeliveries(500, minute))
      await store.recordDelivery(delivery, { kind: 'dead', error: 'http-500' });
    const { length } = await store.deadLetters({}, 500);
    assert.ok(length > rowsInSlice, `only ${String(length)} dead letters`);
    assert.equal(await store.replayDeadLetters({}), length);
    assert.deepEqual(await store.deadLetters({}, 500), []);
  });

  storeTest('what waits for delivery is erased with the person', async ({ store, clock }) => {
    await acceptedCall(store, clock.now(), { numberKeys: ['v1:n'] });
    await store.suppress(['v1:n'], 'operator', undefined, 'sealed');
    await store.eraseNumber(['v1:n']);
    assert.deepEqual(await eventsOf(store), []);
  });
}
