// The built proxy without the driver of its database: one sentence that says what to install, and no stack. Requires `npm run build`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { builtProxy, wideOpen } from '../../crash/proxy-process.js';
import { childEnv } from '../../fixtures/child-env.js';
import { settingsFor } from '../../fixtures/polyai-account.js';
import { temporaryFolder } from './fixtures/stores.js';

/** Starts a copy of the proxy in a folder from which no npm package can be found. */
function startAlone(t: TestContext, database: string): { readonly status: number | null; readonly stderr: string } {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  cpSync(dirname(builtProxy), folder.path, { recursive: true });
  return spawnSync(process.execPath, [join(folder.path, 'main.js')], {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 120_000,
    env: {
      ...childEnv,
      ...wideOpen,
      PORT: '0',
      DATABASE_URL: database,
      SECRET_KEYS: `v1:${Buffer.alloc(32, 7).toString('base64')}`,
      ...settingsFor({ url: 'http://127.0.0.1:9' }),
    },
  });
}

function assertSentence({ status, stderr }: ReturnType<typeof startAlone>, command: string): void {
  assert.equal(status, 1, stderr);
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 1, stderr);
  assert.match(stderr, /^STORE_DRIVER_MISSING: /);
  assert.ok(stderr.includes(command), stderr);
  assert.doesNotMatch(stderr, /canary|Error|node:internal|\bat /);
}

test('without pg, a PostgreSQL database is refused with a sentence', (t) => {
  assertSentence(startAlone(t, 'postgres://user:canary@db.example/callback'), 'npm install pg');
});

test('without libsql, on a Node without SQLite, a file is refused with a sentence', {
  skip:
    builtinModules.includes('node:sqlite') || Number(process.versions.node.split('.')[0]) >= 22
      ? 'Node has its own SQLite'
      : false,
}, (t) => {
  assertSentence(startAlone(t, 'file:./calls.db'), 'npm install libsql');
});
