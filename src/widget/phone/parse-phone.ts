// Typed text to E.164, or the reason why not. Pure; it refuses only wrong lengths and what is certainly not a number: the proxy
// decides whether a number exists. Part of the phone chunk (chunks/phone.ts): it imports libphonenumber-js.

import {
  getCountryCallingCode,
  Metadata,
  type MetadataJson,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/core/es6';
import type { NumberReason } from '../../contract.js';
import { normalizePhone } from './normalize-phone.js';
import { type InvalidPhone, type ParsedPhone, unknownCountry, type ValidPhone } from './parsed-phone.js';

/** libphonenumber metadata as the proxy serves it. */
export interface PhoneMetadataJson extends MetadataJson {
  /** Calling codes that are not served, with their country; empty where several countries share one or none has it. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What parsing needs beside the text. */
export interface PhoneRules {
  /** With at least the allowed countries and the main country of each of their calling codes. */
  readonly metadata: PhoneMetadataJson;
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** The selected country; without one a number needs its calling code. */
  readonly country?: string | undefined;
}

type CountryCode = NonNullable<PhoneNumber['country']>;

/** Parses what was typed. */
export function parsePhone(text: string, rules: PhoneRules): ParsedPhone {
  const plain = normalizePhone(text);
  const { parsed } = interpret(plain, rules);
  // Two numbers in one field are not "too long": that message would make the visitor shorten one of them.
  if (!parsed.ok && parsed.choices === undefined && lengthReasons.includes(parsed.reason)) {
    if (plain.length >= 10 && [...phonesIn(plain, rules).keys()].filter((key) => key !== doubtful).length > 1)
      return { ok: false, reason: 'several-numbers' };
  }
  return parsed;
}

const lengthReasons: readonly NumberReason[] = ['too-short', 'too-long', 'invalid-length', 'not-a-number'];

/**
 * The number in pasted loose text ("Call us: 020 7946 0958!"), in international form if it was written so; undefined unless there
 * is exactly one valid number. Text that is already a number is left alone (undefined).
 */
export function extractPhone(text: string, rules: PhoneRules): string | undefined {
  const plain = normalizePhone(text.slice(0, 1000));
  const { parsed } = interpret(plain, rules);
  if (parsed.ok || parsed.choices !== undefined) return undefined;
  const found = phonesIn(plain, rules);
  return found.size === 1 && !found.has(doubtful) ? [...found.values()][0] : undefined;
}

/** The words that announce an extension right after a number. */
const extension =
  /^[ ,;.(-]*(?:e?xt|x|#|int|anexo|ramal|доб|вн|poste|durchwahl|dw|nebenstelle|app|toestel|dahili|wewn|klapka|mellék|anknytning|εσωτ|内線|内线|分机|分機|내선|máy lẻ|داخلي|تحويلة|داخلی|שלוחה)[\p{L}\p{M}. :=]*\d/iu;

/**
 * What may be an extension: a few digits after a sign, or after one word in an unknown language. Not a time of day. A false
 * positive costs the visitor a few keystrokes; a dropped extension rings a switchboard.
 */
const shortNumber =
  /^(?:[,;]+| ?[^\s\p{L}\d(),;./-]+ ?|[ -]*[\p{L}\p{M}]+[.:]? ?)\d{1,6}(?![\d:]|[ .()/-]{1,2}\d| ?(?:h|am|pm|uhr)(?!\p{L})| ?-)/iu;

/** Digits after a complete number that are not part of it, or are alternative last digits: `(12)`, `/12`. */
const stray = /^\D*(?:\d\D*){7,}\( ?\d{1,6} ?\)?$|^[^\d/]*(?:\d[^\d/]*){7,}\/ ?\d{1,3}$/;

/** Marks a possible second number among those found: text that contains it is not certain to mean the number found. */
const doubtful = '';

/** Fewer digits than this after a number are opening hours, an area or an order number. */
const fewestDigits = 7;

/** The valid numbers in loose text, each with the text it was found in. */
function phonesIn(plain: string, rules: PhoneRules): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (text: string): boolean => {
    const key = keyOf(interpret(normalizePhone(text), rules));
    if (key !== undefined) found.set(key, text.trim());
    return key !== undefined;
  };
  for (const match of plain.slice(0, 1000).matchAll(/[+(]?\+?\d[\d ()./-]{4,60}\d/g)) {
    const [run] = match;
    const after = plain.slice(match.index + run.length);
    const before = plain.slice(0, match.index);
    // Part of a word or of a longer run, or followed by an extension, it is not a complete number.
    if (/[\p{L}\d]$/u.test(before) || /^[\p{L}\d]/u.test(after) || extension.test(after) || shortNumber.test(after)) {
      found.set(doubtful, '');
      continue;
    }
    // Nor after a plus that is not its own, or after digits that a sign ties to it: `+374_43_560704`, `971+ 56 348 7710`.
    if (/\+[^\p{L}]{0,12}$|(?:^|[^\d])\d{1,5}[^\s\p{L}\d()]$/u.test(before)) {
      found.set(doubtful, '');
      continue;
    }
    if (add(run)) continue;
    let isKnown = false;
    for (const { index } of run.matchAll(/[ /](?=[+(\d])/g)) {
      const [head, tail] = [run.slice(0, index), run.slice(index + 1)];
      // Each half is a number of its own: two numbers, or one number twice.
      const isTwo = [head, tail].every((half) => keyOf(interpret(normalizePhone(half), rules)) !== undefined);
      // What is in parentheses after it (opening hours, an area) can look like more digits.
      const isNote = /^\(.*\D.*\)?$/.test(tail) && digitsOf(tail).length < fewestDigits;
      if (!isTwo && !(isNote && add(head))) continue;
      if (isTwo) [head, tail].forEach(add);
      isKnown = true;
      break;
    }
    // Written like a phone number, though unknown to the metadata: which one is meant is ambiguous.
    if (!isKnown && /^[+0(]/.test(run) && digitsOf(run).length >= 9) found.set(doubtful, '');
  }
  return found;
}

/** What makes two texts the same number; undefined where it is not certainly a number. */
function keyOf({ parsed, isValid }: Interpreted): string | undefined {
  if (parsed.ok) return isValid ? parsed.e164 : undefined;
  return parsed.choices?.[0]?.e164;
}

interface Interpreted {
  readonly parsed: ParsedPhone;
  /** True when the metadata knows the number as one that can exist. */
  readonly isValid: boolean;
}

function interpret(plain: string, rules: PhoneRules): Interpreted {
  if (plain === '') return { parsed: { ok: false, reason: 'required' }, isValid: false };
  if (stray.test(plain)) return invalid('extension-not-supported', plain.startsWith('+'));
  if (plain.startsWith('+')) return parse(plain, rules);
  const dialled = afterInternationalPrefix(plain, rules);
  if (!plain.startsWith('00')) {
    if (dialled === undefined)
      return orDialledAbroad(plain, mayBeInternational(plain, parse(plain, rules), rules), rules);
    const own = parse(dialled, rules, plain);
    // Finland's 990 may begin a number in Kyrgyzstan (+996), typed without its plus.
    if (plain.startsWith('0') || isWrittenApart(plain, dialled)) return own;
    const other = parse(`+${digitsOf(plain)}`, rules);
    return other.isValid ? eitherOf(other, own) : own;
  }
  // `00` is the international prefix in most of the world and widely typed: no callable number begins with it. Some countries
  // have longer prefixes that begin with it (Australia's 0011, Colombia's 005 with a carrier code).
  const usual = parse(`+${plain.slice(2).trim()}`, rules, plain);
  if (rules.country === undefined) return usual;
  const own = parse(dialled ?? plain, rules, plain);
  const isForeign = !usual.parsed.ok && usual.parsed.reason === 'invalid-country-code';
  if (!isForeign && (dialled === undefined || ownPrefix(plain, dialled) === '00'))
    return orDialledAbroad(plain, usual, rules);
  if (dialled === undefined || !own.isValid || !usual.isValid) {
    return isForeign || (dialled !== undefined && own.isValid) ? own : usual;
  }
  if (/^00\D/.test(plain)) return usual;
  // `001` is a prefix of South Korea, and 00 with the calling code of the United States.
  const carrier = ownPrefix(plain, dialled).slice(2);
  const isCode = carrier !== '' && assignedCode(carrier, rules.metadata) === carrier;
  if (isWrittenApart(plain, dialled) && !isCode) return own;
  const home = getCountryCallingCode(rules.country as CountryCode, rules.metadata);
  return digitsOf(plain).startsWith(`00${home}`) ? usual : eitherOf(own, usual);
}

/** `0011 44 …`: a space after the country's own prefix shows that the prefix is meant. */
function isWrittenApart(plain: string, dialled: string): boolean {
  const prefix = ownPrefix(plain, dialled);
  const groups = plain.match(/\d+/g) ?? [];
  return groups.some((_, index) => groups.slice(0, index + 1).join('') === prefix);
}

/** What was dialed before the calling code. */
const ownPrefix = (plain: string, dialled: string): string => digitsOf(plain).slice(0, 1 - dialled.length);

/** Two numbers that the same digits may be, for the visitor to choose from. The more likely one comes first. */
function eitherOf(one: Interpreted, other: Interpreted): Interpreted {
  const phones = [one, other].flatMap(({ parsed }) => (parsed.ok ? [parsed] : []));
  const [first] = phones;
  if (first === undefined || phones.every(({ e164 }) => e164 === first.e164)) return one;
  return { parsed: { ok: false, reason: 'confirm-country', choices: phones.map(picked) }, isValid: false };
}

/** The number once the visitor has picked it. */
const picked = (phone: ValidPhone): ValidPhone => ({ ...phone, countryConfirmed: true });

/** The number with a plus in place of the selected country's international prefix (011, 0011, 810). */
function afterInternationalPrefix(plain: string, { country, metadata }: PhoneRules): string | undefined {
  const prefix = country === undefined ? undefined : planOf(country, metadata)?.IDDPrefix();
  if (prefix === undefined || !/^[\d ()./-]+$/.test(plain)) return undefined;
  const digits = digitsOf(plain);
  const rest = digits.replace(new RegExp(`^(?:${prefix})(?=[1-9])`), '');
  return rest === digits ? undefined : `+${rest}`;
}

/**
 * A national number whose digits after a plus are another existing number: only the visitor knows which one is meant. Every German
 * mobile number typed as 49… is also a number in Leer (0491), and browsers autofill numbers without their plus.
 */
function mayBeInternational(plain: string, own: Interpreted, rules: PhoneRules): Interpreted {
  const digits = digitsOf(plain);
  const isPlain = /^[\d ()./-]+$/.test(plain);
  const { parsed } = own;
  if (!isPlain || (!parsed.ok && !lengthReasons.includes(parsed.reason) && parsed.reason !== 'country-required')) {
    return own;
  }
  const national = parsed.ok ? parsed : undefined;
  if (national && (digits.startsWith('0') || isGroupedNationally(plain, national, rules))) {
    return { ...own, parsed: { ...national, unambiguous: true as const } };
  }
  const other = parse(`+${digits}`, rules);
  if (!other.parsed.ok || !other.isValid) return own;
  // The selected country's own calling code, without its plus.
  if (national?.e164 === other.parsed.e164) return { ...own, parsed: { ...national, international: true } };
  // A number that no numbering plan knows is not offered beside one that exists.
  if (national)
    return own.isValid ? eitherOf(other, own) : onlyIf(other.parsed, { ok: false, reason: 'confirm-country' });
  return parsed.ok ? own : onlyIf(other.parsed, parsed);
}

/**
 * `011 44 …`, `0011 44 …` and `8 10 44 …` with a country selected that uses none of them: people abroad type what they dial at home, and
 * Germany's plan takes the digits for a landline. The rest has to be a complete number: Sapporo and Nairobi begin with 011 too.
 */
function orDialledAbroad(plain: string, own: Interpreted, rules: PhoneRules): Interpreted {
  const rest = /^(?:0?011|810)([1-9]\d{9,})$/.exec(digitsOf(plain))?.[1];
  const { parsed } = own;
  if (rest === undefined || (!parsed.ok && (parsed.choices !== undefined || !lengthReasons.includes(parsed.reason))))
    return own;
  const abroad = parse(`+${rest}`, rules, plain);
  if (!abroad.parsed.ok || !abroad.isValid) return own;
  return parsed.ok ? eitherOf(abroad, own) : onlyIf(abroad.parsed, parsed);
}

/** The only other number it may be, if the visitor confirms it. */
const onlyIf = (phone: ValidPhone, parsed: InvalidPhone): Interpreted => ({
  parsed: { ...parsed, choices: [picked(phone)] },
  isValid: false,
});

/** `(435) 555-0123`: grouped like a national number, with no other country's calling code set apart, it needs no question. */
function isGroupedNationally(plain: string, { e164 }: ValidPhone, rules: PhoneRules): boolean {
  const groups = plain.match(/\d+/g) ?? [];
  const [first = ''] = groups;
  if (groups.length < 2 || assignedCode(first, rules.metadata) === first) return false;
  if (plain.startsWith('(')) return true;
  const national = parsePhoneNumberWithError(e164, { extract: false }, rules.metadata).formatNational();
  return groups.join(' ') === (national.match(/\d+/g) ?? []).join(' ').replace(/^0/, '');
}

/** `typed`: the same as it was typed, where it began with an international prefix. */
function parse(plain: string, rules: PhoneRules, typed: string = plain): Interpreted {
  const international = plain.startsWith('+');
  let number: PhoneNumber;
  try {
    number = numberOf(plain, rules);
    // How messengers and old address books write Mexican mobile numbers: the 1 was abolished in 2019.
    if (/^\+521\d{10}$/.test(number.number)) number = numberOf(`+52${number.number.slice(4)}`, rules);
  } catch (error) {
    if (error instanceof ParseError) return unparsed(error.message, plain, rules);
    throw error;
  }
  if (number.ext !== undefined) return invalid('extension-not-supported', international);

  const { countries, metadata } = rules;
  const home = number.country ?? rules.country;
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

/** The calling code that digits begin with; undefined where none is assigned. No code is a prefix of another. */
function assignedCode(
  digits: string,
  { country_calling_codes: served, others = {} }: PhoneMetadataJson,
): string | undefined {
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => code in served || code in others);
}

function invalid(
  reason: NumberReason,
  international: boolean,
  details: Pick<InvalidPhone, 'lengths' | 'country'> = {},
  isValid = false,
): Interpreted {
  return { parsed: { ok: false, reason, ...details, ...(international && { international: true as const }) }, isValid };
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The numbering plan of a country or, where the country is unknown, of a calling code's main country. */
function planOf(countryOrCallingCode: string, json: MetadataJson): Metadata['numberingPlan'] {
  const metadata = new Metadata(json);
  metadata.selectNumberingPlan(countryOrCallingCode as CountryCode);
  return metadata.numberingPlan;
}
