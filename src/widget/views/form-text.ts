// The number in the form as it was understood: the read-back line, the possible readings, and why it cannot be submitted.

import { html, nothing, type TemplateResult } from 'lit';
import type { PhoneField } from '../form/phone-field.js';
import { isKnownCountry, type ValidPhone } from '../phone/parsed-phone.js';
import { withNumber } from './emphasis.js';
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
  const parsed = field.reader?.parsed;
  const choices = parsed?.choices ?? [];
  const known = parsed?.ok ? parsed : undefined;
  if (!known && choices.length === 0) return undefined;
  const text = known ? readBackText(model, known) : localizer.t('number-confirm-country');
  const shown = known ? shownNumber(model, known) : nothing;
  return { text, shown: choices.length > 0 ? html`${choicesView(model, field)}${shown}` : html`${shown}` };
}

/** An unknown country is not named. */
const readBackKey = ({ country }: ValidPhone): 'read-back' | 'submitting-detail' =>
  isKnownCountry(country) ? 'read-back' : 'submitting-detail';

const readBackText = ({ localizer, countryName }: ViewModel, phone: ValidPhone): string =>
  localizer.t(readBackKey(phone), { number: phone.formatted, country: countryName(phone.country) });

const shownNumber = (model: ViewModel, phone: ValidPhone): TemplateResult =>
  withNumber(model, readBackKey(phone), phone.formatted, 'number', { country: model.countryName(phone.country) });

/** Which of the possible numbers is meant. */
function choicesView({ localizer, countryName }: ViewModel, field: PhoneField): TemplateResult {
  const { reader } = field;
  const picked = reader?.parsed?.ok ? reader.parsed.e164 : undefined;
  return html`<fieldset part="choices">
    <legend>${localizer.t('number-confirm-country')}</legend>
    ${reader?.parsed?.choices?.map(
      (phone) => html`<label class="slot" part="choice">
        <input type="radio" name="number" .checked=${phone.e164 === picked} @change=${() => reader.pick(phone)} />
        <span><bdi dir="ltr">${phone.formatted}</bdi> (${countryName(phone.country)})</span>
      </label>`,
    )}
  </fieldset>`;
}

/** Why the number cannot be submitted with the page's own form; empty when it can. */
export function invalidity(model: ViewModel, { reader, text }: PhoneField, isRequired: boolean): string {
  if (!text) return isRequired ? model.localizer.t('number-required') : '';
  const parsed = reader?.parsed;
  return parsed?.ok === false ? refusalOf(model, { ...parsed, code: 'number-refused' }) : '';
}
