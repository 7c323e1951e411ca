// The message for a refusal. Server prose is never shown.

import type { Problem } from '../api/result.js';
import { joinSentences, oneOf } from '../i18n/format.js';
import { isKnownCountry } from '../phone/parsed-phone.js';
import type { ViewModel } from './view-model.js';

/** The message for a refusal, with when to try again. Server prose is never shown. */
export function refusalOf({ localizer, countryName }: ViewModel, refused: Problem): string {
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
  const count = lengths.at(-1);
  const digits = count ? localizer.t('digits', { count, range: oneOf(lengths, localizer.locale) }) : '';
  // Never the country of the visitor's IP address instead: that one is served.
  const country = isKnownCountry(refused.country) ? countryName(refused.country) : '';
  const sentence = key === 'number-country-not-allowed' && !country ? 'number-country-not-served' : key;
  const parts = [localizer.t(sentence, { digits, country }).trim()];
  if (retryAt) parts.push(localizer.t('retry-at', { time: localizer.formatTime(retryAt) }));
  if (!localizer.has(codeKey) && key !== numberKey && requestId)
    parts.push(localizer.t('reference', { id: requestId }));
  return joinSentences(parts);
}
