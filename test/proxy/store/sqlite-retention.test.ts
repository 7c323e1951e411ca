// Retention deletes a few rows at a time, so that no stream and no trigger waits for it. Mutations that turn a test red: no LIMIT in
// retention.ts; a whole table in one transaction in sqlite-store.ts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { retentionMs, rowsInSlice } from '../../../src/proxy/store/sql/retention.js';
import { manualClock, temporaryFolder } from './fixtures/stores.js';
import { watchStatements } from './fixtures/watch-statements.js';

const slices = 5;

test('expired rows are deleted in slices, each in its own transaction', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'calls.db');
  const clock = manualClock();
  await createSqliteStore({ file: path, clock }).close();
  const other = openConnection(path);
  try {
    const expired = clock.now() - retentionMs.consents - 1;
    other.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(slices * rowsInSlice)})
         INSERT INTO consents (call_id, number_key, at, record) SELECT i, i, ${String(expired)}, '{}' FROM n`,
    );
    const left = other.prepare('SELECT count(*) AS n FROM consents');
    // Due before the shortest pause ends, so it runs in every pause.
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    /** Each transaction's rows at its beginning, and the turns of the event loop until then. */
    const begun: { readonly rows: number; readonly turns: number }[] = [];
    const unwatch = watchStatements({
      ran: (sql) => {
        if (sql === 'BEGIN IMMEDIATE') begun.push({ rows: (left.get() as { n: number }).n, turns });
      },
    });
    const store = createSqliteStore({ file: path, clock });
    begun.length = 0;
    try {
      await store.deleteExpired();
    } finally {
      clearInterval(timer);
      unwatch();
      await store.close();
    }
    const steps = begun.filter(({ rows }, index) => begun[index - 1]?.rows !== rows);
    assert.deepEqual(
      steps.map(({ rows }) => rows),
      Array.from({ length: slices + 1 }, (_, index) => (slices - index) * rowsInSlice),
    );
    for (const [index, step] of steps.slice(1).entries())
      assert.ok(step.turns > (steps[index]?.turns ?? 0), 'no stream could run between two slices');
    assert.equal((left.get() as { n: number }).n, 0);
  } finally {
    other.close();
    folder.remove();
  }
});
