// Typed or pasted text to a number, or the reason why it is none. Part of the phone chunk (chunks/phone.ts): it imports libphonenumber-js.

import { interpret } from './interpret-phone.js';
import { normalizePhone } from './normalize-phone.js';
import type { ParsedPhone } from './parsed-phone.js';
import { digitsOf, type Interpreted, lengthReasons, type PhoneRules } from './parse-plain.js';

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

/** What makes two texts the same number; undefined if it is not certainly a number. */
function keyOf({ parsed, isValid }: Interpreted): string | undefined {
  if (parsed.ok) return isValid ? parsed.e164 : undefined;
  return parsed.choices?.[0]?.e164;
}
