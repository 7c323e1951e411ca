// What a submitted form is: a call to request, or the first thing that is wrong and where, as data. The view writes the sentence, in
// the current language.

import type { CallIntent, Problem } from '../api/result.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';

/** A problem and the control where it can be corrected; `form`: above the button. */
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

/** The call that a number and a checkbox request, or the first thing that is missing. */
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
