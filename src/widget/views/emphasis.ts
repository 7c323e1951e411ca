// A sentence with an emphasized phone number. The number reads left to right in every script.

import { html, type TemplateResult } from 'lit';
import type { Params, StringKey } from '../i18n/localizer.js';

/** Whatever provides the sentences. */
interface Texts<Key> {
  readonly localizer: { t(key: Key, params?: Params): string };
}

/** The sentence of a key with its `{number}` in its own element. `part` names that element. */
export function withNumber<Key extends string = StringKey>(
  { localizer }: Texts<Key>,
  key: NoInfer<Key>,
  number: string,
  part: string,
  params: Params = {},
): TemplateResult {
  // The isolating characters around a number would make a line of their own above an element on its own line.
  const [before, after] = localizer.t(key, { ...params, number: '\ue000' }).split(/\u2066?\ue000\u2069?/);
  return html`${before}<strong part=${part}><bdi dir="ltr">${number.replaceAll(' ', '\u00a0')}</bdi></strong>${after}`;
}
