// What stands in the form, read when it is asked for: a number to call, or what is wrong and where.

import type { TemplateResult } from 'lit';
import type { Ask, Refused } from '../call/call-state.js';
import type { PhoneField } from '../form/phone-field.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';
import { withNumber } from './emphasis.js';
import type { FormError } from './form-view.js';
import { refusalOf } from './problem-message.js';
import type { Scene } from './view-model.js';

/** The number as it was understood, for those who listen and for those who look. */
export interface ReadBack {
  readonly text: string;
  readonly shown: TemplateResult;
}

/** The read-back of a number; undefined while it is none. */
export function readBackOf(scene: Scene, reading: ParsedPhone | undefined): ReadBack | undefined {
  if (!reading?.ok) return undefined;
  const country = scene.countryName(reading.country);
  return {
    text: scene.localizer.t('read-back', { number: reading.formatted, country }),
    shown: withNumber(scene, 'read-back', reading.formatted, 'number', { country }),
  };
}

/** What the form asks for, or the first thing that is missing. */
export async function readForm(field: PhoneField, hasAgreed: boolean, scene: () => Scene): Promise<Ask | FormError> {
  const reading = await field.read();
  if (!reading.ok) return errorOf(scene(), { ...reading, code: 'number-refused' });
  if (!hasAgreed) return errorOf(scene(), { code: 'consent-required' });
  const { e164: phone, country, international } = reading;
  return { phone, country, international };
}

/** A refusal at the place where it can be mended. */
export function errorOf(scene: Scene, refused: Refused): FormError {
  const { code, reason } = refused;
  const isNumber = code === 'number-refused';
  const at = isNumber
    ? reason === 'country-required'
      ? 'country'
      : 'phone'
    : /^consent/.test(code)
      ? 'consent'
      : 'form';
  return { at, text: refusalOf(scene, refused) };
}

/** Why the number cannot go along with the page's own form; empty when it can. */
export function invalidity(scene: Scene, { reading, text }: PhoneField, isRequired: boolean): string {
  if (!text) return isRequired ? scene.localizer.t('number-required') : '';
  return reading?.ok === false ? refusalOf(scene, { ...reading, code: 'number-refused' }) : '';
}
