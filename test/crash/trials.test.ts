// Short runs of `npm run test:crash`, with the built proxy. Mutations that turn them red: forget a key in `recall`; place a call
// again whose trigger was in flight when the process died; count allowances outside the transaction.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test, type TestContext } from 'node:test';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { moments, runKillTrials } from './kill-trials.js';
import { builtProxy, killLeftovers } from './proxy-process.js';
import { sqliteTrials, type TrialStore } from './trial-stores.js';

after(killLeftovers);

function emptyStore(t: TestContext): TrialStore {
  const store = sqliteTrials();
  t.after(() => store.remove());
  return store;
}

test('the proxy is built', () => {
  assert.ok(existsSync(builtProxy), 'npm run build');
});

test('killed at every step of the path, no phone rings twice, and every call reaches its end', async (t) => {
  const report = await runKillTrials(emptyStore(t), { trials: moments.length });
  assert.equal(report.trials, moments.length);
  assert.equal(report.duplicates, 0);
  assert.ok(report.completed > 0, 'some calls were accepted');
});

test('killed and restarted with a clock that goes back an hour, no phone rings twice, and every call reaches its end', async (t) => {
  const report = await runKillTrials(emptyStore(t), { trials: 4, clockBackMs: 3_600_000 });
  assert.equal(report.duplicates, 0);
  assert.ok(report.refused > 0, 'allowances consumed in what is now the future stay closed');
  assert.equal(report.completed + report.unknown, report.keys);
});

test('four processes on one file, many requests at once: exactly the cap is accepted', async (t) => {
  const report = await runCapTrial(emptyStore(t), { requests: 120, cap: 20 });
  assert.equal(report.accepted, 20);
});

test('four processes on one file, the same keys at once: each key rings one phone once', async (t) => {
  assert.equal(await runSameKeyTrial(emptyStore(t), { keys: 12 }), 12);
});
