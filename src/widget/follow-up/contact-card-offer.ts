// "Save our number" after a missed call, so that the next one is recognized.

import { html, type TemplateResult } from 'lit';
import { saveContactCard } from '../download/vcard.js';
import { isMissed } from '../views/view-model.js';
import type { Feature, FollowUpModel } from './feature.js';

/** Offers the contact card after a call that did not reach the visitor. */
export const contactCardOffer: Feature = (model, view) =>
  isMissed(model.name) && model.callerId
    ? { ...view, body: html`${view.body}<div class="row">${saveButton(model, model.callerId)}</div>` }
    : view;

/** The button that offers a caller ID as a contact. */
export const saveButton = ({ localizer, business }: FollowUpModel, callerId: string): TemplateResult =>
  html`<button type="button" class="quiet" part="button save" @click=${() => saveContactCard({ name: business, phone: callerId })}>
    ${localizer.t('save')}
  </button>`;
