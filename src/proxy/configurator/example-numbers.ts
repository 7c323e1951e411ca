// Example numbers for the configurator's preview, which types one into the form: of each country that may be called, because the
// form refuses any other. The sandbox has its test numbers instead. Nothing calls an example.

import examples from 'libphonenumber-js/mobile/examples';
import { type CountryCode, getExampleNumber, isSupportedCountry } from 'libphonenumber-js/max';

/** URL path of the list. */
export const exampleNumbersPath = '/configurator/numbers.json';

/** A number (E.164) by country; countries without a known one are missing. */
export function exampleNumbers(countries: readonly string[]): Readonly<Record<string, string>> {
  const known = countries.filter((country): country is CountryCode => isSupportedCountry(country));
  const pairs = known.flatMap((country) => {
    const number = getExampleNumber(country, examples)?.number;
    return number === undefined ? [] : [[country, number] as const];
  });
  return Object.fromEntries(pairs);
}
