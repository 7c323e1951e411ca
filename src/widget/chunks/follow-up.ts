// The follow-up chunk: what accompanies and follows a call. Loaded once a call has been requested, where the site or the page gives
// it something to show.

import type { ElementHost } from '../internal/element-host.js';
import type { Localizer } from '../i18n/localizer.js';
import { followUpStyles } from '../follow-up/follow-up.styles.js';
import { loadTexts } from '../follow-up/texts.js';

export { followUpView } from '../follow-up/follow-up-view.js';

/** Shared by all elements of the page. */
let sheet: CSSStyleSheet | undefined;

/** Gives an element the styles, and loads the texts of its language. Renders the element anew when that changed anything. */
export async function prepareFollowUp(host: ElementHost, localizer: Localizer): Promise<void> {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(followUpStyles);
  }
  const sheets = host.shadowRoot?.adoptedStyleSheets;
  const isNew = sheets && !sheets.includes(sheet);
  if (isNew) sheets.push(sheet);
  if ((await loadTexts(localizer)) || isNew) host.requestUpdate();
}
