// A sentence with an emphasized phone number. The number reads left to right in every script.

import { html, type TemplateResult } from 'lit';
import type { Params, StringKey } from '../i18n/localizer.js';
import type { ViewModel } from './view-model.js';

/** The sentence of a key with its `{number}` in its own element. `part` names that element. */
export function withNumber(
  { localizer }: ViewModel,
  key: StringKey,
  number: string,
  part: string,
  params: Params = {},
): TemplateResult {
  const cut = '\u0001';
  const [before, after] = localizer.t(key, { ...params, number: cut }).split(cut);
  return html`${before}<strong part=${part}><bdi dir="ltr">${number.replaceAll(' ', '\u00a0')}</bdi></strong>${after}`;
}
