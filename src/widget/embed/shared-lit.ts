// Lit as the chunks of the script tag's build see it: the script's own copy, so that a page loads only one. The build substitutes
// this module for `lit` in chunks (vite.config.ts); embed.ts shares the copy. In the npm package every module imports
// Lit itself.

import type * as lit from 'lit';

/** What chunks use from Lit; the build fails when one imports more. */
export type SharedLit = Pick<typeof lit, 'html' | 'nothing'>;

const page = globalThis as unknown as { readonly [key: symbol]: SharedLit };

const shared = page[Symbol.for('polyai-callback.lit')] as SharedLit;

export const html: SharedLit['html'] = shared.html;
export const nothing: SharedLit['nothing'] = shared.nothing;
