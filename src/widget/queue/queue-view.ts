// What is shown where a limit is reached: offers instead of a bare refusal, and the place of a call that waits.

import type { PhaseView } from '../views/phase-view.js';
import type { ViewModel } from '../views/view-model.js';
import { limitOffers } from './limit-offers.js';
import { type QueueLocalizer, queueTexts } from './texts.js';
import { waitEnded, waitingInQueue } from './waiting-in-queue.js';

/** The view model with the texts of this chunk. */
export interface QueueModel extends ViewModel {
  readonly localizer: QueueLocalizer;
}

/** Returns the view of a phase with what it replaces; the view itself where it has nothing to show. */
export type QueueFeature = (model: QueueModel, view: PhaseView) => PhaseView;

/** The view of a phase where a limit is reached; unchanged in all others, and until the texts have loaded. */
export function queueView(model: ViewModel, view: PhaseView): PhaseView {
  const localizer = queueTexts.localizer(model.localizer);
  if (!localizer) return view;
  return [limitOffers, waitingInQueue, waitEnded].reduce(
    (shown, feature) => feature({ ...model, localizer }, shown),
    view,
  );
}
