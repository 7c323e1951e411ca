// What follows from a status response, decided without a clock or a store.
// Mutations that turn a test red:
//   poll-decision.ts: drop the filter of known statuses, the `Math.max`/`Math.min` of times, either upper bound, `youngMs`, `wasSeen`, `noProgressMs`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallStatus } from '../../../src/contract.js';
import { decideAfterPoll, missingAllowed, noProgressMs, unreadableMs } from '../../../src/proxy/calls/poll-decision.js';
import type { StatusOutcome } from '../../../src/proxy/polyai/polyai.js';
import type { DueCall } from '../../../src/proxy/store/store.js';
import { callWith } from '../fixtures/call-streams.js';
import { hour, startOfTime } from '../store/fixtures/stores.js';

const start = startOfTime;
const due = (statuses: readonly CallStatus[] = ['requested'], over: Partial<DueCall> = {}): DueCall => ({
  call: callWith(statuses),
  lease: 'lease',
  why: 'poll',
  failures: 0,
  acceptedAt: start,
  ...over,
});
const seen = (...statuses: CallStatus[]): StatusOutcome => ({
  kind: 'seen',
  status: statuses.at(-1) ?? 'created',
  history: statuses.map((status, index) => ({ status, at: start + index * 1_000 })),
});
const step = (
  call: DueCall,
  outcome: StatusOutcome,
  elapsed = 10_000,
  chance = 0.5,
): ReturnType<typeof decideAfterPoll> =>
  decideAfterPoll({ due: call, outcome, now: start + elapsed, unreadableForMs: 0, random: () => chance });
const waitOf = (call: DueCall, outcome: StatusOutcome, elapsed = 10_000, chance = 0.5): number => {
  const next = step(call, outcome, elapsed, chance);
  assert.ok(next.kind === 'poll-again', next.kind);
  return next.dueAt - start - elapsed;
};

test('two seconds until it is answered, ten while it is in progress, give or take a fifth', () => {
  for (const status of ['created', 'queued', 'ringing'] as const) {
    assert.deepEqual(
      [0, 0.5, 1].map((chance) => waitOf(due(), seen(status), 10_000, chance)),
      [1_600, 2_000, 2_400],
    );
  }
  assert.deepEqual(
    [0, 0.5, 1].map((chance) => waitOf(due(), seen('in-progress'), 10_000, chance)),
    [8_000, 10_000, 12_000],
  );
});

test('phases between two status requests are recorded in order', () => {
  const next = step(due(['requested', 'created']), seen('created', 'queued', 'ringing', 'in-progress'));
  assert.ok(next.kind === 'poll-again');
  assert.deepEqual(
    next.items.map(({ status }) => status),
    ['queued', 'ringing', 'in-progress'],
  );
});

test('times neither run backward nor ahead of now, whatever upstream reports', () => {
  const outcome: StatusOutcome = {
    kind: 'seen',
    status: 'in-progress',
    history: [
      { status: 'created', at: start - 3_600_000 },
      { status: 'ringing', at: start + 5_000 },
      { status: 'in-progress', at: start + 3_600_000 },
    ],
  };
  const next = step(due(), outcome);
  assert.ok(next.kind === 'poll-again');
  assert.deepEqual(
    next.items.map(({ at }) => at - start),
    [0, 5_000, 10_000],
  );
});

test('a terminal status ends the polling', () => {
  for (const status of ['completed', 'failed', 'no-answer', 'busy', 'cancelled'] as const) {
    assert.equal(step(due(), seen('created', status)).kind, 'ended');
  }
});

test('errors back off from 1 to 30 seconds, and a success resets the back-off', () => {
  const failed: StatusOutcome = { kind: 'failed', reason: 'http-500' };
  const waits = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => waitOf(due(['requested'], { failures }), failed));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(waitOf(due(['requested'], { failures: 50 }), failed, 10_000, 1), 30_000);
  const next = step(due(['requested'], { failures: 7 }), seen('created'));
  assert.ok(next.kind === 'poll-again');
  assert.equal(next.failures, 0);
});

test('Retry-After is honored, up to two minutes', () => {
  const limited = (retryAfterSeconds: number): StatusOutcome => ({
    kind: 'failed',
    reason: 'http-429',
    retryAfterSeconds,
  });
  assert.equal(waitOf(due(), limited(7)), 7_000);
  assert.equal(waitOf(due(), limited(3_600)), 120_000);
});

test('a new call may be missing at first', () => {
  for (const elapsed of [0, 10_000, 29_999]) assert.equal(waitOf(due(), { kind: 'missing' }, elapsed), 2_000);
});

test('a call that was never seen is lost after 30 seconds', () => {
  assert.deepEqual(step(due(), { kind: 'missing' }, 30_000), { kind: 'lost', because: 'missing' });
});

test('a call that was seen keeps its last status for a while, then is lost', () => {
  for (let failures = 0; failures < missingAllowed; failures += 1) {
    assert.equal(step(due(['requested', 'ringing'], { failures }), { kind: 'missing' }, 60_000).kind, 'poll-again');
  }
  const last = due(['requested', 'ringing'], { failures: missingAllowed });
  assert.deepEqual(step(last, { kind: 'missing' }, 60_000), { kind: 'lost', because: 'missing' });
});

test('a call without progress for two hours is lost, but not before', () => {
  for (const outcome of [seen('queued'), { kind: 'failed', reason: 'x' }, { kind: 'denied' }] as const) {
    const call = due(['requested', 'queued']);
    assert.equal(step(call, outcome, noProgressMs - 1).kind, 'poll-again', outcome.kind);
    assert.deepEqual(step(call, outcome, noProgressMs), { kind: 'lost', because: 'no-progress' });
  }
});

test('after a long silence the end is still recorded if upstream remembers it', () => {
  assert.equal(step(due(['requested', 'queued']), seen('queued', 'completed'), 2 * noProgressMs).kind, 'ended');
});

test('a call that cannot be read for fifteen minutes is given up, whatever the reason', () => {
  const unfamiliar = { length: 9, form: 'word' } as const;
  for (const outcome of [
    { kind: 'failed', reason: 'unfamiliar-status', unfamiliar },
    { kind: 'failed', reason: 'http-500' },
    { kind: 'denied' },
    { ...seen('created', 'in-progress'), unfamiliar },
  ] as StatusOutcome[]) {
    const after = (unreadableForMs: number): ReturnType<typeof decideAfterPoll> =>
      decideAfterPoll({ due: due(), outcome, now: start + hour, unreadableForMs, random: () => 0.5 });
    assert.equal(after(unreadableMs - 1).kind, 'poll-again', outcome.kind);
    assert.deepEqual(after(unreadableMs), { kind: 'lost', because: 'unreadable' });
  }
});

test('a call with an undocumented status is polled less and less often', () => {
  const outcome = { ...seen('created', 'in-progress'), unfamiliar: { length: 4, form: 'text' } } as StatusOutcome;
  const next = step(due(['requested'], { failures: 3 }), outcome);
  assert.ok(next.kind === 'poll-again');
  assert.equal(next.failures, 4);
  assert.deepEqual(
    next.items.map(({ status }) => status),
    ['created', 'in-progress'],
  );
});
