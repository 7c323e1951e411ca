// Numbers for the configurator's preview. The mutation that turns it red: leave out a country that has an example.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { exampleNumbers } from '../../../src/proxy/configurator/example-numbers.js';

test('there is a valid number for every country, and for nothing else', () => {
  const numbers = exampleNumbers([...getCountries(), 'XX']);
  for (const [country, number] of Object.entries(numbers)) {
    assert.equal(parsePhoneNumberFromString(number)?.isValid(), true, `${country} ${number}`);
  }
  const missing = getCountries().filter((country) => !(country in numbers));
  assert.deepEqual(missing, []);
  assert.ok(!('XX' in numbers), 'a country that does not exist');
});
