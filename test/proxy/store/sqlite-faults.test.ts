// What the embedded store does when its file, its disk or other processes misbehave: never "not found", never a partial write.

import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { migrate } from '../../../src/proxy/store/sqlite/database.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { migrations } from '../../../src/proxy/store/sqlite/schema.js';
import { createSqliteStore, type SqliteStoreOptions } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { type Store, StoreUnavailable } from '../../../src/proxy/store/store.js';
import {
  acceptedCall,
  manualClock,
  day,
  gcra,
  hour,
  reservation,
  reserved,
  consumptionOf,
  temporaryFolder,
} from './fixtures/stores.js';
import { watchStatements } from './fixtures/watch-statements.js';
import { inFolder, storeChild } from './fixtures/children.js';

const clock = manualClock();
const openStore = (file: string, over: Partial<SqliteStoreOptions> = {}): Store =>
  createSqliteStore({ file, clock, ...over });
const hasCode = (code: string) => (error: unknown) => error instanceof StoreOpenError && error.code === code;

inFolder('the file and its folder are accessible to their owner alone', async (folder) => {
  const file = join(folder, 'data', 'calls.db');
  const store = openStore(file);
  await reserved(store, reservation(clock.now()));
  assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700);
  for (const name of readdirSync(join(folder, 'data'))) {
    assert.equal(statSync(join(folder, 'data', name)).mode & 0o777, 0o600, name);
  }
  await store.close();
});

inFolder('commits are flushed: write-ahead log, synchronous FULL', async (folder) => {
  // A power failure cannot be simulated here; that the settings against it are requested can be checked.
  const seen: string[] = [];
  const unwatch = watchStatements({ pragma: (source) => void seen.push(source) });
  try {
    await openStore(join(folder, 'calls.db')).close();
  } finally {
    unwatch();
  }
  assert.ok(seen.includes('journal_mode=WAL'), 'no write-ahead log');
  assert.ok(seen.includes('synchronous=FULL'), 'not synchronous');
  assert.ok(seen.includes('secure_delete=ON'), 'deletes without overwriting');
  assert.ok(!seen.some((pragma) => /synchronous=(NORMAL|OFF)/i.test(pragma)), 'weaker than synchronous=FULL');
});

inFolder(
  'locked by another process: writing is unavailable, reading goes on, the event loop is not blocked',
  async (folder) => {
    const file = join(folder, 'calls.db');
    const store = openStore(file, { lockTimeoutMs: 200 });
    const call = await acceptedCall(store, clock.now());
    const other = openConnection(file);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const awake = setInterval(() => (turns += 1), 1);
    await assert.rejects(store.reserve(reservation(clock.now())), StoreUnavailable);
    await assert.rejects(store.append(call.id, [{ status: 'ringing', at: clock.now() }]), StoreUnavailable);
    await assert.rejects(store.ping(), StoreUnavailable);
    clearInterval(awake);
    assert.notEqual(turns, 0);
    assert.deepEqual(await store.read(call.id), call);
    other.exec('ROLLBACK');
    await store.ping();
    await store.close();
    other.close();
  },
);

inFolder('a lock that is released in time only causes a wait', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file, { lockTimeoutMs: 60_000 });
  const other = openConnection(file);
  other.exec('BEGIN IMMEDIATE');
  const waiting = reserved(store, reservation(clock.now()));
  await new Promise((resolve) => setImmediate(resolve));
  other.exec('ROLLBACK');
  assert.equal((await waiting).stage, 'dispatching');
  await store.close();
  other.close();
});

inFolder('a file that cannot grow: unavailable, and everything acknowledged is still there', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file, { pragmas: { max_page_count: 60 } });
  const kept: string[] = [];
  await assert.rejects(async () => {
    for (let n = 0; n < 5_000; n += 1) kept.push((await reserved(store, reservation(clock.now()))).id);
  }, StoreUnavailable);
  assert.notEqual(kept.length, 0);
  assert.equal(await store.read('nobody'), undefined);
  await store.close();
  const after = openStore(file);
  for (const id of kept) assert.notEqual(await after.read(id), undefined, id);
  await reserved(after, reservation(clock.now()));
  await after.close();
});

inFolder('a disk that refuses writes: unavailable, ping too, and nothing acknowledged is lost', async (folder) => {
  const file = join(folder, 'calls.db');
  // The shell's file size limit stands in for a full disk: writes beyond it fail, even for root.
  const child = storeChild(file, 'until-unavailable', { fileBlocks: 800 });
  const { acknowledged, last } = await child.finished();
  assert.notEqual(acknowledged.length, 0);
  assert.equal(last, 'unavailable ping-unavailable');
  const after = openStore(file);
  for (const id of acknowledged) assert.notEqual(await after.read(id), undefined, id);
  await after.ping();
  await after.close();
});

inFolder('a connection that cannot write: unavailable, reading goes on', async (folder) => {
  const file = join(folder, 'calls.db');
  const first = openStore(file);
  const call = await acceptedCall(first, clock.now());
  await first.close();
  const store = openStore(file, { pragmas: { query_only: 1 } });
  await assert.rejects(store.reserve(reservation(clock.now())), StoreUnavailable);
  await assert.rejects(store.ping(), StoreUnavailable);
  assert.deepEqual(await store.read(call.id), call);
  await store.close();
});

inFolder('a read-only file is refused at start', async (folder) => {
  const file = join(folder, 'calls.db');
  await openStore(file).close();
  chmodSync(folder, 0o555);
  chmodSync(file, 0o444);
  // Root may write anywhere, so become another user for this one synchronous step.
  const { geteuid, seteuid } = process;
  const isRoot = geteuid?.() === 0;
  if (isRoot) seteuid?.(65_534);
  try {
    assert.throws(() => openStore(file), hasCode('STORE_READ_ONLY'));
  } finally {
    if (isRoot) seteuid?.(0);
    chmodSync(folder, 0o700);
  }
});

inFolder('a damaged row is unavailable, never "not found"', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file);
  const call = await acceptedCall(store, clock.now());
  const consumptions = [consumptionOf('all', 'all', gcra(5, hour))];
  await reserved(store, reservation(clock.now(), { consumptions }));
  const other = openConnection(file);
  for (const damage of [`history = 'x'`, `history = '[]'`, `status = 'no-such-status'`, `history = '{}'`]) {
    other.exec(`UPDATE calls SET ${damage}`);
    await assert.rejects(store.read(call.id), StoreUnavailable, damage);
    await assert.rejects(store.append(call.id, [{ status: 'ringing', at: 0 }]), StoreUnavailable, damage);
  }
  other.exec(`UPDATE allowances SET state = '{"tat":'`);
  await assert.rejects(store.reserve(reservation(clock.now(), { consumptions })), StoreUnavailable);
  other.close();
  await store.close();
});

inFolder('a file whose pages were overwritten is refused at start, or unavailable', async (folder) => {
  const pristine = join(folder, 'pristine.db');
  const store = openStore(pristine);
  for (let n = 0; n < 50; n += 1) await reserved(store, reservation(clock.now()));
  await store.close();
  const bytes = readFileSync(pristine);
  for (let at = 0; at < bytes.length; at += 4_096) {
    const file = join(folder, `damaged-${at}.db`);
    writeFileSync(file, bytes);
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(2_048, 0x5a), 0, 2_048, at);
    closeSync(handle);
    assert.throws(() => openStore(file), hasCode('STORE_CORRUPT'), `page at ${at}`);
  }
});

inFolder('a truncated file, or one that is not a database, is refused at start', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file);
  for (let n = 0; n < 50; n += 1) await reserved(store, reservation(clock.now()));
  await store.close();
  truncateSync(file, 4_096 * 3 + 17);
  assert.throws(() => openStore(file), hasCode('STORE_CORRUPT'));
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'This is not a database. '.repeat(400));
  assert.throws(() => openStore(text), hasCode('STORE_CORRUPT'));
  assert.throws(() => openStore(join(text, 'calls.db')), StoreOpenError);
  assert.throws(() => openStore(folder), StoreOpenError);
});

// In another process: without the safeguard, each of these waits for ever.
const linuxOnly = { skip: process.platform !== 'linux' };
test('a folder that cannot be created, and what is not a file, are refused at once', linuxOnly, async () => {
  const folder = temporaryFolder();
  try {
    const pipe = join(folder.path, 'pipe.db');
    spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const mode = statSync('/dev/null').mode;
    for (const file of ['/proc/missing/calls.db', pipe, '/dev/null']) {
      const { last } = await storeChild(file, 'meet-the-cap').finished();
      assert.match(last, /STORE_CANNOT_OPEN/, file);
      assert.ok(last.includes(file), last);
    }
    assert.equal(statSync('/dev/null').mode, mode);
  } finally {
    folder.remove();
  }
});

inFolder("another program's database is refused and left alone", async (folder) => {
  const file = join(folder, 'other.db');
  const other = openConnection(file);
  other.exec('CREATE TABLE books (title TEXT)');
  assert.throws(() => openStore(file), hasCode('STORE_FOREIGN_FILE'));
  const tables = other.prepare('SELECT name FROM sqlite_master').all() as { name: string }[];
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['books'],
  );
  other.close();
});

inFolder('a file from a newer release is refused', async (folder) => {
  const file = join(folder, 'calls.db');
  await openStore(file).close();
  const other = openConnection(file);
  other.exec('PRAGMA user_version = 999');
  other.close();
  assert.throws(() => openStore(file), hasCode('STORE_NEWER_SCHEMA'));
});

for (let version = 0; version <= migrations.length; version += 1) {
  inFolder(`a file with schema ${version} is migrated to the current one and works`, async (folder) => {
    const file = join(folder, 'calls.db');
    const old = openConnection(file);
    migrate(old, file, migrations.slice(0, version));
    old.close();
    const store = openStore(file);
    const call = await acceptedCall(store, clock.now());
    await store.append(call.id, [{ status: 'completed', at: clock.now() }]);
    await store.close();
    assert.equal((await openStoreAndRead(file, call.id))?.status, 'completed');
  });
}

async function openStoreAndRead(file: string, id: string) {
  const store = openStore(file);
  try {
    return await store.read(id);
  } finally {
    await store.close();
  }
}

inFolder('a migration that fails leaves the file as it was', async (folder) => {
  const file = join(folder, 'calls.db');
  const db = openConnection(file);
  migrate(db, file);
  assert.throws(() => migrate(db, file, [...migrations, 'CREATE TABLE half (a); CREATE TABLE half (a);']));
  assert.deepEqual(db.prepare(`SELECT name FROM sqlite_master WHERE name = 'half'`).all(), []);
  db.close();
  await openStore(file).close();
});

inFolder('a flood of refusals writes nothing', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file);
  const consumptions = [consumptionOf('address', 'a', gcra(1, hour)), consumptionOf('all', 'all', gcra(100, day))];
  const challenge = { id: 'c', expiresAt: clock.now() + hour };
  const request = reservation(clock.now(), { consumptions, challenge, numberKeys: ['v1:n'] });
  await reserved(store, request);
  const other = openConnection(file);
  const state = () => [statSync(`${file}-wal`).size, statSync(file).size, other.pragma('data_version')];
  const before = JSON.stringify(state());
  for (let n = 0; n < 200; n += 1) {
    assert.equal((await store.reserve(reservation(clock.now(), { consumptions }))).kind, 'refused');
    assert.equal((await store.reserve(reservation(clock.now(), { challenge }))).kind, 'challenge-used');
    assert.equal((await store.reserve(request)).kind, 'in-progress');
    await store.append(request.callId, [{ status: 'requested', at: 0 }]);
    await store.claimDue(5, 1_000);
  }
  assert.equal(JSON.stringify(state()), before);
  other.close();
  await store.close();
});

inFolder('every ping is written', async (folder) => {
  const file = join(folder, 'calls.db');
  const store = openStore(file);
  for (let n = 0; n < 3; n += 1) {
    const before = readFileSync(`${file}-wal`);
    await store.ping();
    const changed = readFileSync(`${file}-wal`).filter((byte, at) => byte !== before[at]);
    assert.ok(changed.length > 39_000, 'nothing was written');
  }
  await store.close();
});

inFolder(
  'no number, capability or idempotency key is in the files, and erasing removes the key of the number',
  async (folder) => {
    const file = join(folder, 'calls.db');
    const ring = createKeyring([{ name: 'v1', secret: new Uint8Array(32).fill(7) }]);
    const number = '+15550109988';
    const numberKeys = ring.numberKeys(number);
    const [numberKey] = numberKeys;
    const store = openStore(file);
    const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
    const request = reservation(clock.now(), {
      idempotencyKey: 'canary-idempotency-key-1',
      answer: ({ id: callId }) => ({ httpStatus: 202, body: JSON.stringify({ id: callId }) }),
      fingerprint: 'canary-fingerprint',
      numberKeys,
      consumptions: [
        consumptionOf('number', numberKey!, gcra(3, day)),
        { scope: 'distinct-numbers', key: 'address', rule: gcra(3, day), member: numberKey! },
      ],
      concurrencySlots: [{ scope: 'scheduled-number', key: numberKey!, max: 1 }],
      scheduled: { slot, dueAt: clock.now(), sealedRequest: ring.seal(JSON.stringify({ phone: number })) },
    });
    const { id } = await reserved(store, request);
    const [lease] = await store.claimDue(1, 1_000);
    await store.startScheduled(id, lease!.lease, { ...request, dispatchDeadline: clock.now() + 1_000 });
    await store.settle(id, { kind: 'unknown', coolDownUntil: clock.now() + hour });
    const clear = [
      number,
      number.slice(1),
      number.slice(2),
      ring.token(id),
      'canary-idempotency',
      'canary-fingerprint',
    ];
    assertNowhere(folder, clear);
    assert.equal(isAnywhere(folder, numberKey!), true);
    await store.eraseNumber(numberKeys);
    assertNowhere(folder, [...clear, numberKey!, numberKey!.split(':')[1]!]);
    await store.suppress(numberKeys, 'operator');
    await store.eraseNumber(numberKeys);
    await store.close();
    assertNowhere(folder, clear);
    const other = openConnection(file);
    const tables = other.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[];
    const holding = tables.filter(({ name }) =>
      JSON.stringify(other.prepare(`SELECT * FROM ${name}`).all()).includes(numberKey!),
    );
    assert.deepEqual(
      holding.map(({ name }) => name),
      ['suppressions'],
    );
    other.close();
  },
);

const isAnywhere = (folder: string, text: string): boolean =>
  readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(text));

function assertNowhere(folder: string, texts: readonly string[]): void {
  for (const text of texts) assert.equal(isAnywhere(folder, text), false, text);
}

inFolder('everything acknowledged before a kill -9 is there after it, complete', async (folder) => {
  const file = join(folder, 'calls.db');
  const known: string[] = [];
  for (const after of [1, 25, 60]) {
    const child = storeChild(file, 'reserve-for-ever');
    await child.acknowledgedAtLeast(after);
    child.kill();
    const { acknowledged } = await child.finished();
    known.push(...acknowledged);
  }
  const store = openStore(file);
  for (const id of known) {
    const call = await store.read(id);
    assert.equal(call?.stage, 'dispatching', id);
  }
  clock.advance(hour);
  const due = await store.claimDue(10_000, hour);
  assert.deepEqual(
    due.filter(({ why }) => why !== 'lost'),
    [],
  );
  assert.deepEqual(
    known.filter((id) => !due.some(({ call }) => call.id === id)),
    [],
  );
  await store.close();
  const db = openConnection(file);
  const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get([]) as { n: number }).n;
  assert.equal(count('calls'), count('idempotency'));
  assert.equal(count('calls'), count('consents'));
  assert.equal(count('calls'), count('concurrency_slots'));
  db.close();
});

inFolder('four processes on one file accept exactly the cap', async (folder) => {
  const file = join(folder, 'calls.db');
  await openStore(file).close();
  const children = [1, 2, 3, 4].map(() => storeChild(file, 'meet-the-cap', { waits: true }));
  await Promise.all(children.map((child) => child.ready()));
  for (const child of children) child.go();
  const results = await Promise.all(children.map((child) => child.finished()));
  const accepted = results.flatMap(({ acknowledged }) => acknowledged);
  assert.equal(accepted.length, 37);
  assert.equal(new Set(accepted).size, 37);
  assert.deepEqual(
    results.map(({ last }) => last),
    Array.from({ length: 4 }, () => 'done 60'),
  );
});

test('an in-memory store works without a file', async () => {
  const store = openStore(':memory:');
  await acceptedCall(store, clock.now());
  await store.ping();
  await store.close();
  assert.equal(existsSync(':memory:'), false);
});
