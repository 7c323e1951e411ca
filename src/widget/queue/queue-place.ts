// A place in the queue as text. It says nothing that the proxy did not report: without an estimate there is none.

import type { QueuePlace } from '../../contract.js';
import { duration } from '../i18n/format.js';
import type { QueueLocalizer } from './texts.js';

/** True for a place that can be shown. */
export function isPlace(value: unknown): value is QueuePlace {
  const { position, waitSeconds } = (value ?? {}) as Partial<Record<keyof QueuePlace, unknown>>;
  return (
    Number.isInteger(position) && Number(position) > 0 && (waitSeconds === undefined || Number.isFinite(waitSeconds))
  );
}

/** The place that a waiting call has (`queue-title`), or that it would have (`queue-offer`). */
export function placeText(
  localizer: QueueLocalizer,
  { position }: QueuePlace,
  key: 'queue-title' | 'queue-offer',
): string {
  return position === 1 ? localizer.t(`${key}-next`) : localizer.t(key, { place: ordinal(position, localizer.locale) });
}

/**
 * The expected wait as a sentence, in whole minutes and rounded up: it must not sound shorter than it is. Empty where none is
 * known, and when it passed a minute ago: then it was wrong.
 */
export function waitText(
  localizer: QueueLocalizer,
  { waitSeconds }: QueuePlace,
  elapsedMs: number,
  key: 'queue' | 'queue-offer',
): string {
  const left = (waitSeconds ?? Number.NaN) - Math.max(0, elapsedMs) / 1_000;
  if (!(left > -60)) return '';
  if (left < 60) return localizer.t(`${key}-soon`);
  const minutes = Math.ceil(left / 60);
  return localizer.t(`${key}-wait`, { duration: duration(minutes * 60_000, localizer.locale) });
}

const suffixes: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: 'st', two: 'nd', few: 'rd' };

/** “3rd” in English; elsewhere the number, around which the sentence puts what its language needs. */
function ordinal(position: number, locale: string): string {
  const number = position.toLocaleString(locale);
  if (!/^en\b/.test(locale)) return number;
  return number + (suffixes[new Intl.PluralRules('en', { type: 'ordinal' }).select(position)] ?? 'th');
}
