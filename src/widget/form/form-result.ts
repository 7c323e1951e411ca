// The result of submitting the form: a call to request, or the first problem and its control, as data. The view turns it into a
// sentence in the current language.

import type { CallIntent, Problem } from '../api/result.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';

/** A problem and the control where it can be corrected; `form` means above the button. */
export interface FormError {
  readonly at: 'country' | 'phone' | 'consent' | 'form';
  readonly problem: Problem;
}

/** The control for a problem that the visitor can correct in the form. */
export function formErrorOf(problem: Problem): FormError {
  const { code, reason } = problem;
  const isNumber = code === 'number-refused';
  const at = isNumber
    ? reason === 'country-required'
      ? 'country'
      : 'phone'
    : /^consent/.test(code)
      ? 'consent'
      : 'form';
  return { at, problem };
}

/** The call to request for a number and the consent checkbox, or the first problem. */
export function readForm(parsed: ParsedPhone, hasAgreed: boolean): CallIntent | FormError {
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
