// Loads the follow-up chunk, once for all elements of a page. Whether an element needs it is decided in views/follow-up-loader.ts.

import type * as chunk from '../chunks/follow-up.js';

/** What the chunk exports. */
export type FollowUpChunk = typeof chunk;

let loaded: FollowUpChunk | undefined;

/** The chunk; undefined until it has loaded. */
export const followUp = (): FollowUpChunk | undefined => loaded;

/** Loads the chunk; undefined when that fails. The next call tries again. */
export async function loadFollowUp(): Promise<FollowUpChunk | undefined> {
  try {
    loaded ??= await import('../chunks/follow-up.js');
  } catch {
    // The call is shown without it.
  }
  return loaded;
}
