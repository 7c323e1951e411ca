// Which numbers may be called. libphonenumber-js with its full metadata decides validity, type and country; the operator lists ISO
// countries, because "+1" is not one. How often a number may be called is decided in rate-limit.ts.

import { type CountryCode, ParseError, parsePhoneNumberWithError, type PhoneNumber } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import { parsePhoneNumberWithError as parseWith } from 'libphonenumber-js/core';
import type { NumberReason } from '../../contract.js';
import { callableLengths } from '../core/callable-lengths.js';
import { withoutMexicanPrefix } from '../secrets/canonical-number.js';
import { mainlandAreaCode, newAreaCodes } from '../hours/new-area-codes.js';
import { countriesOfZone } from './country-of-zone.js';
import { deniedReason } from './denied-ranges.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What the operator allows. */
export interface NumberPolicy {
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** Allows numbers of a possible length that the metadata does not know yet: ranges are opened every month. */
  readonly allowUnrecognised: boolean;
}

/** A number to check. */
export interface NumberQuestion {
  readonly phone: string;
  /** False when the visitor typed no calling code: then the country is a guess. */
  readonly international: boolean;
  readonly countryConfirmed?: boolean;
  /** True when the typed text can only be read as one number. */
  readonly unambiguous?: boolean;
  readonly timeZone?: string;
  /** Country of the visitor's address, if a CDN's header reports it. */
  readonly countryHint?: string;
}

/** A number that may be called. */
export interface AllowedNumber {
  readonly e164: string;
  readonly country: string;
  /** The type according to the metadata; absent when the number is not recognized. */
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

/** Creates the gate. */
export function createNumberGate({ countries, allowUnrecognised }: NumberPolicy): NumberGate {
  const allowed = new Set(countries);

  function decide(phone: string): Verdict<AllowedNumber> {
    const parsed = parse(withoutMexicanPrefix(phone));
    if (typeof parsed === 'string') return refuseNumber(parsed);
    // Satellite, international toll-free and international networks: +800 +808 +870 +878 +881 +882 +883 +888 +979.
    if (parsed.isNonGeographic()) return refuseNumber('unsupported-type');
    if (!parsed.isPossible()) return wrongLength(parsed);
    const denied = deniedReason(parsed.number);
    if (denied !== undefined) return refuseNumber(denied);
    return parsed.isValid() ? recognised(parsed) : unrecognised(parsed);
  }

  function recognised(number: PhoneNumber): Verdict<AllowedNumber> {
    const type = number.getType();
    if (type === 'PREMIUM_RATE') return refuseNumber('premium-rate');
    if (type === undefined || !callable.includes(type)) return refuseNumber('unsupported-type');
    const { country: main } = number;
    if (main === undefined) return refuseNumber('unsupported-type');
    // Åland, Svalbard and the Isle of Man share their mobile ranges with the country whose calling code they share.
    const country = allowed.has(main) ? main : countriesSharing(number).find((other) => allowed.has(other));
    if (country === undefined) return refuseNumber('country-not-allowed', { country: main });
    return allow({ e164: number.number, country, type });
  }

  function unrecognised(number: PhoneNumber): Verdict<AllowedNumber> {
    const { number: e164 } = number;
    const areaCode = mainlandAreaCode(e164);
    const added = areaCode === undefined ? undefined : newAreaCodes[areaCode];
    if (added !== undefined) {
      const { country } = added;
      return allowed.has(country)
        ? allow({ e164, country, type: 'FIXED_LINE_OR_MOBILE' })
        : refuseNumber('country-not-allowed', { country });
    }
    if (!allowUnrecognised) return refuseNumber('not-in-use');
    // It could belong to any country with this calling code: all of them must be allowed.
    const possible: readonly string[] =
      areaCode === undefined ? countriesOfCallingCode(number.countryCallingCode) : ['US', 'CA'];
    const refused = possible.find((country) => !allowed.has(country));
    if (refused !== undefined) return refuseNumber('not-in-use');
    const [country] = possible;
    return country === undefined ? refuseNumber('not-in-use') : allow({ e164, country });
  }

  return function numberGate(question) {
    const verdict = decide(question.phone);
    if (!verdict.allowed || question.international || question.countryConfirmed === true) return verdict;
    const { country, e164 } = verdict.value;
    const isDoubtful = isElsewhere(country, question) || (question.unambiguous !== true && isTwoNumbers(e164, allowed));
    return isDoubtful ? refuseNumber('confirm-country', { country }) : verdict;
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
    // Without a plus the library reports a missing country, not a malformed number.
    if (/^[\d\s().-]+(?:ext.*|x\s*\d+)?$/i.test(phone))
      return /[a-z]/i.test(phone) ? 'extension-not-supported' : 'country-required';
    return parseReasons[error.message] ?? 'not-a-number';
  }
}

/**
 * True when digits typed without a calling code could also be a number that starts with one: every German mobile written with 49
 * but no plus is also a number in Leer (0491). Only the visitor knows which one is meant, wherever the browser is.
 */
function isTwoNumbers(e164: string, allowed: ReadonlySet<string>): boolean {
  const number = parse(e164);
  if (typeof number === 'string') return false;
  const other = parse(`+${number.nationalNumber}`);
  if (typeof other === 'string' || !other.isValid() || !callable.includes(other.getType() ?? '')) return false;
  // Where nobody omits the trunk zero, digits without it may start with a calling code of any country.
  const hasTrunkZero = number.formatNational().startsWith('0');
  return hasTrunkZero || (other.country !== undefined && allowed.has(other.country));
}

/** The countries that share a number's calling code and whose own numbering plan contains it. */
function countriesSharing(number: PhoneNumber): readonly CountryCode[] {
  const code = number.countryCallingCode;
  return countriesOfCallingCode(code).filter((country) => {
    const alone = { ...metadata, country_calling_codes: { ...metadata.country_calling_codes, [code]: [country] } };
    return parseWith(number.number, { extract: false }, alone).isValid();
  });
}

function wrongLength(number: PhoneNumber): Verdict<never> {
  const lengths = [...new Set(countriesOfCallingCode(number.countryCallingCode).flatMap(callableLengths))].sort(
    (a, b) => a - b,
  );
  const digits = number.nationalNumber.length;
  const [shortest] = lengths;
  const longest = lengths.at(-1);
  if (shortest !== undefined && digits < shortest) return refuseNumber('too-short', { lengths });
  if (longest !== undefined && digits > longest) return refuseNumber('too-long', { lengths });
  return refuseNumber('invalid-length', { lengths });
}

function countriesOfCallingCode(code: string): readonly CountryCode[] {
  return metadata.country_calling_codes[code] ?? [];
}

/**
 * True when something about the visitor points to another country: then a national number may be somebody else's. Not where the
 * two share a calling code (Jersey and the United Kingdom), because the number is the same in both.
 */
function isElsewhere(country: string, { timeZone, countryHint }: NumberQuestion): boolean {
  const isSame = (other: string): boolean => other === country || callingCodeOf(other) === callingCodeOf(country);
  if (countryHint !== undefined && !isSame(countryHint)) return true;
  const zoneCountries = timeZone === undefined ? [] : countriesOfZone(timeZone);
  return zoneCountries.length > 0 && !zoneCountries.some(isSame);
}

const callingCodeOf = (country: string): unknown => metadata.countries[country as CountryCode]?.[0] ?? country;

const refuseNumber = (
  reason: NumberReason,
  details: { readonly country?: string; readonly lengths?: readonly number[] } = {},
): Verdict<never> => refuse({ code: 'number-refused', reason, ...details });
