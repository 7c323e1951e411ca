// Both drivers do the same, a process loads only one of them, and processes with different ones may share a file. The suites of the
// store run here with the driver of this Node, and with node:sqlite in node-sqlite.test.ts. Mutations that turn it red: a driver chosen per
// connection; no table of result codes; a lock timeout that is not passed on; the warning of Node 22 shown.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { StoreUnavailable } from '../../../src/proxy/store/store.js';
import { openConnection, sqliteDriver } from '../../../src/proxy/store/sqlite/driver.js';
import { codeOf } from '../../../src/proxy/store/sqlite/open-error.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { hasNodeSqlite } from '../../fixtures/newer-node.js';
import { inFolder, storeChild } from './fixtures/children.js';
import { acceptedCall, manualClock } from './fixtures/stores.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const codeThrownBy = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return codeOf(error);
  }
  return 'nothing thrown';
};

/** Native modules of this process. */
const isLibsqlLoaded = (): boolean =>
  (process.report.getReport() as unknown as { sharedObjects: readonly string[] }).sharedObjects.some((path) =>
    path.includes('libsql'),
  );

test('the driver is Node’s own where there is one, and the other one is never loaded', () => {
  const driver = sqliteDriver();
  driver.open(':memory:').close();
  assert.equal(driver.name, hasNodeSqlite ? 'node:sqlite' : 'libsql');
  assert.equal(isLibsqlLoaded(), !hasNodeSqlite);
  assert.equal(sqliteDriver(), driver);
});

test('only the two drivers import SQLite, so that no second one can have the same file open', () => {
  const files = ['src', 'test', 'scripts'].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const importers = files.filter((file) =>
    /(?:from|import\(|require\(|load\(|getBuiltinModule\()\s*['"](?:libsql|(?:node:)?sqlite|better-sqlite3)['"]/.test(
      readFileSync(root + file, 'utf8'),
    ),
  );
  assert.deepEqual(importers.sort(), ['src/proxy/store/sqlite/libsql.ts', 'src/proxy/store/sqlite/node-sqlite.ts']);
});

test('statements return rows, undefined or the number of changes; a pragma its rows', () => {
  const db = openConnection(':memory:');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, size REAL) STRICT; CREATE INDEX by_word ON t (word)');
  const insert = db.prepare('INSERT INTO t (word, size) VALUES (?, ?)');
  assert.equal(insert.run(['one', 1.5]).changes, 1);
  assert.equal(insert.run([null, null]).changes, 1);
  assert.equal(insert.run(['', 2 ** 53 - 1]).changes, 1);
  assert.equal(db.prepare('UPDATE t SET size = 0').run().changes, 3);
  const find = db.prepare('SELECT id, word FROM t WHERE word = ?');
  assert.deepEqual({ ...(find.get(['one']) as object), _metadata: 0 }, { id: 1, word: 'one', _metadata: 0 });
  assert.equal(find.get(['two']), undefined);
  assert.deepEqual(find.all(['two']), []);
  assert.deepEqual(
    db
      .prepare('SELECT word FROM t ORDER BY id')
      .all()
      .map((row) => (row as { word: unknown }).word),
    ['one', null, ''],
  );
  assert.deepEqual(
    ['max_page_count=77', 'max_page_count'].map((source) => Object.values(db.pragma(source)[0] as object)[0] as number),
    [77, 77],
  );
  const time = Date.UTC(2026, 10, 26, 12, 0, 0, 1);
  assert.equal((db.prepare('SELECT CAST(? AS INTEGER) AS value').get([time]) as { value: unknown }).value, time);
  const { value } = db.prepare(`SELECT json_group_array(value) AS value FROM json_each(?)`).get(['["a",1]']) as {
    value: unknown;
  };
  assert.equal(value, '["a",1]');
  db.close();
});

test('a transaction that is open is rolled back, and rolling back is harmless without one', () => {
  const db = openConnection(':memory:');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
  db.rollback();
  db.exec('BEGIN IMMEDIATE');
  db.exec('INSERT INTO t VALUES (1)');
  db.rollback();
  db.rollback();
  assert.deepEqual(db.prepare('SELECT id FROM t').all(), []);
  db.exec('BEGIN IMMEDIATE');
  db.exec('COMMIT');
  db.close();
  db.rollback();
});

inFolder('errors have SQLite’s names, by which busy, damaged and read-only files are told apart', async (folder) => {
  const file = join(folder, 'calls.db');
  const one = openConnection(file);
  const two = openConnection(file);
  one.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, size INTEGER NOT NULL) STRICT; INSERT INTO t VALUES (1, 1)');
  one.exec('BEGIN IMMEDIATE');
  assert.equal(
    codeThrownBy(() => two.exec('BEGIN IMMEDIATE')),
    'SQLITE_BUSY',
  );
  one.exec('COMMIT');
  assert.match(
    codeThrownBy(() => one.exec('INSERT INTO t VALUES (1, 1)')),
    /^SQLITE_CONSTRAINT/,
  );
  assert.equal(
    codeThrownBy(() => one.prepare('INSERT INTO t VALUES (?, ?)').run([2, 'x'])),
    'SQLITE_CONSTRAINT',
  );
  assert.equal(
    codeThrownBy(() => one.prepare('SELECT nothing FROM t')),
    'SQLITE_ERROR',
  );
  two.pragma('query_only=1');
  assert.equal(
    codeThrownBy(() => two.exec('DELETE FROM t')),
    'SQLITE_READONLY',
  );
  one.pragma('max_page_count=2');
  assert.equal(
    codeThrownBy(() => one.exec('CREATE TABLE u (id); CREATE TABLE v (id)')),
    'SQLITE_FULL',
  );
  two.close();
  one.close();
  writeFileSync(file, 'This is not a database. '.repeat(400));
  const other = openConnection(file);
  assert.equal(
    codeThrownBy(() => other.pragma('user_version')),
    'SQLITE_NOTADB',
  );
  other.close();
  // libsql gives no code here.
  assert.throws(() => openConnection(join(folder, 'no', 'calls.db')), Error);
});

inFolder(
  'an integer that is too large to have been written is damage, or makes its row unavailable',
  async (folder) => {
    const file = join(folder, 'calls.db');
    const clock = manualClock();
    const store = createSqliteStore({ file, clock });
    const { id } = await acceptedCall(store, clock.now());
    const db = openConnection(file);
    db.exec('UPDATE calls SET ready_at = 1 << 62, accepted_at = 1 << 62');
    db.close();
    // libsql rounds it.
    const isRefused = sqliteDriver().name === 'node:sqlite';
    if (isRefused) await assert.rejects(store.read(id), StoreUnavailable);
    else assert.equal((await store.read(id))?.id, id);
    await store.close();
    const reopen = () => createSqliteStore({ file, clock });
    if (isRefused) assert.throws(reopen, (error) => error instanceof StoreOpenError && error.code === 'STORE_CORRUPT');
    else await reopen().close();
  },
);

inFolder('a statement waits for another connection’s lock as long as it was told', async (folder) => {
  const db = openConnection(join(folder, 'calls.db'), { lockTimeoutMs: 4_321 });
  assert.deepEqual(Object.values(db.pragma('busy_timeout')[0] as object)[0], 4_321);
  db.close();
});

test('opening a database prints nothing: of all warnings, only Node 22’s about its SQLite is left out', () => {
  const driver = JSON.stringify(`${root}src/proxy/store/sqlite/driver.ts`);
  const program = `
    const builtin = process.getBuiltinModule;
    process.getBuiltinModule = (name) => {
      process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
      process.emitWarning('shown while it loads', 'ExperimentalWarning');
      return builtin(name);
    };
    const { openConnection } = await import(${driver});
    openConnection(':memory:').close();
    process.emitWarning('SQLite is mentioned later', 'ExperimentalWarning');`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { encoding: 'utf8', cwd: root },
  );
  assert.equal(stdout, '');
  assert.deepEqual(
    [...stderr.matchAll(/ExperimentalWarning: (.*)/g)].map(([, text]) => text),
    ['shown while it loads', 'SQLite is mentioned later'],
    stderr,
  );
});

// A process uses libsql on this Node when its own SQLite is turned off.
const mixed = { skip: hasNodeSqlite ? false : 'this Node has only libsql' };
const drivers = ['node:sqlite', 'libsql'] as const;

inFolder(
  'processes with different drivers on one file accept exactly the cap',
  async (folder) => {
    const file = join(folder, 'calls.db');
    await createSqliteStore({ file, clock: manualClock() }).close();
    const children = [...drivers, ...drivers].map((driver) =>
      storeChild(file, 'meet-the-cap', { waits: true, driver }),
    );
    await Promise.all(children.map((child) => child.ready()));
    for (const child of children) child.go();
    const results = await Promise.all(children.map((child) => child.finished()));
    assert.equal(new Set(results.flatMap(({ acknowledged }) => acknowledged)).size, 37);
    assert.deepEqual(
      results.map(({ last }) => last),
      children.map(() => 'done 60'),
    );
  },
  mixed,
);

inFolder(
  'what one driver acknowledged before a kill -9 is there for the other',
  async (folder) => {
    const file = join(folder, 'calls.db');
    const known: string[] = [];
    for (const driver of [...drivers, ...drivers]) {
      const killed = storeChild(file, 'reserve-for-ever', { driver });
      await killed.acknowledgedAtLeast(20);
      killed.kill();
      known.push(...(await killed.finished()).acknowledged);
      const other = storeChild(file, 'reserve-and-close', { driver: driver === 'libsql' ? 'node:sqlite' : 'libsql' });
      known.push(...(await other.finished()).acknowledged);
    }
    const store = createSqliteStore({ file, clock: manualClock() });
    for (const id of known) assert.equal((await store.read(id))?.stage, 'dispatching', id);
    await store.close();
    assert.ok(known.length > 100, String(known.length));
  },
  mixed,
);
