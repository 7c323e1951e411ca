// The sentence of a refusal. Server prose is never shown.

import type { Problem } from '../api/result.js';
import { joinSentences, range } from '../i18n/format.js';
import type { ViewModel } from './view-model.js';

/** The sentence of a refusal, with when to come back. Server prose is never shown. */
export function refusalOf({ localizer, countryName, site }: ViewModel, refused: Problem): string {
  const { code, reason, lengths = [], retryAt, requestId } = refused;
  const numberKey = `number-${reason ?? 'not-a-number'}`;
  const codeKey = `error-${code}`;
  const key =
    code === 'number-refused' && localizer.has(numberKey)
      ? numberKey
      : localizer.has(codeKey)
        ? codeKey
        : // "Please try again" and "you can try again from …" would contradict each other.
          retryAt
          ? 'error-try-later'
          : 'error';
  const [low = 0] = lengths;
  const high = lengths.at(-1) ?? low;
  const digits =
    high && localizer.t('digits', { count: high, range: low === high ? high : range(low, high, localizer.locale) });
  const country = refused.country ?? site?.countryHint;
  const parts = [localizer.t(key, { digits: digits || '', country: country ? countryName(country) : '' })];
  if (retryAt) parts.push(localizer.t('retry-at', { time: localizer.formatTime(retryAt) }));
  if (!localizer.has(codeKey) && key !== numberKey && requestId)
    parts.push(localizer.t('reference', { id: requestId }));
  return joinSentences(parts);
}
