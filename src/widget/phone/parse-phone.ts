// Typed text to E.164, or the reason it is not one. Pure; blocks only on length and on what is certain, the proxy decides
// whether a number exists. Part of the phone chunk (chunks/phone.ts): it carries libphonenumber-js.

import {
  Metadata,
  type MetadataJson,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/core/es6';
import type { NumberReason } from '../../contract.js';
import { type InvalidPhone, type ParsedPhone, unknownCountry } from './parsed-phone.js';
import { normalizePhone } from './normalize-phone.js';

/** What reading needs to know beside the text. */
export interface PhoneRules {
  /** libphonenumber metadata with at least the allowed countries and the main country of each of their calling codes. */
  readonly metadata: MetadataJson;
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** The chosen country; without one a number needs its calling code. */
  readonly country?: string | undefined;
}

type CountryCode = NonNullable<PhoneNumber['country']>;

/** Reads what was typed. */
export function parsePhone(text: string, rules: PhoneRules): ParsedPhone {
  return read(normalizePhone(text), rules).reading;
}

/**
 * The number in pasted loose text ("Call us: 020 7946 0958!"), written internationally where it was; undefined unless there
 * is exactly one valid number. Text that is a number already is left alone (undefined).
 */
export function extractPhone(text: string, rules: PhoneRules): string | undefined {
  if (read(normalizePhone(text), rules).reading.ok) return undefined;
  const plain = normalizePhone(text.slice(0, 1000));
  const found = new Map<string, string>();
  for (const match of plain.matchAll(/[+(]?\+?\d[\d ()./-]{4,28}\d/g)) {
    const after = plain.slice(match.index + match[0].length);
    // Part of a word or of a longer run, or followed by an extension, it is not a whole number.
    if (/[\p{L}\d]$/u.test(plain.slice(0, match.index)) || /^[\p{L}\d]/u.test(after) || extension.test(after)) {
      continue;
    }
    // What stands in brackets behind it (opening hours, an area) can look like more digits.
    for (const text of [match[0], match[0].replace(/ \([^(]*$/, '')]) {
      const { reading, isValid } = read(normalizePhone(text), rules);
      if (!reading.ok || !isValid) continue;
      found.set(reading.e164, text.trim());
      break;
    }
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** The words that announce an extension right behind a number. */
const extension = /^[ ,;.]*(?:e?xt|x|#|int|anexo|ramal|доб|poste|durchwahl|app)[a-zn. :=]*\d/i;

interface Judged {
  readonly reading: ParsedPhone;
  /** True when the metadata knows the number as one that can exist. */
  readonly isValid: boolean;
}

function read(plain: string, rules: PhoneRules): Judged {
  if (plain === '') return bad('required');
  // Without a country `00` can only be the international prefix: no national number starts with it.
  if (rules.country === undefined && plain.startsWith('00')) return parse(`+${plain.slice(2)}`, rules);
  const judged = parse(plain, rules);
  // Where `00` is not the chosen country's own prefix, people from elsewhere type it all the same.
  if (!judged.isValid && plain.startsWith('00')) {
    const again = parse(`+${plain.slice(2)}`, rules);
    if (again.isValid) return again;
  }
  return judged;
}

function parse(plain: string, rules: PhoneRules): Judged {
  let number: PhoneNumber;
  try {
    const country = rules.country as CountryCode | undefined;
    // Not extracting: loose parsing makes `+1800` of `+1 800 FLOWERS`.
    const options = country === undefined ? { extract: false } : { defaultCountry: country, extract: false };
    number = parsePhoneNumberWithError(plain, options, rules.metadata);
  } catch (error) {
    if (error instanceof ParseError) return bad(reasonOf(error.message, plain, rules), rules, plain);
    throw error;
  }
  if (number.ext !== undefined) return bad('extension-not-supported');

  // Not in the library's types: how the calling code was found. A test would notice if it went away.
  const source = (number as unknown as Record<string, unknown>)['__countryCallingCodeSource'];
  const international = source === 'FROM_NUMBER_WITH_PLUS_SIGN' || source === 'FROM_NUMBER_WITH_IDD';
  const lengths = lengthsOf(number.country ?? rules.country ?? number.countryCallingCode, rules.metadata);
  const digits = number.nationalNumber.length;
  const isValid = number.isValid();
  // A slice may hold only one of the countries that share a calling code, and says it is that one: believed when it fits.
  const country = isValid && number.country !== undefined ? number.country : undefined;
  if (!lengths.includes(digits)) {
    const reason = digits < Math.min(...lengths) ? 'too-short' : digits > Math.max(...lengths) ? 'too-long' : null;
    return { reading: tooLongOrShort(reason ?? 'invalid-length', lengths, number.country ?? rules.country), isValid };
  }
  if (country !== undefined && !rules.countries.includes(country)) {
    return { reading: { ok: false, reason: 'country-not-allowed', country }, isValid };
  }
  return {
    reading: {
      ok: true,
      e164: number.number,
      country: country ?? (international ? unknownCountry : (rules.country ?? unknownCountry)),
      international,
      formatted: number.formatInternational(),
    },
    isValid,
  };
}

function reasonOf(message: string, plain: string, { country }: PhoneRules): NumberReason {
  switch (message) {
    case 'TOO_SHORT':
      return 'too-short';
    case 'TOO_LONG':
      return 'too-long';
    case 'INVALID_COUNTRY':
      if (!plain.startsWith('+')) return country === undefined ? 'country-required' : 'invalid-country-code';
      return assigned.test(plain.slice(1).replace(/\D/g, '')) ? 'country-not-allowed' : 'invalid-country-code';
    case 'NOT_A_NUMBER':
    // The library's own words; a new one is still not a number.
    // oxlint-disable-next-line no-fallthrough
    default:
      return /\d/.test(plain) && /^[+\d ()./-]*$/.test(plain) ? 'too-short' : 'not-a-number';
  }
}

/** Every assigned calling code (ITU-T E.164 as in libphonenumber's metadata), so that "not served" and "no such code" differ. */
const assigned =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2(?:1[1-368]|[2346]\d|5[0-8]|9[01789])|3(?:5|7(?!9)|8[0-35-79])\d?|42[013]|5[09]\d|6(?:7[02-9]|8[0-35-9]|9[0-2])|8(?:0[08]|5[02356]|7[08]|8[0-368])|9(?:6[0-8]|7[0-79]|9[2-68]))/;

function bad(reason: NumberReason, rules?: PhoneRules, plain?: string): Judged {
  // Only a national number's country is known when nothing could be parsed.
  const country = reason.startsWith('too-') && plain?.startsWith('+') === false ? rules?.country : undefined;
  const lengths = country === undefined || rules === undefined ? [] : lengthsOf(country, rules.metadata);
  return {
    reading: lengths.length > 0 ? tooLongOrShort(reason, lengths, country) : { ok: false, reason },
    isValid: false,
  };
}

function tooLongOrShort(reason: NumberReason, lengths: readonly number[], country: string | undefined): InvalidPhone {
  return country === undefined ? { ok: false, reason, lengths } : { ok: false, reason, lengths, country };
}

/** National lengths of a country or, for one that cannot be told, of its calling code's main country. Ascending. */
function lengthsOf(countryOrCallingCode: string, metadata: MetadataJson): readonly number[] {
  const plan = new Metadata(metadata);
  plan.selectNumberingPlan(countryOrCallingCode as CountryCode);
  return plan.numberingPlan?.possibleLengths() ?? [];
}
