// What the page says about a call beside the number: its consent text as shown, its metadata and, where it opts in, the campaign
// that the visitor came from.

import type { ConsentGiven } from '../../contract.js';
import { attributionOf } from '../analytics/attribution.js';
import type { CallContext } from '../api/call-request.js';
import { dataset } from '../internal/attribute-converters.js';

/** The element as its page set it. */
type Page = Element & {
  readonly attribution: boolean | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
};

/** The context of a call that is requested now. `consent`: the sentence where the page has none of its own. */
export const contextOf = (page: Page, locale: string, consent: ConsentGiven): CallContext => ({
  locale,
  consent: shownConsent(page, consent),
  metadata: { ...page.metadata, ...dataset(page, 'meta') },
  ...(page.attribution && { attribution: attributionOf(location.search) }),
});

/** The consent that the visitor sees: the text of what the page put into the slot, else `own`. */
function shownConsent(page: Element, own: ConsentGiven): ConsentGiven {
  const slot = page.shadowRoot?.querySelector<HTMLSlotElement>('slot[name=consent]');
  const nodes = slot?.assignedNodes() ?? [];
  const text = nodes
    .map((node) => node.textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text ? { text, source: 'page' } : own;
}
