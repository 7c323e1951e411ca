// "Usually rings within 9 s": from which calls, and when it says nothing. Mutations that turn each red: leave out calls that never
// rang; the mean or the maximum instead of the third quartile; no minimum of calls; a query for every request.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimeToRing, freshMs, usualSeconds } from '../../../src/proxy/calls/time-to-ring.js';
import type { StoredCall } from '../../../src/proxy/store/store.js';
import { manualClock } from '../store/fixtures/stores.js';
import { createFixture } from '../fixtures/app.js';

const start = Date.UTC(2026, 2, 2, 15);

function rang(seconds: number | undefined, status: StoredCall['status'] = 'completed', seen = 'ringing'): StoredCall {
  const at = (ms: number): string => new Date(start + ms).toISOString();
  const history = [
    { seq: 1, status: 'requested' as const, at: at(0) },
    ...(seconds === undefined ? [] : [{ seq: 2, status: seen as 'ringing', at: at(seconds * 1_000) }]),
  ];
  return { id: 'a', stage: 'ended', status, history, origin: 'https://a.example', createdAt: start };
}
const many = (count: number, call: StoredCall): StoredCall[] => Array.from({ length: count }, () => call);

test('three quarters of the calls rang within the time, rounded up', () => {
  assert.equal(usualSeconds([...many(15, rang(6.2)), ...many(5, rang(60))]), 7);
  assert.equal(usualSeconds([...many(14, rang(6.2)), ...many(6, rang(19.5))]), 20);
  assert.equal(usualSeconds(many(20, rang(0.1))), 1);
});

test('fewer than twenty calls, or a slow time, say nothing', () => {
  assert.equal(usualSeconds(many(19, rang(6))), undefined);
  assert.equal(usualSeconds(many(20, rang(20.5))), undefined);
});

test('a call that never rang counts as slow; one that says nothing about it does not count', () => {
  assert.equal(usualSeconds([...many(15, rang(6)), ...many(6, rang(undefined, 'failed'))]), undefined);
  assert.equal(usualSeconds([...many(20, rang(6)), ...many(90, rang(undefined, 'unknown'))]), 6);
  assert.equal(usualSeconds([...many(19, rang(6)), ...many(90, rang(undefined, 'busy'))]), undefined);
});

test('an answer is a sign of ringing where that is not reported', () => {
  assert.equal(usualSeconds(many(20, rang(8, 'completed', 'in-progress'))), 8);
});

test('the journal is read once in a while, not for every request, and only recent calls count', async () => {
  const clock = manualClock(start + 60_000);
  let reads = 0;
  let calls = many(20, rang(9));
  const store = {
    recentCalls: () => {
      reads += 1;
      return Promise.resolve(calls);
    },
  };
  const time = createTimeToRing({ store, clock });
  assert.equal(time.seconds(), undefined);
  await Promise.resolve();
  for (let request = 0; request < 50; request += 1) assert.equal(time.seconds(), 9);
  assert.equal(reads, 1);
  calls = many(20, { ...rang(3), createdAt: start - 8 * 24 * 3_600_000 });
  clock.advance(freshMs);
  time.seconds();
  await Promise.resolve();
  assert.equal(time.seconds(), undefined);
  assert.equal(reads, 2);
});

test('a site reports it, and that the page has something to load', async () => {
  const fixture = createFixture({
    store: (store) => ({ ...store, recentCalls: () => Promise.resolve(many(20, { ...rang(9), createdAt: start })) }),
    start,
  });
  const read = async (): Promise<unknown> => (await fixture.request('/v1/site')).json();
  await read();
  const site = (await read()) as { usuallyRingsInSeconds?: number; followUp?: true };
  assert.deepEqual([site.usuallyRingsInSeconds, site.followUp], [9, true]);
});
