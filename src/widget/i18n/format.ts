// Lengths of time, ranges and sentences in a row as a language writes them.

/** A length of time in words: whole minutes above one minute, seconds below. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.round(ms / 1000);
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute'];
  return value.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'long' });
}

/** A range such as “8–10”. */
export const range = (low: number, high: number, locale: string): string =>
  new Intl.NumberFormat(locale).formatRange(low, high);

/** Sentences one after the other: with a space between, except after a full-width mark. */
export const joinSentences = (sentences: readonly string[]): string =>
  sentences.join(' ').replace(/([。！？]) /g, '$1');
