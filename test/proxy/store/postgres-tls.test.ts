// The store against a PostgreSQL that accepts nothing but TLS, with certificates made here: what is checked, and what a refusal says.
// Skipped where openssl is not installed.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { type PostgresServer, startPostgres } from '../../fixtures/postgres-server.js';
import { temporaryFolder } from './fixtures/stores.js';

const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';
const folder = temporaryFolder();
after(() => folder.remove());
const at = (name: string): string => join(folder.path, name);

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe', cwd: folder.path });

/** An authority, and a certificate that it signed for a host name. */
function certify(name: string, host: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '36500',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
  );
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${host}`,
    '-keyout',
    `${name}-server.key`,
    '-out',
    `${name}-server.csr`,
  );
  writeFileSync(at(`${name}.ext`), `subjectAltName=DNS:${host}\n`);
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}-server.csr`,
    '-CA',
    `${name}.pem`,
    '-CAkey',
    `${name}.key`,
    '-CAcreateserial',
    '-days',
    '36500',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}-server.pem`,
  );
}

/** Turns TLS on, and everything else off. */
async function requireTls(server: PostgresServer, url: string, name: string): Promise<void> {
  const data = join(server.folder, 'data');
  for (const [from, to] of [
    ['.pem', 'server.crt'],
    ['.key', 'server.key'],
  ] as const) {
    copyFileSync(at(`${name}-server${from}`), join(data, to));
    chmodSync(join(data, to), 0o600);
    if (process.getuid?.() === 0) chownSync(join(data, to), 65_534, 65_534);
  }
  await server.query(url, `ALTER SYSTEM SET ssl = on`);
  await server.query(url, 'SELECT pg_reload_conf()');
}

test('a server that speaks TLS alone', { skip }, async (t) => {
  certify('ours', 'localhost');
  certify('theirs', 'localhost');
  const server = await startPostgres();
  t.after(() => server.stop());
  const database = new URL(await server.createDatabase());
  await requireTls(server, database.href, 'ours');
  const rules = join(server.folder, 'data', 'pg_hba.conf');
  const open = readFileSync(rules, 'utf8');
  // The tests' own superuser still needs no TLS; the proxy's user must have it.
  await server.query(database.href, `CREATE ROLE visitor LOGIN PASSWORD 'canary' SUPERUSER`);
  writeFileSync(rules, `hostssl all visitor all scram-sha-256\nhostnossl all visitor all reject\n${open}`);
  await server.query(database.href, 'SELECT pg_reload_conf()');

  const urlOf = (host: string, query: string): string => {
    const url = new URL(database);
    url.hostname = host;
    url.username = 'visitor';
    url.password = 'canary';
    url.search = query;
    return url.href;
  };
  const refused = async (url: string, code: string, says: RegExp): Promise<void> =>
    assert.rejects(openPostgresStore({ url, clock: systemClock, timeoutMs: 30_000 }), (error: unknown) => {
      assert.ok(error instanceof StoreOpenError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /canary|\n/);
      return true;
    });
  const works = async (url: string): Promise<void> => {
    const { store } = await openPostgresStore({ url, clock: systemClock, timeoutMs: 30_000 });
    await store.ping();
    await store.close();
  };
  const ours = `sslrootcert=${at('ours.pem')}`;
  const theirs = `sslrootcert=${at('theirs.pem')}`;

  await t.test('verify-full with its authority works', () => works(urlOf('localhost', `sslmode=verify-full&${ours}`)));
  await t.test('a certificate for another name is refused', () =>
    refused(urlOf('127.0.0.1', `sslmode=verify-full&${ours}`), 'STORE_UNREACHABLE', /TLS/),
  );
  await t.test('verify-ca accepts another name', () => works(urlOf('127.0.0.1', `sslmode=verify-ca&${ours}`)));
  await t.test('another authority is refused, by verify-ca too', async () => {
    await refused(urlOf('localhost', `sslmode=verify-full&${theirs}`), 'STORE_UNREACHABLE', /sslrootcert/);
    await refused(urlOf('localhost', `sslmode=verify-ca&${theirs}`), 'STORE_UNREACHABLE', /sslrootcert/);
  });
  await t.test('an authority that Node does not know is refused without sslrootcert', () =>
    refused(urlOf('localhost', 'sslmode=verify-full'), 'STORE_UNREACHABLE', /sslrootcert/),
  );
  await t.test('require encrypts without checking', () => works(urlOf('127.0.0.1', 'sslmode=require')));
  await t.test('a connection without TLS is refused by the server', () =>
    refused(urlOf('localhost', 'sslmode=disable'), 'STORE_DENIED', /without TLS/),
  );
  await t.test('a wrong password is refused without repeating it', async () => {
    const url = new URL(urlOf('localhost', `sslmode=verify-full&${ours}`));
    url.password = 'canary-wrong';
    await refused(url.href, 'STORE_DENIED', /password/);
  });
});

test('a server without TLS is refused where TLS is asked for', async (t) => {
  const server = await startPostgres();
  t.after(() => server.stop());
  const url = new URL(await server.createDatabase());
  url.password = 'canary';
  url.search = 'sslmode=require';
  await assert.rejects(openPostgresStore({ url: url.href, clock: systemClock, timeoutMs: 30_000 }), (error: Error) => {
    assert.match(error.message, /^STORE_UNREACHABLE: the TLS connection to PostgreSQL failed/);
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
});
