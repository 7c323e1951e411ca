// Before the phone rings: who will be calling, how soon it usually rings, and what to do on a phone that silences unknown callers.

import { html, nothing } from 'lit';
import { duration } from '../i18n/format.js';
import { withNumber } from '../views/emphasis.js';
import { isWaiting } from '../views/view-model.js';
import { saveButton } from './contact-card-offer.js';
import type { Feature } from './feature.js';

/** Shows the caller ID from the press until the phone rings. Nothing is shown without one. */
export const readyToPickUp: Feature = (model, view) => {
  const { name, state, callerId, site, localizer, number } = model;
  // From the press; a call in the queue waits first.
  const seconds = 'call' in state && state.call.queue ? undefined : site?.usuallyRingsInSeconds;
  if (!isWaiting(name) || name === 'checking' || (!callerId && !seconds)) return view;
  const usually = seconds
    ? html`<p part="usually-rings">${localizer.t('usually-rings', { duration: duration(seconds * 1_000, localizer.locale) })}</p>`
    : nothing;
  const caller = callerId
    ? html`<p>${withNumber(model, 'caller', number(callerId), 'caller')}</p>
        <p>${localizer.t('silenced')}</p>
        ${saveButton(model, callerId)}`
    : nothing;
  return { ...view, body: html`<div class="ready" part="ready">${usually}${caller}</div>${view.body}` };
};
