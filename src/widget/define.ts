// The npm entry: registers the element unless the page has already done so.

import { listenForOpenTriggers } from './embed/open-triggers.js';
import { PolyaiCallback } from './polyai-callback.js';

/** Registers `<polyai-callback>`; does nothing when any version of it is registered. */
export function define(): void {
  if (customElements.get('polyai-callback')) return;
  customElements.define('polyai-callback', PolyaiCallback);
  listenForOpenTriggers();
}

define();

export { PolyaiCallback };
export type * from './types.js';

declare global {
  interface HTMLElementTagNameMap {
    'polyai-callback': PolyaiCallback;
  }
}
