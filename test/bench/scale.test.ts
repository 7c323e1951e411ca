// The figures of docs/scale.md are those that the simulation prints.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('docs/scale.md has the table that `npm run scale` prints', () => {
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'test/bench/scale.ts'], { cwd: root, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stdout.trim().split('\n').length, 6);
  assert.ok(readFileSync(`${root}docs/scale.md`, 'utf8').includes(run.stdout.trim()), run.stdout);
});
