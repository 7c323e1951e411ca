// Which country is selected by default, and how countries are named. Mutations that turn it red: change the order of
// the clues; accept a country that is not listed; guess a region for a language tag without one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countryChoices, countryName } from '../../../src/widget/phone/countries.js';
import { type CountryClues, defaultCountry } from '../../../src/widget/phone/default-country.js';

const countries = ['AT', 'CH', 'DE', 'GB', 'US'];
const guess = (clues: Partial<CountryClues>): string | undefined => defaultCountry({ countries, ...clues });

describe('the default country', () => {
  test('the stronger clue wins', () => {
    const all = { attribute: 'gb', hint: 'US', timeZone: 'Europe/Vienna', languages: ['de-DE'] };
    assert.equal(guess(all), 'GB');
    assert.equal(guess({ ...all, attribute: null }), 'US');
    assert.equal(guess({ ...all, attribute: null, hint: undefined }), 'AT');
    assert.equal(guess({ languages: ['de-DE'] }), 'DE');
  });

  test('a country that is not listed is never the default', () => {
    assert.equal(guess({ attribute: 'FR', hint: 'IT', timeZone: 'Europe/Paris', languages: ['fr-FR', 'en-GB'] }), 'GB');
    assert.equal(guess({ attribute: 'FR' }), undefined);
  });

  test('without a clue the visitor must choose', () => {
    assert.equal(guess({}), undefined);
    assert.equal(guess({ timeZone: 'Etc/UTC', languages: ['de', 'en'] }), undefined);
    assert.equal(guess({ timeZone: 'Nowhere/Land', languages: ['', '*', 'x-y'] }), undefined);
  });

  test('a single country is the default', () => {
    assert.equal(defaultCountry({ countries: ['FR'], languages: ['en-US'] }), 'FR');
    assert.equal(defaultCountry({ countries: [] }), undefined);
  });

  test('a script subtag between language and region is skipped', () => {
    assert.equal(guess({ languages: ['de-Latn-CH'] }), 'CH');
  });

  test('a zone that several countries share proves nothing', () => {
    // Curaçao inherited the zone of the Netherlands Antilles.
    const both = { countries: ['AN', 'CW', 'DE'], timeZone: 'America/Curacao' };
    assert.equal(defaultCountry(both), undefined);
    assert.equal(defaultCountry({ ...both, languages: ['nl-CW'] }), 'CW');
    assert.equal(guess({ timeZone: 'America/New_York' }), 'US');
  });
});

describe('country names', () => {
  test('in the requested language, and in its sort order', () => {
    assert.equal(countryName('DE', 'fr'), 'Allemagne');
    const names = countryChoices(['US', 'GB', 'AT', 'DE'], 'de').map(({ name }) => name);
    assert.deepEqual(names, ['Deutschland', 'Österreich', 'Vereinigte Staaten', 'Vereinigtes Königreich']);
  });

  test('in English where the language is unknown or malformed', () => {
    for (const locale of ['xx', 'tlh', '', 'not a language', 'en_US'])
      assert.equal(countryName('DE', locale), 'Germany');
    assert.equal(countryChoices(['DE', 'AT'], 'not a language')[0]?.name, 'Austria');
  });

  test('an unknown code is its own name', () => {
    assert.equal(countryName('not', 'en'), 'not');
  });

  test('calling codes are included where they are known', () => {
    assert.deepEqual(countryChoices(['AT', 'DE'], 'en', { DE: '49' }), [
      { code: 'AT', name: 'Austria' },
      { code: 'DE', name: 'Germany', callingCode: '49' },
    ]);
  });
});
