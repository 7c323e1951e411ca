// Short runs of `npm run test:crash` on PostgreSQL, with the built proxy: the trials of trials.test.ts, and those in which the database
// dies. Mutations that turn them red: those of trials.test.ts; report a commit whose answer was lost as refused.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startPostgres } from '../fixtures/postgres-server.js';
import { runCapTrial, runSameKeyTrial } from './cap-trial.js';
import { databaseMoments, runDatabaseTrials } from './database-trials.js';
import { moments, runKillTrials } from './kill-trials.js';
import { killLeftovers } from './proxy-process.js';
import { postgresTrials } from './trial-stores.js';

const server = await startPostgres();
after(killLeftovers);

test('on PostgreSQL, killed at every step of the path, no phone rings twice, and every call reaches its end', async (t) => {
  const store = await postgresTrials(server);
  t.after(() => store.remove());
  const report = await runKillTrials(store, { trials: moments.length });
  assert.equal(report.trials, moments.length);
  assert.equal(report.duplicates, 0);
  assert.ok(report.completed > 0, 'some calls were accepted');
});

test('the database is killed at every step of the path: no phone rings twice, and every accepted call reaches its end or is unknown', async () => {
  const report = await runDatabaseTrials(server, { trials: databaseMoments.length });
  assert.equal(report.duplicates, 0);
  assert.ok(report.completed > 0, 'some calls were accepted');
});

test('four processes on one PostgreSQL, many requests at once: exactly the cap is accepted', async (t) => {
  const store = await postgresTrials(server);
  t.after(() => store.remove());
  const report = await runCapTrial(store, { requests: 120, cap: 20 });
  assert.equal(report.accepted, 20);
});

test('four processes on one PostgreSQL, the same keys at once: each key rings one phone once', async (t) => {
  const store = await postgresTrials(server);
  t.after(() => store.remove());
  assert.equal(await runSameKeyTrial(store, { keys: 12 }), 12);
});
