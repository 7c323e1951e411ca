// The proxy as a process: exit codes, signals, what it writes where, and the operator's commands.

import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { soon } from '../store/fixtures/stores.js';
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
    const url = /listens on (http:\S+)/.exec(one.out)?.[1];
    if (url !== undefined) return url;
    await soon(Promise.race([once(one.child.stdout, 'data'), one.exited]), 60_000);
    assert.equal(one.child.exitCode, null, one.err);
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} drains and ends with 0`, async (t) => {
    const one = run(t, {});
    const url = await listening(one);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    one.child.kill(signal);
    assert.equal(await soon(one.exited, 60_000), 0);
    assert.match(one.out, /"event":"draining"[^]*"event":"stopped"/);
    assert.equal(one.err, '');
  });
}

test('a wrong configuration ends with 1, every mistake on a line of its own, and no stack', async (t) => {
  const one = run(t, { POLYAI_REGION: 'mars', POLYAI_CONNECTOR_ID: 'connector-canary-0001' });
  assert.equal(await soon(one.exited, 60_000), 1);
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

test('an operator suppresses a number without a running proxy', async (t) => {
  const one = run(t, {}, 'suppress', '+442079460958');
  assert.equal(await soon(one.exited, 60_000), 0, one.err);
  assert.match(one.out, /will not be called/);
  const wrong = run(t, {}, 'suppress', 'nobody');
  assert.equal(await soon(wrong.exited, 60_000), 2);
  const unknown = run(t, {}, 'ring', '+442079460958');
  assert.equal(await soon(unknown.exited, 60_000), 2);
});
