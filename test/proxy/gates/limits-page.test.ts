// docs/limits.md lists every limit with its shipped default. Mutation that turns it red: another `shipped` in gates/limits.ts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { limitSettings, limitsFor, worstDay } from '../../../src/proxy/gates/limits.js';

const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');

test('every limit is on the page, with its default', () => {
  // Rows whose name includes a value are examples.
  const lines = page.split('\n').filter((line) => line.startsWith('|') && !line.includes('='));
  const rows = lines.flatMap((line) => {
    const [, names = '', defaults = ''] = line.split('|');
    const values = defaults.trim().split(', ');
    return [...names.matchAll(/LIMIT_\w+/g)].map(([name], index) => [name, values[index]] as const);
  });
  const expected = Object.values(limitSettings).map(({ setting, shipped }) => [
    setting,
    shipped.toLocaleString('en-US'),
  ]);
  const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);
  assert.deepEqual(rows.sort(byName), expected.sort(byName));
});

test('the worst day on the page matches the startup report', () => {
  const limits = limitsFor('shipped');
  assert.equal(worstDay(limits).first, 100);
  assert.deepEqual(worstDay({ ...limits, allPerDay: 1_000 }), { sustained: 720, first: 730 });
  assert.deepEqual(worstDay({ ...limits, allPerDay: 1_000, allPerHour: 100 }), { sustained: 1_000, first: 1_999 });
});
