// The npm entry `polyai-callback/define` on a server with Node's conditions: registers the element in Lit's registry, so that
// `@lit-labs/ssr` knows it.

import { listenForOpenTriggers } from '../embed/open-triggers.js';
import { PolyaiCallback } from './element.js';

/** Registers `<polyai-callback>`; does nothing when any version of it is already registered. */
export function define(): void {
  if (customElements.get('polyai-callback')) return;
  customElements.define('polyai-callback', PolyaiCallback);
  if (typeof document !== 'undefined') listenForOpenTriggers();
}

define();

export { PolyaiCallback };
