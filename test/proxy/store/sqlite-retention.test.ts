// Retention deletes a few rows at a time, so that no stream and no trigger waits for it. Mutations that turn a test red: no LIMIT in
// retention.ts; a whole table in one transaction in sqlite-store.ts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { retentionMs, rowsInSlice } from '../../../src/proxy/store/sql/retention.js';
import { manualClock, temporaryFolder } from './fixtures/stores.js';

const slices = 5;

test('expired rows are deleted in slices, each in its own transaction', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'calls.db');
  const clock = manualClock();
  const store = createSqliteStore({ file: path, clock });
  const other = openConnection(path);
  try {
    const expired = clock.now() - retentionMs.consents - 1;
    other.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(slices * rowsInSlice)})
         INSERT INTO consents (call_id, number_key, at, record) SELECT i, i, ${String(expired)}, '{}' FROM n`,
    );
    const left = other.prepare('SELECT count(*) AS n FROM consents');
    const seen: number[] = [];
    const progress = { isDone: false };
    const job = store.deleteExpired().then(() => {
      progress.isDone = true;
    });
    while (!progress.isDone) {
      const { n } = left.get() as { n: number };
      if (seen.at(-1) !== n) seen.push(n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await job;
    assert.deepEqual(
      seen.filter((n) => n > 0),
      Array.from({ length: slices }, (_, index) => (slices - index) * rowsInSlice).slice(
        seen[0] === slices * rowsInSlice ? 0 : 1,
      ),
    );
    assert.equal((left.get() as { n: number }).n, 0);
  } finally {
    other.close();
    await store.close();
    folder.remove();
  }
});
