// What only PostgreSQL can do wrong: several processes at once, a connection lost, a server restarted or configured so that it forgets,
// a wrong clock, a schema from another release.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import pg from 'pg';
import { clientConfig, openError } from '../../../src/proxy/store/postgres/connection.js';
import { admissionLock } from '../../../src/proxy/store/postgres/database.js';
import { requireSession } from '../../../src/proxy/store/postgres/session-check.js';
import { openPostgresStore, type PostgresStoreOptions } from '../../../src/proxy/store/postgres/postgres-store.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { migrations } from '../../../src/proxy/store/sqlite/schema.js';
import { type Store, StoreUnavailable, type StoredCall } from '../../../src/proxy/store/store.js';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { startPostgres } from '../../fixtures/postgres-server.js';
import { follow } from './fixtures/follow.js';
import {
  acceptedCall,
  consumptionOf,
  day,
  hour,
  manualClock,
  minute,
  reservation,
  reserved,
  strict,
  withDeadline,
} from './fixtures/stores.js';

const server = await startPostgres();
const open: Store[] = [];
after(async () => {
  await Promise.allSettled(open.map((store) => store.close()));
});

async function storeOn(url: string, over: Partial<PostgresStoreOptions> = {}): Promise<Store> {
  const { store } = await openPostgresStore({ url, clock: systemClock, poolSize: 5, ...over });
  open.push(store);
  return store;
}

const within = async (isSo: () => Promise<boolean>): Promise<void> =>
  withDeadline(
    (async () => {
      while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
    })(),
    60_000,
  );

test('three instances accept exactly the cap between them', async () => {
  const url = await server.createDatabase();
  const stores = [await storeOn(url), await storeOn(url), await storeOn(url)];
  const consumptions = [consumptionOf('all', 'all', strict(37, day))];
  const outcomes = await Promise.all(
    Array.from({ length: 120 }, (_, n) => stores[n % 3]!.reserve(reservation(Date.now(), { consumptions }))),
  );
  assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 37);
  assert.equal(outcomes.filter(({ kind }) => kind === 'refused').length, 83);
});

test('one key is reserved once, however many instances receive it at the same time', async () => {
  const url = await server.createDatabase();
  const stores = [await storeOn(url), await storeOn(url)];
  const request = reservation(Date.now());
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => stores[n % 2]!.reserve({ ...request, callId: `same-${String(n)}` })),
  );
  assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 1);
  assert.equal(outcomes.filter(({ kind }) => kind === 'in-progress').length, 19);
});

test('a request that is reserved elsewhere while its repetition is decided is not refused for what it consumed itself', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url, { timeoutMs: 30_000 });
  const slot = { scope: 'number', key: 'v1:n', max: 1 } as const;
  const request = reservation(Date.now(), { numberKeys: ['v1:n'], concurrencySlots: [slot] });
  const { idempotencyKey: key, fingerprint } = request;
  for (const table of ['suppressions', 'cool_downs', 'concurrency_slots', 'idempotency']) {
    await server.clear(url);
    const elsewhere = new pg.Client({ connectionString: url });
    await elsewhere.connect();
    // The decision waits in the middle of its reads; meanwhile the other instance's transaction ends.
    await elsewhere.query(`SET search_path = polyai_callback; BEGIN; LOCK TABLE ${table}`);
    const repetition = store.reserve(request);
    await within(async () => {
      const waiting = await server.query(url, `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return waiting.length > 0;
    });
    await elsewhere.query(`INSERT INTO concurrency_slots (scope, key, call_id) VALUES ('number', 'v1:n', 'first')`);
    await elsewhere.query(
      `INSERT INTO idempotency (key_hash, fingerprint, call_id, created_at) VALUES ($1, $2, 'first', 0)`,
      [
        createHash('sha256').update(key).digest('base64url'),
        createHmac('sha256', key).update(fingerprint).digest('base64url'),
      ],
    );
    await elsewhere.query('COMMIT');
    await elsewhere.end();
    assert.equal((await withDeadline(repetition)).kind, 'in-progress', `while ${table} was read`);
  }
});

test('a due call is leased by one instance', async () => {
  const url = await server.createDatabase();
  const stores = [await storeOn(url), await storeOn(url), await storeOn(url)];
  for (let n = 0; n < 40; n += 1) await acceptedCall(stores[0]!, Date.now());
  const leased = new Set<string>();
  for (let turn = 0; turn < 10; turn += 1) {
    const claims = await Promise.all(stores.map((store) => store.claimDue(7, hour)));
    for (const { call } of claims.flat()) {
      assert.ok(!leased.has(call.id), 'leased twice');
      leased.add(call.id);
    }
  }
  assert.equal(leased.size, 40);
});

test('a lease expires by the database’s clock, whatever the clocks of the instances say', async () => {
  const url = await server.createDatabase();
  const ahead = { ...systemClock, now: () => Date.now() + hour };
  const behind = { ...systemClock, now: () => Date.now() - 5 * minute };
  const [first, second] = [await storeOn(url, { clock: ahead }), await storeOn(url, { clock: behind })];
  const call = await acceptedCall(first, Date.now());
  const [due] = await second.claimDue(5, minute);
  assert.equal(due?.call.id, call.id);
  assert.deepEqual(await first.claimDue(5, minute), []);
  const created = (await first.read(call.id))?.createdAt ?? 0;
  assert.ok(Math.abs(created - Date.now()) < 10 * minute, 'the time is not the database’s');
});

test('a listener whose connection is cut reconnects and misses nothing', async () => {
  const url = await server.createDatabase();
  const faults: unknown[] = [];
  const [here, there] = [await storeOn(url, { onFault: (error) => faults.push(error) }), await storeOn(url)];
  const call = await acceptedCall(there, Date.now());
  const reader = follow(here, call.id, 0);
  await withDeadline(reader.next());
  const next = reader.next();
  await server.query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`);
  await there.append(call.id, [{ status: 'ringing', at: Date.now() }]);
  const seen = (await withDeadline(next)).value as StoredCall;
  assert.equal(seen.status, 'ringing');
  const last = reader.next();
  await there.append(call.id, [{ status: 'completed', at: Date.now() }]);
  assert.equal(((await withDeadline(last)).value as StoredCall).status, 'completed');
  assert.ok(faults.length > 0, 'the lost connection was not reported');
});

test('a call that another instance erases ends its followers here', async () => {
  const url = await server.createDatabase();
  const [here, there] = [await storeOn(url), await storeOn(url)];
  const call = await acceptedCall(there, Date.now(), { numberKeys: ['v1:erased'] });
  const next = follow(here, call.id, 1).next();
  await there.eraseNumber(['v1:erased']);
  assert.equal((await withDeadline(next)).done, true);
});

test('a killed server makes every method unavailable, and the store works again once it is back, with every acknowledged call', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  const call = await acceptedCall(store, Date.now());
  const reader = follow(store, call.id, 0);
  await withDeadline(reader.next());
  server.process.kill('SIGKILL');
  // The processes of its connections notice a moment later.
  await within(() =>
    store.ping().then(
      () => false,
      (error: unknown) => error instanceof StoreUnavailable,
    ),
  );
  await assert.rejects(store.reserve(reservation(Date.now())), StoreUnavailable);
  await server.restart();
  await within(() =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
  assert.equal((await store.read(call.id))?.stage, 'accepted');
  const next = reader.next();
  await store.append(call.id, [
    { status: 'ringing', at: Date.now() },
    { status: 'completed', at: Date.now() },
  ]);
  assert.equal(((await withDeadline(next, 60_000)).value as StoredCall).status, 'completed');
});

test('connections that were cut while they were idle are replaced, and no request notices', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  await Promise.all([store.ping(), store.ping(), store.ping()]);
  const others = 'datname = current_database() AND pid <> pg_backend_pid()';
  await server.query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
  await within(
    async () =>
      (await server.query(url, `SELECT 1 FROM pg_stat_activity WHERE ${others} AND query NOT LIKE 'LISTEN%'`))
        .length === 0,
  );
  const outcomes = await Promise.all([1, 2, 3].map(() => store.reserve(reservation(Date.now()))));
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['reserved', 'reserved', 'reserved'],
  );
});

test('a server that has become read-only is unavailable, and the next connection may lead to the new primary', async () => {
  const own = await startPostgres();
  const url = await own.createDatabase();
  const store = await storeOn(url, { poolSize: 2 });
  await store.ping();
  // What the server says holds for connections that exist, what the database says for new ones: those are with the new primary.
  await own.query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = off`);
  await own.query(url, 'ALTER SYSTEM SET default_transaction_read_only = on');
  await own.query(url, 'SELECT pg_reload_conf()');
  await within(() =>
    store.ping().then(
      () => false,
      (error: unknown) => error instanceof StoreUnavailable,
    ),
  );
  await within(() =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
  await store.close();
  await own.stop();
});

test('a pooler in transaction mode, behind which no notification arrives, is refused', async () => {
  const url = await server.createDatabase();
  const config = { connectionString: url };
  const deaf = (): pg.Client => {
    const client = new pg.Client(config);
    const on = client.on.bind(client) as (event: string, listener: () => void) => pg.Client;
    return Object.assign(client, {
      on: (event: string, listener: () => void) => (event === 'notification' ? client : on(event, listener)),
    });
  };
  await assert.rejects(requireSession({ connect: deaf, timeoutMs: 200 }), { code: 'STORE_POOLED' });
  await requireSession({ connect: () => new pg.Client(config), timeoutMs: 30_000 });
});

test('waiting too long for other requests makes one request unavailable, and the connection can be used again', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url, { poolSize: 1, timeoutMs: 300 });
  const blocker = new pg.Client({ connectionString: url });
  await blocker.connect();
  // The lock of everything that consumes or refunds.
  await blocker.query(`SELECT pg_advisory_lock(${String(admissionLock)})`);
  try {
    await assert.rejects(store.reserve(reservation(Date.now())), StoreUnavailable);
  } finally {
    await blocker.end();
  }
  assert.equal((await withDeadline(store.reserve(reservation(Date.now())))).kind, 'reserved');
  await store.ping();
});

test('a statement that takes too long, and a pool without a free connection, are unavailable', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url, { poolSize: 1, timeoutMs: 300 });
  const blocker = new pg.Client({ connectionString: url });
  await blocker.connect();
  try {
    await blocker.query('BEGIN; LOCK TABLE polyai_callback.calls, polyai_callback.ping');
    const results = await Promise.allSettled([store.ping(), store.read('a'), store.read('b')]);
    for (const result of results) {
      assert.equal(result.status, 'rejected');
      assert.ok(result.status === 'rejected' && result.reason instanceof StoreUnavailable, 'another error');
    }
  } finally {
    await blocker.end();
  }
  await within(() =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
});

for (const setting of ['synchronous_commit'] as const)
  test(`a database with ${setting}=off is refused`, async () => {
    const url = await server.createDatabase();
    await server.query(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting} = off`);
    await assert.rejects(storeOn(url), { name: 'StoreOpenError', code: 'STORE_NOT_DURABLE' });
  });

test('a database of a newer release is refused, and several instances migrate an empty one at the same time', async () => {
  const url = await server.createDatabase();
  await Promise.all([storeOn(url), storeOn(url), storeOn(url)]);
  await server.query(url, `UPDATE polyai_callback.meta SET value = 99 WHERE name = 'schema'`);
  await assert.rejects(storeOn(url), { name: 'StoreOpenError', code: 'STORE_NEWER_SCHEMA' });
});

test('the sealed request of a callback can be read neither with its row alone nor after it was placed', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  const slot = { at: '2026-03-02T10:00:00.000Z', zone: 'Europe/London', wall: '2026-03-02T10:00' };
  const scheduled = { slot, dueAt: Date.now(), sealedRequest: 'sealed-canary' };
  const call = await reserved(store, reservation(Date.now(), { scheduled }));
  const stored = JSON.stringify(await server.query(url, 'SELECT * FROM polyai_callback.calls'));
  assert.doesNotMatch(stored, /sealed-canary/);
  const [due] = await store.claimDue(5, hour);
  assert.equal(due?.sealedRequest, 'sealed-canary');
  const checks = { numberKeys: [], consumptions: [], concurrencySlots: [], dispatchDeadline: Date.now() + hour };
  assert.equal(await store.startScheduled(call.id, due?.lease ?? '', checks), undefined);
  assert.deepEqual(await server.query(url, 'SELECT * FROM polyai_callback.row_keys'), []);
  const [row] = await server.query(url, 'SELECT sealed FROM polyai_callback.calls');
  assert.equal(row?.['sealed'], null);
});

test('the sealed request of a second attempt is opened by it, and its key is gone when there is none', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  const planned = async (status: 'no-answer' | 'completed'): Promise<string> => {
    const callId = `second-${status}`;
    const redial = {
      callId,
      afterMs: 0,
      until: Date.now() + hour,
      zone: 'Europe/London',
      sealedRequest: 'sealed-canary',
    };
    const call = await acceptedCall(store, Date.now(), { redial });
    await store.append(call.id, [{ status, at: Date.now() }]);
    return callId;
  };
  await planned('completed');
  assert.deepEqual(await server.query(url, 'SELECT * FROM polyai_callback.row_keys'), []);
  const second = await planned('no-answer');
  const [due] = await store.claimDue(5, hour);
  assert.equal(due?.call.id, second);
  assert.equal(due.sealedRequest, 'sealed-canary');
});

test('a number that is kept for a report is opened by the second attempt, and its key is gone with it', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  const completed = async (name: string): Promise<string> => {
    const redial = {
      callId: `second-${name}`,
      afterMs: 0,
      until: Date.now() + hour,
      zone: 'Europe/London',
      reportWaitMs: 60_000,
      sealedRequest: 'sealed-canary',
    };
    const call = await acceptedCall(store, Date.now(), { redial, numberKeys: [`v1:${name}`] });
    await store.append(call.id, [{ status: 'completed', at: Date.now() }]);
    return call.id;
  };
  const keys = async (): Promise<unknown[]> =>
    (await server.query(url, 'SELECT call_id FROM polyai_callback.row_keys ORDER BY 1')).map((row) => row['call_id']);
  const report = (callId: string, answeredBy: 'person' | 'voicemail'): Promise<unknown> =>
    store.recordOutcome({ callId, answeredBy, disposition: 'no-message', sealedText: '', doNotCall: false });
  const [person, voicemail] = [await completed('person'), await completed('voicemail')];
  await completed('opted-out');
  await completed('expired');
  assert.deepEqual(await keys(), ['second-expired', 'second-opted-out', 'second-person', 'second-voicemail']);
  await report(person, 'person');
  await store.suppress(['v1:opted-out'], 'operator');
  await report(voicemail, 'voicemail');
  await server.query(url, `UPDATE polyai_callback.calls SET ready_at = 1 WHERE redial LIKE '%second-expired%'`);
  await store.expireRedials();
  assert.deepEqual(await keys(), ['second-voicemail']);
  const [due] = await store.claimDue(5, hour);
  assert.deepEqual([due?.call.id, due?.sealedRequest], ['second-voicemail', 'sealed-canary']);
});

test('a callback that is placed leaves its number only to a second attempt', async () => {
  const url = await server.createDatabase();
  const store = await storeOn(url);
  const slot = { at: new Date().toISOString(), zone: 'UTC', wall: '2026-01-01T00:00' };
  const scheduled = { slot, dueAt: Date.now(), sealedRequest: 'first-canary' };
  const call = await reserved(store, reservation(Date.now(), { scheduled }));
  const [due] = await store.claimDue(5, hour);
  const redial = {
    callId: 'second',
    afterMs: 0,
    until: Date.now() + hour,
    zone: 'UTC',
    sealedRequest: 'sealed-canary',
  };
  const checks = { numberKeys: [], consumptions: [], concurrencySlots: [], dispatchDeadline: Date.now() + hour };
  assert.equal(await store.startScheduled(call.id, due?.lease ?? '', { ...checks, redial }), undefined);
  assert.deepEqual(await server.query(url, 'SELECT call_id FROM polyai_callback.row_keys'), [{ call_id: 'second' }]);
  await store.append(call.id, [{ status: 'no-answer', at: Date.now() }]);
  const [second] = await store.claimDue(5, hour);
  assert.deepEqual([second?.call.id, second?.sealedRequest], ['second', 'sealed-canary']);
});

test('both engines have the same tables and columns', async () => {
  const url = await server.createDatabase();
  await storeOn(url);
  const rows = await server.query(
    url,
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'polyai_callback'`,
  );
  const db = openConnection(':memory:');
  for (const step of migrations) db.exec(step);
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { name: string }[];
  const columns = tables.flatMap(({ name }) =>
    (db.pragma(`table_info(${name})`) as { name: string }[]).map((column) => `${name}.${column.name}`),
  );
  const own = ['row_keys.call_id', 'row_keys.key', 'changes.last_value', 'changes.log_cnt', 'changes.is_called'];
  const found = rows.map((row) => `${String(row['table_name'])}.${String(row['column_name'])}`);
  assert.deepEqual(found.filter((name) => !own.includes(name)).sort(), columns.sort());
});

test('TLS as in libpq: a server elsewhere is checked unless the URL says otherwise', () => {
  assert.equal(clientConfig('postgres://u@localhost/d').ssl, false);
  assert.equal(clientConfig('postgres:///d?host=/var/run/postgresql').ssl, false);
  assert.deepEqual(clientConfig('postgres://u@db.example/d').ssl, {});
  assert.equal(clientConfig('postgres://u@db.example/d?sslmode=disable').ssl, false);
  assert.deepEqual(clientConfig('postgres://u@db.example/d?sslmode=require').ssl, { rejectUnauthorized: false });
  assert.doesNotMatch(String(clientConfig('postgres://u@db.example/d?sslmode=require').connectionString), /sslmode/);
  assert.throws(() => clientConfig('postgres://u@db.example/d?sslmode=maybe'), { code: 'STORE_CANNOT_OPEN' });
  assert.throws(() => clientConfig('postgres://u@db.example/d?sslmode=verify-full&sslrootcert=/no/such/file'), {
    code: 'STORE_CANNOT_OPEN',
  });
});

test('what goes wrong at the start is one sentence without the password', async () => {
  const wrong = (url: string) => openPostgresStore({ url, clock: manualClock(), timeoutMs: 1_000 });
  const base = new URL(await server.createDatabase());
  base.password = 'canary';
  base.pathname = '/no_such_database';
  await assert.rejects(wrong(base.href), (error: Error) => {
    assert.match(error.message, /^STORE_DENIED: /);
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
  base.port = '1';
  await assert.rejects(wrong(base.href), { code: 'STORE_UNREACHABLE' });
  assert.equal(openError(Object.assign(new Error('x'), { code: '42501' })).code, 'STORE_DENIED');
  assert.match(openError(Object.assign(new Error('x'), { code: '53300' })).message, /lower it/);
});
