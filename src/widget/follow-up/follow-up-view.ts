// Everything that accompanies and follows a call, in the order in which it changes the view of a phase. A feature is one file.

import type { PhaseView } from '../views/phase-view.js';
import type { ViewModel } from '../views/view-model.js';
import type { Feature } from './feature.js';
import { calendarOffer } from './calendar-offer.js';
import { contactCardOffer } from './contact-card-offer.js';
import { outcomeReport } from './outcome-report.js';
import { readyToPickUp } from './ready-to-pick-up.js';
import { redialInSight } from './redial-in-sight.js';
import { textsOf } from './texts.js';
import { verificationPhrase } from './verification-phrase.js';

/** To add a feature, add it here. */
const features: readonly Feature[] = [
  readyToPickUp,
  verificationPhrase,
  contactCardOffer,
  calendarOffer,
  redialInSight,
  outcomeReport,
];

/** The view of a phase with what the features add to it; unchanged until their texts have loaded. */
export function followUpView(model: ViewModel, view: PhaseView): PhaseView {
  const localizer = textsOf(model.localizer);
  if (!localizer) return view;
  return features.reduce((shown, feature) => feature({ ...model, localizer }, shown), view);
}
