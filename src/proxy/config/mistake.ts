// Configuration errors, worded for the operator: which setting, what was found (never a secret), what is expected and, where it
// can be guessed, what was meant. Reads nothing.

/** The kind of a configuration error. */
export type MistakeCode = 'missing' | 'malformed' | 'incomplete' | 'not-supported' | 'unknown-setting';

/** One mistake. `seen` completes "X is …" and never shows a secret. */
export interface Mistake {
  readonly code: MistakeCode;
  readonly variable: string;
  readonly seen: string;
  readonly expected: string;
  /** The nearest valid value, or the setting that was meant. */
  readonly didYouMean?: string | undefined;
}

/** Thrown at startup with every mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(mistakeLine).join('\n'));
    this.mistakes = mistakes;
  }
}

/** One mistake as one line. */
export const mistakeLine = ({ code, variable, seen, expected, didYouMean }: Mistake): string =>
  `config/${code}: ${variable} is ${seen}; expected ${expected}${didYouMean === undefined ? '' : `. Did you mean ${didYouMean}?`} (docs/settings.md)`;

/** How a message describes a secret. */
export const masked = (secret: string): string => `set (${String(secret.length)} characters, not shown)`;

/** A value for a message: short, on one line, without a URL's password. */
export function quoted(value: string): string {
  const shown = value.replace(/\/\/[^/\s]*@/g, '//…@');
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown);
}
