// Status responses of the connector API, valid and invalid.
// Mutations that turn a test red:
//   connector-status.ts: drop the line that compares `call_sid`, the `.sort(…)`, or the `seen.delete(status)`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { callStatuses } from '../../../src/contract.js';
import { readConnectorStatus } from '../../../src/proxy/polyai/connector-status.js';

const now = Date.parse('2026-03-15T10:10:00Z');
const at = (second: number): string => new Date(Date.parse('2026-03-15T10:00:00Z') + second * 1_000).toISOString();
const read = (body: unknown): ReturnType<typeof readConnectorStatus> => readConnectorStatus(body, 'OUT-1', now);
const wordsOf = (body: unknown): unknown => {
  const outcome = read(body);
  return outcome.kind === 'seen' ? [outcome.status, outcome.history.map(({ status }) => status)] : outcome;
};

for (const [theirs, ours] of [
  ['CREATED', 'created'],
  ['queued', 'queued'],
  ['ringing', 'ringing'],
  ['in-progress', 'in-progress'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['no-answer', 'no-answer'],
  ['busy', 'busy'],
  ['cancelled', 'cancelled'],
] as const) {
  test(`${theirs} is our ${ours}`, () => {
    assert.deepEqual(wordsOf({ status: theirs, event_history: [] }), [ours, [ours]]);
  });
}

test('a status without history is dated by last_updated, or else by the time of the status request', () => {
  assert.deepEqual(read({ status: 'queued', last_updated: at(3) }), {
    kind: 'seen',
    status: 'queued',
    history: [{ status: 'queued', at: Date.parse(at(3)) }],
  });
  assert.deepEqual(read({ status: 'queued', last_updated: 'yesterday' }), {
    kind: 'seen',
    status: 'queued',
    history: [{ status: 'queued', at: now }],
  });
});

test('history arrives in any order, with duplicates and garbage, and leaves in our order', () => {
  const body = {
    call_sid: 'OUT-1',
    status: 'in-progress',
    event_history: [
      { 'in-progress': at(9) },
      null,
      'ringing',
      7,
      { levitating: at(4) },
      { ringing: 'soon' },
      { ringing: at(5) },
      { ringing: at(3) },
      { CREATED: at(9), queued: at(9) },
      [{ queued: at(1) }],
    ],
  };
  const outcome = read(body);
  assert.ok(outcome.kind === 'seen');
  assert.deepEqual(
    outcome.history.map(({ status, at: time }) => [status, time]),
    [
      ['created', Date.parse(at(9))],
      ['queued', Date.parse(at(9))],
      ['ringing', Date.parse(at(3))],
      ['in-progress', Date.parse(at(9))],
    ],
  );
});

test('a terminal status that contradicts the current one is ignored', () => {
  assert.deepEqual(wordsOf({ status: 'ringing', event_history: [{ completed: at(1) }, { CREATED: at(0) }] }), [
    'ringing',
    ['created', 'ringing'],
  ]);
  assert.deepEqual(wordsOf({ status: 'busy', event_history: [{ completed: at(1) }, { ringing: at(0) }] }), [
    'busy',
    ['ringing', 'busy'],
  ]);
});

test('a response about another call is refused', () => {
  assert.deepEqual(read({ call_sid: 'OUT-2', status: 'queued' }), { kind: 'failed', reason: 'other-call' });
});

test('a time without an offset is UTC', () => {
  const outcome = read({ status: 'queued', last_updated: '2026-03-15T10:00:03' });
  assert.ok(outcome.kind === 'seen');
  assert.equal(outcome.history[0]?.at, Date.parse('2026-03-15T10:00:03Z'));
});

test('whatever arrives, what leaves is ordered, free of duplicates and uses our statuses', () => {
  const word = fc.oneof(
    fc.constantFrom('CREATED', 'queued', 'ringing', 'in-progress', 'completed', 'busy', '__proto__'),
    fc.string(),
  );
  const date = fc.oneof(
    fc.date({ noInvalidDate: true }).map((value) => value.toISOString()),
    fc.anything(),
  );
  const entry = fc.oneof(fc.dictionary(word, date), fc.anything());
  fc.assert(
    fc.property(fc.oneof(word, fc.anything()), fc.oneof(fc.array(entry), fc.anything()), (status, event_history) => {
      const outcome = read({ status, event_history });
      if (outcome.kind !== 'seen') return;
      const ranks = outcome.history.map((item) => callStatuses.indexOf(item.status));
      assert.ok(ranks.every((rank, index) => rank >= 0 && (index === 0 || rank > (ranks[index - 1] ?? -1))));
      assert.ok(outcome.history.every((item) => Number.isFinite(item.at)));
      assert.equal(outcome.status, outcome.history.at(-1)?.status);
    }),
  );
});
