// The table of faults in the documentation stays accurate: each row names a test that exists, and no group of faults is missing.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/operations/faults.md', root), 'utf8');
const sections = page.split(/^## /m).slice(1);

/** The rows of a section's table: the fault, and the cell that names its test. */
const rowsOf = (section: string): readonly { readonly fault: string; readonly cell: string }[] =>
  [...section.matchAll(/^\| (?!fault |---)(.+?) \| (.+) \| (.+) \|$/gm)].map(([, fault = '', , cell = '']) => ({
    fault,
    cell,
  }));
const rows = sections.flatMap(rowsOf);

test('every fault names a test that exists', () => {
  for (const { fault, cell } of rows) {
    const [, file, name] = /^`([^`]+)` “(.+)”$/.exec(cell) ?? [];
    assert.ok(file !== undefined && name !== undefined, `${fault}: ${cell}`);
    const path = new URL(`test/${file}`, root);
    assert.ok(existsSync(path), `${fault}: test/${file} does not exist`);
    assert.ok(readFileSync(path, 'utf8').includes(name), `${fault}: test/${file} has no test named “${name}”`);
  }
});

test('no group of faults is missing', () => {
  const titles = sections.filter((section) => rowsOf(section).length >= 4).map((section) => section.split('\n', 1)[0]);
  assert.deepEqual(titles, [
    'PolyAI and the way to it',
    'The process',
    'Disk and database',
    'PostgreSQL',
    'The clock',
    'The network to the visitor',
    'nginx in front',
  ]);
  assert.ok(rows.length >= 50, `${String(rows.length)} rows`);
});
