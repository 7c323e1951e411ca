// The arithmetic of allowances as a table: when each request is made and whether it is allowed. Times in minutes, on a manual clock.
// No store is needed here; the conformance suite shows that every store applies it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type AllowanceState, evaluate, refund, mergeStates, type Receipt } from '../../../src/proxy/store/gcra.js';
import type { Rule } from '../../../src/proxy/store/store.js';
import { gcra, minute, strict } from './fixtures/stores.js';

/** A request at a minute: `yes`, or the minutes until a retry makes sense. */
type Step = readonly [at: number, outcome: 'yes' | number, member?: string];

const table: readonly { readonly name: string; readonly rule: Rule; readonly steps: readonly Step[] }[] = [
  {
    name: 'gcra: a burst of the limit, then one for every interval',
    rule: gcra(3, 60 * minute),
    steps: [
      [0, 'yes'],
      [0, 'yes'],
      [0, 'yes'],
      [0, 20],
      [19, 1],
      [20, 'yes'],
      [20, 20],
      [60, 'yes'],
      [60, 'yes'],
      [60, 20],
    ],
  },
  {
    name: 'gcra: an idle key saves up no more than its burst',
    rule: gcra(2, 60 * minute),
    steps: [
      [0, 'yes'],
      [600, 'yes'],
      [600, 'yes'],
      [600, 30],
    ],
  },
  {
    name: 'gcra: one a minute',
    rule: gcra(1, minute),
    steps: [
      [0, 'yes'],
      [0.5, 0.5],
      [1, 'yes'],
      [1, 1],
    ],
  },
  {
    name: 'gcra: a limit that does not divide its window still allows the whole burst and no more',
    rule: gcra(7, 1440 * minute),
    steps: [
      ...Array.from({ length: 7 }, (): Step => [0, 'yes']),
      [0, Math.ceil((1440 * minute) / 7) / minute],
      [1440 / 7 - 0.1, (Math.ceil((1440 * minute) / 7) - (1440 / 7 - 0.1) * minute) / minute],
    ],
  },
  {
    name: 'gcra: the clock set back refuses until it has caught up',
    rule: gcra(1, 10 * minute),
    steps: [
      [100, 'yes'],
      [40, 70],
      [100, 10],
      [110, 'yes'],
    ],
  },
  {
    name: 'strict: never more than the limit in any window',
    rule: strict(3, 60 * minute),
    steps: [
      [0, 'yes'],
      [30, 'yes'],
      [59, 'yes'],
      [59, 1],
      [60, 'yes'],
      [60, 30],
      [90, 'yes'],
      [118, 1],
      [119, 'yes'],
    ],
  },
  {
    name: 'strict: the clock set back refuses, and forgets nothing once it is corrected',
    rule: strict(2, 60 * minute),
    steps: [
      [100, 'yes'],
      [100, 'yes'],
      [40, 120],
      [159, 1],
      [160, 'yes'],
    ],
  },
  {
    name: 'strict: an hour forward and back again still counts the earlier ones',
    rule: strict(2, 90 * minute),
    steps: [
      [0, 'yes'],
      [40, 'yes'],
      [100, 'yes'],
      [45, 85],
    ],
  },
  {
    name: 'distinct: a member is counted once while it is in the window',
    rule: strict(2, 60 * minute),
    steps: [
      [0, 'yes', 'x'],
      [10, 'yes', 'y'],
      [20, 'yes', 'x'],
      [30, 40, 'z'],
      [69, 1, 'z'],
      [70, 'yes', 'z'],
      [79, 1, 'y'],
      [80, 'yes', 'y'],
    ],
  },
  {
    name: 'distinct: counted strictly under a gcra rule too',
    rule: gcra(1, 60 * minute),
    steps: [
      [0, 'yes', 'x'],
      [30, 30, 'y'],
      [30, 'yes', 'x'],
      [60, 30, 'y'],
    ],
  },
  {
    name: 'a limit of zero allows nothing',
    rule: gcra(0, minute),
    steps: [
      [0, 1],
      [60, 1],
    ],
  },
  { name: 'a limit that is not a number allows nothing', rule: strict(Number.NaN, minute), steps: [[0, 1]] },
];

for (const { name, rule, steps } of table) {
  test(name, () => {
    let state: AllowanceState = {};
    for (const [index, [at, expected, member]] of steps.entries()) {
      const outcome = evaluate(rule, state, Math.round(at * minute), member);
      const seen = outcome.allowed ? 'yes' : outcome.retryAfterMs;
      const wanted = expected === 'yes' ? 'yes' : Math.round(expected * minute);
      assert.equal(seen, wanted, `step ${index + 1}, minute ${at}`);
      if (outcome.allowed) ({ state } = outcome);
    }
  });
}

function consumeAt(rule: Rule, state: AllowanceState, now: number, member?: string) {
  const outcome = evaluate(rule, state, now, member);
  assert.ok(outcome.allowed, 'refused');
  return outcome;
}

test('an immediate refund restores the previous state', () => {
  for (const rule of [gcra(3, 60 * minute), strict(3, 60 * minute)]) {
    const { state: before } = consumeAt(rule, {}, 0);
    const { state, receipt } = consumeAt(rule, before, 5);
    assert.deepEqual(refund(state, receipt, 5), before);
  }
});

test('refunding what time has already refilled changes nothing', () => {
  const rule = gcra(1, 10 * minute);
  const first = consumeAt(rule, {}, 0);
  const second = consumeAt(rule, first.state, 10 * minute);
  assert.deepEqual(refund(second.state, first.receipt, 10 * minute), second.state);
});

test('refunding a member restores its earlier count time', () => {
  const rule = strict(2, 60 * minute);
  const first = consumeAt(rule, {}, 0, 'x');
  const again = consumeAt(rule, first.state, 30 * minute, 'x');
  assert.deepEqual(refund(again.state, again.receipt, 31 * minute), first.state);
  assert.deepEqual(refund(first.state, first.receipt, 1).hits, []);
});

test('a request counted while the clock was fast and then refunded displaces none of the earlier ones', () => {
  const rule = strict(2, 90 * minute);
  const earlier = consumeAt(rule, consumeAt(rule, {}, 0).state, 40 * minute);
  const fast = consumeAt(rule, earlier.state, 100 * minute);
  const state = refund(fast.state, fast.receipt, 100 * minute);
  assert.deepEqual(evaluate(rule, state, 45 * minute), { allowed: false, retryAfterMs: 45 * minute });
});

test('a second refund, or a refund of something never counted, does nothing', () => {
  const rule = strict(2, 60 * minute);
  const { state, receipt } = consumeAt(rule, {}, 0);
  const once = refund(state, receipt, 1);
  assert.deepEqual(refund(once, receipt, 1), once);
  assert.deepEqual(refund({}, { kind: 'gcra', until: 10, amount: 10 }, 0), {});
});

test('a key stored under several names takes the stricter count of each', () => {
  assert.deepEqual(mergeStates([{ tat: 5 }, { tat: 9, hits: [{ at: 4 }] }, { hits: [{ at: 1 }] }]), {
    tat: 9,
    hits: [{ at: 1 }, { at: 4 }],
  });
  assert.deepEqual(mergeStates([]), {});
});

// Requests at random times, some refunded at random later times. What remains must satisfy the rule by itself.
const plan = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 40 }), undoAfter: fc.option(fc.integer({ min: 0, max: 60 })) }),
  { maxLength: 60 },
);

function run(rule: Rule, steps: readonly { wait: number; undoAfter: number | null }[]): number[] {
  let now = 0;
  let state: AllowanceState = {};
  const kept: number[] = [];
  let undoing: { at: number; receipt: Receipt }[] = [];
  for (const { wait, undoAfter } of steps) {
    now += wait;
    for (const { receipt } of undoing.filter(({ at }) => at <= now)) state = refund(state, receipt, now);
    undoing = undoing.filter(({ at }) => at > now);
    const outcome = evaluate(rule, state, now);
    if (!outcome.allowed) continue;
    ({ state } = outcome);
    if (undoAfter === null) kept.push(now);
    else undoing.push({ at: now + undoAfter, receipt: outcome.receipt });
  }
  return kept;
}

test('whatever is refunded, what remains never exceeds a gcra cap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), plan, (limit, steps) => {
      const rule = gcra(limit, 100);
      let fresh: AllowanceState = {};
      for (const at of run(rule, steps)) {
        const outcome = evaluate(rule, fresh, at);
        assert.ok(outcome.allowed, 'refused');
        fresh = outcome.state;
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever is refunded, what remains never exceeds a strict cap in any window', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), plan, (limit, steps) => {
      const kept = run(strict(limit, 100), steps);
      for (const [index, at] of kept.entries()) {
        const blocking = kept[index - limit];
        assert.ok(blocking === undefined || blocking <= at - 100, 'too many in one window');
      }
    }),
    { numRuns: 500 },
  );
});

test('a promised call counts only in the windows that contain its time', () => {
  const rule = strict(2, 60 * minute);
  let state: AllowanceState = {};
  const take = (now: number, promisedAt?: number): boolean => {
    const outcome = evaluate(rule, state, now * minute, undefined, promisedAt && promisedAt * minute);
    if (outcome.allowed) state = outcome.state;
    return outcome.allowed;
  };
  assert.ok(take(0, 100), 'the first promise');
  assert.ok(take(0, 130), 'the second promise');
  assert.equal(take(0, 120), false, 'a third within the hour');
  assert.ok(take(1), 'an hour and more before them');
  assert.ok(take(2), 'the same again');
  assert.equal(take(3), false);
  assert.equal(take(71), false, 'within the hour of both promises');
  assert.ok(take(70), 'an hour before the second');
  assert.equal(take(161), true, 'the first is over');
});

test('even with promised calls, no window ever exceeds its limit', () => {
  const limit = 4;
  const rule = strict(limit, 60);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ step: fc.integer({ min: 0, max: 20 }), ahead: fc.option(fc.integer({ min: 1, max: 200 })) }),
        {
          maxLength: 120,
        },
      ),
      (requests) => {
        let now = 0;
        let state: AllowanceState = {};
        const times: number[] = [];
        for (const { step, ahead } of requests) {
          now += step;
          const promisedAt = ahead === null ? undefined : now + ahead;
          const outcome = evaluate(rule, state, now, undefined, promisedAt);
          if (!outcome.allowed) continue;
          state = outcome.state;
          times.push(promisedAt ?? now);
        }
        times.sort((a, b) => a - b);
        times.forEach((at, index) => {
          assert.ok(
            at - (times[index - limit] ?? -Infinity) >= 60,
            `${String(limit + 1)} in one window at ${String(at)}`,
          );
        });
      },
    ),
  );
});
