// The sentence the visitor agrees to, exactly as shown. Its version is computed by whoever sends it.

import type { ConsentGiven, Site } from '../../contract.js';
import type { Words } from '../i18n/localizer.js';

/** The sentence beside the box when the page puts none into the slot. `siteLayer`: the place of the site's texts in `words`. */
export function consentOf(words: Words, site: Site | undefined, siteLayer: number, business: string): ConsentGiven {
  const layer = words.layerOf('consent');
  // The site's own text is taken as it is, because its version was computed from it.
  if (site?.consent && (layer < 0 || layer === siteLayer)) return { ...site.consent, source: 'site' };
  return { text: words.say('consent', { business }), source: 'page' };
}
