// Short runs of what `npm run test:trials` does at length, with the built proxy. Mutations that turn them red: forget a key in
// `recall`; place a call again that was being placed when its process died; count allowances outside the transaction.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { moments, runKillTrials } from './kill-trials.js';
import { builtProxy } from './proxy-process.js';

test('the proxy is built', () => {
  assert.ok(existsSync(builtProxy), 'npm run build');
});

test('killed at every step of the path: no phone rings twice, and every call reaches its end', async () => {
  const report = await runKillTrials({ trials: moments.length });
  assert.equal(report.trials, moments.length);
  assert.equal(report.duplicates, 0);
  assert.ok(report.completed > 0);
});

test('four processes, one file, many requests at one moment: exactly the cap is accepted', async () => {
  const report = await runCapTrial({ requests: 120, cap: 20 });
  assert.equal(report.accepted, 20);
});

test('four processes, one file, the same keys at one moment: each rings one phone once', async () => {
  assert.equal(await runSameKeyTrial({ keys: 12 }), 12);
});
