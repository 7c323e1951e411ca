// What the form contains, read when it is submitted: a number to call, or what is wrong and where.

import type { CallIntent } from '../api/result.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { PhoneField } from '../form/phone-field.js';
import { isKnownCountry, type ValidPhone } from '../phone/parsed-phone.js';
import { withNumber } from './emphasis.js';
import { type FormError, formErrorOf } from '../form/form-error.js';
import { refusalOf } from './problem-message.js';
import type { ViewModel } from './view-model.js';

/** The number as it was parsed, for screen readers and as shown. */
export interface ReadBack {
  readonly text: string;
  readonly shown: TemplateResult;
}

/** The read-back of a number, with the numbers it may be where the visitor has to pick one; undefined while it is not a number. */
export function readBackOf(model: ViewModel, field: PhoneField): ReadBack | undefined {
  const { localizer } = model;
  const { parsed } = field;
  const choices = parsed?.choices ?? [];
  const known = parsed?.ok ? parsed : undefined;
  if (!known && choices.length === 0) return undefined;
  const text = known ? readBackText(model, known) : localizer.t('number-confirm-country');
  const shown = known ? shownNumber(model, known) : nothing;
  return { text, shown: choices.length > 0 ? html`${choicesView(model, field)}${shown}` : html`${shown}` };
}

/** An unknown country is not named. */
const readBackKey = ({ country }: ValidPhone): 'read-back' | 'asking-detail' =>
  isKnownCountry(country) ? 'read-back' : 'asking-detail';

const readBackText = ({ localizer, countryName }: ViewModel, phone: ValidPhone): string =>
  localizer.t(readBackKey(phone), { number: phone.formatted, country: countryName(phone.country) });

const shownNumber = (model: ViewModel, phone: ValidPhone): TemplateResult =>
  withNumber(model, readBackKey(phone), phone.formatted, 'number', { country: model.countryName(phone.country) });

/** Which of the possible numbers is meant. */
function choicesView({ localizer, countryName }: ViewModel, field: PhoneField): TemplateResult {
  const picked = field.parsed?.ok ? field.parsed.e164 : undefined;
  return html`<fieldset part="choices">
    <legend>${localizer.t('number-confirm-country')}</legend>
    ${field.parsed?.choices?.map(
      (phone) => html`<label class="slot" part="choice">
        <input type="radio" name="number" .checked=${phone.e164 === picked} @change=${() => field.pick(phone)} />
        <span><bdi dir="ltr">${phone.formatted}</bdi> (${countryName(phone.country)})</span>
      </label>`,
    )}
  </fieldset>`;
}

/** What the form submits, or the first thing that is missing. */
export async function readForm(field: PhoneField, hasAgreed: boolean): Promise<CallIntent | FormError> {
  const parsed = await field.read();
  if (!parsed.ok) return formErrorOf({ ...parsed, code: 'number-refused' });
  if (!hasAgreed) return formErrorOf({ code: 'consent-required' });
  const { e164: phone, country, international, countryConfirmed, unambiguous } = parsed;
  return {
    phone,
    country,
    international,
    ...(countryConfirmed && { countryConfirmed }),
    ...(unambiguous && { unambiguous }),
  };
}

/** Why the number cannot be submitted with the page's own form; empty when it can. */
export function invalidity(model: ViewModel, { parsed, text }: PhoneField, isRequired: boolean): string {
  if (!text) return isRequired ? model.localizer.t('number-required') : '';
  return parsed?.ok === false ? refusalOf(model, { ...parsed, code: 'number-refused' }) : '';
}
