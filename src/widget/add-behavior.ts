// What the interaction chunk adds to an element: the controllers that keep its card's height, count, and load what follows a call,
// and the page's data layer.

import { feedDataLayer } from './analytics/data-layer.js';
import type { ElementHost } from './internal/element-host.js';
import { heightController } from './internal/height-controller.js';
import { intervalController } from './internal/interval-controller.js';
import { followUpLoader } from './views/follow-up-loader.js';
import { paceOf } from './views/slot-times.js';
import type { ViewModel } from './views/view-model.js';

/** Adds it to an element, once. `layer`: the name of the page's data layer. */
export function addBehavior(host: ElementHost, model: () => ViewModel, layer: () => string | undefined): void {
  host.addController(heightController(host));
  host.addController(intervalController(host, () => paceOf(model())));
  host.addController(followUpLoader(host, model));
  feedDataLayer(host, layer);
}
