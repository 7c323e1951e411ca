// The sentence of a refusal. Server prose is never shown.

import type { Refused } from '../call/call-state.js';
import { range } from '../i18n/format.js';
import type { Scene } from './view-model.js';

/** The sentence of a refusal, with when to come back. Server prose is never shown. */
export function refusalOf({ words, countryName, site }: Scene, refused: Refused): string {
  const { code, reason, lengths = [], retryAt, requestId } = refused;
  const numberKey = `number-${reason ?? 'not-a-number'}`;
  const codeKey = `error-${code}`;
  const key = code === 'number-refused' && words.has(numberKey) ? numberKey : words.has(codeKey) ? codeKey : 'error';
  const [low = 0] = lengths;
  const high = lengths.at(-1) ?? low;
  const digits =
    high && words.say('digits', { count: high, range: low === high ? high : range(low, high, words.locale) });
  const country = refused.country ?? site?.countryHint;
  const parts = [words.say(key, { digits: digits || '', country: country ? countryName(country) : '' })];
  if (retryAt) parts.push(words.say('retry-at', { time: words.when(retryAt) }));
  if (key === 'error' && requestId) parts.push(words.say('reference', { id: requestId }));
  return parts.join(' ');
}
