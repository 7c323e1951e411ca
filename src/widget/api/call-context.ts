// What the page contributes to a call besides the number: the consent text as shown, metadata and, if it opts in, the campaign
// that the visitor came from.

import type { ConsentGiven } from '../../contract.js';
import { attributionOf } from '../analytics/attribution.js';
import type { CallContext } from './call-request.js';
import { dataset, recordAttribute } from '../internal/attribute-converters.js';

/** The settings of the element that are used here. A framework may have set a property to the text of its attribute. */
type Page = Element & {
  readonly attribution: boolean | string | undefined;
  readonly metadata: Readonly<Record<string, string>> | string | undefined;
};

/** The context of a call that is requested now. `consent`: the sentence to use if the page has none of its own. */
export const contextOf = (page: Page, locale: string, consent: ConsentGiven): CallContext => ({
  locale,
  consent: shownConsent(page, consent),
  metadata: {
    ...(typeof page.metadata === 'string' ? recordAttribute.fromAttribute?.(page.metadata) : page.metadata),
    ...dataset(page, 'meta'),
  },
  ...(!['undefined', 'null', 'false'].includes(String(page.attribution)) && {
    attribution: attributionOf(location.search),
  }),
});

/** The consent text that the visitor sees: the text of the page's slotted content, otherwise `own`. */
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
