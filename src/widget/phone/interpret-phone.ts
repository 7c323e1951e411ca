// What a plainly written number can mean: a national number, one with its calling code or with an international prefix, or several of
// them, of which only the visitor knows the right one.

import { getCountryCallingCode, parsePhoneNumberWithError } from 'libphonenumber-js/core/es6';
import type { InvalidPhone, ValidPhone } from './parsed-phone.js';
import {
  assignedCode,
  type CountryCode,
  digitsOf,
  type Interpreted,
  invalid,
  lengthReasons,
  parsePlain,
  type PhoneRules,
  planOf,
} from './parse-plain.js';

/** Digits after a complete number that are not part of it, or are alternative last digits: `(12)`, `/12`. */
const stray = /^\D*(?:\d\D*){7,}\( ?\d{1,6} ?\)?$|^[^\d/]*(?:\d[^\d/]*){7,}\/ ?\d{1,3}$/;

/** The number that a text means, or those that it may mean. `plain`: from `normalizePhone`. */
export function interpret(plain: string, rules: PhoneRules): Interpreted {
  if (plain === '') return { parsed: { ok: false, reason: 'required' }, isValid: false };
  if (stray.test(plain)) return invalid('extension-not-supported', plain.startsWith('+'));
  if (plain.startsWith('+')) return orWithoutZero(orCodeTwice(plain, parsePlain(plain, rules), rules), rules);
  const dialled = afterInternationalPrefix(plain, rules);
  if (plain.startsWith('00')) return internationalOf(plain, dialled, rules);
  if (dialled === undefined) {
    const own = mayBeInternational(plain, parsePlain(plain, rules), rules);
    return orWithoutZero(orDialledAbroad(plain, own, rules), rules);
  }
  const own = parsePlain(dialled, rules, plain);
  if (isWrittenApart(plain, dialled)) return own;
  // A trunk zero typed twice: Germany's 0 0151 … is not 00 1 51….
  if (/^0\D+0[1-9]/.test(plain)) {
    const national = parsePlain(plain.slice(1).trim(), rules);
    if (national.isValid) return eitherOf(national, own);
  }
  // Samoa dials 0 abroad, and Seychelles 01: 011 … is what their visitors dial at home.
  if (plain.startsWith('0')) return orDialledAbroad(plain, own, rules);
  // Finland's 990 may begin a number in Kyrgyzstan (+996), typed without its plus.
  const other = parsePlain(`+${digitsOf(plain)}`, rules);
  return other.isValid ? eitherOf(other, own) : own;
}

/**
 * A number that begins with `00`: the international prefix in most of the world and widely typed, and no callable number begins with it.
 * Some countries have longer prefixes that begin with it (Australia's 0011, Colombia's 005 with a carrier code).
 */
function internationalOf(plain: string, dialled: string | undefined, rules: PhoneRules): Interpreted {
  const usual = orCodeTwice(plain.slice(2), parsePlain(`+${plain.slice(2).trim()}`, rules, plain), rules);
  if (rules.country === undefined || (!usual.parsed.ok && usual.parsed.choices !== undefined)) return usual;
  const own = parsePlain(dialled ?? plain, rules, plain);
  const isForeign = !usual.parsed.ok && usual.parsed.reason === 'invalid-country-code';
  if (!isForeign && (dialled === undefined || ownPrefix(plain, dialled) === '00'))
    return orWithoutZero(orDialledAbroad(plain, usual, rules), rules);
  const isOwnPrefix = dialled !== undefined && isWrittenApart(plain, dialled);
  if (/^00\D/.test(plain) && !isOwnPrefix) return usual;
  if (dialled === undefined || !own.isValid || !usual.isValid) {
    const likely = isForeign || (dialled !== undefined && own.isValid) ? own : usual;
    return isOwnPrefix ? likely : orDialledAbroad(plain, likely, rules);
  }
  if (/^00\D/.test(plain)) return usual;
  // `001` is a prefix of South Korea, and 00 with the calling code of the United States.
  const carrier = ownPrefix(plain, dialled).slice(2);
  const isCode = carrier !== '' && assignedCode(carrier, rules.metadata) === carrier;
  if (isOwnPrefix && !isCode) return own;
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
  const other = parsePlain(`+${digits.replace(/^0/, '')}`, rules);
  if (national && other.isValid && isCodeAfterZero(plain, national, rules)) return eitherOf(other, own);
  if (national && (digits.startsWith('0') || isGroupedNationally(plain, national, rules))) {
    return { ...own, parsed: { ...national, unambiguous: true as const } };
  }
  if (digits.startsWith('0') || !other.parsed.ok || !other.isValid) return own;
  // The selected country's own calling code, without its plus.
  if (national?.e164 === other.parsed.e164) return { ...own, parsed: { ...national, international: true } };
  // A number that no numbering plan knows is not offered alongside one that exists.
  if (national)
    return own.isValid ? eitherOf(other, own) : onlyIf(other.parsed, { ok: false, reason: 'confirm-country' });
  return parsed.ok ? own : onlyIf(other.parsed, parsed);
}

/**
 * `011 44 …`, `0011 44 …`, `010 44 …` and `8 10 44 …` with a country selected that uses none of them: people abroad type what they dial at home, and
 * Germany's plan takes the digits for a landline. The rest has to be a complete number: Sapporo and Nairobi begin with 011 too.
 */
function orDialledAbroad(plain: string, own: Interpreted, rules: PhoneRules): Interpreted {
  const rest = /^(?:0?011|010|810)([1-9]\d{9,})$/.exec(digitsOf(plain))?.[1];
  const { parsed } = own;
  if (rest === undefined || (!parsed.ok && (parsed.choices !== undefined || !lengthReasons.includes(parsed.reason))))
    return own;
  const abroad = parsePlain(`+${rest}`, rules, plain);
  if (!abroad.parsed.ok || !abroad.isValid) return own;
  return parsed.ok ? eitherOf(abroad, own) : onlyIf(abroad.parsed, parsed);
}

/**
 * `0 49 151 …` and `049151…` in Germany: one zero, and a calling code behind it. An area code may begin with the same digits (Leer's 0491):
 * then the groups or the length tell.
 */
function isCodeAfterZero(plain: string, { e164 }: ValidPhone, { country, metadata }: PhoneRules): boolean {
  if (!plain.startsWith('0') || country === undefined) return false;
  const groups = plain.match(/\d+/g) ?? [];
  const [first = '', second = ''] = groups;
  const home = getCountryCallingCode(country as CountryCode, metadata);
  if (first === '0' && second !== '') return assignedCode(second, metadata) === second;
  return isAfterCode(groups, `0${home}`, e164.length - 1 - home.length);
}

/**
 * `+49 49 151 …`: the country's calling code, written before a number that has it already. The rest is a number too where an area code
 * begins with the same digits.
 */
function orCodeTwice(plain: string, own: Interpreted, rules: PhoneRules): Interpreted {
  const { parsed } = own;
  if (!/^[+\d ()./-]+$/.test(plain) || (!parsed.ok && !lengthReasons.includes(parsed.reason))) return own;
  const digits = digitsOf(plain);
  const code = assignedCode(digits, rules.metadata) ?? '';
  const national = digits.slice(code.length);
  if (code === '' || !national.startsWith(code)) return own;
  const [first = '', ...others] = plain.match(/\d+/g) ?? [];
  const groups = first === code ? others : [first.slice(code.length), ...others];
  const other = parsePlain(`+${national}`, rules);
  if (!other.isValid || !other.parsed.ok) return own;
  if (!own.isValid) return onlyIf(other.parsed, parsed.ok ? { ok: false, reason: 'confirm-country' } : parsed);
  return isAfterCode(groups, code, national.length) ? eitherOf(other, own) : own;
}

/** More digits than a number with an area code has in practice. */
const unusualLength = 11;

/** True where a code stands apart at the beginning, or the digits are not grouped and more than an area code's number has. */
const isAfterCode = (groups: readonly string[], code: string, digits: number): boolean =>
  groups[0] === code || (groups.length === 1 && groups[0]?.startsWith(code) === true && digits >= unusualLength);

/** Italy's landlines keep their zero abroad and its mobiles have none: `+39 0347 1234567` may be either. */
function orWithoutZero(own: Interpreted, rules: PhoneRules): Interpreted {
  const mobile = own.parsed.ok ? /^\+390(3\d{9})$/.exec(own.parsed.e164)?.[1] : undefined;
  if (mobile === undefined) return own;
  const other = parsePlain(`+39${mobile}`, rules);
  return other.isValid ? eitherOf(other, own) : own;
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
