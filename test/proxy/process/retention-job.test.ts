// The retention job runs on its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../src/proxy/core/log.js';
import { startRetentionJob } from '../../../src/proxy/process/retention-job.js';
import { manualClock, hour } from '../store/fixtures/stores.js';

test('retention runs at startup and every hour until it is stopped, whether or not a run fails', async () => {
  const clock = manualClock();
  let runs = 0;
  const stop = startRetentionJob(
    { deleteExpired: () => ((runs += 1), Promise.reject(new Error('locked'))) },
    clock,
    silentLog,
  );
  assert.equal(runs, 1);
  clock.advance(3 * hour);
  assert.equal(runs, 4);
  await stop();
  clock.advance(3 * hour);
  assert.equal(runs, 4);
});
