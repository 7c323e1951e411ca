// The form: a native country list, one field that accepts any format, the read-back, the consent. It never rewrites what was
// typed; parsing it is up to phone-field.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { FormError } from '../form/form-result.js';
import type { PhoneField } from '../form/phone-field.js';
import { button, callInstead } from './controls.js';
import type { ViewModel } from './view-model.js';

/** What the form shows in addition to the view model. */
export interface FormModel {
  readonly field: PhoneField;
  /** The error message, at the control where it can be corrected. */
  readonly error: (Pick<FormError, 'at'> & { readonly text: string }) | undefined;
  /** The sentence next to the checkbox, unless the page's own is in the slot. */
  readonly consent: string;
  readonly privacyUrl: string | undefined;
  readonly termsUrl: string | undefined;
  /** Where people who were called can stop calls to their number. */
  readonly optOutUrl: string | undefined;
  /** The number as it was parsed. */
  readonly readBack: TemplateResult | undefined;
  /** The page's own form, or a fieldset around the element, is disabled. */
  readonly isDisabled: boolean;
  /** On the button's click, because forms are blocked in a frame without `allow-forms`; Enter clicks it too. */
  submit(event: Event): void;
  /** A control was changed. */
  change(event: Event): void;
}

/** Hides typing from the page's keyboard shortcuts; Enter, Escape and Tab still reach the page. */
const keepFromPage = (event: KeyboardEvent): void => {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation();
};

/** The form; hidden, never removed, in other phases. */
export function formView(model: ViewModel, form: FormModel): TemplateResult {
  const { localizer, name, site } = model;
  const { field, error } = form;
  const errorAt = (...places: readonly string[]): string | symbol =>
    error && places.includes(error.at) ? error.text : nothing;
  // Explicitly false: Chromium treats a required checkbox that is not yet checked as an error.
  const invalid = (place: string): boolean => error?.at === place;
  const link = (key: 'privacy' | 'terms' | 'opt-out', url: string | undefined): TemplateResult | symbol =>
    url
      ? html`<a class="legal" part="link" href=${url} target="_blank" rel="noopener">${localizer.t(key)}</a>`
      : nothing;
  const isShut = site?.opening.open === false;
  return html`<form part="form" novalidate ?hidden=${name !== 'form'} @submit=${form.submit} @keydown=${keepFromPage} @keypress=${keepFromPage} @keyup=${keepFromPage}><fieldset ?disabled=${form.isDisabled} @input=${form.change}>
    <label for="country" part="label">${localizer.t('country')}</label>
    <select id="country" part="country" aria-invalid=${invalid('country')} aria-describedby="field-error" @change=${field.choose}>
      <option value="" .selected=${!field.country}>${localizer.t('country-choose')}</option>
      ${field.options.map(
        ({ code, name, callingCode }) => html`<option value=${code} .selected=${code === field.country}>
          ${callingCode ? `${name} (${localizer.isolate(`+${callingCode}`)})` : name}
        </option>`,
      )}
    </select>
    <label for="phone" part="label">${localizer.t('phone')}</label>
    <input
      id="phone"
      part="phone"
      type="tel"
      inputmode="tel"
      autocomplete="tel"
      dir="ltr"
      enterkeyhint="done"
      required
      aria-invalid=${invalid('phone')}
      aria-describedby="read-back field-error"
      @focus=${field.load}
      @input=${field.type}
    />
    <div id="read-back" class="note" part="read-back">${form.readBack ?? nothing}</div>
    <p id="field-error" class="error" part="error" role="alert">${errorAt('country', 'phone')}</p>
    <label class="consent" part="consent">
      <input id="consent" part="checkbox" type="checkbox" required aria-invalid=${invalid('consent')} aria-describedby="form-error" />
      <span><slot name="consent">${form.consent}</slot></span>
    </label>
    ${link('privacy', form.privacyUrl)} ${link('terms', form.termsUrl)}
    ${link('opt-out', form.optOutUrl)}
    <p id="form-error" class="error" part="error" role="alert">${errorAt('consent', 'form')}</p>
    <button class="primary" part="button submit" @click=${form.submit}>${localizer.t(isShut ? 'later' : 'submit')}</button>
    ${site?.scheduling && !isShut ? button(model, 'later') : nothing} ${invalid('phone') ? callInstead(model) : nothing}
  </fieldset></form>`;
}
