// Moving from a SQLite file to PostgreSQL: whoever opted out stays so, a repeated request places no second call, limits are not refilled, and
// whatever could be forgotten or ring twice is refused. Mutations that turn it red: no `requireKeys`; no `isUnused`; open calls copied.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { runCli } from '../../../src/proxy/cli/cli.js';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { openKeyring } from '../../../src/proxy/open-proxy.js';
import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { openConnection } from '../../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { startPostgres } from '../../fixtures/postgres-server.js';
import {
  acceptedCall,
  consume,
  consumptionOf,
  day,
  reservation,
  strict,
  temporaryFolder,
} from '../store/fixtures/stores.js';

const server = await startPostgres();
after(() => server.stop());

const newKeys = (): string => `v1:${randomBytes(32).toString('base64')}`;
const keys = newKeys();
const numberKeysOf = (number: string): readonly string[] =>
  openKeyring({ database: { kind: 'file', path: '/nowhere' }, keys }).numberKeys(number);
const optedOut = '+442079460958';
const called = '+442079460123';
const cap = [consumptionOf('all', 'all', strict(1, day))];

interface World {
  readonly file: string;
  readonly url: string;
  run(more?: Readonly<Record<string, string>>): Promise<{ readonly code: number | undefined; readonly text: string }>;
}

/** A file with a number that opted out, a call that has ended, and a cap that is used up. */
async function world(t: TestContext, { isOpen = false } = {}): Promise<World> {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  // What a stopped proxy leaves: libsql holds the lock of a connection that this process has closed.
  const [written, file] = [join(folder.path, 'written.db'), join(folder.path, 'calls.db')];
  const store = createSqliteStore({ file: written, clock: systemClock });
  await store.suppress(numberKeysOf(optedOut), 'operator');
  const call = await acceptedCall(store, Date.now(), {
    callId: 'kept',
    idempotencyKey: 'a-key-that-is-kept-____',
    numberKeys: numberKeysOf(called),
  });
  if (!isOpen) await store.append(call.id, [{ status: 'completed', at: Date.now() }]);
  assert.equal(await consume(store, Date.now(), cap), undefined);
  await store.close();
  copyFileSync(written, file);
  const url = await server.createDatabase();
  return {
    file,
    url,
    run: async (more = {}) => {
      const said: string[] = [];
      const code = await runCli(['import', file], {
        env: { DATABASE_URL: url, SECRET_KEYS: keys, ...more },
        print: (line) => said.push(line),
        note: (line) => said.push(line),
        serve: async () => {},
      });
      return { code, text: said.join('\n') };
    },
  };
}

test('what was stored is there: opt-outs, consents, calls, keys of requests and used allowances', async (t) => {
  const { url, run } = await world(t);
  const { code, text } = await run();
  assert.equal(code, 0, text);
  assert.match(text, /^Imported calls: 2; consent records: 2; opt-outs: 1;/);
  const { store } = await openPostgresStore({ url, clock: systemClock });
  try {
    const refused = await store.reserve(reservation(Date.now(), { numberKeys: numberKeysOf(optedOut) }));
    assert.ok(refused.kind === 'refused' && refused.refusal.kind === 'suppressed', JSON.stringify(refused));
    const again = await store.reserve(
      reservation(Date.now(), { idempotencyKey: 'a-key-that-is-kept-____', numberKeys: numberKeysOf(called) }),
    );
    assert.notEqual(again.kind, 'reserved', 'the same request was accepted twice');
    assert.equal((await store.reserve(reservation(Date.now(), { consumptions: cap }))).kind, 'refused');
    const exported = await store.exportNumber(numberKeysOf(called));
    assert.equal(exported.calls[0]?.id, 'kept');
    assert.ok(exported.calls[0]?.consent !== undefined, 'without its consent record');
  } finally {
    await store.close();
  }
});

test('keys that do not recognize who opted out are refused, and nothing is written', async (t) => {
  const { url, run } = await world(t);
  await assert.rejects(run({ SECRET_KEYS: newKeys() }), /^KeyringError: KEYS_IN_USE: .*1 suppressed number/);
  const found = await server.query(url, `SELECT to_regclass('polyai_callback.calls') AS name`);
  assert.equal(found[0]?.['name'], null);
});

test('a file with an open call, one in use, and a database with calls are refused', async (t) => {
  const open = await world(t, { isOpen: true });
  const refused = await open.run();
  assert.equal(refused.code, 1);
  assert.match(refused.text, /^Calls in progress or scheduled in .*: 1\./);
  assert.deepEqual(await server.query(open.url, 'SELECT id FROM polyai_callback.calls'), []);

  const used = await world(t);
  const other = openConnection(used.file);
  other.prepare('SELECT count(*) AS n FROM calls').get();
  const busy = await used.run();
  other.close();
  assert.equal(busy.code, 1);
  assert.match(busy.text, /is in use/);

  const full = await world(t);
  const { store } = await openPostgresStore({ url: full.url, clock: systemClock });
  await acceptedCall(store, Date.now());
  await store.close();
  const second = await full.run();
  assert.equal(second.code, 1);
  assert.match(second.text, /already has calls/);
});

test('a command line that cannot work says why', async (t) => {
  const { run, file } = await world(t);
  const sqlite = await run({ DATABASE_URL: `file:${file}` });
  assert.equal(sqlite.code, 1);
  assert.match(sqlite.text, /must name the PostgreSQL database/);
});
