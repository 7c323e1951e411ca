// Durations, lists of numbers and consecutive sentences, as a language writes them.

/**
 * Intl's output, adjusted to what a reader of the language expects: no space between a Japanese number and its unit, and no Hebrew
 * count both in words and in parentheses. CLDR 48 has both.
 */
const tidy = (text: string): string => text.replace(/(\d) (?=\p{Script=Han})/gu, '$1').replace(/ \(\d\)$/, '');

/**
 * How far away a time is: “in 5 minutes”. Always with a number: two days after rounding are not always the day after tomorrow, as
 * `auto` says in German or Polish, and its “this minute” does not answer “when” in Czech.
 */
export const relativeTime = (value: number, unit: Intl.RelativeTimeFormatUnit, locale: string): string =>
  tidy(new Intl.RelativeTimeFormat(locale).format(value, unit));

/** A duration in words: whole minutes above one minute, seconds below. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.round(ms / 1000);
  const [value, unit] = seconds < 60 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute'];
  return tidy(value.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'long' }));
}

/** Consecutive sentences: with a space between them, except after full-width punctuation. */
export const joinSentences = (sentences: readonly string[]): string =>
  sentences.join(' ').replace(/([。！？]) /g, '$1');

/** The possible lengths, ascending: “8–10” where they are consecutive, else “8 or 10”. */
export function oneOf(lengths: readonly number[], locale: string): string {
  const [low = 0] = lengths;
  const high = lengths.at(-1) ?? low;
  const numbers = new Intl.NumberFormat(locale);
  if (lengths.length > 2 && high - low === lengths.length - 1) return numbers.formatRange(low, high);
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(lengths.map((length) => numbers.format(length)));
}
