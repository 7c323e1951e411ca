// Removes phone numbers from texts of unknown content. The called number itself is known only as a keyed HMAC, so whatever reads like a
// phone number goes; times, dates and amounts stay.

import { maskedNumber } from '../gates/mask-number.js';

/** The fewest digits of a national number that is taken for one: the shortest that are dialed in full have eight. */
const fewestDigits = 8;
const fewestInternationalDigits = 7;

// A date, or digits with at most two separators between any two of them.
const dateOrDigits =
  /(?<!\p{Nd})(?:\p{Nd}{4}[-./]\p{Nd}{1,2}[-./]\p{Nd}{1,2}|\p{Nd}{1,2}[-./]\p{Nd}{1,2}[-./]\p{Nd}{4})(?!\p{Nd})|[+＋]?\(?(?:\p{Nd}[\s().\-/‐-―]{0,2}){6,}\p{Nd}/gu;
const date = /^(?:\p{Nd}{4}[-./]\p{Nd}{1,2}[-./]\p{Nd}{1,2}|\p{Nd}{1,2}[-./]\p{Nd}{1,2}[-./]\p{Nd}{4})$/u;

/** The text with every phone number replaced. */
export function withoutNumbers(text: string): string {
  return text.replace(dateOrDigits, (found) => {
    if (date.test(found)) return found;
    const digits = found.match(/\p{Nd}/gu)?.length ?? 0;
    const isNumber = digits >= (/^[+＋]/.test(found) ? fewestInternationalDigits : fewestDigits);
    return isNumber ? maskedNumber : found;
  });
}
