// `npm run test:mutations [words]`: removes each safeguard in turn in a copy of the tree and runs the test that must fail. Reports
// the mutations that survived; none may. With words, only mutations whose threat, file or test contains one.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutations } from './all.js';
import type { Mutation } from './mutation.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const words = process.argv.slice(2);
const chosen = mutations.filter(
  (one) =>
    words.length === 0 ||
    words.some((word) => `${one.threat} ${one.file} ${[one.test].flat().join(' ')}`.includes(word)),
);
const workers = 2;
const deadlineMs = 120_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

type Outcome = 'green' | 'red' | 'no test' | 'does not compile';

/** Copies everything that is mutated or read by relative path; links the rest. */
function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-mutations-'));
  for (const name of [
    'src',
    'demo',
    'docs',
    'scripts',
    'test',
    '.ci',
    'package.json',
    'tsconfig.base.json',
    'tsconfig.json',
    'vite.config.ts',
  ])
    cpSync(root + name, join(folder, name), { recursive: true });
  for (const name of ['node_modules', 'dist']) symlinkSync(root + name, join(folder, name));
  return folder;
}

function runTest(folder: string, { test, only }: Pick<Mutation, 'test' | 'only'>): Promise<Outcome> {
  const pattern = only === undefined ? [] : [`--test-name-pattern=${only}`];
  const args = ['--import', 'tsx', '--test-reporter=tap', '--test', ...pattern, ...[test].flat()];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    // A test that hangs has failed too.
    const late = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), deadlineMs);
    child.on('close', (code) => {
      clearTimeout(late);
      if (/Transform failed|ERR_MODULE_NOT_FOUND|SyntaxError: The requested module/.test(output))
        return resolve('does not compile');
      // Node 20 counts the file itself as a test; with a pattern, tests left out are counted as skipped.
      const ran = [...output.matchAll(/^\s*(?:not )?ok \d+ - (?!.*# SKIP)/gm)].length;
      if (code === 0) return resolve(ran === 0 ? 'no test' : 'green');
      resolve('red');
    });
  });
}

const survived: string[] = [];
const started = performance.now();

async function work(queue: (() => Promise<void>)[]): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
}

const folders = Array.from({ length: workers }, copyTree);
const idle = [...folders];
const inFolder = (task: (folder: string) => Promise<void>) => async (): Promise<void> => {
  const folder = idle.pop() ?? '';
  await task(folder);
  idle.push(folder);
};

// First the tests without mutations: one that is red already proves nothing.
const names = (one: Mutation): string => `${[one.test].flat().join(' ')} ${one.only ?? ''}`;
const untouched = [...new Map(chosen.map((one) => [names(one), one])).values()].map((one) =>
  inFolder(async (folder) => {
    const outcome = await runTest(folder, one);
    if (outcome !== 'green') survived.push(`${names(one)}: ${outcome} without any mutation`);
  }),
);
const mutated = chosen.map((one) =>
  inFolder(async (folder) => {
    const { threat, file, find, replace } = one;
    const source = readFileSync(root + file, 'utf8');
    if (source.split(find).length !== 2) {
      survived.push(`${threat}: the safeguard is not in ${file}`);
      return;
    }
    writeFileSync(
      join(folder, file),
      source.replace(find, () => replace),
    );
    const outcome = await runTest(folder, one);
    writeFileSync(join(folder, file), source);
    if (outcome === 'red') return;
    const line = `${threat} (${file}; ${names(one)}): ${outcome === 'green' ? 'survived' : outcome}`;
    survived.push(line);
    print(line);
  }),
);
const queue = [...untouched, ...mutated];
const total = queue.length;
const beat = setInterval(() => print(`${String(total - queue.length)} of ${String(total)}`), 30_000);
await Promise.all(folders.map(() => work(queue)));
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
clearInterval(beat);
const seconds = Math.round((performance.now() - started) / 1_000);
print(`mutations: ${String(chosen.length)} applied in ${String(seconds)} s, ${String(survived.length)} survived`);
for (const line of survived) print(`  ${line}`);
process.exitCode = survived.length === 0 ? 0 : 1;
