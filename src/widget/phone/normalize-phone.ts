// Writes a typed number in plain form: ASCII digits and signs, one leading `+`. It does not judge the number: parse-phone.ts does,
// and where that fails to load, `parseWithoutLibrary` accepts what has the shape of E.164 and leaves the rest to the proxy.

import { type ParsedPhone, unknownCountry } from './parsed-phone.js';

/** The same number in ASCII: digits of every script, full-width signs, odd dashes and spaces, `tel:` URLs and chat links, doubled prefixes, stray punctuation. */
export function normalizePhone(text: string): string {
  const folded = text
    // Invisible: soft hyphen, zero-width and bidirectional marks (U+061C, U+200B–F, U+202A–E, U+2060–9), byte order mark.
    .replace(/[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/[\u02D7\u2010-\u2015\u2043\u2212\u30FC\uFE58\uFE63]/g, '-')
    .replace(/[\u207A\u2795\uFE62]/g, '+')
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')')
    .replace(/[\s·•・]+/g, ' ')
    .replace(chatLink, '+$1')
    .trim();
  const number = scheme.test(folded) ? telephoneOf(folded) : folded;
  return onePlus(number.replace(/^["'<„“”«‘’]+|[\s,;:.!?"'>“”»‘’]+$/g, '').replace(spreadsheetDecimal, '$1'));
}

/** The URL of a phone: RFC 3966, and the variants that browsers and messengers invented. */
const scheme = /^(?:tel|sms|smsto|callto|facetime(?:-audio)?):/i;

/** A spreadsheet column of numbers: `442079460958.0`. */
const spreadsheetDecimal = /^(\+?\d{6,15})\.0$/;

/** A chat link contains an international number, with or without its plus: `https://wa.me/442079460958`. */
const chatLink =
  /[^\s"'<>(]*(?:wa\.me\/|whatsapp\.com\/[^\s?]*\?(?:[^\s&]*&)*phone=|:\/\/[^\s?]*\?(?:[^\s&]*&)*(?:phone|number)=|(?:\bt\.me|signal\.me\/#p)\/(?=\+|%2B))(?:\+|%2B| )?(\d{6,15})(?!\d)[^\s"'<>)]*/gi;

/** Parses without any knowledge of numbering plans, for when the phone code fails to load. */
export function parseWithoutLibrary(text: string, country: string | undefined): ParsedPhone {
  const plain = normalizePhone(text).replace(/^00/, '+');
  if (plain === '') return { ok: false, reason: 'required' };
  const digits = plain.replace(/[ ().\-/]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(digits)) {
    return { ok: true, e164: digits, country: country ?? unknownCountry, international: true, formatted: plain };
  }
  // A national number needs its country's metadata; this reason's message asks for the calling code.
  return { ok: false, reason: /^\+?\d+$/.test(digits) ? 'invalid-country-code' : 'not-a-number' };
}

/** Decimal digits are in consecutive runs of ten from zero to nine in every script (Unicode's stability policy for `Nd`). */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value % 10);
}

/** The number in a `tel:` URL (RFC 3966). A local one is completed by its context; an extension is kept, to be refused. */
function telephoneOf(address: string): string {
  const [number = '', ...parameters] = address
    .replace(/^[a-z-]+:(?:\/\/)?/i, '')
    .replace(/\?.*$/, '')
    .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .split(';');
  const value = (name: string): string | undefined =>
    parameters.find((parameter) => parameter.toLowerCase().startsWith(name))?.slice(name.length);
  const context = value('phone-context=');
  const extension = value('ext=');
  const whole = context?.startsWith('+') === true && !number.includes('+') ? context + number : number;
  return (extension === undefined ? whole : `${whole} ext ${extension}`).trim();
}

/**
 * `(+44) …`, `++1`, `+00 44`, `+01144`, `+44 +44`, `44 …+` (where right-to-left text displaced it) → one `+` in front; `(00) 44` and `(0044)` lose their parentheses. `+0` alone
 * stays: a national number behind a stray `+` must not become another country's.
 */
function onePlus(text: string): string {
  return text
    .replace(/^([\d(][\d ().-]*)\+$/, '+$1')
    .replace(/^\( ?(00[\d ]*)\)/, '$1 ')
    .replace(/^[( ]*\+[+( ]*(?:0 ?0|0 ?1 ?1)?[ )]*/, '+')
    .replace(/^(\+|00)([1-9]\d{0,2})(?:[ )(-]*\+|[ )(-]+00) ?\(?\2/, '$1$2');
}
