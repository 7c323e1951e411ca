// Removes phone numbers from texts of unknown content. The called number itself is known only as a keyed HMAC, so whatever reads like a
// phone number goes; times, dates and amounts stay.

import { maskedNumber } from '../gates/mask-number.js';

/** The fewest digits of a national number that is taken for one: the shortest that are dialed in full have eight. */
const fewestDigits = 8;
const fewestInternationalDigits = 7;

// A digit of any script, also in a circle or raised.
const digit = '[\\p{Nd}\\p{No}]';
const day = '(?:0?[1-9]|[12]\\p{Nd}|3[01])';
// Digits after a country's code are no date, and none is followed by more digits in the same way.
const notAfterCode = '(?<![+＋]\\p{Nd}{1,3}[^\\p{L}\\p{Nd}]{0,3})';
const date = `(?<![\\p{Nd}]|\\p{Nd}[-./])${notAfterCode}(?:(?:19|20)\\p{Nd}{2}[-./]${day}[-./]${day}|${day}[-./]${day}[-./](?:19|20)\\p{Nd}{2})(?!\\p{Nd}|[-./]\\p{Nd})`;
const time = '(?<![:\\p{Nd}])(?:[01]?\\p{Nd}|2[0-4]):[0-5]\\p{Nd}(?![:\\p{Nd}])';
// A date, a time, or digits with at most three other characters between any two of them, whatever those are, but letters.
const dateTimeOrDigits = new RegExp(
  `(${date}|${time})|[+＋]?\\(?(?:(?!${date}|${time})${digit}[^\\p{L}\\p{Nd}\\p{No}]{0,3}){6,}(?!${date}|${time})${digit}`,
  'gu',
);
const digits = new RegExp(digit, 'gu');

/** The text with every phone number replaced. */
export function withoutNumbers(text: string): string {
  return text.replace(dateTimeOrDigits, (found: string, dateOrTime: string | undefined) => {
    if (dateOrTime !== undefined) return found;
    const count = found.match(digits)?.length ?? 0;
    const isNumber = count >= (/^[+＋]/.test(found) ? fewestInternationalDigits : fewestDigits);
    return isNumber ? maskedNumber : found;
  });
}
