// Which numbers may be called. libphonenumber-js with its full metadata decides validity, type and country; "+1" is not a
// country, so the operator's ISO list is. How often a number may be called is for gates/allowance.ts.

import { type CountryCode, ParseError, parsePhoneNumberWithError, type PhoneNumber } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import type { NumberReason } from '../../contract.js';
import { countriesOfZone } from './country-of-zone.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What the operator allows. */
export interface NumberPolicy {
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** Lets numbers of a possible length through that the metadata does not know yet: ranges are opened every month. */
  readonly allowUnrecognised: boolean;
}

/** What is asked about a number. */
export interface NumberQuestion {
  readonly phone: string;
  /** False when the visitor typed no calling code: then the country is a guess. */
  readonly international: boolean;
  readonly countryConfirmed?: boolean;
  readonly timeZone?: string;
  /** Country of the visitor's address, where a header of a CDN tells it. */
  readonly countryHint?: string;
}

/** A number that may be called. */
export interface AllowedNumber {
  readonly e164: string;
  readonly country: string;
  /** The type by the metadata; absent when the number is not recognised. */
  readonly type?: string;
}

/** The gate. */
export type NumberGate = (question: NumberQuestion) => Verdict<AllowedNumber>;

// Premium, shared-cost, toll-free, personal, pager, company-wide and voicemail numbers cost the caller or reach nobody.
const callable: readonly string[] = ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP'];

const parseReasons: Readonly<Record<string, NumberReason>> = {
  INVALID_COUNTRY: 'invalid-country-code',
  NOT_A_NUMBER: 'not-a-number',
  TOO_SHORT: 'too-short',
  TOO_LONG: 'too-long',
};

/** Makes the gate. */
export function createNumberGate({ countries, allowUnrecognised }: NumberPolicy): NumberGate {
  const allowed = new Set(countries);

  function decide(phone: string): Verdict<AllowedNumber> {
    const parsed = parse(phone);
    if (typeof parsed === 'string') return no(parsed);
    // Satellite, toll-free of no country, networks of no country: +800 +808 +870 +878 +881 +882 +883 +888 +979.
    if (parsed.isNonGeographic()) return no('unsupported-type');
    if (!parsed.isPossible()) return wrongLength(parsed);
    return parsed.isValid() ? recognised(parsed) : unrecognised(parsed);
  }

  function recognised(number: PhoneNumber): Verdict<AllowedNumber> {
    const type = number.getType();
    if (type === 'PREMIUM_RATE') return no('premium-rate');
    if (type === undefined || !callable.includes(type)) return no('unsupported-type');
    const { country } = number;
    if (country === undefined) return no('unsupported-type');
    if (!allowed.has(country)) return no('country-not-allowed', { country });
    return allow({ e164: number.number, country, type });
  }

  function unrecognised(number: PhoneNumber): Verdict<AllowedNumber> {
    if (!allowUnrecognised) return no('not-in-use');
    // Which of the countries that share the calling code it is cannot be told: all of them must be allowed.
    const possible = countriesOfCallingCode(number.countryCallingCode);
    const refused = possible.find((country) => !allowed.has(country));
    if (refused !== undefined) return no('not-in-use');
    const [country] = possible;
    return country === undefined ? no('not-in-use') : allow({ e164: number.number, country });
  }

  return function numberGate(question) {
    const verdict = decide(question.phone);
    if (!verdict.allowed || question.international || question.countryConfirmed === true) return verdict;
    const { country } = verdict.value;
    return isElsewhere(country, question) ? no('confirm-country', { country }) : verdict;
  };
}

/** The number, or why it is not one. The page sends E.164: nothing is guessed here, not even a country. */
function parse(phone: string): PhoneNumber | NumberReason {
  if (phone === '') return 'required';
  // `extract: false`: "+1 800 FLOWERS" is not +1 800.
  const options = { extract: false } as const;
  try {
    const number = parsePhoneNumberWithError(phone, options);
    if (number.ext !== undefined) return 'extension-not-supported';
    return /^\+\d+$/.test(phone) ? number : 'not-a-number';
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    // Without a plus the library misses the country, not the number.
    if (/^[\d\s().-]+(?:ext.*|x\s*\d+)?$/i.test(phone))
      return /[a-z]/i.test(phone) ? 'extension-not-supported' : 'country-required';
    return parseReasons[error.message] ?? 'not-a-number';
  }
}

function wrongLength(number: PhoneNumber): Verdict<never> {
  const lengths = [...new Set(countriesOfCallingCode(number.countryCallingCode).flatMap(lengthsOf))].sort(
    (a, b) => a - b,
  );
  const digits = number.nationalNumber.length;
  const [shortest] = lengths;
  const longest = lengths.at(-1);
  if (shortest !== undefined && digits < shortest) return no('too-short', { lengths });
  if (longest !== undefined && digits > longest) return no('too-long', { lengths });
  return no('invalid-length', { lengths });
}

function countriesOfCallingCode(code: string): readonly CountryCode[] {
  return metadata.country_calling_codes[code] ?? [];
}

/** National digits that numbers of a country have. Index 3 of a minified plan is its possible lengths. */
function lengthsOf(country: CountryCode): readonly number[] {
  const lengths: unknown = metadata.countries[country]?.[3];
  return Array.isArray(lengths) ? lengths.filter((length) => typeof length === 'number') : [];
}

/** True when something known of the visitor points to another country: then a national number may be somebody else's. */
function isElsewhere(country: string, { timeZone, countryHint }: NumberQuestion): boolean {
  if (countryHint !== undefined && countryHint !== country) return true;
  const zoneCountries = timeZone === undefined ? [] : countriesOfZone(timeZone);
  return zoneCountries.length > 0 && !zoneCountries.includes(country);
}

const no = (
  reason: NumberReason,
  details: { readonly country?: string; readonly lengths?: readonly number[] } = {},
): Verdict<never> => refuse({ code: 'number-refused', reason, ...details });
