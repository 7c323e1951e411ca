// The expected wait. Mutations that turn it red: one call fewer is enough; the slowest cause is not the one that counts; the position is
// left out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cause, causeOf, fewestCalls, usualHoldMs, waitSecondsOf } from '../../../src/proxy/queue/estimate.js';
import { limitsFor } from '../../../src/proxy/gates/limits.js';
import type { StoredCall } from '../../../src/proxy/store/store.js';
import { callWith } from '../fixtures/call-streams.js';
import { day, hour, minute, startOfTime } from '../store/fixtures/stores.js';

const now = startOfTime;

/** A call that ended `agoMs` ago and held its slot for `ms`. */
const ended = (ms: number, agoMs = minute, over: Partial<StoredCall> = {}): StoredCall => {
  const end = now - agoMs;
  return callWith(['requested', 'completed'], {
    createdAt: end - ms,
    history: [
      { seq: 1, status: 'requested', at: new Date(end - ms).toISOString() },
      { seq: 2, status: 'completed', at: new Date(end).toISOString() },
    ],
    ...over,
  });
};
const many = (count: number, ms: number): readonly StoredCall[] => Array.from({ length: count }, () => ended(ms));

test('calls of the last day show how long a slot is held, once there are twenty', () => {
  assert.equal(usualHoldMs(many(fewestCalls - 1, minute), now), undefined);
  assert.equal(usualHoldMs(many(fewestCalls, minute), now), minute);
  assert.equal(usualHoldMs([...many(10, minute), ...many(10, 3 * minute)], now), 2 * minute);
});

test('older calls, calls under way and calls that were never placed do not count', () => {
  const calls = many(fewestCalls - 1, minute);
  const { upstreamId: _, ...neverPlaced } = ended(minute);
  for (const one of [ended(minute, day), callWith(['requested', 'ringing'], { createdAt: now }), neverPlaced]) {
    assert.equal(usualHoldMs([...calls, one], now), undefined);
  }
});

test('a queued call counts from when it was placed, not from when it joined', () => {
  const call = ended(minute);
  const history = [{ seq: 1, status: 'scheduled', at: new Date(now - hour).toISOString() } as const, ...call.history];
  assert.equal(
    usualHoldMs(
      Array.from({ length: fewestCalls }, () => ({ ...call, history })),
      now,
    ),
    minute,
  );
});

test('with five slots of a minute each, the first waits twelve seconds and the third thirty-six', () => {
  const slots: Cause = { kind: 'slots', max: 5 };
  assert.equal(waitSecondsOf(1, [slots], minute), 12);
  assert.equal(waitSecondsOf(3, [slots], minute), 36);
  assert.equal(waitSecondsOf(1, [slots], undefined), undefined);
  assert.equal(waitSecondsOf(1, [{ kind: 'slots', max: 0 }], minute), undefined);
});

test('an allowance shows when it refills, and the slowest cause counts', () => {
  const refill: Cause = { kind: 'refill', inMs: 90_000, everyMs: 60_000 };
  assert.equal(waitSecondsOf(1, [refill], undefined), 90);
  assert.equal(waitSecondsOf(3, [refill], undefined), 210);
  assert.equal(waitSecondsOf(1, [refill, { kind: 'slots', max: 1 }], 2 * minute), 120);
  assert.equal(waitSecondsOf(1, [refill, { kind: 'slots', max: 1 }], undefined), undefined);
  assert.equal(waitSecondsOf(1, [], minute), undefined);
});

test('only refusals by limits that everybody shares say something about the wait', () => {
  const limits = limitsFor('shipped');
  assert.deepEqual(causeOf({ kind: 'at-capacity', scope: 'site' }, limits), { kind: 'slots', max: 5 });
  assert.deepEqual(causeOf({ kind: 'at-capacity', scope: 'all' }, limits), { kind: 'slots', max: 10 });
  assert.deepEqual(causeOf({ kind: 'rate-limited', scope: 'site', retryAfterMs: 7 }, limits), {
    kind: 'refill',
    inMs: 7,
    everyMs: 3 * minute,
  });
  for (const refusal of [
    { kind: 'at-capacity', scope: 'number' },
    { kind: 'rate-limited', scope: 'number', retryAfterMs: 7 },
    { kind: 'suppressed' },
    { kind: 'cooling-down', untilMs: 7 },
  ] as const)
    assert.equal(causeOf(refusal, limits), undefined);
});

test('a later place never waits for less time, and no estimate is less than a second', () => {
  const cause = fc.oneof(
    fc.record({ kind: fc.constant('slots' as const), max: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant('refill' as const), inMs: fc.nat(10_000_000), everyMs: fc.nat(10_000_000) }),
  );
  fc.assert(
    fc.property(
      fc.array(cause, { minLength: 1 }),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(hour),
      (causes, at, holdMs) => {
        const [here, next] = [at, at + 1].map((position) => waitSecondsOf(position, causes, holdMs) ?? 0);
        assert.ok(
          here !== undefined && next !== undefined && here >= 1 && next >= here,
          `${String(here)} ${String(next)}`,
        );
      },
    ),
  );
});
