// What a follow-up feature is given, and what it returns. Types alone.

import type { PhaseView } from '../views/phase-view.js';
import type { ViewModel } from '../views/view-model.js';
import type { FollowUpLocalizer } from './texts.js';

/** The view model with the follow-up texts. */
export interface FollowUpModel extends ViewModel {
  readonly localizer: FollowUpLocalizer;
}

/** Returns the view of a phase with what the feature adds or replaces; the view itself where it has nothing to show. */
export type Feature = (model: FollowUpModel, view: PhaseView) => PhaseView;
