// The controls that several phases share: an action's button and the link to call instead.

import { html, nothing, type TemplateResult } from 'lit';
import type { Action } from '../call/actions.js';
import type { ViewModel } from './view-model.js';

/** A button whose label is the text of its action. */
export const button = ({ localizer, perform }: ViewModel, name: Action, isPrimary = false): TemplateResult =>
  html`<button type="button" class=${isPrimary ? 'primary' : 'quiet'} part="button ${name}" @click=${() => perform(name)}>
    ${localizer.t(name)}
  </button>`;

/** "Call us instead", a `tel:` link, where there is a number to call. The page may write the number with spaces; a URL has none. */
export const callInstead = ({ localizer, phone, number }: ViewModel): TemplateResult | symbol =>
  phone
    ? html`<a class="quiet" part="button call-us" href="tel:${phone.replaceAll(' ', '')}">${localizer.t('call-us', { number: number(phone) })}</a>`
    : nothing;
