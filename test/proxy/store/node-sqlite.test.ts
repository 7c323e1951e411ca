// The store's suites with node:sqlite, where this Node has none: conformance, damage, faults, kills, copies, restores and query plans, run by
// a newer Node. Skipped where this Node has it, because the suites themselves have run with it, and where none can be downloaded.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../../fixtures/child-env.js';
import { hasNodeSqlite, newerNode } from '../../fixtures/newer-node.js';
import { withDeadline } from './fixtures/stores.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Every suite on SQLite of this folder, backup and restore by the command line, the cost of a call, and the built proxy killed at every step. */
const suites = [
  ...readdirSync(import.meta.dirname)
    .filter((name) => /^sqlite.*\.test\.ts$/.test(name))
    .map((name) => `test/proxy/store/${name}`),
  'test/proxy/cli/cli.test.ts',
  'test/proxy/routes/call-cost.test.ts',
  'test/crash/trials.test.ts',
];
/** Milliseconds. They take about a minute and a half on an idle machine, and every hang inside them has its own deadline. */
const deadlineMs = 900_000;

test('the store’s suites pass with node:sqlite', { timeout: deadlineMs }, async (t) => {
  if (hasNodeSqlite) return t.skip('this Node has node:sqlite: they have run with it');
  const node = await newerNode();
  if ('missing' in node) return t.skip(node.missing);
  const child = spawn(
    node.path,
    ['--import', 'tsx', '--test', '--test-reporter=tap', '--test-concurrency=1', ...suites],
    { cwd: root, env: childEnv, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  t.after(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await withDeadline(
    new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    }),
    deadlineMs,
  );
  const countOf = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1]);
  const failures = output.split('\n').filter((line) => /^\s*not ok /.test(line));
  assert.equal(code, 0, failures.length > 0 ? failures.join('\n') : output.slice(-4_000));
  assert.equal(countOf('fail'), 0);
  assert.ok(countOf('pass') > 150, `only ${String(countOf('pass'))} tests passed`);
});
