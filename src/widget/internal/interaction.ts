// Loads the interaction chunk, once for all elements of a page. lazy-interaction.ts adds its styles and controllers to an element.

import type * as chunk from '../chunks/interaction.js';

/** What the chunk exports. */
export type InteractionChunk = typeof chunk;

let loaded: InteractionChunk | undefined;

/** The chunk; undefined until it has loaded. */
export const interaction = (): InteractionChunk | undefined => loaded;

/** Loads the chunk; undefined when that fails. The next call tries again. */
export async function loadInteraction(): Promise<InteractionChunk | undefined> {
  try {
    loaded ??= await import('../chunks/interaction.js');
  } catch {
    // Without the chunk, the element stays the form that the first load rendered.
  }
  return loaded;
}
