// The list of mutations stays accurate: every safeguard is where its row says, and every test exists. `npm run test:mutations`
// checks that each test fails.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mutations } from './all.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = new Map<string, string>();
const sourceOf = (file: string): string => {
  const known = sources.get(file) ?? readFileSync(root + file, 'utf8');
  sources.set(file, known);
  return known;
};

test('every safeguard is found exactly once, and its mutation changes it', () => {
  for (const { threat, file, find, replace } of mutations) {
    assert.equal(sourceOf(file).split(find).length - 1, 1, `${threat}: ${file}: ${find}`);
    assert.notEqual(find, replace, threat);
  }
});

test('every test that is named exists', () => {
  for (const { threat, test: files } of mutations)
    for (const file of [files].flat()) assert.ok(existsSync(root + file), `${threat}: ${file}`);
});

test('every pattern of test names occurs in a named test file', () => {
  for (const { threat, test: files, only } of mutations) {
    if (only === undefined) continue;
    const isFound = [files].flat().some((file) => new RegExp(only).test(sourceOf(file)));
    assert.ok(isFound, `${threat}: no test is named ${only}`);
  }
});

test('no threat is listed twice', () => {
  const threats = mutations.map(({ threat, find, replace }) => `${threat}: ${find} → ${replace}`);
  assert.deepEqual(threats, [...new Set(threats)]);
  assert.ok(mutations.length >= 60);
});
