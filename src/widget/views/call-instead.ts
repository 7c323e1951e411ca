// "Call us instead": what helps when a call does not.

import type { TemplateResult } from 'lit';
import type { ViewModel } from './view-model.js';

/** A `tel:` link, where there is a number to call. */
export const callInstead = ({ html, nothing, localizer, phone, number }: ViewModel): TemplateResult | symbol =>
  phone
    ? html`<a class="quiet" part="button call-us" href="tel:${phone}">${localizer.t('call-us', { number: number(phone) })}</a>`
    : nothing;
