// How many digits a country's personal numbers have. Toll-free, premium-rate and service numbers have other lengths, which must
// not appear in a hint to a visitor who types their own number.

import type { CountryCode } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

// Indexes in a minified numbering plan: 3 holds the lengths of all numbers, 11 the types, among them fixed line, mobile and VoIP.
const allLengths = 3;
const types = 11;
const fixedLine = 0;
const mobile = 1;
const internet = 8;

/** National lengths of a country's landline, mobile and VoIP numbers, in digits, ascending; empty for an unknown country. */
export function callableLengths(country: CountryCode): readonly number[] {
  const plan: unknown = metadata.countries[country];
  if (!isList(plan)) return [];
  const all = numbersOf(plan[allLengths]);
  const listed = isList(plan[types]) ? plan[types] : [];
  const lengths = [fixedLine, mobile, internet].flatMap((type) => {
    // A type holds its pattern and its lengths, which are omitted where they equal those of all numbers.
    const entry = listed[type];
    return isList(entry) ? (isList(entry[1]) ? numbersOf(entry[1]) : all) : [];
  });
  const found = [...new Set(lengths)].sort((a, b) => a - b);
  return found.length > 0 ? found : all;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const numbersOf = (value: unknown): readonly number[] =>
  isList(value) ? value.filter((item) => typeof item === 'number') : [];
