// Reads single settings and collects every mistake, so that the operator sees all of them at once. It knows no setting by name.

/** What is wrong with a setting. */
export type MistakeCode = 'missing' | 'malformed' | 'half-set' | 'not-supported' | 'unknown-setting';

/** One mistake, worded for the operator. `seen` never shows a secret. */
export interface Mistake {
  readonly code: MistakeCode;
  readonly variable: string;
  readonly seen: string;
  readonly expected: string;
}

/** The environment: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown at start with every mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(mistakeLine).join('\n'));
    this.mistakes = mistakes;
  }
}

/** One mistake as one line. */
export const mistakeLine = ({ code, variable, seen, expected }: Mistake): string =>
  `config/${code}: ${variable} is ${seen}; expected ${expected} (README.md#configuration)`;

/** What may be said of a secret. */
export const masked = (secret: string): string => `set (${String(secret.length)} characters, not shown)`;

/** Turns a text into a value; undefined when it is none. */
export type Reading<T> = (text: string) => T | undefined;

/** Reads settings of one environment. An empty text counts as not set. */
export interface Reader {
  readonly mistakes: Mistake[];
  /** The trimmed text, or undefined. */
  text(name: string): string | undefined;
  /** A setting that may be absent. A malformed one is a mistake and gives undefined. */
  optional<T>(name: string, expected: string, read: Reading<T>, isSecret?: boolean): T | undefined;
  /** A list parted by commas; each entry is read, an empty list is as good as none. */
  list<T>(name: string, expected: string, read: Reading<T>): readonly T[] | undefined;
  /** Notes a mistake of another kind. */
  note(mistake: Mistake): void;
  /** Notes that a setting is missing. */
  missing(name: string, expected: string, code?: MistakeCode): void;
}

/** Makes a reader. */
export function createReader(env: Environment): Reader {
  const mistakes: Mistake[] = [];
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim() ?? '';
    return value === '' ? undefined : value;
  };
  const note = (mistake: Mistake): void => void mistakes.push(mistake);
  const malformed = (name: string, value: string, expected: string, isSecret = false): undefined => {
    note({ code: 'malformed', variable: name, seen: isSecret ? masked(value) : quoted(value), expected });
  };

  return {
    mistakes,
    text,
    note,
    optional(name, expected, read, isSecret) {
      const given = text(name);
      if (given === undefined) return undefined;
      return read(given) ?? malformed(name, given, expected, isSecret);
    },
    list(name, expected, read) {
      const entries = text(name)
        ?.split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
      if (entries === undefined || entries.length === 0) return undefined;
      const values = entries.flatMap((entry) => read(entry) ?? malformed(name, entry, expected) ?? []);
      return [...new Set(values)];
    },
    missing(name, expected, code = 'missing') {
      note({ code, variable: name, seen: 'not set', expected });
    },
  };
}

/** A value as seen, short and on one line. */
const quoted = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);

/** Whole numbers from `min` to `max`. */
export const wholeNumber =
  (min: number, max: number): Reading<number> =>
  (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };

/** One of some words. */
export const oneOf =
  <const T extends string>(words: readonly T[]): Reading<T> =>
  (text) =>
    words.find((word) => word === text.toLowerCase());

/** A text that matches. */
export const matching =
  (pattern: RegExp): Reading<string> =>
  (text) =>
    pattern.test(text) ? text : undefined;

/** An address of the web, as its normal form. */
export const webAddress: Reading<string> = (text) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? new URL(text).href : undefined;
