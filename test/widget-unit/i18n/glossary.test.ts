// docs/glossary.md against the language tables. Mutations that turn it red: drop a language's row or one of its terms;
// translate a term differently in a table and in the glossary.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { en } from '../../../src/widget/i18n/locales/en.js';
import { enPhases } from '../../../src/widget/i18n/locales/en-phases.js';
import { enProactive } from '../../../src/widget/i18n/locales/en-proactive.js';
import { languages } from '../../../src/widget/i18n/languages.js';

const others = Object.entries(languages).map(async ([code, load]) => [code, (await load()).table] as const);
const tables = new Map<string, object>([
  ['en', { ...en, ...enPhases, ...enProactive }],
  ...(await Promise.all(others)),
]);

/** Rows of every table in the glossary that has a `language` column, with each cell under its heading. */
const tablesOfGlossary = readFileSync(new URL('../../../docs/glossary.md', import.meta.url), 'utf8')
  .split(/\n(?=## )/)
  .map((section) => section.split('\n').filter((line) => line.startsWith('|')))
  .map(([head = '', , ...rows]) => ({ head: cellsOf(head), rows: rows.map(cellsOf) }))
  .filter(({ head }) => head[0] === 'language');

function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

test('every table in the glossary has one row per language', () => {
  assert.ok(tablesOfGlossary.length >= 4, `${String(tablesOfGlossary.length)} tables`);
  for (const { head, rows } of tablesOfGlossary) {
    const codes = rows.map(([cell = '']) => /`(\w+)`/.exec(cell)?.[1] ?? cell);
    assert.deepEqual([...codes].sort(), [...tables.keys()].sort(), head.join());
    for (const row of rows) assert.ok(row.length === head.length && row.every((cell) => cell !== ''), row.join(' | '));
  }
});

test('every language uses the glossary’s terms', () => {
  const missing: string[] = [];
  for (const { head, rows } of tablesOfGlossary) {
    if (head.includes('form')) continue;
    for (const [cell = '', ...terms] of rows) {
      const code = cell.replaceAll('`', '');
      const text = JSON.stringify(tables.get(code) ?? {})
        .replaceAll('\u00a0', ' ')
        .toLocaleLowerCase(code);
      for (const [index, term] of terms.entries())
        if (!text.includes(term.toLocaleLowerCase(code))) missing.push(`${code}: ${String(head[index + 1])}: ${term}`);
    }
  }
  assert.deepEqual(missing, []);
});
