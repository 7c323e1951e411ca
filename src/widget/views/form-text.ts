// What stands in the form, read when it is asked for: a number to call, or what is wrong and where.

import type { CallIntent } from '../api/result.js';
import type { TemplateResult } from 'lit';
import type { PhoneField } from '../form/phone-field.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';
import { withNumber } from './emphasis.js';
import { type FormError, formErrorOf } from '../form/form-error.js';
import { refusalOf } from './problem-message.js';
import type { ViewModel } from './view-model.js';

/** The number as it was understood, for those who listen and for those who look. */
export interface ReadBack {
  readonly text: string;
  readonly shown: TemplateResult;
}

/** The read-back of a number; undefined while it is none. */
export function readBackOf(model: ViewModel, reading: ParsedPhone | undefined): ReadBack | undefined {
  if (!reading?.ok) return undefined;
  const country = model.countryName(reading.country);
  return {
    text: model.localizer.t('read-back', { number: reading.formatted, country }),
    shown: withNumber(model, 'read-back', reading.formatted, 'number', { country }),
  };
}

/** What the form asks for, or the first thing that is missing. */
export async function readForm(field: PhoneField, hasAgreed: boolean): Promise<CallIntent | FormError> {
  const reading = await field.read();
  if (!reading.ok) return formErrorOf({ ...reading, code: 'number-refused' });
  if (!hasAgreed) return formErrorOf({ code: 'consent-required' });
  const { e164: phone, country, international } = reading;
  return { phone, country, international };
}

/** Why the number cannot go along with the page's own form; empty when it can. */
export function invalidity(model: ViewModel, { reading, text }: PhoneField, isRequired: boolean): string {
  if (!text) return isRequired ? model.localizer.t('number-required') : '';
  return reading?.ok === false ? refusalOf(model, { ...reading, code: 'number-refused' }) : '';
}
