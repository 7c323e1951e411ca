// Retention is kept without anybody asking.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../src/proxy/core/log.js';
import { keepSwept } from '../../../src/proxy/process/retention-job.js';
import { crankedClock, hour } from '../store/fixtures/stores.js';

test('the store is swept at start and every hour until it is stopped, whether or not a sweep fails', async () => {
  const clock = crankedClock();
  let sweeps = 0;
  const stop = keepSwept({ sweep: () => ((sweeps += 1), Promise.reject(new Error('locked'))) }, clock, silentLog);
  assert.equal(sweeps, 1);
  clock.advance(3 * hour);
  assert.equal(sweeps, 4);
  await stop();
  clock.advance(3 * hour);
  assert.equal(sweeps, 4);
});
