// Two words by which a visitor can tell our call from another: the page shows them, the agent says them first. Derived from the
// call's ID with a secret, so nothing is stored; never logged.

import type { Keyring } from '../secrets/keyring.js';
import { phraseWords } from './phrase-words.js';

/** The words of a call in the language of a BCP 47 tag; English where there are none in that language. */
export type VerificationPhrase = (callId: string, locale: string) => readonly [first: string, second: string];

/** Creates the phrases of one proxy. */
export function createVerificationPhrase(keyring: Pick<Keyring, 'token'>): VerificationPhrase {
  return function phraseOf(callId, locale) {
    const code = locale
      .toLowerCase()
      .replace(/-.*/, '')
      .replace(/^n[no]$/, 'nb');
    const [first, second] = (Object.hasOwn(lists, code) ? lists[code] : undefined) ?? english;
    // The token of a call ID that cannot exist: 256 bits derived from the keyring's secret, used only here.
    const bits = Buffer.from(keyring.token(`verification phrase of ${callId}`), 'base64url');
    return [pick(first, bits.readUInt32BE(0)), pick(second, bits.readUInt32BE(4))];
  };
}

/** The words as the agent gets them. */
export const phraseMetadata =
  (phraseOf: VerificationPhrase) =>
  (callId: string, locale: string): { readonly verification_phrase: string } => ({
    verification_phrase: phraseOf(callId, locale).join(' '),
  });

const listsOf = ({ first, second }: { readonly first: string; readonly second: string }) =>
  [first.split(' '), second.split(' ')] as const;
const lists = Object.fromEntries(Object.entries(phraseWords).map(([code, words]) => [code, listsOf(words)]));
const english = listsOf(phraseWords['en'] ?? { first: '', second: '' });

const pick = (words: readonly string[], bits: number): string => words[bits % words.length] ?? '';
