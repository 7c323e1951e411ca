// The queue chunk: what is offered where a limit is reached, and a call that waits. Loaded by the follow-up chunk when a refusal
// offers something, or a call has a place in the queue.

import type { ElementHost } from '../internal/element-host.js';
import { intervalController } from '../internal/interval-controller.js';
import { queueStyles } from '../queue/queue.styles.js';
import { queueTexts } from '../queue/texts.js';
import { waitPace } from '../queue/waiting-in-queue.js';
import type { ViewModel } from '../views/view-model.js';

export { queueView } from '../queue/queue-view.js';

/** Shared by all elements of the page. */
let sheet: CSSStyleSheet | undefined;

/** Gives an element the styles and a clock, and loads the texts of its language. Renders the element anew when that changed anything. */
export async function prepareQueue(host: ElementHost, model: () => ViewModel): Promise<void> {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(queueStyles);
  }
  const sheets = host.shadowRoot?.adoptedStyleSheets;
  const isNew = sheets && !sheets.includes(sheet);
  if (isNew) {
    sheets.push(sheet);
    host.addController(intervalController(host, () => waitPace(model())));
  }
  if ((await queueTexts.load(model().localizer)) || isNew) host.requestUpdate();
}
