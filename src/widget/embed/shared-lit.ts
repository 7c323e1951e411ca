// Lit as the chunks of the script tag's build see it: the script's own copy, so that a page loads one. The build puts this
// module in the place of `lit` in chunks (vite.config.ts); embed.ts shares the copy. In the package for npm everybody imports
// Lit itself.

import type * as lit from 'lit';

/** What chunks use of Lit; the build fails when one imports more. */
export type SharedLit = Pick<typeof lit, 'html' | 'nothing'>;

const page = globalThis as unknown as { readonly [key: symbol]: SharedLit };

const shared = page[Symbol.for('polyai-callback.lit')] as SharedLit;

export const html: SharedLit['html'] = shared.html;
export const nothing: SharedLit['nothing'] = shared.nothing;
