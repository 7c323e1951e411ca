// How many triggers may be unanswered at a time.
// Mutations that turn a test red: dispatch-queue.ts: drop the bound, the hand-over of a turn, or the timeout

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDispatchQueue, maxUnanswered } from '../../../src/proxy/calls/dispatch-queue.js';
import type { PlaceOutcome } from '../../../src/proxy/polyai/polyai.js';
import { callRequest, freshNumber, createFixture } from '../fixtures/app.js';
import { manualClock } from '../store/fixtures/stores.js';

test('when all slots are taken a trigger waits for the first one freed, five seconds at most', async () => {
  const clock = manualClock();
  const queue = createDispatchQueue(clock, 2);
  const first = await queue.enter();
  assert.ok(queue.hasRoom(), 'one is left');
  await queue.enter();
  assert.equal(queue.hasRoom(), false);
  const turns: string[] = [];
  const third = queue.enter().then((leave) => (turns.push('third'), leave));
  const fourth = queue.enter().then((leave) => (turns.push('fourth'), leave));
  first?.();
  const leave = await third;
  assert.deepEqual(turns, ['third']);
  clock.advance(5_000);
  assert.equal(await fourth, undefined);
  leave?.();
  assert.ok(queue.hasRoom(), 'a turn was not released');
});

test('of forty at once with unclear results, ten are sent, and the rest are refused and ring nowhere', async () => {
  const wide = Object.fromEntries(
    [
      'PREFIX_PER_HOUR',
      'PREFIX_PER_DAY',
      'COUNTRY_PER_HOUR',
      'NEIGHBOURHOOD_PER_HOUR',
      'NEIGHBOURHOOD_PER_DAY',
      'SITE_PER_HOUR',
      'SITE_PER_DAY',
      'SITE_IN_FLIGHT',
      'ALL_BURST',
      'ALL_PER_HOUR',
      'ALL_PER_DAY',
      'ALL_IN_FLIGHT',
    ].map((name) => [`LIMIT_${name}`, '1000']),
  );
  const fixture = createFixture({ env: wide });
  const answers: ((outcome: PlaceOutcome) => void)[] = [];
  fixture.answers = [() => new Promise((resolve) => answers.push(resolve))];
  const pressed = Array.from({ length: 40 }, () => fixture.post(callRequest({ phone: freshNumber() })));
  for (let i = 0; i < 400; i += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(fixture.triggers.length, maxUnanswered);
  for (const answer of answers) answer({ kind: 'unknown', reason: 'timed-out' });
  for (let i = 0; i < 100; i += 1) await new Promise((resolve) => setImmediate(resolve));
  const responses = await Promise.all(pressed);
  assert.equal(fixture.triggers.length, maxUnanswered);
  assert.deepEqual(
    responses.map(({ status }) => status).sort((a, b) => a - b),
    [...Array<number>(10).fill(202), ...Array<number>(30).fill(503)],
  );
});
