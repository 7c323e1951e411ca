// How fast calls are polled, and the pause while the credential is refused.
// Mutations that turn a test red:
//   poll-rate.ts: drop the counting, the clock that was set back, `isTrying`, or the doubling

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPollRate } from '../../../src/proxy/calls/poll-rate.js';
import { crankedClock } from '../store/fixtures/stores.js';

test('never more than the limit in any second', () => {
  const clock = crankedClock();
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

test('a full second says when there is room again; a clock that is set back closes nothing', () => {
  const clock = crankedClock();
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

test('a refused credential pauses all polling, then lets one try, and doubles the pause to five minutes', () => {
  const clock = crankedClock();
  const pace = createPollRate(clock);
  assert.equal(pace.pausedUntil(), undefined);
  assert.equal(pace.report(false), true);
  // Others that were under way when the pause began.
  assert.equal(pace.report(false), false);
  const pauses: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const until = pace.pausedUntil();
    assert.ok(until !== undefined);
    pauses.push(until - clock.now());
    clock.advance(until - clock.now());
    assert.equal(pace.pausedUntil(), undefined, 'one may try');
    assert.ok(pace.pausedUntil() !== undefined, 'only one');
    assert.equal(pace.report(false), true);
  }
  assert.deepEqual(pauses, [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  clock.advance(300_000);
  assert.equal(pace.pausedUntil(), undefined);
  pace.report(true);
  assert.equal(pace.pausedUntil(), undefined);
  assert.equal(pace.pausedUntil(), undefined);
  assert.equal(pace.report(false), true);
  assert.equal((pace.pausedUntil() ?? 0) - clock.now(), 30_000);
});

test('a try that could not tell lets the next one try', () => {
  const clock = crankedClock();
  const pace = createPollRate(clock);
  pace.report(false);
  clock.advance(30_000);
  assert.equal(pace.pausedUntil(), undefined);
  pace.report(undefined);
  assert.equal(pace.pausedUntil(), undefined);
});
