// Following a call as every store must allow it.

import assert from 'node:assert/strict';
import type { StoredCall } from '../../../../src/proxy/store/store.js';
import type { StoreTest } from './store.js';
import { acceptedCall, reservation, reserved, withDeadline, statuses } from '../fixtures/stores.js';
import { follow } from '../fixtures/follow.js';

export function followConformance(storeTest: StoreTest): void {
  storeTest('a follower gets the current state, then every change, then the end', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const reader = follow(store, call.id, 0);
    assert.deepEqual(statuses((await withDeadline(reader.next())).value), ['requested']);
    const next = reader.next();
    await store.append(call.id, [{ status: 'ringing', at: clock.now() }]);
    assert.deepEqual(statuses((await withDeadline(next)).value), ['requested', 'ringing']);
    await store.append(call.id, [{ status: 'busy', at: clock.now() }]);
    assert.deepEqual(statuses((await withDeadline(reader.next())).value), ['requested', 'ringing', 'busy']);
    assert.equal((await withDeadline(reader.next())).done, true);
  });

  storeTest(
    'a follower that has seen everything waits; one that comes back after the end learns that it ended',
    async (fixture) => {
      const { store, clock } = fixture;
      const call = await acceptedCall(store, clock.now());
      const reader = follow(store, call.id, 1);
      const next = reader.next();
      await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
      assert.equal((await withDeadline(next)).value.history.length, 2);
      assert.equal((await withDeadline(follow(store, call.id, 2).next())).done, true);
      assert.equal((await withDeadline(follow(store, call.id, 1).next())).value.status, 'completed');
    },
  );

  storeTest('a slow reader gets the newest state once, not every step', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const reader = follow(store, call.id, 0);
    await withDeadline(reader.next());
    for (const status of ['created', 'queued', 'ringing'] as const) {
      await store.append(call.id, [{ status, at: clock.now() }]);
    }
    assert.equal((await withDeadline(reader.next())).value.history.length, 4);
    const next = reader.next();
    await store.append(call.id, [{ status: 'no-answer', at: clock.now() }]);
    assert.equal((await withDeadline(next)).value.history.length, 5);
  });

  storeTest(
    'nothing between reading and following is missed, and nothing is delivered twice',
    async ({ store, clock }) => {
      const call = await acceptedCall(store, clock.now());
      const steps = ['created', 'queued', 'calling', 'ringing', 'in-progress', 'completed'] as const;
      let last: Promise<unknown> = Promise.resolve();
      const readers = steps.map(async (status) => {
        const earlier = last;
        let isAppended = (): void => {};
        last = new Promise<void>((resolve) => (isAppended = resolve));
        await earlier;
        const seen: number[] = [];
        // Reads while its own change is written.
        const following = follow(store, call.id, 0);
        const appended = store.append(call.id, [{ status, at: clock.now() }]).then(isAppended);
        for await (const state of following) seen.push(state.history.length);
        await appended;
        return seen;
      });
      for (const seen of await withDeadline(Promise.all(readers))) {
        assert.equal(seen.at(-1), 7);
        assert.deepEqual(
          seen,
          [...new Set(seen)].sort((a, b) => a - b),
        );
      }
    },
  );

  storeTest('an abort ends a waiting follower', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const leaving = new AbortController();
    const reader = follow(store, call.id, 1, leaving.signal);
    const next = reader.next();
    leaving.abort();
    assert.equal((await withDeadline(next)).done, true);
    assert.equal((await withDeadline(follow(store, call.id, 0, leaving.signal).next())).done, true);
  });

  storeTest('following a call that does not exist ends at once', async ({ store }) => {
    assert.equal((await withDeadline(follow(store, 'nobody', 0).next())).done, true);
  });

  storeTest('closing the store ends its followers', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const next = follow(store, call.id, 1).next();
    await store.close();
    assert.equal((await withDeadline(next)).done, true);
  });

  storeTest('all followers of one call get the same object for one change', async ({ store, clock }) => {
    const call = await acceptedCall(store, clock.now());
    const readers = Array.from({ length: 50 }, () => follow(store, call.id, 0));
    const first = await withDeadline(Promise.all(readers.map((reader) => reader.next())));
    assert.equal(new Set(first.map(({ value }) => value as StoredCall)).size, 1);
    const next = readers.map((reader) => reader.next());
    await store.append(call.id, [{ status: 'ringing', at: clock.now() }]);
    assert.equal(new Set((await withDeadline(Promise.all(next))).map(({ value }) => value as StoredCall)).size, 1);
  });

  storeTest('changes made by another process reach followers here', async ({ store, second, clock }) => {
    const other = await second();
    const call = await acceptedCall(other, clock.now());
    const reader = follow(store, call.id, 0);
    await withDeadline(reader.next());
    const next = reader.next();
    await other.append(call.id, [{ status: 'ringing', at: clock.now() }]);
    clock.advance(1_000);
    assert.deepEqual(statuses((await withDeadline(next)).value), ['requested', 'ringing']);
    const end = reader.next();
    await other.append(call.id, [{ status: 'completed', at: clock.now() }]);
    for (let n = 0; n < 3; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    assert.equal((await withDeadline(end)).value.status, 'completed');
    assert.equal((await withDeadline(reader.next())).done, true);
  });

  storeTest('followers end when their call is erased, here or by another process', async ({ store, second, clock }) => {
    const other = await second();
    const numberKeys = ['v1:n'];
    const { id } = await reserved(store, reservation(clock.now(), { numberKeys }));
    const fixture = follow(store, id, 1).next();
    const there = follow(other, id, 1).next();
    await store.ping();
    await store.eraseNumber(numberKeys);
    assert.equal((await withDeadline(fixture)).done, true);
    clock.advance(1_000);
    assert.equal((await withDeadline(there)).done, true);
  });
}
