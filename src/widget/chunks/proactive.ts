// The chunk of pages that let the floating form open by itself.

import { realBrowser } from '../internal/browser.js';
import type { ElementHost } from '../internal/element-host.js';
import { ProactiveOpening, type ProactiveTarget } from '../proactive/proactive-opening.js';

/** Lets an element open by itself, as its `open-*` attributes say. */
export function startProactive(host: ElementHost, target: ProactiveTarget): ProactiveOpening {
  return new ProactiveOpening(host, target, realBrowser);
}
