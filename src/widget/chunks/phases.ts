// The lazy piece that shows every phase of a call: loaded at the first touch of the form, or at once when a call is resumed.
// It must not import Lit; the scene hands that on.

import type { TemplateResult } from 'lit';
import { attributionOf } from '../analytics/attribution.js';
import { saveContactCard } from '../download/vcard.js';
import { feedDataLayer } from '../analytics/data-layer.js';
import { shownConsent } from '../form/slotted-consent.js';
import { enPhases } from '../i18n/locales/en-phases.js';
import { Ticker } from '../internal/interval-controller.js';
import { fulfil } from '../call/actions.js';
import { bodyOf } from '../views/phase-body.js';
import { withNumber } from '../views/emphasis.js';
import { errorOf, invalidity, readBackOf, readForm } from '../views/form-text.js';
import { sign } from '../views/icon.js';
import { phaseStyles } from '../views/phases.styles.js';
import type { Scene } from '../views/view-model.js';
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

/** The phase of a scene. */
export function phaseView(scene: Scene): PhaseView {
  const { name, callerId, number } = scene;
  const detail = detailOf(scene);
  const isCaller = name === 'ringing' && callerId !== undefined;
  return {
    title: titleOf(scene),
    ...(name !== 'form' && { sign: sign(scene) }),
    detail,
    shownDetail: isCaller ? withNumber(scene, 'ringing-caller', number(callerId), 'caller') : detail,
    body: bodyOf(scene),
  };
}

export {
  attributionOf,
  enPhases,
  errorOf,
  feedDataLayer,
  fulfil,
  paceOf,
  invalidity,
  phaseStyles,
  readBackOf,
  readForm,
  saveContactCard,
  shownConsent,
  Ticker,
};
