// Copies, deletions and backups of the database: a file that has lost calls is distinguished from one that has not.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { type Store, StoreUnavailable } from '../../../src/proxy/store/store.js';
import { inFolder, storeChild } from './fixtures/children.js';
import { manualClock, minute, reservation, reserved } from './fixtures/stores.js';

const clock = manualClock();
const openStore = (file: string): Store => createSqliteStore({ file, clock });
const hasCode = (code: string) => (error: unknown) => error instanceof StoreOpenError && error.code === code;

/** A store that has been in use for a while, still open, with calls that are only in the log. */
async function inUse(file: string): Promise<{ readonly store: Store; readonly ids: readonly string[] }> {
  const store = openStore(file);
  const ids: string[] = [];
  for (let n = 0; n < 60; n += 1) ids.push((await reserved(store, reservation(clock.now()))).id);
  clock.advance(minute);
  for (let n = 0; n < 3; n += 1) ids.push((await reserved(store, reservation(clock.now()))).id);
  return { store, ids };
}

const has = async (file: string, ids: readonly string[]): Promise<boolean> => {
  const store = openStore(file);
  try {
    const calls = await Promise.all(ids.map((id) => store.read(id)));
    return calls.every((call) => call !== undefined);
  } finally {
    await store.close();
  }
};

inFolder('a copy of a database in use without its log is refused, even under another name', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store } = await inUse(file);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  assert.throws(
    () => openStore(copy),
    (error) => {
      assert.ok(hasCode('STORE_INCOMPLETE_COPY')(error), String(error));
      assert.match((error as Error).message, /copy\.db-wal.*accept-copy/s);
      return true;
    },
  );
  await store.close();
});

inFolder('a copy with its log is complete', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store, ids } = await inUse(file);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  assert.ok(await has(copy, ids), 'calls are missing');
  await store.close();
});

inFolder('an online backup is complete, and so is a copy made after a clean shutdown', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store, ids } = await inUse(file);
  const backup = join(folder, 'backup.db');
  const other = openConnection(file);
  other.exec(`VACUUM INTO '${backup}'`);
  other.close();
  assert.ok(await has(backup, ids), 'calls are missing in the backup');
  await store.close();
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  assert.ok(await has(copy, ids), 'calls are missing after a clean stop');
});

const isRefused = (copy: string): boolean => {
  try {
    void openStore(copy).close();
    return false;
  } catch (error) {
    return hasCode('STORE_INCOMPLETE_COPY')(error);
  }
};

inFolder('a running process keeps its log when another one closes', async (folder) => {
  const file = join(folder, 'calls.db');
  await openStore(file).close();
  const child = storeChild(file, 'reserve-for-ever');
  await child.acknowledgedAtLeast(5);
  const copies: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    await openStore(file).close();
    const copy = join(folder, `copy-${String(n)}.db`);
    copyFileSync(file, copy);
    copies.push(copy);
  }
  child.kill();
  const { acknowledged } = await child.finished();
  assert.deepEqual(
    copies.map(isRefused),
    copies.map(() => true),
  );
  assert.ok(await has(file, acknowledged), 'calls are missing in the original');
});

inFolder('a checkpoint that stops at a reader still leaves a file that requires its log', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file);
  await reserved(store, reservation(clock.now()));
  const reader = openConnection(file);
  reader.exec('BEGIN');
  reader.prepare('SELECT id FROM calls').all();
  for (let n = 0; n < 60; n += 1) await reserved(store, reservation(clock.now()));
  clock.advance(minute);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  assert.ok(isRefused(copy), 'the copy was not recognized as incomplete');
  reader.exec('COMMIT');
  reader.close();
  await store.close();
});

inFolder('nothing is written before the mark is in the file: a long reader delays the start', async (folder) => {
  const file = join(folder, 'calls.db');
  const first = openStore(file);
  await reserved(first, reservation(clock.now()));
  await first.close();
  const child = storeChild(file, 'read-for-ever');
  await child.ready();
  assert.throws(() => createSqliteStore({ file, clock, lockTimeoutMs: 50 }), hasCode('STORE_LOCKED'));
  child.kill();
  await child.finished();
  await openStore(file).close();
});

inFolder('the log of a database in use is never empty, not even once it has been erased', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store } = await inUse(file);
  await store.eraseNumber(['v1:nobody']);
  assert.notEqual(statSync(`${file}-wal`).size, 0);
  await store.close();
});

inFolder('a copy that was refused is refused again', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store } = await inUse(file);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  for (let attempt = 0; attempt < 3; attempt += 1) assert.ok(isRefused(copy), `attempt ${String(attempt)}`);
  await store.close();
});

inFolder(
  'another program that closes the file after a kill removes the log, and nothing is missing',
  async (folder) => {
    const file = join(folder, 'calls.db');
    const child = storeChild(file, 'reserve-for-ever');
    await child.acknowledgedAtLeast(5);
    child.kill();
    const { acknowledged } = await child.finished();
    const other = openConnection(file);
    other.pragma('wal_checkpoint(TRUNCATE)');
    other.close();
    rmSync(`${file}-wal`, { force: true });
    const moved = join(folder, 'moved.db');
    copyFileSync(file, moved);
    copyFileSync(`${file}.changes`, `${moved}.changes`);
    assert.ok(isRefused(moved), 'the note of one file was accepted for another one');
    assert.ok(await has(file, acknowledged), 'calls are missing');
  },
);

inFolder('what SQLite wrote from a database in use is complete, whatever its cookie counts', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store, ids } = await inUse(file);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  const other = openConnection(copy);
  other.pragma('wal_checkpoint(TRUNCATE)');
  // `.backup` gives its file a schema cookie of its own.
  other.pragma('schema_version=1');
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
  rmSync(`${copy}-wal`, { force: true });
  assert.ok(await has(copy, ids), 'calls are missing');
  await store.close();
});

/** Copies a file as it was at one instant: what changes while it is copied can become a mixture that nothing recognizes. */
function copyOfOneInstant(file: string, copy: string): void {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    copyFileSync(file, copy);
    if (readFileSync(file).equals(readFileSync(copy))) return;
  }
  throw new Error('the file changed during every copy');
}

// Three processes open, use and close the file at the same time, and are killed or not. A copy made meanwhile is either refused or has
// every call acknowledged before it was made; the file itself always starts, and has every call.
for (const killAfter of [1, 4, 7, 8]) {
  inFolder(
    `three processes that come and go, killed after ${String(killAfter)} calls of one: no loss, and none unnoticed`,
    async (folder) => {
      const file = join(folder, 'calls.db');
      const children = [1, 2, 3].map(() => storeChild(file, 'reserve-and-close'));
      await Promise.race(children.map((child) => child.acknowledgedAtLeast(killAfter)));
      const before = children.flatMap((child) => child.acknowledgedSoFar());
      const copy = join(folder, 'copy.db');
      copyOfOneInstant(file, copy);
      if (killAfter < 8) for (const child of children) child.kill();
      const ended = await Promise.all(children.map((child) => child.finished()));
      // A copy made in the middle of a checkpoint may be damaged: that is seen.
      const hasAll = await has(copy, before).catch((error: unknown) => error instanceof StoreOpenError);
      assert.ok(hasAll, 'a copy without its log was taken for a complete one');
      const known = ended.flatMap(({ acknowledged }) => acknowledged);
      assert.ok(await has(file, known), 'calls are missing in the original');
    },
  );
}

inFolder('deleting the log under a process that is then killed is detected at the next start', async (folder) => {
  const file = join(folder, 'calls.db');
  const child = storeChild(file, 'reserve-for-ever');
  await child.acknowledgedAtLeast(5);
  rmSync(`${file}-wal`);
  child.kill();
  await child.finished();
  assert.throws(() => openStore(file), hasCode('STORE_INCOMPLETE_COPY'));
});

inFolder('after a kill with the log in place nothing is missing', async (folder) => {
  const file = join(folder, 'calls.db');
  const child = storeChild(file, 'reserve-for-ever');
  await child.acknowledgedAtLeast(5);
  child.kill();
  const { acknowledged } = await child.finished();
  assert.ok(await has(file, acknowledged), 'calls are missing');
});

inFolder('an older copy in place of the database is refused, and so is a new one', async (folder) => {
  const file = join(folder, 'calls.db');
  const first = openStore(file);
  await reserved(first, reservation(clock.now()));
  await first.close();
  const older = join(folder, 'older.db');
  copyFileSync(file, older);
  const second = openStore(file);
  await reserved(second, reservation(clock.now()));
  await second.close();
  const remove = (): void => ['', '-wal', '-shm'].forEach((suffix) => rmSync(file + suffix, { force: true }));
  remove();
  copyFileSync(older, file);
  assert.throws(() => openStore(file), hasCode('STORE_OLDER_COPY'));
  remove();
  assert.throws(() => openStore(file), hasCode('STORE_OLDER_COPY'));
  rmSync(`${file}.changes`);
  remove();
  await openStore(file).close();
});

for (const [how, end] of [
  ['and then closed', async (store: Store) => store.close()],
  ['and then killed', async (store: Store) => assert.rejects(store.ping(), StoreUnavailable)],
  ['and killed after a quiet second', async () => clock.advance(1_000)],
] as const) {
  inFolder(
    `the database is deleted under a process that has one call, ${how}: the next start is refused`,
    async (folder) => {
      const file = join(folder, 'calls.db');
      const store = openStore(file);
      await reserved(store, reservation(clock.now()));
      if (how.includes('quiet')) await end(store);
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix);
      if (!how.includes('quiet')) await end(store);
      assert.throws(() => openStore(file), hasCode('STORE_OLDER_COPY'));
      await store.close();
    },
  );
}

inFolder('an operator can accept a copy, once', async (folder) => {
  const file = join(folder, 'calls.db');
  const { store } = await inUse(file);
  const copy = join(folder, 'copy.db');
  copyFileSync(file, copy);
  writeFileSync(`${copy}.changes`, '1000\n');
  assert.throws(() => openStore(copy), hasCode('STORE_INCOMPLETE_COPY'));
  writeFileSync(`${copy}.accept-copy`, '');
  const accepted = openStore(copy);
  await accepted.ping();
  assert.ok(!existsSync(`${copy}.accept-copy`), 'it would be accepted again');
  await accepted.close();
  await openStore(copy).close();
  await store.close();
});

for (const suffix of ['', '-wal']) {
  for (const how of ['deleted', 'replaced'] as const) {
    inFolder(`a database whose file${suffix} was ${how} accepts no more writes`, async (folder) => {
      const file = join(folder, 'calls.db');
      const store = openStore(file);
      const call = await reserved(store, reservation(clock.now()));
      await store.ping();
      const path = file + suffix;
      if (how === 'deleted') rmSync(path);
      else {
        copyFileSync(path, `${path}.new`);
        renameSync(`${path}.new`, path);
      }
      await assert.rejects(store.ping(), StoreUnavailable);
      await assert.rejects(store.reserve(reservation(clock.now())), StoreUnavailable);
      assert.equal((await store.read(call.id))?.id, call.id);
      await store.close();
    });
  }
}
