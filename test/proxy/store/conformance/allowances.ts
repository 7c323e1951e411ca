// Allowances, concurrency slots and cool-downs as every store must keep them.

import assert from 'node:assert/strict';
import type { Consumption } from '../../../../src/proxy/store/store.js';
import type { StoreTest } from './store.js';
import {
  acceptedCall,
  day,
  gcra,
  hour,
  minute,
  reservation,
  reserved,
  consume,
  consumptionOf,
  strict,
  outcomeOf,
} from '../fixtures/stores.js';

export function allowanceConformance(storeTest: StoreTest): void {
  storeTest('a cap is reached exactly, then reports when to come back', async ({ store, clock }) => {
    const consumptions = [consumptionOf('all', 'all', gcra(3, hour))];
    for (let n = 0; n < 3; n += 1) await reserved(store, reservation(clock.now(), { consumptions }));
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { consumptions })), {
      kind: 'refused',
      refusal: { kind: 'rate-limited', scope: 'all', retryAfterMs: hour / 3 },
    });
    clock.advance(hour / 3);
    await reserved(store, reservation(clock.now(), { consumptions }));
    assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
  });

  storeTest('how much of an allowance is used can be read without consuming it', async ({ store, clock }) => {
    const rules = [gcra(4, hour), strict(3, day)];
    const consumptions = rules.map((rule) => consumptionOf('site', 'site', rule));
    const others = [consumptionOf('all', 'nothing', gcra(3, hour)), consumptionOf('all', 'nothing', strict(0, hour))];
    assert.deepEqual(await store.usage([...consumptions, ...others]), [0, 0, 0, 0]);
    for (let n = 0; n < 2; n += 1) await reserved(store, reservation(clock.now(), { consumptions }));
    assert.deepEqual(await store.usage([...consumptions, ...others]), [2, 2, 0, 0]);
    clock.advance(hour / 4);
    assert.deepEqual(await store.usage(consumptions), [1, 2]);
    clock.advance(day);
    assert.deepEqual(await store.usage(consumptions), [0, 0]);
  });

  storeTest('all or none: a refusal on the last key consumes nothing of the others', async ({ store, clock }) => {
    const free = Array.from({ length: 6 }, (_, n) => consumptionOf('address', `a${n}`, gcra(1, hour)));
    const shut = consumptionOf('site', 'site', gcra(1, hour));
    await reserved(store, reservation(clock.now(), { consumptions: [shut] }));
    const refused = await store.reserve(reservation(clock.now(), { consumptions: [...free, shut] }));
    assert.equal(refused.kind, 'refused');
    await reserved(store, reservation(clock.now(), { consumptions: free }));
  });

  storeTest('a key under two rules obeys both', async ({ store, clock }) => {
    const consumptions = [
      consumptionOf('number', 'v1:n', strict(2, 10 * minute)),
      consumptionOf('number', 'v1:n', strict(3, day)),
    ];
    for (const wait of [0, minute, 10 * minute]) {
      clock.advance(wait);
      await reserved(store, reservation(clock.now(), { consumptions }));
    }
    clock.advance(10 * minute);
    const refused = await outcomeOf(store, reservation(clock.now(), { consumptions }));
    assert.deepEqual(refused, {
      kind: 'refused',
      refusal: { kind: 'rate-limited', scope: 'number', retryAfterMs: day - 21 * minute },
    });
  });

  storeTest('the first scope that refuses is named, with its slowest rule', async ({ store, clock }) => {
    const consumptions = [
      consumptionOf('address', 'a', gcra(1, minute)),
      consumptionOf('address', 'a', gcra(1, hour)),
      consumptionOf('all', 'all', gcra(1, day)),
    ];
    await reserved(store, reservation(clock.now(), { consumptions }));
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { consumptions })), {
      kind: 'refused',
      refusal: { kind: 'rate-limited', scope: 'address', retryAfterMs: hour },
    });
  });

  const everyScope: readonly Consumption['scope'][] = [
    ...(['number', 'prefix', 'country', 'abroad', 'site', 'all'] as const),
    ...(['address', 'neighbourhood'] as const),
  ];
  const outcomes = [
    { settlement: { kind: 'rejected' }, back: ['number', 'prefix', 'country', 'abroad', 'site', 'all'] },
    { settlement: { kind: 'not-sent' }, back: everyScope },
    { settlement: { kind: 'unknown', coolDownUntil: 0 }, back: [] },
    { settlement: { kind: 'accepted', upstreamId: 'OUT-1', nextPollAt: 0 }, back: [] },
  ] as const;
  for (const { settlement, back } of outcomes) {
    for (const rule of [gcra(1, hour), strict(1, hour)]) {
      storeTest(`${settlement.kind} refunds exactly what it should (${rule.kind})`, async ({ store, clock }) => {
        const consumptions = everyScope.map((scope) => consumptionOf(scope, 'k', rule));
        const call = await reserved(store, reservation(clock.now(), { consumptions }));
        await store.settle(call.id, settlement);
        await store.settle(call.id, settlement);
        for (const scope of everyScope) {
          const first = await consume(store, clock.now(), [consumptionOf(scope, 'k', rule)]);
          assert.equal(first === undefined, (back as readonly string[]).includes(scope), scope);
          assert.notEqual(
            await consume(store, clock.now(), [consumptionOf(scope, 'k', rule)]),
            undefined,
            `${scope} twice`,
          );
        }
      });
    }
  }

  storeTest('distinct numbers are counted once each, and refunded only when not sent', async ({ store, clock }) => {
    const requesting = (member: string) => ({
      consumptions: [{ scope: 'distinct-numbers', key: 'a', rule: strict(2, hour), member } as const],
    });
    for (const member of ['v1:x', 'v1:x', 'v1:y', 'v1:x']) {
      await reserved(store, reservation(clock.now(), requesting(member)));
    }
    assert.equal((await store.reserve(reservation(clock.now(), requesting('v1:z')))).kind, 'refused');
    clock.advance(hour);
    const rejected = await reserved(store, reservation(clock.now(), requesting('v1:p')));
    await store.settle(rejected.id, { kind: 'rejected' });
    const unsent = await reserved(store, reservation(clock.now(), requesting('v1:q')));
    assert.equal((await store.reserve(reservation(clock.now(), requesting('v1:r')))).kind, 'refused');
    await store.settle(unsent.id, { kind: 'not-sent' });
    await reserved(store, reservation(clock.now(), requesting('v1:r')));
  });

  storeTest('what was consumed under an older secret still counts', async ({ store, clock }) => {
    const rule = gcra(2, day);
    const old = consumptionOf('number', 'v1:n', rule);
    const fresh: Consumption = { ...consumptionOf('number', 'v2:n', rule), aliases: ['v1:n'] };
    await reserved(store, reservation(clock.now(), { consumptions: [old] }));
    await reserved(store, reservation(clock.now(), { consumptions: [fresh] }));
    assert.equal((await store.reserve(reservation(clock.now(), { consumptions: [fresh] }))).kind, 'refused');
    const back: Consumption = { ...old, aliases: ['v2:n'] };
    assert.equal((await store.reserve(reservation(clock.now(), { consumptions: [back] }))).kind, 'refused');
  });

  for (const rule of [gcra(3, 2 * hour), strict(3, 2 * hour)]) {
    storeTest(`setting the clock back an hour does not reopen a cap (${rule.kind})`, async ({ store, clock }) => {
      const consumptions = [consumptionOf('number', 'v1:n', rule)];
      for (let n = 0; n < 3; n += 1) await reserved(store, reservation(clock.now(), { consumptions }));
      clock.advance(-hour);
      assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
      clock.advance(hour);
      assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
    });

    storeTest(
      `setting the clock forward, a retention run, and setting it back do not reopen a cap (${rule.kind})`,
      async ({ store, clock }) => {
        const consumptions = [consumptionOf('number', 'v1:n', rule)];
        for (let n = 0; n < 3; n += 1) await reserved(store, reservation(clock.now(), { consumptions }));
        clock.advance(hour);
        await store.deleteExpired();
        clock.advance(-hour);
        assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
      },
    );
  }

  storeTest('a concurrency slot is taken until the call ends', async ({ store, clock }) => {
    const concurrencySlots = [{ scope: 'number', key: 'v1:n', max: 1 }] as const;
    const call = await acceptedCall(store, clock.now(), { concurrencySlots });
    clock.advance(2 * day);
    await store.deleteExpired();
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { concurrencySlots })), {
      kind: 'refused',
      refusal: { kind: 'at-capacity', scope: 'number' },
    });
    await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
    await reserved(store, reservation(clock.now(), { concurrencySlots }));
  });

  storeTest('a concurrency slot taken under an older secret still counts', async ({ store, clock }) => {
    await acceptedCall(store, clock.now(), { concurrencySlots: [{ scope: 'number', key: 'v1:n', max: 1 }] });
    const concurrencySlots = [{ scope: 'number', key: 'v2:n', aliases: ['v1:n'], max: 1 }] as const;
    assert.equal((await store.reserve(reservation(clock.now(), { concurrencySlots }))).kind, 'refused');
  });

  storeTest('two stores at once take exactly the available slots', async ({ store, second, clock }) => {
    const other = await second();
    const concurrencySlots = [{ scope: 'all', key: 'all', max: 3 }] as const;
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        [store, other][n % 2]!.reserve(reservation(clock.now(), { concurrencySlots })),
      ),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 3);
  });

  storeTest('after unknown the number cools down, whichever secret names it', async ({ store, clock }) => {
    const numberKeys = ['v1:n'];
    const call = await reserved(store, reservation(clock.now(), { numberKeys }));
    const coolDownUntil = clock.now() + 5 * minute;
    await store.settle(call.id, { kind: 'unknown', coolDownUntil });
    const refused = { kind: 'refused', refusal: { kind: 'cooling-down', untilMs: coolDownUntil } };
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { numberKeys })), refused);
    assert.deepEqual(await outcomeOf(store, reservation(clock.now(), { numberKeys: ['v2:n', 'v1:n'] })), refused);
    clock.advance(5 * minute);
    await reserved(store, reservation(clock.now(), { numberKeys }));
  });

  storeTest('what a rejected or cancelled callback consumed is refunded', async ({ store, clock }) => {
    const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
    const consumptions = [
      consumptionOf('number', 'v1:n', strict(1, day)),
      consumptionOf('address', 'a', strict(1, day)),
    ];
    const scheduled = { slot, dueAt: clock.now() + hour, sealedRequest: 's' };
    const call = await reserved(store, reservation(clock.now(), { consumptions, scheduled }));
    await store.cancelScheduled(call.id, 'taken-back');
    assert.equal(await consume(store, clock.now(), [consumptions[0]!]), undefined);
    assert.notEqual(await consume(store, clock.now(), [consumptions[1]!]), undefined);
  });
}
