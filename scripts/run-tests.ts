// Runs the Node tests. The list is built here because Node 20's --test accepts no globs and not every shell supports `**`.
// `npm run test:node`: all except the widget tests (which run in a browser) and the end-to-end tests; `npm run test:e2e`: the end-to-end tests.
// Files named on the command line are run instead.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [suite, ...named] = process.argv.slice(2);
if (suite !== 'node' && suite !== 'e2e') throw new Error(`suite is "node" or "e2e", not ${String(suite)}`);

const files = named.length > 0 ? named : testFiles().filter((file) => suiteOf(file) === suite && hasOurClock(file));
if (files.length === 0) throw new Error(`no ${suite} test found under test/`);

// End-to-end: one browser and one proxy at a time, so that tests don't compete for CPU.
// Otherwise: Node's default leaves one core idle, which is half of them on a machine with two.
const concurrency = suite === 'e2e' ? 1 : availableParallelism();
const args = [
  '--import',
  'tsx',
  '--test',
  '--test-reporter=spec',
  `--test-concurrency=${String(concurrency)}`,
  ...files,
];
const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
process.exitCode = await new Promise<number>((resolve, reject) => {
  child.on('error', reject).on('close', (code) => resolve(code ?? 1));
});

function testFiles(): string[] {
  return readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .sort();
}

/** False for tests against PostgreSQL while the clock is shifted: their time is the database's, and nothing can shift that one. */
function hasOurClock(file: string): boolean {
  return Number(process.env['TEST_CLOCK_SHIFT_MS'] ?? 0) === 0 || !usesPostgres(file);
}

/** True for a test that starts PostgreSQL, itself or in one of its fixtures. */
function usesPostgres(file: string): boolean {
  const source = readFileSync(root + file, 'utf8');
  if (source.includes('/postgres-s')) return true;
  const fixtures = [...source.matchAll(/from '(\.[^']*\/fixtures\/[^']*)\.js'/g)].map(
    ([, path = '']) => `${join(dirname(file), path)}.ts`,
  );
  return fixtures.some((fixture) => existsSync(root + fixture) && usesPostgres(fixture));
}

function suiteOf(file: string): 'node' | 'widget' | 'e2e' {
  if (file.startsWith('test/widget/')) return 'widget';
  return file.startsWith('test/e2e/') ? 'e2e' : 'node';
}
