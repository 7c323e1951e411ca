// The proxy's secrets: what is derived, rotation, the key file, and every way a setting can be wrong.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { createKeyring, loadKeyring } from '../../../src/proxy/secrets/keyring.js';
import { KeyringError, parseKeys, requireReachable } from '../../../src/proxy/secrets/keys.js';
import { startProxy } from '../../../src/proxy/main.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { temporaryFolder } from '../store/fixtures/stores.js';

const key = (name: string, byte: number) => ({ name, secret: new Uint8Array(32).fill(byte) });
const v1 = key('v1', 1);
const v2 = key('v2', 2);
const hasCode = (code: string) => (error: unknown) => error instanceof KeyringError && error.code === code;

test('a number has one key per live secret, the current one first', () => {
  const [before] = createKeyring([v1]).numberKeys('+15550100001');
  const during = createKeyring([v2, v1]).numberKeys('+15550100001');
  assert.equal(during.length, 2);
  assert.equal(during[1], before);
  assert.match(during[0]!, /^v2-[0-9a-f]{8}:[A-Za-z0-9_-]{43}$/);
});

test('each number and each secret has its own opaque key', () => {
  const ring = createKeyring([v1]);
  const keys = new Set(['+15550100001', '+15550100002', '+1555010'].map((number) => ring.numberKeys(number)[0]));
  assert.equal(keys.size, 3);
  assert.equal(
    [...keys].some((one) => one?.includes('555')),
    false,
  );
  assert.notEqual(
    createKeyring([{ ...v2, name: 'v1' }]).numberKeys('+15550100001')[0],
    ring.numberKeys('+15550100001')[0],
  );
});

test('the name of a version reveals that its secret was changed under the same name', () => {
  assert.notDeepEqual(createKeyring([{ ...v2, name: 'v1' }]).versions, createKeyring([v1]).versions);
});

test('a capability opens its own call and no other', () => {
  const ring = createKeyring([v1]);
  const token = ring.token('call-a');
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(ring.token('call-a'), token);
  assert.equal(ring.isToken('call-a', token), true);
  for (const wrong of ['', token.slice(1), `${token}=`, `${token} `, token.toLowerCase(), ring.token('call-b'), 'é']) {
    assert.equal(ring.isToken('call-a', wrong), false, wrong);
  }
});

test('a capability made before a rotation still opens its call, until the old secret is retired', () => {
  const token = createKeyring([v1]).token('call-a');
  assert.equal(createKeyring([v2, v1]).isToken('call-a', token), true);
  assert.equal(createKeyring([v2]).isToken('call-a', token), false);
});

test('purposes are separate: the same text gives unrelated values', () => {
  const ring = createKeyring([v1]);
  assert.notEqual(ring.numberKeys('x')[0]?.split(':')[1], ring.token('x'));
});

test('sealed text can be opened, even during a rotation, and is different every time', () => {
  const sealed = createKeyring([v1]).seal('{"phone":"+15550100001"}');
  assert.notEqual(createKeyring([v1]).seal('{"phone":"+15550100001"}'), sealed);
  assert.equal(sealed.includes('555'), false);
  assert.equal(createKeyring([v2, v1]).open(sealed), '{"phone":"+15550100001"}');
  assert.throws(() => createKeyring([v2]).open(sealed), hasCode('SEAL_KEY_GONE'));
  assert.equal(createKeyring([v1]).open(createKeyring([v1]).seal('')), '');
});

test('sealed text that was changed or cut anywhere is refused', () => {
  const ring = createKeyring([v1]);
  const sealed = ring.seal('some text');
  const [version, body] = sealed.split('.');
  for (let at = 0; at < body!.length - 1; at += 1) {
    const swapped = body![at] === 'A' ? 'B' : 'A';
    const changed = `${version}.${body!.slice(0, at)}${swapped}${body!.slice(at + 1)}`;
    assert.throws(() => ring.open(changed), hasCode('SEAL_BROKEN'), `at ${at}`);
    assert.throws(() => ring.open(`${version}.${body!.slice(0, at)}`), hasCode('SEAL_BROKEN'), `cut at ${at}`);
  }
  assert.throws(() => ring.open(''), hasCode('SEAL_KEY_GONE'));
});

test('a setting is read with the current secret first', () => {
  const secret = randomBytes(32).toString('base64');
  const keys = parseKeys(` v2:${secret} , v1:${randomBytes(48).toString('base64url')},`);
  assert.deepEqual(
    keys.map(({ name }) => name),
    ['v2', 'v1'],
  );
  assert.equal(Buffer.from(keys[0]!.secret).toString('base64'), secret);
});

test('each mistake in a setting has its own code, and none reveals the secret', () => {
  const secret = randomBytes(32).toString('base64');
  const short = randomBytes(31).toString('base64');
  const cases: readonly (readonly [string, string])[] = [
    [',', 'KEYS_EMPTY'],
    [secret, 'KEYS_MALFORMED'],
    [`V1:${secret}`, 'KEYS_MALFORMED'],
    [`v1:${secret}!`, 'KEYS_MALFORMED'],
    [`v1:${short}`, 'KEYS_TOO_SHORT'],
    [`v1:${secret},v1:${randomBytes(32).toString('base64')}`, 'KEYS_REPEATED'],
    [`v2:${secret},v1:${secret}`, 'KEYS_REPEATED'],
    [[1, 2, 3, 4, 5].map((n) => `v${n}:${randomBytes(32).toString('base64')}`).join(), 'KEYS_TOO_MANY'],
  ];
  for (const [setting, code] of cases) {
    assert.throws(
      () => loadKeyring({ setting }),
      (error) => hasCode(code)(error) && !String(error).includes(secret) && !String(error).includes(short),
      code,
    );
  }
});

test('without a setting and without a file there is no keyring', () => {
  assert.throws(() => loadKeyring({}), hasCode('KEYS_EMPTY'));
  assert.throws(() => loadKeyring({ setting: ' ' }), hasCode('KEYS_EMPTY'));
});

test('the key file is created once, for its owner alone, and reused at the next start', (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const file = join(folder.path, 'data', 'callback.keys');
  const first = loadKeyring({ fileBesideDatabase: file });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder.path, 'data')), ['callback.keys']);
  assert.deepEqual(loadKeyring({ fileBesideDatabase: file }).versions, first.versions);
});

test('a setting overrides the file, and then no file is created', (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const file = join(folder.path, 'callback.keys');
  const setting = `v7:${randomBytes(32).toString('base64')}`;
  assert.match(loadKeyring({ setting, fileBesideDatabase: file }).versions[0]!, /^v7-/);
  assert.equal(existsSync(file), false);
});

test('a key file that is empty, damaged or not a file is an error and is left alone', (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  for (const [content, code] of [
    ['', 'KEYS_EMPTY'],
    ['v1:abc', 'KEYS_TOO_SHORT'],
    ['\0\0\0', 'KEYS_MALFORMED'],
  ] as const) {
    const file = join(folder.path, code);
    writeFileSync(file, content);
    assert.throws(() => loadKeyring({ fileBesideDatabase: file }), hasCode(code));
    assert.equal(readFileSync(file, 'utf8'), content);
  }
  mkdirSync(join(folder.path, 'folder'));
  assert.throws(() => loadKeyring({ fileBesideDatabase: join(folder.path, 'folder') }), hasCode('KEYS_FILE'));
  const underFile = join(folder.path, 'KEYS_EMPTY', 'callback.keys');
  assert.throws(() => loadKeyring({ fileBesideDatabase: underFile }), hasCode('KEYS_FILE'));
});

test('processes starting together end up with one key', { timeout: 60_000 }, async (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const module = pathToFileURL(join(import.meta.dirname, '../../../src/proxy/secrets/keyring.ts')).href;
  const code = `const { loadKeyring } = await import(${JSON.stringify(module)});
    process.stdout.write('ready\\n');
    process.stdin.once('data', () => {
      process.stdout.write(loadKeyring({ fileBesideDatabase: process.argv[1] }).versions[0]);
      process.exit();
    });`;
  const file = join(folder.path, 'callback.keys');
  const children = Array.from({ length: 4 }, () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code, file]);
    t.after(() => child.kill('SIGKILL'));
    return child.stdout.setEncoding('utf8') && child;
  });
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  const versions = children.map((child) => once(child.stdout, 'data'));
  for (const child of children) child.stdin.write('go');
  assert.equal(new Set((await Promise.all(versions)).map(([version]) => String(version))).size, 1);
  for (const child of children) if (child.exitCode === null) await once(child, 'exit');
  assert.deepEqual(readdirSync(folder.path), ['callback.keys']);
});

test('a proxy does not start when the key of a suppressed number is gone', async (t) => {
  const folder = temporaryFolder();
  t.after(folder.remove);
  const file = join(folder.path, 'calls.db');
  const old = `v1:${randomBytes(32).toString('base64')}`;
  const fresh = `v2:${randomBytes(32).toString('base64')}`;
  const store = createSqliteStore({ file, clock: systemClock });
  await store.suppress(loadKeyring({ setting: old }).numberKeys('+15550100001'), 'operator');
  await store.close();
  const start = (keys: string) =>
    startProxy(
      { PORT: '0', CHALLENGE: 'none', DATABASE_URL: `file:${file}`, SECRET_KEYS: keys },
      { print: () => undefined, writeLog: () => undefined },
    );
  await assert.rejects(
    start(fresh).then((proxy) => proxy.close()),
    hasCode('KEYS_IN_USE'),
  );
  await (await start(`${fresh},${old}`)).close();
});

test('a call in flight, a cool-down or a day of calls under a missing key prevents the start, with a reason', () => {
  const none = { suppressed: 0, scheduled: 0, inFlight: 0, coolingDown: 0, limited: 0 };
  assert.doesNotThrow(() => requireReachable(none));
  for (const [kept, words] of [
    [{ suppressed: 2 }, /2 suppressed numbers.*opted out.*SECRET_KEYS.*new database file/],
    [{ scheduled: 1 }, /1 scheduled callback\..*SECRET_KEYS/],
    [{ inFlight: 1 }, /1 call in flight\..*second time.*SECRET_KEYS.*24 hours/],
    [{ coolingDown: 3 }, /3 numbers in their cool-down/],
    [{ limited: 4, inFlight: 2 }, /2 calls in flight, 4 allowances used in the last 24 hours/],
  ] as const) {
    assert.throws(
      () => requireReachable({ ...none, ...kept }),
      (error) => hasCode('KEYS_IN_USE')(error) && words.test((error as Error).message),
      JSON.stringify(kept),
    );
  }
});
