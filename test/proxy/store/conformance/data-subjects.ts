// Suppression, access, erasure and retention as every store must keep them.

import assert from 'node:assert/strict';
import type { Consumption } from '../../../../src/proxy/store/store.js';
import type { StoreTest } from './store.js';
import {
  acceptedCall,
  day,
  hour,
  reservation,
  reserved,
  consume,
  consumptionOf,
  statuses,
  strict,
  outcomeOf,
} from '../fixtures/stores.js';

const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };

export function dataSubjectConformance(storeTest: StoreTest): void {
  storeTest('a suppressed number is refused before anything is consumed, under any live secret', async (fixture) => {
    const { store, clock } = fixture;
    await store.suppress(['v1:n'], 'operator');
    await store.suppress(['v1:n'], 'webhook');
    const consumptions = [consumptionOf('all', 'all', strict(1, day))];
    const request = reservation(clock.now(), { numberKeys: ['v2:n', 'v1:n'], consumptions });
    const refused = { kind: 'refused', refusal: { kind: 'suppressed' } };
    assert.deepEqual(await outcomeOf(store, request), refused);
    assert.equal(await consume(store, clock.now(), consumptions), undefined);
    await store.unsuppress(['v2:n', 'v1:n']);
    await reserved(store, { ...request, consumptions: [] });
  });

  storeTest('a visitor who is refused anyway learns nothing about a number', async ({ store, clock }) => {
    await store.suppress(['v1:suppressed'], 'operator');
    const number = consumptionOf('number', 'v1:used-up', strict(1, day));
    await reserved(store, reservation(clock.now(), { consumptions: [number] }));
    await acceptedCall(store, clock.now(), { concurrencySlots: [{ scope: 'number', key: 'v1:held', max: 1 }] });
    const address = consumptionOf('address', 'a', strict(1, hour));
    await reserved(store, reservation(clock.now(), { consumptions: [address] }));
    const overrides = [
      { numberKeys: ['v1:nothing'], consumptions: [address] },
      { numberKeys: ['v1:suppressed'], consumptions: [address] },
      { numberKeys: ['v1:used-up'], consumptions: [number, address] },
      {
        numberKeys: ['v1:held'],
        consumptions: [address],
        concurrencySlots: [{ scope: 'number', key: 'v1:held', max: 1 } as const],
      },
    ];
    for (const over of overrides) {
      assert.deepEqual(await outcomeOf(store, reservation(clock.now(), over)), {
        kind: 'refused',
        refusal: { kind: 'rate-limited', scope: 'address', retryAfterMs: hour },
      });
    }
  });

  storeTest('where a call came from is kept with it, exported, and erased', async ({ store, clock }) => {
    const attribution = { source: 'news', medium: 'mail', campaign: 'spring', sealed: 'v1-00.sealed' };
    const call = await acceptedCall(store, clock.now(), { numberKeys: ['v1:came'], attribution });
    await acceptedCall(store, clock.now(), { numberKeys: ['v1:came'], attribution: { sealed: 'v1-00.other' } });
    await acceptedCall(store, clock.now(), { numberKeys: ['v1:came'] });
    const { calls } = await store.exportNumber(['v1:came']);
    assert.deepEqual(
      calls.map((one) => one.attribution),
      [attribution, { sealed: 'v1-00.other' }, undefined],
    );
    // Whoever follows the call does not get it.
    assert.ok(!('attribution' in ((await store.read(call.id)) ?? {})), 'a reader sees it');
    await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
    assert.deepEqual((await store.exportNumber(['v1:came'])).calls[0]?.attribution, attribution);
    await store.eraseNumber(['v1:came']);
    assert.deepEqual((await store.exportNumber(['v1:came'])).calls, []);
  });

  storeTest('where a call came from is deleted with it, 30 days after its end', async ({ store, clock }) => {
    const attribution = { campaign: 'spring', sealed: 'v1-00.sealed' };
    const call = await acceptedCall(store, clock.now(), { numberKeys: ['v1:old'], attribution });
    await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
    clock.advance(31 * day);
    await store.deleteExpired();
    const { calls, consents } = await store.exportNumber(['v1:old']);
    assert.deepEqual(calls, []);
    assert.doesNotMatch(JSON.stringify(consents), /spring|sealed/);
  });

  storeTest('suppressing leaves a scheduled call waiting, and whoever requested it sees nothing', async (fixture) => {
    const { store, clock } = fixture;
    const scheduled = { slot, dueAt: clock.now() + hour, sealedRequest: 's' };
    const request = reservation(clock.now(), { numberKeys: ['v1:n'], scheduled });
    const before = await reserved(store, request);
    await store.suppress(['v1:n'], 'webhook');
    assert.deepEqual(await store.read(before.id), before);
    clock.advance(hour);
    const [due] = await store.claimDue(5, hour);
    assert.deepEqual([due?.call, due?.sealedRequest], [before, 's']);
    assert.deepEqual(await store.startScheduled(before.id, due!.lease, request), { kind: 'suppressed' });
  });

  storeTest('what was scheduled before an opt-out cannot be placed once calls are allowed again', async (fixture) => {
    const { store, clock } = fixture;
    const scheduled = { slot, dueAt: clock.now() + hour, sealedRequest: 's' };
    const { id } = await reserved(store, reservation(clock.now(), { numberKeys: ['v1:n'], scheduled }));
    await store.suppress(['v1:n'], 'webhook');
    const other = await reserved(store, reservation(clock.now(), { numberKeys: ['v1:m'], scheduled }));
    await store.unsuppress(['v1:m']);
    await store.unsuppress(['v2:n', 'v1:n']);
    const later = await reserved(store, reservation(clock.now(), { numberKeys: ['v1:n'], scheduled }));
    clock.advance(hour);
    const due = await store.claimDue(5, hour);
    const sealedOf = (callId: string): string | undefined => due.find(({ call }) => call.id === callId)?.sealedRequest;
    assert.equal(due.length, 3);
    assert.deepEqual([sealedOf(id), sealedOf(other.id), sealedOf(later.id)], [undefined, 's', 's']);
  });

  storeTest('a number suppressed between the request and placing is not called', async ({ store, second, clock }) => {
    const other = await second();
    const scheduled = { slot, dueAt: clock.now(), sealedRequest: 's' };
    const request = reservation(clock.now(), { numberKeys: ['v2:n'], scheduled });
    const { id } = await reserved(store, request);
    const [lease] = await store.claimDue(1, hour);
    await other.suppress(['v1:n'], 'operator');
    const outcome = await store.startScheduled(id, lease!.lease, { ...request, numberKeys: ['v2:n', 'v1:n'] });
    assert.deepEqual(outcome, { kind: 'suppressed' });
  });

  const reachable = { suppressed: 0, scheduled: 0, inFlight: 0, coolingDown: 0, limited: 0 };

  storeTest('the numbers that retiring a secret would forget are reported beforehand', async ({ store, clock }) => {
    await store.suppress(['v1:a'], 'operator');
    await store.suppress(['v1:b'], 'operator');
    await store.suppress(['v2:b', 'v1:b'], 'webhook');
    const scheduled = { slot, dueAt: clock.now() + hour, sealedRequest: 's' };
    await reserved(store, reservation(clock.now(), { numberKeys: ['v1:c'], scheduled }));
    assert.deepEqual(await store.unreachable(['v2', 'v1']), reachable);
    assert.deepEqual(await store.unreachable(['v2']), { ...reachable, suppressed: 1, scheduled: 1 });
    assert.deepEqual(await store.unreachable(['v3']), { ...reachable, suppressed: 2, scheduled: 1 });
    assert.deepEqual(await store.unreachable(['v']), { ...reachable, suppressed: 2, scheduled: 1 });
  });

  storeTest('a call in flight needs the secret of its number until it ends', async ({ store, clock }) => {
    const placing = await reserved(store, reservation(clock.now(), { numberKeys: ['v1:a'] }));
    const ringing = await acceptedCall(store, clock.now(), { numberKeys: ['v1:b'] });
    await acceptedCall(store, clock.now(), { numberKeys: ['v2:c'] });
    assert.deepEqual(await store.unreachable(['v2']), { ...reachable, inFlight: 2 });
    assert.deepEqual(await store.unreachable(['v1']), { ...reachable, inFlight: 1 });
    await store.settle(placing.id, { kind: 'rejected' });
    await store.append(ringing.id, [{ status: 'completed', at: clock.now() }]);
    assert.deepEqual(await store.unreachable(['v2']), reachable);
  });

  storeTest('a cool-down needs the secret of its number until it is over', async ({ store, clock }) => {
    const call = await reserved(store, reservation(clock.now(), { numberKeys: ['v1:a'] }));
    await store.settle(call.id, { kind: 'unknown', coolDownUntil: clock.now() + hour });
    assert.deepEqual(await store.unreachable(['v2']), { ...reachable, coolingDown: 1 });
    clock.advance(hour);
    assert.deepEqual(await store.unreachable(['v2']), reachable);
  });

  for (const scope of ['number', 'prefix', 'distinct-numbers'] as const) {
    storeTest(`an allowance of scope ${scope} needs its secret for a day`, async ({ store, clock }) => {
      const rule = strict(3, day);
      const named = (key: string) => consumptionOf(scope, key, rule);
      await consume(store, clock.now(), [
        named('numberPerDay:v1-0a:n'),
        named('numberPerDay:v2-0b:n'),
        named('perHour:v1-0a:n'),
      ]);
      assert.deepEqual(await store.unreachable(['v1-0a', 'v2-0b']), reachable);
      assert.deepEqual(await store.unreachable(['v2-0b']), { ...reachable, limited: 2 });
      assert.deepEqual(await store.unreachable(['v1-0a']), { ...reachable, limited: 1 });
      clock.advance(day);
      assert.deepEqual(await store.unreachable(['v2-0b']), reachable);
    });
  }

  storeTest('a webhook id works once, and only together with the change it requested', async ({ store, clock }) => {
    const message = { id: 'msg-1', expiresAt: clock.now() + hour };
    assert.equal(await store.suppress(['v1:n'], 'webhook', message), true);
    assert.equal((await store.exportNumber(['v1:n'])).suppressed, true);
    await store.unsuppress(['v1:n']);
    assert.equal(await store.suppress(['v1:n'], 'webhook', message), false);
    assert.equal((await store.exportNumber(['v1:n'])).suppressed, false);
    clock.advance(2 * hour);
    await store.deleteExpired();
    clock.advance(-2 * hour);
    assert.equal(await store.suppress(['v1:n'], 'webhook', message), false);
  });

  storeTest('an export holds the calls, the consent and the suppression of a number', async ({ store, clock }) => {
    const numberKeys = ['v2:n', 'v1:n'];
    const request = reservation(clock.now(), { numberKeys: ['v1:n'] });
    const call = await reserved(store, request);
    await reserved(store, reservation(clock.now()));
    assert.deepEqual(await store.exportNumber(numberKeys), {
      calls: [{ ...call, consent: request.consent }],
      consents: [],
      suppressed: false,
    });
    await store.suppress(['v2:n'], 'operator');
    assert.equal((await store.exportNumber(numberKeys)).suppressed, true);
  });

  storeTest('erasing removes everything about a number except its suppression', async ({ store, clock }) => {
    const distinct: Consumption = { scope: 'distinct-numbers', key: 'a', rule: strict(1, day), member: 'v1:n' };
    const number = consumptionOf('number', 'v1:n', strict(1, day));
    const request = reservation(clock.now(), {
      numberKeys: ['v1:n'],
      consumptions: [number, distinct],
      concurrencySlots: [{ scope: 'site', key: 'site', max: 1 }],
    });
    const { id } = await reserved(store, request);
    await store.settle(id, { kind: 'unknown', coolDownUntil: clock.now() + hour });
    await store.suppress(['v1:n'], 'operator');
    assert.equal(await store.eraseNumber(['v2:n', 'v1:n']), 1);
    assert.equal(await store.read(id), undefined);
    assert.deepEqual(await store.exportNumber(['v1:n']), { calls: [], consents: [], suppressed: true });
    assert.equal((await store.recall(request.idempotencyKey, request.fingerprint)).kind, 'new');
    assert.equal(await consume(store, clock.now(), [number]), undefined);
    // The address keeps what it has consumed: erasing must not reopen a cap.
    assert.notEqual(await consume(store, clock.now(), [{ ...distinct, member: 'v1:other' }]), undefined);
    await store.unsuppress(['v1:n']);
    await reserved(
      store,
      reservation(clock.now(), { numberKeys: ['v1:n'], concurrencySlots: request.concurrencySlots }),
    );
  });

  storeTest(
    'calls are kept for 30 days, consent for 5 years, a call in flight for as long as it takes',
    async (fixture) => {
      const { store, clock } = fixture;
      const numberKeys = ['v1:n'];
      const call = await acceptedCall(store, clock.now(), { numberKeys });
      await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
      const running = await acceptedCall(store, clock.now());
      clock.advance(30 * day);
      await store.deleteExpired();
      assert.deepEqual(statuses(await store.read(call.id)), ['requested', 'completed']);
      clock.advance(1);
      await store.deleteExpired();
      assert.equal(await store.read(call.id), undefined);
      assert.notEqual(await store.read(running.id), undefined);
      clock.advance(4 * 365 * day);
      await store.deleteExpired();
      const kept = await store.exportNumber(numberKeys);
      assert.equal(kept.consents[0]?.callId, call.id);
      clock.advance(2 * 365 * day);
      await store.deleteExpired();
      assert.deepEqual((await store.exportNumber(numberKeys)).consents, []);
    },
  );

  storeTest('a store that can write answers a ping', async ({ store }) => {
    await store.ping();
    await store.ping();
  });
}
