// Who waits for a call that is being placed, and for how long. Mutations that turn a test red: resolve without waiting; no timer; end
// at once instead of after the turn.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUrgentWork, longestWaitMs } from '../../../src/proxy/core/urgent-work.js';
import { manualClock } from '../store/fixtures/stores.js';

function createFixture() {
  const clock = manualClock();
  const later: (() => void)[] = [];
  const urgent = createUrgentWork(clock, (task) => void later.push(task));
  const endTurn = (): void => {
    for (const task of later.splice(0)) task();
  };
  const passed: string[] = [];
  const wait = (name: string): void => void urgent.passed().then(() => passed.push(name));
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { clock, urgent, endTurn, passed, wait, settle };
}

test('nobody waits while no call is being placed', async () => {
  const { urgent, passed, wait, settle } = createFixture();
  assert.equal(urgent.isUnderWay(), false);
  wait('poll');
  await settle();
  assert.deepEqual(passed, ['poll']);
});

test('others wait until the turn in which the last call ends is over', async () => {
  const { urgent, endTurn, passed, wait, settle } = createFixture();
  const [first, second] = [urgent.begin(), urgent.begin()];
  wait('poll');
  first();
  first();
  endTurn();
  await settle();
  assert.deepEqual([passed, urgent.isUnderWay()], [[], true]);
  second();
  await settle();
  assert.deepEqual(passed, [], 'the response has not been sent yet');
  endTurn();
  await settle();
  assert.deepEqual([passed, urgent.isUnderWay()], [['poll'], false]);
});

test('nobody waits for long: PolyAI can take seconds to answer', async () => {
  const { clock, urgent, passed, wait, settle } = createFixture();
  urgent.begin();
  wait('poll');
  clock.advance(longestWaitMs - 1);
  await settle();
  assert.deepEqual(passed, []);
  clock.advance(1);
  await settle();
  assert.deepEqual(passed, ['poll']);
});
