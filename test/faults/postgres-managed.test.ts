// PostgreSQL as providers run it: TLS required, with an authority of their own; a role that is no superuser, may not create schemas, has
// timeouts and a limit of connections; and PgBouncer in front. Two built proxies are used as a page uses them. What PgBouncer is needed for
// is skipped where it is not installed. No provider's own service is used.
// Mutations that turn it red: no `requireSession`; `checkServerIdentity` for verify-full; session settings as start-up parameters.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { killLeftovers, type ProxyProcess, startProcess } from '../crash/proxy-process.js';
import { follow, type Follower } from '../fixtures/follower.js';
import { freePort, isListening } from '../fixtures/ports.js';
import { startPostgres } from '../fixtures/postgres-server.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';

const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`], { env }).status === 0;
const unprivileged = 65_534;
const isRoot = process.getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-managed-'));
chmodSync(folder, 0o755);
const inFolder = (name: string): string => join(folder, name);
const write = (name: string, text: string): string => {
  writeFileSync(inFolder(name), text);
  return inFolder(name);
};
after(() => rmSync(folder, { recursive: true, force: true }));

/** An authority, and a certificate from it for `localhost` alone. */
function createCertificates(): void {
  const run = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '9000');
  run('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  write('names', 'subjectAltName=DNS:localhost\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '9000'];
  run('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
  for (const name of ['server.key', 'server.pem', 'ca.pem']) {
    if (isRoot) chownSync(inFolder(name), unprivileged, unprivileged);
    chmodSync(inFolder(name), name === 'server.key' ? 0o600 : 0o644);
  }
}
const skip = has('openssl') ? false : 'openssl is not installed';
if (skip === false) createCertificates();

const server = await startPostgres({
  ssl: skip === false ? 'on' : 'off',
  ssl_cert_file: inFolder('server.pem'),
  ssl_key_file: inFolder('server.key'),
  // The role of the application: only encrypted, only with its password.
  hba_file: write(
    'pg_hba.conf',
    'hostssl all app 127.0.0.1/32 scram-sha-256\nhostnossl all app all reject\nhost all all 127.0.0.1/32 trust\n',
  ),
});
after(() => server.stop());
const connectionLimit = 22;
await server.query(
  `postgres://proxy@127.0.0.1:${String(server.port)}/postgres`,
  `CREATE ROLE app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'a-password' CONNECTION LIMIT ${String(connectionLimit)};
   ALTER ROLE app SET statement_timeout = '2s';
   ALTER ROLE app SET idle_in_transaction_session_timeout = '10s'`,
);

/** A database in which the role may create nothing, except in the schema that was created for it. */
async function createDatabase({ withSchema = true } = {}): Promise<string> {
  const url = new URL(await server.createDatabase());
  const name = url.pathname.slice(1);
  await server.query(url.href, `REVOKE CREATE, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  if (withSchema) await server.query(url.href, 'CREATE SCHEMA polyai_callback AUTHORIZATION app');
  return `postgres://app:a-password@localhost:${String(server.port)}/${name}?sslmode=verify-full&sslrootcert=${inFolder('ca.pem')}`;
}

const account = { accountId: 'managed', projectId: 'managed', connectorId: 'connector-managed' } as const;
const fakePolyAi = await createFakePolyAi({ ...account, timeScale: 20 });
after(() => fakePolyAi.close());
after(killLeftovers);
const secretKeys = `v1:${randomBytes(32).toString('base64')}`;

const start = (url: string): ProxyProcess =>
  startProcess({
    POLYAI_BASE_URL: fakePolyAi.url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: url,
    SECRET_KEYS: secretKeys,
    INSTANCES: '2',
    // Two instances, each with one connection that listens, below every limit here.
    DATABASE_CONNECTIONS: '8',
  });

/** Stops the instances, and waits until the database has noticed. */
async function stop(instances: readonly ProxyProcess[]): Promise<void> {
  for (const instance of instances) instance.kill('SIGTERM');
  for (const instance of instances) await instance.gone;
}

/** What the start says when it is refused. */
async function refusal(url: string): Promise<string> {
  const instance = start(url);
  assert.equal(await instance.listening, undefined, 'it started');
  await instance.gone;
  const said = instance.complaints() + instance.output();
  assert.doesNotMatch(said, /a-password/);
  return said;
}

let numbers = 0;
const nextNumber = (): string => `+442079${String(100_000 + (numbers += 37)).padStart(6, '0')}`;

/** Requests a call as a page does: again under the same key while a busy machine has no connection yet. */
async function place(instance: ProxyProcess | undefined): Promise<{ readonly id: string; readonly token: string }> {
  const [key, phone] = [randomBytes(16).toString('base64url'), nextNumber()];
  for (let attempt = 1; ; attempt += 1) {
    const answer = await instance?.requestCall(key, phone);
    if (answer?.status === 202) return { id: String(answer.body['id']), token: String(answer.body['token']) };
    assert.ok(
      attempt < 20 && ['store-unavailable', 'request-in-progress'].includes(String(answer?.body['code'])),
      JSON.stringify(answer),
    );
    await sleep(500);
  }
}

/** Calls placed at either of two instances are shown at the other one to their end. */
async function serveBoth(urls: readonly [string, string]): Promise<void> {
  const instances = urls.map(start);
  const ports = await Promise.all(instances.map(({ listening }) => listening));
  assert.ok(
    ports.every((port) => port !== undefined),
    instances.map((one) => one.complaints() + one.output()).join('\n'),
  );
  const before = fakePolyAi.triggers().length;
  const broken: string[] = [];
  const pages: Follower[] = [];
  for (let n = 0; n < 12; n += 1) {
    const { id, token } = await place(instances[n % 2]);
    pages.push(
      follow(
        { port: ports[(n + 1) % 2] ?? 0, id, token },
        { onBroken: (what) => broken.push(what), onReconnect: () => {} },
      ),
    );
  }
  await withDeadline(
    (async () => {
      while (pages.some((page) => page.ended() === undefined) && broken.length === 0) await sleep(50);
    })(),
    90_000,
  );
  for (const page of pages) page.stop();
  assert.deepEqual(broken, []);
  assert.equal(fakePolyAi.triggers().length - before, 12);
  await stop(instances);
}

test('a role without rights, over TLS, within its limit of connections: two instances serve each other’s pages', {
  skip,
}, async () => {
  const url = await createDatabase();
  await serveBoth([url, url]);
});

test('what a managed database refuses is one sentence that says what to do', { skip }, async () => {
  const url = await createDatabase();
  const says = (pattern: RegExp) => (said: string) => assert.match(said, pattern);
  await refusal(await createDatabase({ withSchema: false })).then(says(/create the schema for this user/));
  await refusal(url.replace('sslmode=verify-full', 'sslmode=disable')).then(says(/without TLS/));
  await refusal(url.replace(/&sslrootcert=.*/, '')).then(says(/sslrootcert/));
  // The certificate is for another name.
  await refusal(url.replace('@localhost', '@127.0.0.1')).then(says(/TLS connection to PostgreSQL failed/));
  await refusal(url.replace('a-password', 'another')).then(says(/refused the user or the password/));
});

test('no connection left: the start says what to lower, and a running proxy places no call until there is one', {
  skip,
}, async () => {
  const url = await createDatabase();
  const asAdministrator = (sql: string) =>
    server.query(`postgres://proxy@127.0.0.1:${String(server.port)}/postgres`, sql);
  const running = start(url);
  assert.ok(await running.listening, running.complaints());
  const before = fakePolyAi.triggers().length;
  try {
    await asAdministrator(`ALTER ROLE app CONNECTION LIMIT 0;
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'`);
    assert.match(await refusal(url), /no connection left.*DATABASE_CONNECTIONS/);
    const answer = await running.requestCall(randomBytes(16).toString('base64url'), nextNumber());
    assert.equal(answer?.status, 503);
    assert.equal(answer.body['code'], 'store-unavailable');
  } finally {
    await asAdministrator(`ALTER ROLE app CONNECTION LIMIT ${String(connectionLimit)}`);
  }
  assert.equal(fakePolyAi.triggers().length, before);
  await place(running);
  await stop([running]);
});

const skipPooler = skip !== false || has('pgbouncer') ? skip : 'pgbouncer is not installed';

/** PgBouncer in front of the server, over TLS on both sides; returns the database's URL through it. */
async function startPgBouncer(url: string, mode: 'session' | 'transaction'): Promise<string> {
  const port = await freePort();
  const { pathname } = new URL(url);
  const users = write('users.txt', '"app" "a-password"\n');
  const config = write(
    `pgbouncer-${mode}.ini`,
    `[databases]
${pathname.slice(1)} = host=localhost port=${String(server.port)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = 20
server_tls_sslmode = verify-full
server_tls_ca_file = ${inFolder('ca.pem')}
client_tls_sslmode = require
client_tls_cert_file = ${inFolder('server.pem')}
client_tls_key_file = ${inFolder('server.key')}
`,
  );
  // It refuses to run as root.
  const identity = isRoot ? { uid: unprivileged, gid: unprivileged } : {};
  const child = spawn('pgbouncer', [config], { env, ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  after(() => void child.kill('SIGKILL'));
  while (!(await isListening(port))) assert.equal(child.exitCode, null, `PgBouncer did not start: ${said}`);
  return url.replace(`:${String(server.port)}/`, `:${String(port)}/`);
}

test('PgBouncer in session mode: two instances serve each other’s pages', { skip: skipPooler }, async () => {
  const url = await startPgBouncer(await createDatabase(), 'session');
  await serveBoth([url, url]);
});

test('PgBouncer in transaction mode is refused with a sentence', { skip: skipPooler }, async () => {
  assert.match(
    await refusal(await startPgBouncer(await createDatabase(), 'transaction')),
    /pooler in transaction mode.*session mode/,
  );
});
