// How long a call's status has been unreadable, when several processes poll it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUnreadableCalls, longestGapMs } from '../../../src/proxy/calls/unreadable-calls.js';

const createRecord = () => {
  let now = 0;
  const record = createUnreadableCalls({ monotonic: () => now });
  return { record, pass: (ms: number) => void (now += ms) };
};

test('the time counts from the first failure of a series, whoever saw those between', () => {
  const { record, pass } = createRecord();
  assert.equal(record.add('call', 0), 0);
  pass(30_000);
  assert.equal(record.add('call', 1), 30_000);
  pass(60_000);
  assert.equal(record.add('call', 3), 90_000, 'another process saw the second');
  pass(longestGapMs);
  assert.equal(record.addPause('call', 4), 90_000 + longestGapMs);
  pass(longestGapMs);
  assert.equal(record.addPause('call', 4), 90_000 + 2 * longestGapMs, 'a pause adds no failure');
});

test('a failure after a status that another process could read begins a series', () => {
  const { record, pass } = createRecord();
  record.add('call', 0);
  pass(30_000);
  assert.equal(record.add('call', 0), 0);
  record.add('call', 1);
  pass(30_000);
  assert.equal(record.add('call', 1), 0, 'as many failures as before: there was a readable status between');
  pass(longestGapMs + 1);
  assert.equal(record.add('call', 2), 0, 'too long ago to be the same series');
  pass(30_000);
  record.remove('call');
  assert.equal(record.add('call', 3), 0);
});
