// Every statement of the store finds its rows through an index: nothing slows down as tables grow. The statements are collected while every
// verb is called, and compared with those in the source, so that no new one can be missed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { subscriptions } from './conformance/outbox.js';
import { inFolder } from './fixtures/children.js';
import { callEveryVerb, statementsLeftOut, tidy } from './fixtures/every-verb.js';
import { manualClock } from './fixtures/stores.js';
import { watchStatements } from './fixtures/watch-statements.js';

inFolder('no statement scans a table, and none is left out of this test', async (folder) => {
  const seen = new Set<string>();
  const unwatch = watchStatements({ prepared: (sql) => void seen.add(sql) });
  const file = join(folder, 'calls.db');
  const clock = manualClock();
  // The last process to close has a statement of its own.
  await createSqliteStore({ file: join(folder, 'alone.db'), clock }).close();
  const store = createSqliteStore({ file, clock, subscriptions });
  const other = createSqliteStore({ file, clock });
  try {
    await callEveryVerb(store, other, clock);
  } finally {
    await store.close();
    await other.close();
    unwatch();
  }
  const statements = [...seen].map(tidy);
  assert.deepEqual(statementsLeftOut(['sql', 'sqlite'], statements), [], 'never prepared here');

  const db = openConnection(file);
  const scans = statements
    .filter((statement) => /^(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(statement))
    // Full scans on purpose: the check of a possibly damaged file; the counters are four rows.
    .filter((statement) => !/^SELECT hex\(|sqlite_master|FROM meta\b|UPDATE meta\b|UPDATE ping\b/.test(statement))
    .filter((statement) => statement !== `SELECT * FROM calls WHERE stage <> 'ended'`)
    .flatMap((statement) => {
      const values = Array.from({ length: statement.split('?').length - 1 }, () => 1);
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(values) as { detail: string }[];
      const walks = plan.filter(
        ({ detail }) => /^SCAN /.test(detail) && !/CONSTANT ROW|^SCAN (?:w|wanted)$/.test(detail),
      );
      return walks.map(({ detail }) => `${detail}: ${statement}`);
    });
  assert.deepEqual(scans, []);
  // Among many callbacks that wait, second attempts from the future are not looked for one by one.
  const late = statements.filter((statement) => statement.includes('redial IS NOT NULL ORDER BY'));
  const found = late.map(
    (statement) => db.prepare(`EXPLAIN QUERY PLAN ${statement}`).all([1, 1]) as { detail: string }[],
  );
  assert.deepEqual(
    found.map((plan) => plan.map(({ detail }) => detail)),
    [['SEARCH calls USING INDEX calls_by_creation (created_at>?)']],
  );
  // What continues after a key finds it by every column, or each page would read all that share the first one.
  const continued = statements.flatMap((statement) => {
    const [, key] = /\((\w[\w.]*(?:, \w[\w.]*)+)\) [<>]=? \(/.exec(statement) ?? [];
    return key === undefined ? [] : [{ statement, columns: key.replace(/\w+\./g, '').replaceAll(', ', ',') }];
  });
  for (const { statement, columns } of continued) {
    const values = Array.from({ length: statement.split('?').length - 1 }, () => '31');
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(values) as { detail: string }[];
    const details = plan.map(({ detail }) => detail).join('; ');
    assert.ok(new RegExp(`\\(${columns}\\)[<>]`).test(details), `${details}: ${statement}`);
  }
  assert.ok(
    continued.some(({ statement }) => statement.startsWith('SELECT hex(')),
    'the check of a file',
  );
  assert.ok(continued.length >= 5, `only ${String(continued.length)} statements continue after a key`);
  db.close();
  assert.ok(statements.length > 60, `only ${String(statements.length)} statements were collected`);
});
