// Checks the hours against the table of numbers and instants in fixtures/cases.ts. Mutations that turn it red: any window, any
// state or country left out of rules.ts; `<` for `<=` at either end of a window; a gate that checks only one zone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { createHours } from '../../../src/proxy/hours/hours.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { realEnv } from '../fixtures/app.js';
import { phones, sections } from './fixtures/cases.js';

for (const { title, settings, cases } of sections) {
  const hours = createHours(readConfig({ ...realEnv, ...settings }).hours);
  for (const [phone, browserZone, at, expected, why] of cases) {
    test(`${title}: ${phone}${browserZone ? ` seen from ${browserZone}` : ''} at ${at} is ${expected} (${why})`, () => {
      const [e164, country, type] = phones[phone];
      const verdict = hours.verdict({ e164, country, type, browserZone, now: instant(at) });
      const next =
        verdict.open || verdict.nextOpen === undefined ? '' : ` until ${new Date(verdict.nextOpen).toISOString()}`;
      const wanted = expected.startsWith('until ')
        ? ` until ${new Date(instant(expected.slice(6))).toISOString()}`
        : '';
      assert.equal(`${verdict.open ? 'open' : 'closed'}${next}`, `${expected === 'open' ? 'open' : 'closed'}${wanted}`);
    });
  }
}

test('the table has more than sixty cases', () => {
  assert.ok(sections.flatMap(({ cases }) => cases).length >= 60);
});

test('the numbers in the table have the country and type it states', () => {
  for (const [e164, country, type] of Object.values(phones)) {
    const number = parsePhoneNumberFromString(e164);
    assert.deepEqual([number?.country, number?.getType()], [country, type], e164);
  }
});

function instant(text: string): number {
  const found = Date.parse(text);
  assert.ok(!Number.isNaN(found), text);
  return found;
}
