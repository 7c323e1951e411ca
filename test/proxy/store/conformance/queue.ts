// The queue, as every store must keep it: joining, order, turns, what makes a call wait no longer, restarts, several instances.

import assert from 'node:assert/strict';
import type { CallStatus } from '../../../../src/contract.js';
import { limitsOf, longestWaitInQueueMs, type QueueChecks } from '../../../../src/proxy/store/queue.js';
import type { Reservation, Store } from '../../../../src/proxy/store/store.js';
import { minute, reservation, reserved, strict } from '../fixtures/stores.js';
import type { StoreTest } from './store.js';

const site = 'https://site.example';
const limits = limitsOf(site, 'GB', false);
const shared: QueueChecks = {
  limits,
  consumptions: [],
  concurrencySlots: [{ scope: 'site', key: site, max: 1 }],
};
const lengthSlots = [
  { scope: 'queue-length', key: 'queue all', max: 3 },
  { scope: 'queue-length', key: 'stored', max: 9 },
] as const;

export const immediate = (now: number, over: Partial<Reservation> = {}): Reservation =>
  reservation(now, { origin: site, country: 'GB', ...shared, ...over });
export const joining = (now: number, over: Partial<Reservation> = {}): Reservation =>
  immediate(now, {
    queue: {
      sealedRequest: 'sealed',
      consumptions: [],
      concurrencySlots: lengthSlots,
      answer: (call) => ({ httpStatus: 202, body: call.status }),
    },
    ...over,
  });

const checksFor = async (store: Store): Promise<ReadonlyMap<string, QueueChecks>> =>
  new Map((await store.readQueue()).map(({ callId }) => [callId, shared]));
export const starting = (numberKeys: readonly string[], now: number) => ({
  ...shared,
  numberKeys,
  concurrencySlots: [...shared.concurrencySlots, { scope: 'number', key: numberKeys[0] ?? '', max: 1 } as const],
  dispatchDeadline: now + 30_000,
});

export function queueConformance(storeTest: StoreTest): void {
  storeTest('a call that joins waits in its order, and is started once', async ({ store, clock }) => {
    const running = await reserved(store, immediate(clock.now()));
    const requests = [joining(clock.now()), joining(clock.now())] as const;
    for (const request of requests) {
      const call = await reserved(store, request);
      assert.deepEqual([call.status, call.stage, call.isQueued], ['scheduled', 'scheduled', true]);
    }
    const ids = requests.map(({ callId }) => callId);
    assert.deepEqual(
      (await store.readQueue()).map(({ callId, origin, country, waitsFor, isPassedOver }) => [
        callId,
        origin,
        country,
        waitsFor,
        isPassedOver,
      ]),
      ids.map((id) => [id, site, 'GB', [`site ${site}`], false]),
    );
    assert.deepEqual((await store.nextDue()).isQueueWaiting, true);
    assert.equal((await store.claimDue(9, minute)).filter(({ why }) => why === 'place').length, 0, 'leased');
    assert.equal((await store.reviewQueue(await checksFor(store), false)).next, undefined);
    await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
    const { next } = await store.reviewQueue(await checksFor(store), false);
    assert.deepEqual([next?.call.id, next?.sealedRequest], [ids[0], 'sealed']);
    const [first, second] = requests;
    assert.deepEqual(await store.startQueued(second.callId, starting(second.numberKeys, clock.now())), {
      kind: 'queue',
      limits: [`site ${site}`],
    });
    assert.equal(await store.startQueued(first.callId, starting(first.numberKeys, clock.now())), undefined);
    assert.deepEqual(await store.startQueued(first.callId, starting(first.numberKeys, clock.now())), {
      kind: 'not-waiting',
    });
    const started = await store.read(first.callId);
    assert.deepEqual([started?.status, started?.stage, started?.isQueued], ['requested', 'dispatching', undefined]);
    assert.equal((await store.readDetails(first.callId))?.sealedRequest, undefined, 'the number is kept');
    assert.deepEqual(await store.startQueued(second.callId, starting(second.numberKeys, clock.now())), {
      kind: 'at-capacity',
      scope: 'site',
    });
    const replay = await store.recall(first.idempotencyKey, first.fingerprint);
    assert.deepEqual(replay.kind === 'answered' && replay.answer, { httpStatus: 202, body: 'scheduled' });
  });

  storeTest('an immediate call is refused while a call waits for the same limit, and only then', async (test) => {
    const { store, clock } = test;
    const running = await reserved(store, immediate(clock.now()));
    const waiting = await reserved(store, joining(clock.now()));
    await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
    assert.deepEqual(await store.reserve(immediate(clock.now())), {
      kind: 'refused',
      refusal: { kind: 'queue', limits: [`site ${site}`] },
      refusals: [{ kind: 'queue', limits: [`site ${site}`] }],
    });
    await reserved(
      store,
      immediate(clock.now(), { limits: limitsOf('https://b.example', 'GB', false), concurrencySlots: [] }),
    );
    assert.ok(await store.cancelScheduled(waiting.id, 'taken-back'), 'cannot leave');
    assert.equal((await store.read(waiting.id))?.isQueued, undefined);
    await reserved(store, immediate(clock.now()));
    assert.deepEqual(await store.readQueue(), []);
    assert.equal((await store.nextDue()).isQueueWaiting, false);
  });

  storeTest('a call joins only if waiting helps, and without its visitor’s other limits', async ({ store, clock }) => {
    await reserved(store, immediate(clock.now()));
    const never = { scope: 'country', key: 'GB', rule: strict(0, 60 * minute) } as const;
    const refused = await store.reserve(joining(clock.now(), { consumptions: [never] }));
    assert.equal(refused.kind === 'refused' && refused.refusals.length, 2);
    const address = { scope: 'address', key: 'a', rule: strict(0, minute) } as const;
    const limited = await store.reserve(joining(clock.now(), { consumptions: [address] }));
    assert.equal(limited.kind === 'refused' && 'scope' in limited.refusal && limited.refusal.scope, 'address');
    for (const one of [1, 2, 3]) await reserved(store, joining(clock.now() + one));
    const full = await store.reserve(joining(clock.now()));
    assert.deepEqual(full.kind === 'refused' && full.refusal, { kind: 'at-capacity', scope: 'queue-length' });
  });

  storeTest('a suppressed number is passed over at its turn, and then holds up nobody', async ({ store, clock }) => {
    const running = await reserved(store, immediate(clock.now()));
    const first = joining(clock.now(), { numberKeys: ['v1:suppressed'] });
    const second = joining(clock.now());
    await store.suppress(['v1:suppressed'], 'operator');
    await reserved(store, first);
    await reserved(store, second);
    await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
    assert.equal((await store.reviewQueue(await checksFor(store), false)).next?.call.id, first.callId);
    assert.deepEqual(await store.startQueued(first.callId, starting(first.numberKeys, clock.now())), {
      kind: 'suppressed',
    });
    const [passed, next] = await store.readQueue();
    assert.deepEqual([passed?.isPassedOver, passed?.waitsFor, next?.isPassedOver], [true, [], false]);
    assert.equal((await store.read(first.callId))?.status, 'scheduled');
    const counted = await store.countSlots('queue-length', '');
    assert.deepEqual([counted.get('queue all'), counted.get('stored')], [1, 2]);
    assert.equal((await store.reviewQueue(await checksFor(store), true)).next?.call.id, first.callId);
    assert.equal((await store.reviewQueue(await checksFor(store), false)).next?.call.id, second.callId);
    await store.unsuppress(['v1:suppressed']);
    const { next: again } = await store.reviewQueue(await checksFor(store), true);
    assert.deepEqual([again?.call.id, again?.sealedRequest], [first.callId, undefined], 'an ended consent was kept');
  });

  const others: readonly (readonly [
    what: string,
    isStarted: boolean,
    over: { readonly origin?: string; readonly joinsAfterwards?: true; readonly voicemail?: true },
    ...statuses: readonly CallStatus[],
  ])[] = [
    ['was completed', false, {}, 'completed'],
    ['was answered and then failed', false, {}, 'ringing', 'in-progress', 'failed'],
    ['was not answered', true, {}, 'ringing', 'no-answer'],
    ['reached a voicemail, as the agent reported', true, { voicemail: true }, 'in-progress', 'completed'],
    ['was from another site', true, { origin: 'https://b.example' }, 'in-progress', 'completed'],
    ['ended before it joined', true, { joinsAfterwards: true }, 'in-progress', 'completed'],
  ];
  for (const [what, isStarted, { origin, joinsAfterwards, voicemail }, ...statuses] of others) {
    storeTest(
      `the turn of a number whose other call ${what} is ${isStarted ? 'a call' : 'passed over'}`,
      async ({ store, clock }) => {
        const running = await reserved(store, immediate(clock.now()));
        const numberKeys = ['v1:number'];
        const call = joining(clock.now(), { numberKeys });
        const other = async (): Promise<void> => {
          const { id } = await reserved(
            store,
            reservation(clock.now(), { numberKeys, ...(origin !== undefined && { origin }) }),
          );
          clock.advance(1_000);
          for (const status of statuses) await store.append(id, [{ status, at: clock.now() }]);
          const report = { disposition: 'no-message', sealedText: '', doNotCall: false } as const;
          if (voicemail) await store.recordOutcome({ callId: id, answeredBy: 'voicemail', ...report });
        };
        if (joinsAfterwards) await other();
        await reserved(store, call);
        if (!joinsAfterwards) await other();
        await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
        const refusal = await store.startQueued(call.callId, starting(numberKeys, clock.now()));
        assert.equal(refusal?.kind, isStarted ? undefined : 'cooling-down');
        assert.deepEqual(
          (await store.readQueue()).map(({ isPassedOver }) => isPassedOver),
          isStarted ? [] : [true],
        );
      },
    );
  }

  storeTest('nobody is started after thirty minutes', async ({ store, clock }) => {
    const running = await reserved(store, immediate(clock.now()));
    const request = joining(clock.now());
    await reserved(store, request);
    await store.append(running.id, [{ status: 'completed', at: clock.now() }]);
    clock.advance(longestWaitInQueueMs);
    assert.deepEqual(await store.startQueued(request.callId, starting(request.numberKeys, clock.now())), {
      kind: 'not-waiting',
    });
    assert.ok(await store.cancelScheduled(request.callId, 'not-sent'), 'cannot end');
    const { status, endedBecause } = (await store.read(request.callId)) ?? {};
    assert.deepEqual([status, endedBecause], ['failed', 'not-sent']);
  });

  storeTest('what is stored about a waiting call is exported and erased with its number', async ({ store, clock }) => {
    await reserved(store, immediate(clock.now()));
    const request = joining(clock.now(), { numberKeys: ['v1:erased'] });
    await reserved(store, request);
    assert.deepEqual(
      (await store.exportNumber(['v1:erased'])).calls.map(({ id, isQueued }) => [id, isQueued]),
      [[request.callId, true]],
    );
    assert.equal(await store.eraseNumber(['v1:erased']), 1);
    assert.deepEqual(await store.readQueue(), []);
    assert.equal((await store.countSlots('queue-length', 'queue all')).get('queue all'), undefined);
  });

  storeTest('the order survives a restart, and holds when many join at once', async (test) => {
    const { store, clock } = test;
    const running = await reserved(store, immediate(clock.now()));
    const other = await test.second();
    const requests = Array.from({ length: 3 }, () => joining(clock.now()));
    await Promise.all(requests.map((request, index) => reserved(index % 2 === 0 ? store : other, request)));
    const orders = (await other.readQueue()).map(({ order }) => order);
    assert.equal(new Set(orders).size, 3);
    await other.append(running.id, [{ status: 'completed', at: clock.now() }]);
    const checks = await checksFor(other);
    const [a, b] = await Promise.all([store.reviewQueue(checks, false), other.reviewQueue(checks, false)]);
    assert.equal(a.next?.call.id, b.next?.call.id);
    const keys = requests.find(({ callId }) => callId === a.next?.call.id)?.numberKeys ?? [];
    const started = await Promise.all(
      [store, other].map((one) => one.startQueued(a.next?.call.id ?? '', starting(keys, clock.now()))),
    );
    assert.deepEqual(started.filter((refusal) => refusal === undefined).length, 1, 'started twice');
  });
}
