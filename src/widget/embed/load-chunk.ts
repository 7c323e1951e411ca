// Loads a chunk for the script tag's build: from next to the script or, if optimizers bundled, renamed or inlined the script,
// from the proxies that the page's elements name. In the npm package the importer's bundler does this.

import { connectedElements } from '../internal/connected-elements.js';
import { scriptUrl } from './script-source.js';

/** One hash of all chunks together, inserted by the build. */
declare const __POLYAI_CALLBACK_CHUNKS__: string;

/** Imports a chunk by its name; rejects when no source has it. */
export async function loadChunk(name: string): Promise<unknown> {
  const file = `polyai-callback-${name}.${__POLYAI_CALLBACK_CHUNKS__}.js`;
  // A module that failed to load stays failed for the lifetime of the page (HTML, "fetch a single module script": the module
  // map), so the retry uses another URL.
  for (const query of ['', `?again=${Date.now()}`]) {
    for (const base of [scriptUrl, ...[...connectedElements].map(({ endpoint }) => `${endpoint}/`)]) {
      try {
        return await import(/* @vite-ignore */ new URL(file + query, base).href);
      } catch {
        // Not there, or `base` is not a usable URL, as in a blob.
      }
    }
  }
  throw Error();
}
