// What the chunks import from the script in the script tag's build: its copy of Lit, so that a page loads only one, and its function
// to load further chunks. The build substitutes this module for both in chunks (vite.config.ts); embed.ts shares them. In the
// npm package every module imports Lit itself.

import type * as lit from 'lit';
import type * as loader from './load-chunk.js';

/** What chunks import from the script; the build fails when one imports anything else from Lit. */
export type SharedScript = Pick<typeof lit, 'html' | 'nothing'> & Pick<typeof loader, 'loadChunk'>;

const page = globalThis as unknown as { readonly [key: symbol]: SharedScript };

const shared = page[Symbol.for('polyai-callback.script')] as SharedScript;

export const html: SharedScript['html'] = shared.html;
export const nothing: SharedScript['nothing'] = shared.nothing;
export const loadChunk: SharedScript['loadChunk'] = shared.loadChunk;
