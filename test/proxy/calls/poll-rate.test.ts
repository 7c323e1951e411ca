// How fast calls are polled.
// Mutations that turn a test red:
//   poll-rate.ts: drop the counting, or the handling of a clock that was set back

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPollRate } from '../../../src/proxy/calls/poll-rate.js';
import { manualClock } from '../store/fixtures/stores.js';

test('never more than the limit in any second', () => {
  const clock = manualClock();
  const pace = createPollRate(clock, 20);
  const times: number[] = [];
  for (let ms = 0; ms < 5_000; ms += 7) {
    for (let room = pace.room(); room > 0; room -= 1) {
      pace.take();
      times.push(clock.now());
    }
    clock.advance(7);
  }
  for (const [index, at] of times.entries()) {
    const twentyLater = times[index + 20];
    if (twentyLater !== undefined) assert.ok(twentyLater - at >= 1_000);
  }
  assert.ok(times.length >= 90, `${times.length}`);
});

test('a full second reports when there is room again; a clock that is set back blocks nothing', () => {
  const clock = manualClock();
  const pace = createPollRate(clock, 2);
  pace.take();
  clock.advance(300);
  pace.take();
  assert.equal(pace.room(), 0);
  assert.equal(pace.roomAt(), clock.now() + 700);
  clock.advance(700);
  assert.equal(pace.room(), 1);
  pace.take();
  clock.advance(-3_600_000);
  assert.equal(pace.room(), 2);
});
