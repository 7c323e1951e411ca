// Everything that accompanies and follows a call, in the order in which it changes the view of a phase. A feature is one file.

import { queue } from '../internal/queue.js';
import type { PhaseView } from '../views/phase-view.js';
import type { ViewModel } from '../views/view-model.js';
import type { Feature } from './feature.js';
import { calendarOffer } from './calendar-offer.js';
import { contactCardOffer } from './contact-card-offer.js';
import { outcomeReport } from './outcome-report.js';
import { readyToPickUp } from './ready-to-pick-up.js';
import { redialInSight } from './redial-in-sight.js';
import { followUpTexts } from './texts.js';
import { verificationPhrase } from './verification-phrase.js';

/** To add a feature, add it here. A second attempt comes first, because it replaces the actions of the phase. */
const features: readonly Feature[] = [
  redialInSight,
  readyToPickUp,
  verificationPhrase,
  contactCardOffer,
  calendarOffer,
  outcomeReport,
];

/** The view of a phase with what the features add to it, and what the queue chunk shows; unchanged until their texts have loaded. */
export function followUpView(model: ViewModel, view: PhaseView): PhaseView {
  const plain = queue()?.queueView(model, view) ?? view;
  const localizer = followUpTexts.localizer(model.localizer);
  if (!localizer) return plain;
  return features.reduce((shown, feature) => feature({ ...model, localizer }, shown), plain);
}
