// Removes phone numbers from texts of unknown content. The called number itself is known only as a keyed HMAC, so whatever reads like a
// phone number goes; times, dates and amounts stay.

import { maskedNumber } from '../gates/mask-number.js';

/** The fewest digits of a national number that is taken for one: the shortest that are dialed in full have eight. */
const fewestDigits = 8;
const fewestInternationalDigits = 7;

// A digit of any script, also in a circle or raised.
const digit = '[\\p{Nd}\\p{No}]';
const date =
  '(?<!\\p{Nd})(?:\\p{Nd}{4}[-./]\\p{Nd}{1,2}[-./]\\p{Nd}{1,2}|\\p{Nd}{1,2}[-./]\\p{Nd}{1,2}[-./]\\p{Nd}{4})(?!\\p{Nd})';
const time = '(?<![:\\p{Nd}])\\p{Nd}{1,2}:\\p{Nd}{2}(?![:\\p{Nd}])';
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
