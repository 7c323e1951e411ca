// What is wrong in the form, as data. The view writes the sentence, in the current language.

import type { Problem } from '../api/result.js';

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
