// How many digits the numbers of a country have that a person answers. Toll-free, premium-rate and service numbers have lengths
// of their own, which nobody who types a phone number should be told of.

import type { CountryCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

// Places in a minified plan: 3 the lengths of all numbers, 11 the types. Of these fixed line, mobile, personal and internet numbers.
const allLengths = 3;
const types = 11;
const fixedLine = 0;
const mobile = 1;
const internet = 8;

/** National digits that landlines, mobiles and internet numbers of a country have, ascending; empty for a country that is unknown. */
export function callableLengths(country: CountryCode): readonly number[] {
  const plan: unknown = metadata.countries[country];
  if (!isList(plan)) return [];
  const all = numbersOf(plan[allLengths]);
  const listed = isList(plan[types]) ? plan[types] : [];
  const lengths = [fixedLine, mobile, internet].flatMap((type) => {
    // A type is its pattern and its lengths, which are left out where they are those of all numbers.
    const entry = listed[type];
    return isList(entry) ? (isList(entry[1]) ? numbersOf(entry[1]) : all) : [];
  });
  const found = [...new Set(lengths)].sort((a, b) => a - b);
  return found.length > 0 ? found : all;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const numbersOf = (value: unknown): readonly number[] =>
  isList(value) ? value.filter((item) => typeof item === 'number') : [];
