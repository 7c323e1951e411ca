// The follow-up chunk: what accompanies and follows a call. Loaded once a call has been requested, where the site or the page gives
// it something to show.

import type { ElementHost } from '../internal/element-host.js';
import { followUpStyles } from '../follow-up/follow-up.styles.js';
import { prepareQueue } from '../follow-up/queue-loader.js';
import { followUpTexts } from '../follow-up/texts.js';
import type { ViewModel } from '../views/view-model.js';

export { followUpView } from '../follow-up/follow-up-view.js';

/** Shared by all elements of the page. */
let sheet: CSSStyleSheet | undefined;

/** Gives an element the styles, and loads the texts of its language. Renders the element anew when that changed anything. */
export async function prepareFollowUp(host: ElementHost, model: () => ViewModel): Promise<void> {
  void prepareQueue(host, model);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(followUpStyles);
  }
  const sheets = host.shadowRoot?.adoptedStyleSheets;
  const isNew = sheets && !sheets.includes(sheet);
  if (isNew) sheets.push(sheet);
  if ((await followUpTexts.load(model().localizer)) || isNew) host.requestUpdate();
}
