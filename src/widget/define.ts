// The npm entry: registers the element unless the page has it already.

import { PolyaiCallback } from './polyai-callback.js';

/** Registers `<polyai-callback>`; does nothing when any version of it is registered. */
export function define(): void {
  if (!customElements.get('polyai-callback')) customElements.define('polyai-callback', PolyaiCallback);
}

define();

export { PolyaiCallback };
