// Removes the requested number from the page's texts that are kept for years: a number is stored only as its keyed HMAC.

/** The replacement. */
export const maskedNumber = '[number]';

/** This many last digits are the same in every spelling of a number, with and without its calling code and trunk prefix. */
const ownDigits = 7;

/** The text without the number (E.164), however its digits are spelled and grouped. Other digits stay as they are. */
export function maskNumber(text: string, e164: string): string {
  const plain = text.replace(/\p{Nd}/gu, toAscii);
  // A digit outside the basic multilingual plane takes two code units in the text and one here, so positions would not match.
  const source = plain.length === text.length ? text : plain;
  const own = e164.replace(/\D/g, '').slice(-ownDigits);
  // Only consecutive digits of the number can match. Compiling the pattern takes two milliseconds (measured), and hardly any text needs it.
  if (!plain.replace(/\D/g, '').includes(own)) return text;
  const spelled = new RegExp(Array.from(own).join('[^\\p{L}\\p{N}]{0,4}'), 'gu');
  let masked = '';
  let end = 0;
  for (const found of plain.matchAll(spelled)) {
    const start = beginOf(plain, found.index, end);
    masked += source.slice(end, start) + maskedNumber;
    end = found.index + found[0].length;
  }
  return masked + source.slice(end);
}

/** A page's URL without the number, which may be percent-encoded in it. */
export function maskNumberInPath(page: string, e164: string): string {
  let readable: string;
  try {
    readable = decodeURI(page.replaceAll('%2B', '+').replaceAll('%2b', '+'));
  } catch {
    readable = page;
  }
  const masked = maskNumber(readable, e164);
  return masked === readable ? page : encodeURI(masked);
}

/** Where a spelling of the number begins, given that its last digits begin at `at`: its calling code or trunk prefix is part of it. */
function beginOf(text: string, at: number, from: number): number {
  let begin = at;
  for (let index = at - 1; index >= from && at - index <= 24; index -= 1) {
    const char = text[index] ?? '';
    if (/[0-9+(]/.test(char)) begin = index;
    else if (!/[\s().\-_/–—]/.test(char) || begin - index > 3) break;
  }
  return begin;
}

/** The digit's value: in every script, the ten digits are consecutive, starting from zero. */
function toAscii(digit: string): string {
  if (digit >= '0' && digit <= '9') return digit;
  let zero = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (digit.codePointAt(0) ?? 0) - zero < 9) zero -= 1;
  return String((digit.codePointAt(0) ?? 0) - zero);
}
