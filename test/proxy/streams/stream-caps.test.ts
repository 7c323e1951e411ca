// Counting streams: a place counts toward all three limits or none.
// Mutations that turn a test red:
//   stream-caps.ts: drop any of the three comparisons with `caps`, or a `lower`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStreamCounter } from '../../../src/proxy/streams/stream-caps.js';

test('a released place is free again, for its call and its address', () => {
  const counter = createStreamCounter({ perCall: 2, perAddress: 2, perProcess: 10 });
  assert.deepEqual(
    [counter.take('call', 'a'), counter.take('call', 'a'), counter.take('call', 'b')],
    [true, true, false],
  );
  assert.equal(counter.isCallFull('call'), true);
  assert.equal(counter.take('other', 'a'), false);
  counter.release('call', 'a');
  assert.equal(counter.open(), 1);
  assert.equal(counter.isCallFull('call'), false);
  assert.equal(counter.take('other', 'a'), true);
});

test('a refusal consumes nothing from the limits that would have allowed it', () => {
  const counter = createStreamCounter({ perCall: 1, perAddress: 2, perProcess: 10 });
  assert.ok(counter.take('one', 'a'), 'the first place');
  for (let index = 0; index < 5; index += 1) assert.equal(counter.take('one', 'a'), false);
  assert.ok(counter.take('two', 'a'), 'the second place');
  assert.equal(counter.open(), 2);
});

test('the number of places in the process is capped', () => {
  const counter = createStreamCounter({ perCall: 9, perAddress: 9, perProcess: 2 });
  assert.deepEqual([counter.take('1', 'a'), counter.take('2', 'b'), counter.take('3', 'c')], [true, true, false]);
});
