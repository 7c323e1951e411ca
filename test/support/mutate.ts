// Removes the safeguards one by one and expects a test to turn red for each. The lists are in test/mutations: a file, the text
// that is the safeguard, what it becomes, and the tests that must notice. `npx tsx test/support/mutate.ts [list…] [from-to]`.
// It works on a copy in a temporary folder: this checkout is never changed.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

/** A test that never ends has noticed too, but must not hold up the rest. */
const longestMs = 240_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const words = process.argv.slice(2);
const range = /^(\d+)-(\d+)$/.exec(words.find((word) => /^\d+-\d+$/.test(word)) ?? '');
const lists = words.filter((word) => !/^\d+-\d+$/.test(word));
const names =
  lists.length > 0 ? lists : readdirSync(`${root}test/mutations`).map((file) => file.replace(/\.json$/, ''));
const mutations = names
  .flatMap((name) => JSON.parse(readFileSync(`${root}test/mutations/${name}.json`, 'utf8')) as Mutation[])
  .slice(...(range === null ? [0] : [Number(range[1]), Number(range[2])]));

const copy = mkdtempSync(join(tmpdir(), 'polyai-callback-mutants-'));
let survivors = 0;
try {
  for (const part of ['src', 'test', 'demo']) cpSync(root + part, join(copy, part), { recursive: true });
  for (const file of readdirSync(root)) {
    if (/^(?:package|tsconfig.*)\.json$/.test(file)) cpSync(root + file, join(copy, file));
  }
  symlinkSync(`${root}node_modules`, join(copy, 'node_modules'));
  for (const mutation of mutations) {
    const outcome = await tried(mutation);
    if (outcome !== 'red') survivors += 1;
    console.log(`${outcome.padEnd(9)} ${mutation.file}: ${JSON.stringify(mutation.from.slice(0, 80))}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`mutations: ${String(mutations.length)} tried, ${String(survivors)} survived or missing`);
process.exitCode = survivors === 0 ? 0 : 1;

async function tried({ file, from, to, tests }: Mutation): Promise<'red' | 'SURVIVED' | 'MISSING'> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) return 'MISSING';
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    return (await isGreen(tests)) ? 'SURVIVED' : 'red';
  } finally {
    writeFileSync(path, source);
  }
}

async function isGreen(tests: readonly string[]): Promise<boolean> {
  const args = ['--import', 'tsx', '--test', ...tests];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true });
  const code = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // The runner's own children are in its group: a mutant that hangs must not outlive its turn.
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), longestMs);
  try {
    return (await code) === 0;
  } finally {
    clearTimeout(timer);
  }
}
