// Counting streams: places are taken and given back exactly once.
// Mutations that turn a test red:
//   stream-caps.ts: drop `if (!isTaken) return`, or any of the three comparisons with `caps`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStreamCounter } from '../../../src/proxy/streams/stream-caps.js';

test('giving a place back twice frees one place', () => {
  const counter = createStreamCounter({ perCall: 2, perAddress: 3, perProcess: 10 });
  const first = counter.take('call', 'a');
  const second = counter.take('call', 'a');
  assert.ok(first && second);
  first();
  first();
  assert.equal(counter.open(), 1);
  assert.ok(counter.take('call', 'a'));
  assert.equal(counter.take('call', 'a'), undefined);
});

test('a refusal takes nothing of the limits that would have allowed it', () => {
  const counter = createStreamCounter({ perCall: 1, perAddress: 2, perProcess: 10 });
  assert.ok(counter.take('one', 'a'));
  for (let index = 0; index < 5; index += 1) assert.equal(counter.take('one', 'a'), undefined);
  assert.ok(counter.take('two', 'a'));
  assert.equal(counter.open(), 2);
});
