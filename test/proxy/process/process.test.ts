// The proxy as a process: exit codes, signals, what goes to stdout and stderr, and the operator's commands.

import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { nodeGuard } from '../../../scripts/node-guard.js';
import { allRows } from '../../../src/proxy/config/read-settings.js';
import { explainStartError } from '../../../src/proxy/process/start-error.js';
import { StoreOpenError } from '../../../src/proxy/store/store-open-error.js';
import { withDeadline } from '../store/fixtures/stores.js';
import { childEnv } from '../../fixtures/child-env.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
  out: string;
  err: string;
}

function run(t: TestContext, env: Record<string, string>, ...words: string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-process-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/proxy/main.ts', ...words], {
    cwd: root,
    env: { ...childEnv, PORT: '0', DATABASE_URL: `file:${folder}/test.db`, ...env },
  });
  const self: Run = { child, exited: once(child, 'exit').then(([code]) => code as number | null), out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (self.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (self.err += chunk.toString()));
  t.after(async () => {
    child.kill('SIGKILL');
    await self.exited;
    rmSync(folder, { recursive: true, force: true });
  });
  return self;
}

async function listening(one: Run): Promise<string> {
  for (;;) {
    const url = /listens on (http:[^\s"]+)/.exec(one.out)?.[1];
    if (url !== undefined) return url;
    await withDeadline(Promise.race([once(one.child.stdout, 'data'), one.exited]), 60_000);
    assert.equal(one.child.exitCode, null, one.err);
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} drains and exits with 0`, async (t) => {
    const one = run(t, {});
    const url = await listening(one);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    one.child.kill(signal);
    assert.equal(await withDeadline(one.exited, 60_000), 0);
    const events = one.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    assert.equal(events[0], 'listening');
    assert.deepEqual(events.slice(-2), ['draining', 'stopped']);
    assert.equal(one.err, '');
  });
}

test('an invalid configuration exits with 1, each mistake on its own line, and no stack trace', async (t) => {
  const one = run(t, { POLYAI_REGION: 'mars', POLYAI_CONNECTOR_ID: 'connector-canary-0001' });
  assert.equal(await withDeadline(one.exited, 60_000), 1);
  assert.equal(one.out, '');
  const lines = one.err.trim().split('\n');
  assert.deepEqual(lines.map((line) => /^config\/[a-z-]+: (\w+) /.exec(line)?.[1] ?? line).sort(), [
    'ALLOWED_COUNTRIES',
    'ALLOWED_ORIGINS',
    'POLYAI_ACCOUNT_ID',
    'POLYAI_PROJECT_ID',
    'POLYAI_REGION',
  ]);
  assert.doesNotMatch(one.err, /canary/);
});

test('an operator can suppress a number without a running proxy', async (t) => {
  const one = run(t, {}, 'suppress', '+442079460958');
  assert.equal(await withDeadline(one.exited, 60_000), 0, one.err);
  assert.match(one.out, /will not be called/);
  const wrong = run(t, {}, 'suppress', 'nobody');
  assert.equal(await withDeadline(wrong.exited, 60_000), 2);
  const unknown = run(t, {}, 'ring', '+442079460958');
  assert.equal(await withDeadline(unknown.exited, 60_000), 2);
  assert.match(unknown.err, /Unknown command "ring"[^]*suppress <number>/);
});

test('commands work beside a running proxy', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-process-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env = { DATABASE_URL: `file:${folder}/test.db` };
  const proxy = run(t, env);
  await listening(proxy);
  const backup = run(t, env, 'backup', `${folder}/backup`);
  assert.equal(await withDeadline(backup.exited, 60_000), 0, backup.err);
  assert.match(backup.out, /Backed up 0 calls/);
  const calls = run(t, env, 'calls', '--format', 'csv');
  assert.equal(await withDeadline(calls.exited, 60_000), 0, calls.err);
  assert.match(calls.out, /^id,created,status/);
  const version = run(t, env, '--version');
  assert.equal(await withDeadline(version.exited, 60_000), 0);
  assert.equal(proxy.child.exitCode, null);
});

test('--help names the commands and every setting', async (t) => {
  const help = run(t, { PORT: 'wrong' }, '--help');
  assert.equal(await withDeadline(help.exited, 60_000), 0, help.err);
  for (const word of ['erase <number>', ...Object.keys(allRows)]) assert.ok(help.out.includes(word), word);
});

test('whatever keeps the proxy from starting is reported in a sentence that says what to do', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const one = run(t, { PORT: String(port) });
  assert.equal(await withDeadline(one.exited, 60_000), 1);
  assert.match(
    one.err,
    new RegExp(`^Port ${String(port)} on 127\\.0\\.0\\.1 is in use by another process\\..*set PORT`),
  );
  const fault = (code: string, more: object = {}): string =>
    explainStartError(Object.assign(new Error('canary'), { code, ...more }));
  assert.match(
    fault('EACCES', { port: 80, address: '0.0.0.0' }),
    /^The proxy runs as uid \d+ and may not listen on port 80\./,
  );
  assert.match(fault('EADDRNOTAVAIL', { address: '10.1.2.3' }), /^HOST=10\.1\.2\.3 is not an address of this machine/);
  assert.match(fault('ENOTFOUND', { hostname: 'nowhere' }), /^HOST=nowhere is not an address/);
  const cause = Object.assign(new Error('canary'), { code: 'EACCES' });
  const store = new StoreOpenError('STORE_READ_ONLY', 'x.db cannot be written', { cause });
  const folder = Object.assign(new Error('canary'), { code: 'ENOENT' });
  const missing = new StoreOpenError('STORE_CANNOT_OPEN', '/proc/x/y.db cannot be opened (ENOENT)', { cause: folder });
  assert.match(explainStartError(missing), /\/proc\/x\/y\.db cannot be opened \(ENOENT\)\. The proxy runs as uid \d+/);
  assert.match(explainStartError(store), /x\.db cannot be written\. The proxy runs as uid \d+: let that user write/);
  // An internal error shows its location.
  assert.match(explainStartError(new TypeError('ours')), /ours\n\s+at /);
});

test('an unsupported Node version is reported by code that old engines can parse', () => {
  const code = nodeGuard('>=20.19', './server.mjs');
  const output: string[] = [];
  const runOn = (node: string): { exitCode?: number } => {
    const process: { exitCode?: number; readonly versions: object; readonly stderr: object } = {
      versions: { node },
      stderr: { write: (text: string) => output.push(text) },
    };
    // The guard is a script: what it would load is recorded here, not loaded.
    new Script(code.replace('import(', 'load(')).runInNewContext({
      process,
      load: (file: string) => Promise.resolve({ main: () => output.push(file) }),
    });
    return process;
  };
  for (const old of ['18.20.4', '20.18.3', '9.0.0']) {
    output.length = 0;
    assert.equal(runOn(old).exitCode, 1);
    assert.match(output.join(''), new RegExp(`needs Node 20\\.19 or newer; this is Node ${old}`));
  }
  for (const fine of ['20.19.0', '22.0.0', '100.1.0']) assert.equal(runOn(fine).exitCode, undefined, fine);
  assert.doesNotMatch(code, /=>|\bconst\b|\blet\b|`|\?\./);
  assert.throws(() => nodeGuard('20', './server.mjs'));
});
