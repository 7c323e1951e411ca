// The consent the visitor sees, when the page put its own into the slot.

import type { ConsentGiven } from '../../contract.js';

/** The consent as shown: the text of what the page put into the slot, else `own`. */
export function shownConsent(host: Element, own: ConsentGiven): ConsentGiven {
  const slot = host.shadowRoot?.querySelector<HTMLSlotElement>('slot[name=consent]');
  const nodes = slot?.assignedNodes() ?? [];
  const text = nodes
    .map((node) => node.textContent ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text ? { text, source: 'page' } : own;
}
