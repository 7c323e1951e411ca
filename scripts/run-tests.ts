// Runs the Node tests. The list is made here because Node 20's --test takes no glob and not every shell knows `**`.
// `npm run test:node`: all but the widget's (a browser runs them) and the end-to-end ones; `npm run test:e2e`: those.
// Files named on the command line are run instead.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [suite, ...named] = process.argv.slice(2);
if (suite !== 'node' && suite !== 'e2e') throw new Error(`suite is "node" or "e2e", not ${String(suite)}`);

const files = named.length > 0 ? named : testFiles().filter((file) => suiteOf(file) === suite);
if (files.length === 0) throw new Error(`no ${suite} test found under test/`);

// One browser and one proxy at a time: these tests are about what the visitor sees, not about sharing cores.
// Node's own choice for the rest leaves a core idle, which on two is half of them.
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

function suiteOf(file: string): 'node' | 'widget' | 'e2e' {
  if (file.startsWith('test/widget/')) return 'widget';
  return file.startsWith('test/e2e/') ? 'e2e' : 'node';
}
