// The lazy piece that shows every phase of a call: loaded at the first touch of the form, or at once when a call is resumed.
// It must not import Lit; the model hands that on.

import type { TemplateResult } from 'lit';
import { attributionOf } from '../analytics/attribution.js';
import { saveContactCard } from '../download/vcard.js';
import { feedDataLayer } from '../analytics/data-layer.js';
import { shownConsent } from '../form/slotted-consent.js';
import { enPhases } from '../i18n/locales/en-phases.js';
import { IntervalController } from '../internal/interval-controller.js';
import { performAction } from '../call/actions.js';
import { bodyOf } from '../views/phase-body.js';
import { withNumber } from '../views/emphasis.js';
import { invalidity, readBackOf, readForm } from '../views/form-text.js';
import { formErrorOf } from '../form/form-error.js';
import { refusalOf } from '../views/problem-message.js';
import { sign } from '../views/icon.js';
import { phaseStyles } from '../views/phases.styles.js';
import type { ViewModel } from '../views/view-model.js';
import { detailOf, titleOf } from '../views/phase-text.js';
import { paceOf } from '../views/slot-times.js';

/** What a phase shows. */
export interface PhaseView {
  readonly title: string;
  /** The drawing above the title. */
  readonly sign?: TemplateResult;
  /** The sentence under the title. */
  readonly detail: string;
  /** The same as it is shown: the caller's number is large while the phone rings. */
  readonly shownDetail: TemplateResult | string;
  readonly body: TemplateResult | symbol;
}

/** The phase of a model. */
export function phaseView(model: ViewModel): PhaseView {
  const { name, callerId, number } = model;
  const detail = detailOf(model);
  const isCaller = name === 'ringing' && callerId !== undefined;
  return {
    title: titleOf(model),
    ...(name !== 'form' && { sign: sign(model) }),
    detail,
    shownDetail: isCaller ? withNumber(model, 'ringing-caller', number(callerId), 'caller') : detail,
    body: bodyOf(model),
  };
}

export {
  attributionOf,
  enPhases,
  formErrorOf,
  feedDataLayer,
  performAction,
  paceOf,
  invalidity,
  phaseStyles,
  readBackOf,
  readForm,
  refusalOf,
  saveContactCard,
  shownConsent,
  IntervalController,
};
