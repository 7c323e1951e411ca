// Takes the requested number out of texts of the page that are kept for years: what is stored of a number is its keyed HMAC alone.

/** What stands for it. */
export const maskedNumber = '[number]';

/** So many last digits are the number's own in every spelling: with and without its country and trunk codes. */
const ownDigits = 7;

/** The text without the number (E.164), however its digits are spelled and grouped. Other digits stay as they are. */
export function maskNumber(text: string, e164: string): string {
  const plain = text.replace(/\p{Nd}/gu, toAscii);
  // A digit beyond the basic plane takes two places in the text and one here: then nothing can be cut out at its place.
  const source = plain.length === text.length ? text : plain;
  const own = e164.replace(/\D/g, '').slice(-ownDigits);
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

/** A page's address without the number, which may be escaped in it. */
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

/** Where the spelling of the number begins whose last digits begin at `at`: its codes before them belong to it. */
function beginOf(text: string, at: number, from: number): number {
  let begin = at;
  for (let index = at - 1; index >= from && at - index <= 24; index -= 1) {
    const char = text[index] ?? '';
    if (/[0-9+(]/.test(char)) begin = index;
    else if (!/[\s().\-_/–—]/.test(char) || begin - index > 3) break;
  }
  return begin;
}

/** The digit's value: every script's ten digits stand in a row that begins at a multiple of their zero. */
function toAscii(digit: string): string {
  if (digit >= '0' && digit <= '9') return digit;
  let zero = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && (digit.codePointAt(0) ?? 0) - zero < 9) zero -= 1;
  return String((digit.codePointAt(0) ?? 0) - zero);
}
