// The consent text, exactly as shown. Its version is computed when it is sent.

import type { ConsentGiven, Site } from '../../contract.js';
import type { Localizer } from '../i18n/localizer.js';

/** The sentence next to the checkbox, unless the page put its own into the slot. */
export function consentOf(localizer: Localizer, site: Site | undefined, business: string): ConsentGiven {
  // The site's own text is shown unchanged, because its version was computed from it.
  if (site?.consent && !localizer.isFromPage('consent')) return { ...site.consent, source: 'site' };
  return { text: localizer.t('consent', { business }), source: 'page' };
}
