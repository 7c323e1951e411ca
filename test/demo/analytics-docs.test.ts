// docs/analytics.md matches the code: the events the element fires, the campaign parameters that are kept, and the configurator's
// recipes. Mutations that turn it red: add an event without a row; change a recipe on one side only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { recipes } from '../../demo/configurator/recipes.js';
import { campaignParameters } from '../../src/contract.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/analytics.md');

test('every event of the element has a row, with its name in the data layer', () => {
  const events = [...read('src/widget/internal/events.ts').matchAll(/^ {2}'(polyai-callback-[\w-]+)':/gm)].map(
    ([, name = '']) => name,
  );
  assert.ok(events.length >= 9, 'the events were not found');
  for (const name of events) assert.match(page, new RegExp(`\\| \`${name}\``), name);
  const pushed = [...read('src/widget/analytics/data-layer.ts').matchAll(/'(polyai-callback-[\w-]+)',/g)].map(
    ([, name = '']) => name,
  );
  assert.ok(pushed.length >= 8, 'the data layer’s events were not found');
  for (const name of pushed) assert.ok(page.includes(`\`${name.replaceAll('-', '_')}\``), name);
});

test('every campaign parameter is named', () => {
  for (const name of campaignParameters) assert.ok(page.includes(`\`${name}\``), name);
});

test('the recipes are the same as in the configurator', () => {
  for (const { id, code } of recipes) assert.ok(page.includes(code), id);
});
