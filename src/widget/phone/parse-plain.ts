// One reading of a plainly written number: its E.164, or the reason why it is none. Wrong lengths and what is certainly not a number are
// refused; whether a number exists is the proxy's decision. Which of several readings is meant is decided in interpret-phone.ts.

import {
  Metadata,
  type MetadataJson,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/core/es6';
import type { NumberReason } from '../../contract.js';
import { type InvalidPhone, type ParsedPhone, unknownCountry } from './parsed-phone.js';

/** libphonenumber metadata as the proxy serves it. */
export interface PhoneMetadataJson extends MetadataJson {
  /** Calling codes that are not served, with their country; empty if several countries share one or none has it. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What parsing needs besides the text. */
export interface PhoneRules {
  /** With at least the allowed countries and the main country of each of their calling codes. */
  readonly metadata: PhoneMetadataJson;
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** The selected country; without one a number needs its calling code. */
  readonly country?: string | undefined;
}

export type CountryCode = NonNullable<PhoneNumber['country']>;

/** One reading of a text. */
export interface Interpreted {
  readonly parsed: ParsedPhone;
  /** True when the metadata knows the number as one that can exist. */
  readonly isValid: boolean;
}

/** The reasons that a different number of digits could mend. */
export const lengthReasons: readonly NumberReason[] = ['too-short', 'too-long', 'invalid-length', 'not-a-number'];

/** Reads a plainly written number. `typed`: the same text as it was typed, if it began with an international prefix. */
export function parsePlain(plain: string, rules: PhoneRules, typed: string = plain): Interpreted {
  const international = plain.startsWith('+');
  let number: PhoneNumber;
  try {
    number = numberOf(withoutMexicanPrefix(plain, rules), rules);
    // Some plans lose their trunk prefix only when they are parsed again (Kenya, Australia, Lithuania): what is shown has to be
    // what the proxy calls.
    for (let again = reparsed(number, rules); again.number !== number.number; again = reparsed(number, rules))
      number = again;
  } catch (error) {
    if (error instanceof ParseError) return unparsed(error.message, plain, rules);
    throw error;
  }
  if (number.ext !== undefined) return invalid('extension-not-supported', international);

  const { countries, metadata } = rules;
  const home = number.country ?? (belongsTo(number, rules) ? rules.country : undefined);
  const isValid = number.isValid();
  const lengths = planOf(home ?? number.countryCallingCode, metadata)?.possibleLengths() ?? [];
  const national = withoutTrunk(number, metadata);
  const wrong = lengthReason(number, national, lengths, metadata);
  if (wrong !== undefined) {
    const counted = asTyped(lengths, typed, national);
    return invalid(wrong, international, { lengths: counted, ...(home !== undefined && { country: home }) });
  }
  // A slice may contain only one of the countries that share a calling code, and reports that one: correct only if the number fits.
  const country = isValid ? countryOf(number, rules) : undefined;
  if (country !== undefined && !countries.includes(country)) {
    return invalid('country-not-allowed', international, { country }, isValid);
  }
  return {
    parsed: {
      ok: true,
      e164: number.number,
      country: country ?? (international ? unknownCountry : (rules.country ?? unknownCountry)),
      international,
      formatted: number.formatInternational(),
      ...(!isValid && { isUnlikely: true as const }),
    },
    isValid,
  };
}

/** The same number parsed once more; itself where that is no number. */
function reparsed(number: PhoneNumber, rules: PhoneRules): PhoneNumber {
  try {
    return numberOf(withoutMexicanPrefix(number.number, rules), rules);
  } catch {
    return number;
  }
}

/**
 * Mexico abolished 01, 044, 045 and the 1 of mobile numbers in 2019 (IFT, uniform dialing of ten digits); address books and messengers
 * still have them. None of its numbers begins with 0.
 */
function withoutMexicanPrefix(plain: string, { country }: PhoneRules): string {
  if (!/^[+\d ()./-]+$/.test(plain)) return plain;
  const typed = (plain.startsWith('+') ? '+' : country === 'MX' ? '+52' : '') + digitsOf(plain);
  const rest = /^\+52(?:1|01|044|045)(\d{10})$/.exec(typed)?.[1];
  return rest === undefined ? plain : `+52${rest}`;
}

function numberOf(plain: string, { country, metadata }: PhoneRules): PhoneNumber {
  const defaultCountry = country as CountryCode | undefined;
  // No extraction: lenient parsing makes `+1800` of `+1 800 FLOWERS`.
  const options = defaultCountry === undefined ? { extract: false } : { defaultCountry, extract: false };
  return parsePhoneNumberWithError(plain, options, metadata);
}

/**
 * The number's country. Åland, Svalbard and Man share their mobile ranges with the country whose calling code they share: of the
 * matching ones, one that may be called is meant.
 */
function countryOf(number: PhoneNumber, { countries, metadata }: PhoneRules): string | undefined {
  const { country: found, countryCallingCode: code } = number;
  if (found === undefined || countries.includes(found)) return found;
  const sharing = metadata.country_calling_codes[code] ?? [];
  const fitting = sharing.find((country) => {
    const alone = { ...metadata, country_calling_codes: { [code]: [country] } };
    return countries.includes(country) && parsePhoneNumberWithError(number.number, { extract: false }, alone).isValid();
  });
  return fitting ?? found;
}

/** Whether the selected country has the number's calling code: only then are its lengths those of the number. */
const belongsTo = ({ countryCallingCode: code }: PhoneNumber, { country, metadata }: PhoneRules): boolean =>
  metadata.country_calling_codes[code]?.some((one) => one === country) === true;

/** The library keeps the trunk prefix on what would not be a number without it: that is not a digit of the number either. */
function withoutTrunk(number: PhoneNumber, metadata: MetadataJson): string {
  const { nationalNumber } = number;
  const country = number.country ?? metadata.country_calling_codes[number.countryCallingCode]?.[0];
  // Index 5 of a minified plan is its trunk prefix.
  const trunk: unknown = country === undefined ? undefined : metadata.countries[country]?.[5];
  return typeof trunk === 'string' && !number.isValid() && nationalNumber.startsWith(trunk)
    ? nationalNumber.slice(trunk.length)
    : nationalNumber;
}

/** Why a number's length is wrong. A possible length is wrong too where one digit more or less turns an invalid number into a valid one. */
function lengthReason(
  number: PhoneNumber,
  national: string,
  lengths: readonly number[],
  metadata: MetadataJson,
): NumberReason | undefined {
  const digits = national.length;
  const [shortest = 0] = lengths;
  if (!lengths.includes(digits)) {
    return digits < shortest ? 'too-short' : digits > (lengths.at(-1) ?? 0) ? 'too-long' : 'invalid-length';
  }
  if (number.isValid()) return undefined;
  const exists = (text: string): boolean =>
    parsePhoneNumberWithError(`+${number.countryCallingCode}${text}`, { extract: false }, metadata).isValid();
  if (lengths.includes(digits + 1) && ['0', '2', '5'].some((digit) => exists(national + digit))) return 'too-short';
  if (lengths.includes(digits - 1) && exists(national.slice(0, -1))) return 'too-long';
  return undefined;
}

/**
 * Lengths as the visitor counts: with the trunk prefix or the calling code that was typed. A leading 8 is written separately
 * and not counted as part of the number, unless the message would then give exactly the length that was typed.
 */
function asTyped(lengths: readonly number[], plain: string, nationalNumber: string): readonly number[] {
  const typed = digitsOf(plain).length;
  const extra = typed - nationalNumber.length;
  const isApart = extra === 1 && plain.startsWith('8') && !lengths.includes(typed);
  return isApart ? lengths : lengths.map((length) => length + extra);
}

function unparsed(message: string, plain: string, rules: PhoneRules): Interpreted {
  const international = plain.startsWith('+');
  const { country, metadata } = rules;
  switch (message) {
    case 'TOO_SHORT':
    case 'TOO_LONG': {
      const reason = message === 'TOO_SHORT' ? 'too-short' : 'too-long';
      // Only a national number's country is known when nothing could be parsed.
      if (international || country === undefined) return invalid(reason, international);
      const trunk = plain.startsWith('0') ? 1 : 0;
      const lengths = (planOf(country, metadata)?.possibleLengths() ?? []).map((length) => length + trunk);
      return invalid(reason, international, { lengths, country });
    }
    case 'INVALID_COUNTRY': {
      if (!international) return invalid(country === undefined ? 'country-required' : 'invalid-country-code', false);
      const code = assignedCode(digitsOf(plain), metadata);
      if (code === undefined) return invalid('invalid-country-code', true);
      const owner = metadata.others?.[code];
      return invalid('country-not-allowed', true, owner ? { country: owner } : {});
    }
    case 'NOT_A_NUMBER':
    // The library's own codes; a new one still means that it is not a number.
    // oxlint-disable-next-line no-fallthrough
    default: {
      const isShort = /\d/.test(plain) && /^[+\d ()./-]*$/.test(plain);
      return invalid(isShort ? 'too-short' : 'not-a-number', international);
    }
  }
}

/** The calling code that digits begin with; undefined if none is assigned. No code is a prefix of another. */
export function assignedCode(
  digits: string,
  { country_calling_codes: served, others = {} }: PhoneMetadataJson,
): string | undefined {
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => code in served || code in others);
}

/** A refused number. */
export function invalid(
  reason: NumberReason,
  international: boolean,
  details: Pick<InvalidPhone, 'lengths' | 'country'> = {},
  isValid = false,
): Interpreted {
  return { parsed: { ok: false, reason, ...details, ...(international && { international: true as const }) }, isValid };
}

/** The digits of a text alone. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The numbering plan of a country or, where the country is unknown, of a calling code's main country. */
export function planOf(countryOrCallingCode: string, json: MetadataJson): Metadata['numberingPlan'] {
  const metadata = new Metadata(json);
  metadata.selectNumberingPlan(countryOrCallingCode as CountryCode);
  return metadata.numberingPlan;
}
