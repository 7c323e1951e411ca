// Retry-After in every form an upstream may send.
// Mutations that turn a test red:
//   retry-after.ts: drop the `Math.min`, the `Math.max`, or the date pattern

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRetryAfter } from '../../../src/proxy/polyai/retry-after.js';

const now = Date.parse('2026-03-15T10:00:00Z');

for (const [value, seconds] of [
  [undefined, undefined],
  ['', undefined],
  ['30', 30],
  [' 30 ', 30],
  ['0', 1],
  ['999999999', 3_600],
  ['9'.repeat(40), 3_600],
  ['9'.repeat(400), undefined],
  ['-5', undefined],
  ['1e99', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Sun, 15 Mar 2026 10:00:20 GMT', 20],
  ['Sun, 15 Mar 2026 09:00:00 GMT', 1],
  ['Fri, 01 Jan 9999 00:00:00 GMT', 3_600],
  ['Sun, 99 Mar 2026 10:00:20 GMT', undefined],
  ['2027', 2_027],
] as const) {
  test(`Retry-After ${JSON.stringify(value)?.slice(0, 40)} is ${seconds}`, () => {
    assert.equal(parseRetryAfter(value, now), seconds);
  });
}
