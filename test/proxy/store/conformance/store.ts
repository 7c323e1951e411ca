// What every store must do, written once. Each implementation's test file calls runStoreConformance with a way to make one.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../../../src/proxy/core/clock.js';
import { type Reservation, type Store, StoreUnavailable } from '../../../../src/proxy/store/store.js';
import { allowanceConformance } from './allowances.js';
import { followConformance } from './follow.js';
import { dataSubjectConformance } from './data-subjects.js';
import type { Subscription } from '../../../../src/proxy/store/outbox.js';
import { outboxConformance, subscriptions } from './outbox.js';
import { outcomeConformance } from './outcomes.js';
import { queueConformance } from './queue.js';
import {
  acceptedCall,
  manualClock,
  type ManualClock,
  day,
  hour,
  minute,
  reservation,
  reserved,
  statuses,
  outcomeOf,
} from '../fixtures/stores.js';
import { follow } from '../fixtures/follow.js';

/** A location of stores. Two stores opened at one place see the same calls. */
export interface Place {
  open(clock: Clock, subscriptions?: readonly Subscription[]): Promise<Store>;
  remove(): Promise<void>;
}

/** The fixture of one conformance test. `reopen` closes the store and opens another one at the same place. */
export interface Fixture {
  readonly store: Store;
  readonly clock: ManualClock;
  reopen(): Promise<Store>;
  /** A second store at the same place, as another process would have it. */
  second(): Promise<Store>;
}

export type StoreTest = (name: string, test: (fixture: Fixture) => Promise<void>) => void;

/** Runs the whole suite on stores at places made by `makePlace`. */
export function runStoreConformance(name: string, makePlace: () => Promise<Place>): void {
  const testOf =
    (wanted?: readonly Subscription[]): StoreTest =>
    (title, test) => {
      it(title, async () => {
        const clock = manualClock();
        const place = await makePlace();
        const opened: Store[] = [];
        const open = async (): Promise<Store> => {
          const store = await place.open(clock, wanted);
          opened.push(store);
          return store;
        };
        try {
          const store = await open();
          const reopen = async (): Promise<Store> => {
            await store.close();
            return open();
          };
          await test({ store, clock, reopen, second: open });
        } finally {
          for (const store of opened) await store.close();
          await place.remove();
        }
      });
    };

  const storeTest = testOf();
  describe(`${name}: reserving`, () => reservingConformance(storeTest));
  describe(`${name}: allowances`, () => allowanceConformance(storeTest));
  describe(`${name}: leases and schedules`, () => leaseConformance(storeTest));
  describe(`${name}: following`, () => followConformance(storeTest));
  describe(`${name}: data subjects and retention`, () => dataSubjectConformance(storeTest));
  describe(`${name}: agents’ reports`, () => outcomeConformance(storeTest));
  describe(`${name}: the queue`, () => queueConformance(storeTest));
  describe(`${name}: events for endpoints`, () => outboxConformance(testOf(subscriptions)));
}

function reservingConformance(storeTest: StoreTest): void {
  storeTest('taken slots are counted by their whole key, each slot once', async ({ store, clock }) => {
    const slots = (key: string) => [{ scope: 'all', key, max: 9 } as const];
    await reserved(store, reservation(clock.now(), { concurrencySlots: slots('all') }));
    for (const key of ['all at 5', 'all from x at 5', 'al'])
      await reserved(store, reservation(clock.now(), { concurrencySlots: slots(key) }));
    const asked = [
      { scope: 'all', key: 'all' },
      { scope: 'site', key: 'all' },
      { scope: 'all', key: 'all at 5' },
      { scope: 'all', key: 'all' },
      { scope: 'all', key: '' },
    ] as const;
    assert.deepEqual(await store.countTaken(asked), [1, 0, 1, 1, 0]);
    assert.deepEqual(await store.countTaken([]), []);
  });

  storeTest('slots are counted by the keys that begin alike, up to a last one', async ({ store, clock }) => {
    for (const key of ['all', 'all at 1960000', 'all at 1960001', 'all at 1960001', 'all at 1960002', 'allot'])
      await reserved(store, reservation(clock.now(), { concurrencySlots: [{ scope: 'all', key, max: 9 }] }));
    const upTo = async (last?: string): Promise<Record<string, number>> =>
      Object.fromEntries(await store.countSlots('all', 'all at ', last));
    const early = { 'all at 1960000': 1, 'all at 1960001': 2 };
    assert.deepEqual(await upTo('all at 1960001'), early);
    assert.deepEqual(await upTo(), { ...early, 'all at 1960002': 1 });
  });

  storeTest('a reserved call starts its journal with requested and is being placed', async ({ store, clock }) => {
    const call = await reserved(store, reservation(clock.now()));
    assert.equal(call.stage, 'dispatching');
    assert.deepEqual(call.history, [{ seq: 1, status: 'requested', at: new Date(clock.now()).toISOString() }]);
    assert.deepEqual(await store.read(call.id), call);
  });

  storeTest('a call that was never reserved is undefined, not an error', async ({ store }) => {
    assert.equal(await store.read('nobody'), undefined);
  });

  storeTest(
    'the calls of a period are listed newest first, a page at a time, with what is stored along',
    async ({ store, clock }) => {
      const from = clock.now();
      const attribution = { campaign: 'spring', sealed: 'sealed' };
      const ids: string[] = [];
      // Two of them at the same instant.
      for (const wait of [0, 1_000, 0, 1_000]) {
        clock.advance(wait);
        ids.unshift((await reserved(store, reservation(clock.now(), { country: 'GB', attribution }))).id);
      }
      clock.advance(1_000);
      const until = clock.now();
      await reserved(store, reservation(clock.now()));
      const seen: string[] = [];
      let after: { createdAt: number; id: string } | undefined;
      for (;;) {
        const page = await store.listCalls({ from, until, ...(after && { after }), limit: 2 });
        const last = page.at(-1);
        if (last === undefined) break;
        assert.ok(page.length <= 2, 'a page is longer than its limit');
        seen.push(...page.map(({ call }) => call.id));
        after = { createdAt: last.call.createdAt, id: last.call.id };
      }
      assert.deepEqual([...seen].sort(), [...ids].sort());
      assert.equal(seen[0], ids[0]);
      const details = await store.readDetails(ids[0] ?? '');
      assert.deepEqual([details?.country, details?.attribution, details?.call.id], ['GB', attribution, ids[0]]);
      assert.equal(details?.consent?.origin, details?.call.origin);
      assert.equal(await store.readDetails('nothing'), undefined);
    },
  );

  storeTest('the same key and request is in progress until it is answered, then replayed', async ({ store, clock }) => {
    const request = reservation(clock.now());
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), { kind: 'new' });
    const call = await reserved(store, request);
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), { kind: 'in-progress' });
    assert.deepEqual(await outcomeOf(store, { ...request, callId: 'other' }), { kind: 'in-progress' });
    const answer = { httpStatus: 502, body: '{"code":"upstream-rejected"}', retryAfterSeconds: 7 };
    const of = () => answer;
    await store.settle(call.id, { kind: 'rejected' }, { idempotencyKey: request.idempotencyKey, of });
    const replay = { kind: 'answered', callId: call.id, answer };
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), replay);
    assert.deepEqual(await outcomeOf(store, { ...request, callId: 'other' }), replay);
    assert.equal(await store.read('other'), undefined);
  });

  storeTest('the outcome of placing and its answer are stored together', async ({ store, reopen, clock }) => {
    const request = reservation(clock.now());
    const call = await reserved(store, request);
    const of = ({ status }: { readonly status: string }) => ({ httpStatus: 202, body: JSON.stringify({ status }) });
    await store.settle(call.id, { kind: 'rejected' }, { idempotencyKey: request.idempotencyKey, of });
    const after = await reopen();
    assert.deepEqual(await after.recall(request.idempotencyKey, request.fingerprint), {
      kind: 'answered',
      callId: call.id,
      answer: { httpStatus: 202, body: '{"status":"failed"}' },
    });
  });

  storeTest('an answer that cannot be created keeps the settlement from being written', async ({ store, clock }) => {
    const request = reservation(clock.now());
    const call = await reserved(store, request);
    const of = (): never => {
      throw new Error('no answer');
    };
    const answer = { idempotencyKey: request.idempotencyKey, of };
    await assert.rejects(store.settle(call.id, { kind: 'rejected' }, answer), StoreUnavailable);
    assert.equal((await store.read(call.id))?.stage, 'dispatching');
  });

  storeTest('an answer that is known at once is stored with the reservation', async ({ store, clock }) => {
    const answer = { httpStatus: 202, body: '{}' };
    const request = reservation(clock.now(), { answer: () => answer });
    const call = await reserved(store, request);
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), {
      kind: 'answered',
      callId: call.id,
      answer,
    });
  });

  storeTest('the same key with another request is refused', async ({ store, clock }) => {
    const request = reservation(clock.now());
    await reserved(store, request);
    assert.deepEqual(await store.recall(request.idempotencyKey, 'another'), { kind: 'key-reused' });
    assert.deepEqual(await outcomeOf(store, { ...request, callId: 'other', fingerprint: 'another' }), {
      kind: 'key-reused',
    });
  });

  storeTest('a key whose placing ended without a stored answer names its call', async ({ store, clock }) => {
    const request = reservation(clock.now());
    const call = await reserved(store, request);
    await store.settle(call.id, { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: clock.now() });
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), {
      kind: 'unanswered',
      callId: call.id,
    });
  });

  storeTest(
    'a key is kept for 24 hours whatever retention deletes, and forgotten after two more',
    async ({ store, clock }) => {
      const request = reservation(clock.now());
      await reserved(store, request);
      clock.advance(day);
      await store.deleteExpired();
      assert.notEqual((await store.recall(request.idempotencyKey, request.fingerprint)).kind, 'new');
      clock.advance(2 * hour + 1);
      await store.deleteExpired();
      assert.equal((await store.recall(request.idempotencyKey, request.fingerprint)).kind, 'new');
    },
  );

  storeTest('a challenge works for one call', async ({ store, clock }) => {
    const challenge = { id: 'challenge-1', expiresAt: clock.now() + 5 * minute };
    await reserved(store, reservation(clock.now(), { challenge }));
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { challenge })), { kind: 'challenge-used' });
  });

  storeTest('a used challenge stays used when the clock is set forward and back', async ({ store, clock }) => {
    const challenge = { id: 'challenge-1', expiresAt: clock.now() + 5 * minute };
    await reserved(store, reservation(clock.now(), { challenge }));
    clock.advance(hour);
    await store.deleteExpired();
    clock.advance(-hour);
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { challenge })), { kind: 'challenge-used' });
  });

  storeTest('a refusal uses up neither the key nor the challenge', async ({ store, clock }) => {
    const challenge = { id: 'challenge-1', expiresAt: clock.now() + 5 * minute };
    const full = { scope: 'all', key: 'all', max: 0 } as const;
    const request = reservation(clock.now(), { challenge, concurrencySlots: [full] });
    assert.deepEqual(await outcomeOf(store, request), {
      kind: 'refused',
      refusal: { kind: 'at-capacity', scope: 'all' },
    });
    assert.deepEqual(await store.recall(request.idempotencyKey, request.fingerprint), { kind: 'new' });
    await reserved(store, { ...request, concurrencySlots: [] });
  });

  storeTest('two stores that receive the same key at once reserve one call', async ({ store, second, clock }) => {
    const other = await second();
    const request = reservation(clock.now());
    const outcomes = await Promise.all(
      [store, other, store, other].map((one, n) => one.reserve({ ...request, callId: `racer-${n}` })),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 1);
  });

  storeTest(
    'a call that was accepted and then lost becomes unknown, and its number cools down',
    async ({ store, clock }) => {
      const call = await acceptedCall(store, clock.now(), { numberKeys: ['v1:lost'] });
      const coolDownUntil = clock.now() + 5 * minute;
      const settled = await store.settle(call.id, { kind: 'unknown', coolDownUntil });
      assert.deepEqual([settled.stage, settled.status, settled.coolDownUntil], ['ended', 'unknown', coolDownUntil]);
      assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { numberKeys: ['v1:lost'] })), {
        kind: 'refused',
        refusal: { kind: 'cooling-down', untilMs: coolDownUntil },
      });
      for (const settlement of [{ kind: 'rejected' }, { kind: 'not-sent' }] as const) {
        const other = await acceptedCall(store, clock.now());
        assert.equal((await store.settle(other.id, settlement)).stage, 'accepted');
      }
    },
  );

  storeTest('the first settlement is final: later ones change nothing', async ({ store, clock }) => {
    const call = await reserved(store, reservation(clock.now()));
    const settled = await store.settle(call.id, { kind: 'unknown', coolDownUntil: clock.now() + 5 * minute });
    assert.deepEqual(statuses(settled), ['requested', 'unknown']);
    assert.equal(settled.coolDownUntil, clock.now() + 5 * minute);
    const late = await store.settle(call.id, { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: clock.now() });
    assert.deepEqual(late, settled);
  });

  storeTest('settling twice the same way is idempotent', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    assert.equal(call.stage, 'accepted');
    const again = await store.settle(call.id, { kind: 'accepted', upstreamId: 'OUT-9', nextPollAt: clock.now() });
    assert.deepEqual(again, call);
  });

  for (const [kind, endedBecause] of [
    ['rejected', undefined],
    ['not-sent', 'not-sent'],
  ] as const) {
    storeTest(`a call settled as ${kind} has failed`, async ({ store, clock }) => {
      const call = await reserved(store, reservation(clock.now()));
      const settled = await store.settle(call.id, { kind });
      assert.deepEqual(statuses(settled), ['requested', 'failed']);
      assert.equal(settled.stage, 'ended');
      assert.equal(settled.endedBecause, endedBecause);
    });
  }

  storeTest('a journal only moves forward and never leaves its end', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const at = clock.now();
    await store.append(id, [
      { status: 'ringing', at },
      { status: 'queued', at },
      { status: 'ringing', at },
      { status: 'completed', at },
      { status: 'failed', at },
    ]);
    const late = await store.append(id, [{ status: 'in-progress', at }]);
    assert.deepEqual(statuses(late), ['requested', 'ringing', 'completed']);
    assert.deepEqual(
      late.history.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.equal(late.stage, 'ended');
  });

  storeTest('an invalid time becomes the time of recording', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const call = await store.append(id, [{ status: 'ringing', at: Number.NaN }]);
    assert.equal(call.history[1]?.at, new Date(clock.now()).toISOString());
  });

  storeTest('calls, answers and what was consumed survive a restart', async ({ store, reopen, clock }) => {
    const request = reservation(clock.now(), {
      consumptions: [{ scope: 'all', key: 'all', rule: { kind: 'gcra', limit: 1, windowMs: hour } }],
    });
    const call = await reserved(store, request);
    const answer = { idempotencyKey: request.idempotencyKey, of: () => ({ httpStatus: 202, body: '{}' }) };
    await store.settle(call.id, { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: clock.now() }, answer);
    const before = await store.append(call.id, [{ status: 'ringing', at: clock.now() }]);
    const after = await reopen();
    assert.deepEqual(await after.read(call.id), before);
    assert.equal((await after.recall(request.idempotencyKey, request.fingerprint)).kind, 'answered');
    assert.equal(
      (await after.reserve(reservation(clock.now(), { consumptions: request.consumptions }))).kind,
      'refused',
    );
  });

  storeTest('a closed store is unavailable for every verb', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    await store.close();
    const request: Reservation = reservation(clock.now());
    const verbs: readonly (() => Promise<unknown>)[] = [
      () => store.recall('k', 'f'),
      () => store.reserve(request),
      () => store.settle(call.id, { kind: 'rejected' }),
      () => store.append(call.id, []),
      () => store.read(call.id),
      () => follow(store, call.id, 0).next(),
      () => store.claimDue(1, minute),
      () => store.renewLeases(new Map([[call.id, 'l']]), minute),
      () => store.postpone(call.id, 'l', { dueAt: 0, failures: 0 }),
      () => store.recordPolls([{ callId: call.id, lease: 'l', items: [] }]),
      () => store.startScheduled(call.id, 'l', { ...request, dispatchDeadline: 0 }),
      () => store.cancelScheduled(call.id, 'taken-back'),
      () => store.nextDue(),
      () => store.suppress(['v1:x'], 'operator'),
      () => store.unsuppress(['v1:x']),
      () => store.unreachable(['v1']),
      () => store.exportNumber(['v1:x']),
      () => store.eraseNumber(['v1:x']),
      () => store.deleteExpired(),
      () => store.ping(),
    ];
    for (const verb of verbs) await assert.rejects(verb, StoreUnavailable, verb.toString());
    await store.close();
  });
}

function leaseConformance(storeTest: StoreTest): void {
  const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
  const scheduledFor = (clock: ManualClock, over: Partial<Reservation> = {}): Reservation =>
    reservation(clock.now(), {
      scheduled: { slot, dueAt: clock.now() + hour, sealedRequest: 'v1.sealed' },
      concurrencySlots: [{ scope: 'scheduled-number', key: 'v1:n', max: 1 }],
      ...over,
    });
  const checks = (request: Reservation, clock: ManualClock) => ({
    numberKeys: request.numberKeys,
    consumptions: [],
    concurrencySlots: [],
    dispatchDeadline: clock.now() + 30_000,
  });

  storeTest(
    'an accepted call is leased for a poll when it is due, to one process',
    async ({ store, second, clock }) => {
      const other = await second();
      const call = await acceptedCall(store, clock.now());
      const leases = (await Promise.all([store.claimDue(10, minute), other.claimDue(10, minute)])).flat();
      assert.equal(leases.length, 1);
      assert.equal(leases[0]?.why, 'poll');
      assert.equal(leases[0]?.call.upstreamId, `OUT-${call.id}`);
      assert.equal(leases[0]?.acceptedAt, clock.now());
      assert.deepEqual(await store.claimDue(10, minute), []);
    },
  );

  storeTest('a lease is renewed by its holder alone, and only while the call is polled', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const [due] = await store.claimDue(1, 3_000);
    clock.advance(2_000);
    await store.renewLeases(new Map([[call.id, due?.lease ?? '']]), 3_000);
    clock.advance(2_999);
    assert.deepEqual(await store.claimDue(1, 3_000), [], 'the lease is still held');
    clock.advance(1);
    const [next] = await store.claimDue(1, 3_000);
    assert.equal(next?.call.id, call.id, 'the lease has expired');
    await store.renewLeases(new Map([[call.id, due?.lease ?? '']]), minute);
    clock.advance(3_000);
    assert.equal((await store.claimDue(1, 3_000)).length, 1, 'a former holder cannot renew it');

    const scheduled = reservation(clock.now(), {
      scheduled: { slot, dueAt: clock.now(), sealedRequest: 'v1.sealed' },
    });
    await reserved(store, scheduled);
    const [place] = await store.claimDue(1, 3_000);
    await store.startScheduled(scheduled.callId, place?.lease ?? '', {
      ...scheduled,
      dispatchDeadline: clock.now() + minute,
    });
    await store.renewLeases(new Map([[scheduled.callId, place?.lease ?? '']]), 3_000);
    clock.advance(3_000);
    assert.deepEqual(
      (await store.claimDue(5, minute)).filter(({ why }) => why === 'lost'),
      [],
      'a call that is being placed has until its deadline',
    );
  });

  storeTest('no more calls are leased than requested, the longest waiting first', async ({ store, clock }) => {
    const first = await acceptedCall(store, clock.now());
    clock.advance(1);
    await acceptedCall(store, clock.now());
    const [lease, ...rest] = await store.claimDue(1, minute);
    assert.equal(lease?.call.id, first.id);
    assert.deepEqual(rest, []);
  });

  storeTest('ringing calls are leased before answered ones, of which none is forgotten', async (fixture) => {
    const { store, clock } = fixture;
    const answered: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { id } = await acceptedCall(store, clock.now());
      await store.append(id, [{ status: 'in-progress', at: clock.now() }]);
      answered.push(id);
      clock.advance(1_000);
    }
    const ringing: string[] = [];
    for (let n = 0; n < 30; n += 1) ringing.push((await acceptedCall(store, clock.now())).id);
    const order: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const leases = await store.claimDue(5, minute);
      order.push(...leases.map(({ call }) => call.id));
    }
    assert.deepEqual(
      order.flatMap((id, at) => (answered.includes(id) ? [at] : [])),
      [9, 19, 29],
    );
    assert.equal(order.filter((id) => ringing.includes(id)).length, 27);
  });

  storeTest('callbacks waiting for room do not keep calls from being polled', async ({ store, clock }) => {
    for (let n = 0; n < 20; n += 1) {
      await reserved(store, scheduledFor(clock, { concurrencySlots: [] }));
    }
    clock.advance(hour);
    for (let n = 0; n < 20; n += 1) await acceptedCall(store, clock.now());
    const whys = (await store.claimDue(10, minute)).map(({ why }) => why);
    assert.equal(whys.filter((why) => why === 'place').length, 5);
    assert.equal(whys.filter((why) => why === 'poll').length, 5);
  });

  storeTest('the results of many polls are written at once, each under its own lease', async ({ store, clock }) => {
    const calls = [await acceptedCall(store, clock.now()), await acceptedCall(store, clock.now())];
    const kept = await acceptedCall(store, clock.now());
    const leases = new Map((await store.claimDue(10, minute)).map(({ call, lease }) => [call.id, lease]));
    const [first, second] = calls.map(({ id }) => ({ callId: id, lease: leases.get(id) ?? '' }));
    const at = clock.now();
    const results = await store.recordPolls([
      { ...first!, items: [{ status: 'ringing', at }], next: { dueAt: at + 2_000, failures: 0 } },
      { ...second!, items: [{ status: 'completed', at }] },
      { callId: 'nobody', lease: 'l', items: [{ status: 'ringing', at }], next: { dueAt: at, failures: 0 } },
      { callId: kept.id, lease: 'lost', items: [], next: { dueAt: at, failures: 9 } },
    ]);
    assert.deepEqual(
      results.map((call) => call?.status),
      ['ringing', 'completed', undefined, 'requested'],
    );
    assert.deepEqual(await store.claimDue(10, minute), []);
    clock.advance(2_000);
    assert.deepEqual(
      (await store.claimDue(10, minute)).map(({ call }) => call.id),
      [calls[0]?.id],
    );
  });

  storeTest('an unreturned lease is leased again, and the old one is void', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const [old] = await store.claimDue(1, minute);
    clock.advance(minute);
    const [fresh] = await store.claimDue(1, minute);
    assert.equal(fresh?.call.id, id);
    assert.notEqual(fresh?.lease, old?.lease);
    await store.postpone(id, old!.lease, { dueAt: clock.now(), failures: 9 });
    assert.deepEqual(await store.claimDue(1, minute), []);
  });

  storeTest('a returned lease is due again at the time given, with its failures', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const [lease] = await store.claimDue(1, minute);
    await store.postpone(id, lease!.lease, { dueAt: clock.now() + 2_000, failures: 3 });
    assert.equal((await store.nextDue()).at, clock.now() + 2_000);
    assert.deepEqual(await store.claimDue(1, minute), []);
    clock.advance(2_000);
    assert.equal((await store.claimDue(1, minute))[0]?.failures, 3);
  });

  storeTest('an ended call is never due', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const [lease] = await store.claimDue(1, minute);
    await store.append(id, [{ status: 'completed', at: clock.now() }]);
    await store.postpone(id, lease!.lease, { dueAt: clock.now(), failures: 0 });
    assert.equal((await store.nextDue()).at, undefined);
    assert.deepEqual(await store.claimDue(1, minute), []);
  });

  storeTest('what was due is still due after a restart', async ({ store, reopen, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    await store.claimDue(1, minute);
    const after = await reopen();
    clock.advance(minute);
    assert.equal((await after.claimDue(1, minute))[0]?.call.id, id);
  });

  storeTest('a call whose instance died while placing is reported as lost', async ({ store, reopen, clock }) => {
    const call = await reserved(store, reservation(clock.now()));
    const after = await reopen();
    assert.deepEqual(await after.claimDue(1, minute), []);
    clock.advance(30_000);
    const [lease] = await after.claimDue(1, minute);
    assert.equal(lease?.call.id, call.id);
    assert.equal(lease?.why, 'lost');
  });

  storeTest('polling goes on when the clock is set back', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const [lease] = await store.claimDue(1, minute);
    await store.postpone(id, lease!.lease, { dueAt: clock.now() + 2_000, failures: 0 });
    clock.advance(-hour);
    assert.ok((await store.nextDue()).at! <= clock.now(), 'due later');
    assert.equal((await store.claimDue(1, minute)).length, 1);
    assert.equal((await store.claimDue(1, minute)).length, 0);
  });

  storeTest('a poll scheduled absurdly far ahead is due in ten minutes', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    const [lease] = await store.claimDue(1, day);
    await store.postpone(id, lease!.lease, { dueAt: clock.now() + day, failures: 0 });
    assert.deepEqual(await store.claimDue(1, minute), []);
    clock.advance(10 * minute);
    assert.equal((await store.claimDue(1, minute)).length, 1);
  });

  storeTest('a scheduled call waits for its time, then is leased with its sealed request', async ({ store, clock }) => {
    const call = await reserved(store, scheduledFor(clock));
    assert.deepEqual(statuses(call), ['scheduled']);
    assert.deepEqual(call.scheduledFor, slot);
    assert.deepEqual(await store.claimDue(1, minute), []);
    clock.advance(hour);
    const [lease] = await store.claimDue(1, minute);
    assert.equal(lease?.why, 'place');
    assert.equal(lease?.sealedRequest, 'v1.sealed');
  });

  storeTest(
    'only one lease holder may start a scheduled call, and its sealed request is deleted',
    async ({ store, clock }) => {
      const request = scheduledFor(clock);
      const { id } = await reserved(store, request);
      clock.advance(hour);
      const [old] = await store.claimDue(1, minute);
      clock.advance(minute);
      const [lease] = await store.claimDue(1, minute);
      assert.deepEqual(await store.startScheduled(id, old!.lease, checks(request, clock)), { kind: 'lost-lease' });
      assert.equal(await store.startScheduled(id, lease!.lease, checks(request, clock)), undefined);
      assert.deepEqual(await store.startScheduled(id, lease!.lease, checks(request, clock)), { kind: 'lost-lease' });
      const call = await store.read(id);
      assert.deepEqual(statuses(call), ['scheduled', 'requested']);
      assert.equal(call?.stage, 'dispatching');
      clock.advance(minute);
      const [lost] = await store.claimDue(1, minute);
      assert.equal(lost?.why, 'lost');
      assert.equal(lost?.sealedRequest, undefined);
    },
  );

  storeTest('a scheduled call is started once whatever the clock does', async ({ store, clock }) => {
    const request = scheduledFor(clock);
    const { id } = await reserved(store, request);
    let started = 0;
    for (const jump of [hour, hour, -2 * hour, hour, 3 * hour]) {
      clock.advance(jump);
      for (const lease of await store.claimDue(5, minute)) {
        if (lease.why !== 'place') continue;
        if ((await store.startScheduled(id, lease.lease, checks(request, clock))) === undefined) started += 1;
      }
    }
    assert.equal(started, 1);
  });

  storeTest('a scheduled call is checked again when due and stays scheduled when refused', async ({ store, clock }) => {
    const request = scheduledFor(clock, { numberKeys: ['v1:n'] });
    const { id } = await reserved(store, request);
    await acceptedCall(store, clock.now(), { concurrencySlots: [{ scope: 'number', key: 'v1:n', max: 1 }] });
    clock.advance(hour);
    const lease = (await store.claimDue(5, minute)).find(({ why }) => why === 'place');
    const concurrencySlots = [{ scope: 'number', key: 'v1:n', max: 1 }] as const;
    assert.deepEqual(await store.startScheduled(id, lease!.lease, { ...checks(request, clock), concurrencySlots }), {
      kind: 'at-capacity',
      scope: 'number',
    });
    assert.equal((await store.read(id))?.stage, 'scheduled');
    assert.equal((await store.reserve(scheduledFor(clock))).kind, 'refused');
  });

  storeTest('starting a scheduled call frees its place for another callback', async ({ store, clock }) => {
    const request = scheduledFor(clock);
    const { id } = await reserved(store, request);
    clock.advance(hour);
    const [lease] = await store.claimDue(1, minute);
    await store.startScheduled(id, lease!.lease, checks(request, clock));
    await reserved(store, scheduledFor(clock));
  });

  storeTest('a scheduled call does not block itself when it is started', async ({ store, clock }) => {
    const request = scheduledFor(clock);
    const { id } = await reserved(store, request);
    clock.advance(hour);
    const [lease] = await store.claimDue(1, minute);
    const again = { ...checks(request, clock), concurrencySlots: request.concurrencySlots };
    assert.equal(await store.startScheduled(id, lease!.lease, again), undefined);
    assert.equal((await store.reserve(scheduledFor(clock))).kind, 'refused');
  });

  for (const [because, status] of [
    ['taken-back', 'cancelled'],
    ['slot-missed', 'failed'],
    ['not-allowed-when-due', 'failed'],
  ] as const) {
    storeTest(`a scheduled call that ends because ${because} is ${status} and never due`, async ({ store, clock }) => {
      const request = scheduledFor(clock);
      const { id } = await reserved(store, request);
      assert.equal(await store.cancelScheduled(id, because), true);
      assert.equal(await store.cancelScheduled(id, because), false);
      const call = await store.read(id);
      assert.deepEqual(statuses(call), ['scheduled', status]);
      assert.equal(call?.endedBecause, because);
      clock.advance(2 * hour);
      assert.deepEqual(await store.claimDue(1, minute), []);
      await reserved(store, scheduledFor(clock));
    });
  }

  storeTest('a call canceled while it is leased cannot be started', async ({ store, clock }) => {
    const request = scheduledFor(clock);
    const { id } = await reserved(store, request);
    clock.advance(hour);
    const [lease] = await store.claimDue(1, minute);
    assert.equal(await store.cancelScheduled(id, 'taken-back'), true);
    assert.deepEqual(await store.startScheduled(id, lease!.lease, checks(request, clock)), { kind: 'lost-lease' });
  });

  storeTest('a call being placed cannot be canceled', async ({ store, clock }) => {
    const { id } = await acceptedCall(store, clock.now());
    assert.equal(await store.cancelScheduled(id, 'taken-back'), false);
    assert.equal(await store.cancelScheduled('nobody', 'taken-back'), false);
  });
}
