// Loads the interaction chunk, once for every element of a page. lazy-interaction.ts gives its styles and controllers to an element.

import type * as chunk from '../chunks/interaction.js';

/** What the chunk exports. */
export type InteractionChunk = typeof chunk;

let loaded: InteractionChunk | undefined;

/** The chunk; undefined until it is loaded. */
export const interaction = (): InteractionChunk | undefined => loaded;

/** Loads the chunk; undefined when that fails. The next call tries again. */
export async function loadInteraction(): Promise<InteractionChunk | undefined> {
  try {
    loaded ??= await import('../chunks/interaction.js');
  } catch {
    // Without it the element is the form that the first load renders.
  }
  return loaded;
}
