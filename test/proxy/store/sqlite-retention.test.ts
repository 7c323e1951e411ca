// Retention deletes a few rows at a time, so that no stream and no trigger waits for it. Its commits and those of leases are not
// flushed, all others are. Mutations that turn a test red: no LIMIT in retention.ts; a whole table in one transaction in sqlite-store.ts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openConnection, type SqliteConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { retentionMs, rowsInSlice } from '../../../src/proxy/store/sql/retention.js';
import { StoreUnavailable } from '../../../src/proxy/store/store.js';
import { subscriptions } from './conformance/outbox.js';
import { inFolder } from './fixtures/children.js';
import { callEveryVerb } from './fixtures/every-verb.js';
import { type ManualClock, manualClock } from './fixtures/stores.js';
import { watchStatements } from './fixtures/watch-statements.js';

const slices = 5;
const clock = manualClock();

/** A file with expired consents, opened by another connection. */
async function fileWithExpired(folder: string, rows: number): Promise<{ file: string; other: SqliteConnection }> {
  const file = join(folder, 'calls.db');
  await createSqliteStore({ file, clock }).close();
  const other = openConnection(file);
  const expired = clock.now() - retentionMs.consents - 1;
  other.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(rows)})
       INSERT INTO consents (call_id, number_key, at, record) SELECT i, i, ${String(expired)}, '{}' FROM n`,
  );
  return { file, other };
}

/** The rows that are left at the beginning of each transaction and of each checkpoint of the job, and the turns of the event loop until then. */
async function watchJob(
  { file, other }: { file: string; other: SqliteConnection },
  slowClock: ManualClock = clock,
): Promise<readonly { readonly step: string; readonly rows: number; readonly turns: number }[]> {
  const left = other.prepare('SELECT count(*) AS n FROM consents');
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const steps: { readonly step: string; readonly rows: number; readonly turns: number }[] = [];
  const note = (step: string): void => void steps.push({ step, rows: (left.get() as { readonly n: number }).n, turns });
  const unwatch = watchStatements({
    ran: (sql) => {
      if (sql === 'BEGIN IMMEDIATE') note('transaction');
    },
    pragma: (source) => {
      if (source === 'wal_checkpoint(PASSIVE)') note('checkpoint');
    },
  });
  const store = createSqliteStore({ file, clock: slowClock });
  steps.length = 0;
  try {
    await store.deleteExpired();
    return steps.slice();
  } finally {
    isOver = true;
    unwatch();
    await store.close();
    other.close();
  }
}

inFolder('expired rows are deleted in slices, each with a checkpoint in a turn of its own', async (folder) => {
  const steps = await watchJob(await fileWithExpired(folder, slices * rowsInSlice));
  const own = steps.slice(
    steps.findLastIndex(({ rows }) => rows === slices * rowsInSlice),
    steps.findLastIndex(({ step, rows }) => step === 'checkpoint' && rows === 0) + 1,
  );
  assert.deepEqual(
    own.slice(0, 2 * slices).map(({ step, rows }) => `${step} ${String(rows)}`),
    Array.from({ length: slices }, (_, index) => (slices - index) * rowsInSlice).flatMap((rows) => [
      `transaction ${String(rows)}`,
      `checkpoint ${String(rows - rowsInSlice)}`,
    ]),
  );
  for (const [index, { turns }] of own.entries())
    assert.ok(index === 0 || turns > (own[index - 1]?.turns ?? 0), 'no stream could run in between');
  assert.equal(steps.at(-1)?.rows, 0);
});

inFolder('where deleting takes long, a slice is smaller', async (folder) => {
  // Every look at this clock is two milliseconds later.
  const slow = { ...manualClock(), monotonic: () => (now += 2) };
  let now = 0;
  const steps = await watchJob(await fileWithExpired(folder, 3 * rowsInSlice), slow);
  const sizes = steps.flatMap(({ rows }, index) => (steps[index - 1]?.rows ?? rows) - rows || []);
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    3 * rowsInSlice,
  );
  assert.ok(Math.max(...sizes) < rowsInSlice, `${String(Math.max(...sizes))} rows at once`);
});

/** `DELETE FROM calls`, `UPDATE calls SET lease, ready_at`: what a statement changes. */
function outlineOf(sql: string): string {
  const [, table = '', columns = ''] = /^UPDATE (\w+) SET (.*?) WHERE/s.exec(sql) ?? [];
  if (table === '') return sql.split(' ').slice(0, 3).join(' ');
  return `UPDATE ${table} SET ${Array.from(columns.matchAll(/(\w+) =/g), ([, name = '']) => name).join(', ')}`;
}

/** The statements of transactions whose commits are not flushed; and the setting in the end. */
function watchFlushing(): { readonly unflushed: () => readonly string[]; readonly mode: () => string; stop(): void } {
  let mode = 'FULL';
  const statements = new Set<string>();
  const stop = watchStatements({
    ran: (sql) => {
      if (mode !== 'FULL' && !/^(?:SELECT|BEGIN|COMMIT|ROLLBACK)\b/.test(sql)) statements.add(outlineOf(sql));
    },
    pragma: (source) => {
      mode = /^synchronous=(\w+)$/.exec(source)?.[1] ?? mode;
    },
  });
  return { unflushed: () => [...statements], mode: () => mode, stop };
}

inFolder('nothing but retention and leases is left unflushed', async (folder) => {
  const { file, other } = await fileWithExpired(folder, rowsInSlice);
  other.close();
  const first = createSqliteStore({ file, clock });
  const watch = watchFlushing();
  const store = createSqliteStore({ file, clock, subscriptions });
  try {
    await callEveryVerb(store, first, clock);
    assert.deepEqual(
      watch.unflushed().filter((statement) => !statement.startsWith('DELETE FROM ')),
      ['UPDATE calls SET lease, ready_at', 'UPDATE calls SET ready_at', 'UPDATE calls SET lease, failures, ready_at'],
    );
    assert.ok(watch.unflushed().includes('DELETE FROM consents'), 'retention was flushed');
    assert.equal(watch.mode(), 'FULL');
  } finally {
    watch.stop();
    await store.close();
    await first.close();
  }
});

inFolder('commits are flushed also after a failure of the job', async (folder) => {
  const { file, other } = await fileWithExpired(folder, rowsInSlice);
  const watch = watchFlushing();
  const store = createSqliteStore({ file, clock, lockTimeoutMs: 0 });
  try {
    // Fails in the middle of a transaction.
    other.exec(`CREATE TRIGGER refuse BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'no'); END`);
    await assert.rejects(store.deleteExpired(), StoreUnavailable);
    assert.equal(watch.mode(), 'FULL');
  } finally {
    watch.stop();
    await store.close();
    other.close();
  }
});
