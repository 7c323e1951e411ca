// Loads a chunk for the script tag's build: beside the script, and where optimizers bundled, renamed or inlined the script, at
// the proxies that the page's elements name. In the package for npm the importer's bundler does this.

import { connectedElements } from '../internal/connected-elements.js';
import { scriptUrl } from './script-source.js';

/** One hash of all chunks together, filled in by the build. */
declare const __POLYAI_CALLBACK_CHUNKS__: string;

/** Imports a chunk by its name; rejects when it is to be had nowhere. */
export async function loadChunk(name: string): Promise<unknown> {
  const file = `polyai-callback-${name}.${__POLYAI_CALLBACK_CHUNKS__}.js`;
  // A module that failed to load stays failed for as long as the page lives (HTML, "fetch a single module script": the module
  // map), so it is requested again under another URL.
  for (const query of ['', `?again=${Date.now()}`]) {
    for (const base of [scriptUrl, ...[...connectedElements].map(({ endpoint }) => `${endpoint}/`)]) {
      try {
        return await import(/* @vite-ignore */ new URL(file + query, base).href);
      } catch {
        // Not there, or `base` is no address at all, as in a blob.
      }
    }
  }
  throw Error();
}
