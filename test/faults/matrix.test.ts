// The table of faults in the documentation stays accurate: each row names a test that exists and runs, and no fault that the proxy promises to
// survive is missing.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const sections = read('docs/operations/faults.md').split(/^## /m).slice(1);

/** The rows of a section's table: the fault, and the cell that names its test. */
const rowsOf = (section: string): readonly { readonly fault: string; readonly cell: string }[] =>
  [...section.matchAll(/^\| (?!fault |---)(.+?) \| (.+) \| (.+) \|$/gm)].map(([, fault = '', , cell = '']) => ({
    fault,
    cell,
  }));
const rows = sections.flatMap(rowsOf);

/** The titles of the tests in a file: what `test`, `it` or a helper named like them is called with, and the names in a table of cases. Not what is only mentioned, skipped for good or still to be done. */
const titlesIn = (file: string): readonly string[] =>
  [
    ...read(file)
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .matchAll(/(?:\b(?:test|it|describe|inFolder|\w+Test)\(\s*|\bname: )(['"`])((?:\\.|(?!\1).)*)\1/gs),
  ].map(([, , title = '']) => title);

test('every fault names a test that exists', () => {
  for (const { fault, cell } of rows) {
    const [, file, name] = /^`([^`]+)` “(.+)”$/.exec(cell) ?? [];
    assert.ok(file !== undefined && name !== undefined, `${fault}: ${cell}`);
    assert.match(file, /\.test\.ts$|\/conformance\//, `${fault}: ${file} is not run by a test command`);
    assert.ok(existsSync(new URL(`test/${file}`, root)), `${fault}: test/${file} does not exist`);
    const isFound = titlesIn(`test/${file}`).some((title) => title.includes(name));
    assert.ok(isFound, `${fault}: test/${file} has no test named “${name}”`);
  }
});

/** What must be in each section, as it begins in the first column or occurs in it. */
const promised: Readonly<Record<string, readonly string[]>> = {
  'PolyAI and the way to it': [
    '400, 401, 403, 404',
    '422',
    '429',
    'credential refused',
    '500',
    'HTML',
    'garbage',
    'truncated',
    'wrong shape',
    '10 MB',
    'gzip bomb',
    'random bytes',
    'never answers',
    'one byte at a time',
    'reset before or after',
    'DNS',
    'TLS',
    'certificate',
    'for ten minutes',
    '404 forever',
    'never progresses',
  ],
  'The process': [
    'kill -9` at each step',
    'phone rings',
    'callback waits',
    'restart',
    'triggers in flight',
    'open streams',
  ],
  'Disk and database': [
    'disk full',
    'read-only',
    'becomes read-only',
    'locked',
    'damage',
    'deleted or replaced',
    'keys lost',
  ],
  PostgreSQL: [
    'down',
    'slow',
    'restarts',
    'fails over',
    'read-only',
    'takes too long',
    'no free connection',
    'listener',
    'clocks differ',
    'pooler in transaction mode',
    'no connection left',
    'one of ',
    'do not wait for the disk',
  ],
  'The clock': ['an hour, forward or back', 'goes back', 'while a call is placed'],
  'The network to the visitor': [
    'every three seconds',
    'after every event',
    'half-open',
    'one byte at a time',
    'trickles',
    'does not read',
    'offline',
    'sent again',
  ],
  'nginx in front': ['HTTP/1.0 to the proxy', 'gzip', 'idle connections', 'HTTP/2 to the browser'],
};

test('no fault is missing', () => {
  for (const [title, faults] of Object.entries(promised)) {
    const section = sections.find((one) => one.startsWith(`${title}\n`));
    assert.ok(section !== undefined, `no section “${title}”`);
    const found = rowsOf(section).map(({ fault }) => fault);
    for (const fault of faults)
      assert.ok(
        found.some((one) => one.includes(fault)),
        `${title}: no row for “${fault}”`,
      );
  }
});

test('what a clean machine skips is run again once the programs are installed', () => {
  const ci = read('.ci/run');
  const files = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && / is not installed[`']/.test(read(file)));
  assert.ok(files.includes('test/faults/nginx.test.ts'), files.join(' '));
  for (const file of files) assert.ok(ci.includes(` ${file}`), `.ci/run does not run ${file}`);
});
