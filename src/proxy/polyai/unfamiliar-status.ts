// What may be logged about a status that PolyAI has not documented, without repeating it.

import type { UnfamiliarStatus } from './polyai.js';

/** Longer ones are not distinguished, characters. */
const longestWord = 1_000;

/** Describes a value that is not a known status. */
export const unfamiliarStatus = (word: unknown): UnfamiliarStatus => {
  if (typeof word !== 'string') return { length: 0, form: 'none' };
  return { length: Math.min(word.length, longestWord), form: /^[\w-]+$/.test(word) ? 'word' : 'text' };
};
