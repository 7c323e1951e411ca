// The chunk for pages on which the floating form can open automatically.

import { realBrowser } from '../internal/browser.js';
import type { ElementHost } from '../internal/element-host.js';
import { ProactiveOpening, type ProactiveTarget } from '../proactive/proactive-opening.js';

/** Makes an element open automatically, according to its `open-*` attributes. */
export function startProactive(host: ElementHost, target: ProactiveTarget): ProactiveOpening {
  return new ProactiveOpening(host, target, realBrowser);
}
