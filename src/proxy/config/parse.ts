// Text → value or error for one setting: the building blocks of the settings table. A parser opens only the file that its text
// names.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MistakeCode, quoted } from './mistake.js';
import { nearest } from './nearest.js';

/** Why a text, or one entry of a list, is not valid. */
export interface Rejection {
  /** The part that is wrong, if not the whole text. */
  readonly part?: string;
  /** Completes "X is …" where the text itself is secret or not informative enough. */
  readonly seen?: string;
  readonly expected?: string;
  readonly didYouMean?: string | undefined;
  readonly code?: MistakeCode;
}

/** A value, or every error in the text. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejections: readonly Rejection[] };

/** Reads a file that a setting names; throws like `readFileSync`. */
export type ReadText = (path: string) => string;

/** Turns a setting's trimmed text into its value. */
export type Parse<T> = (text: string, readFile: ReadText) => Parsed<T>;

/** Reads a local file. */
export const readTextFile: ReadText = (path) => readFileSync(path, 'utf8');

/** The text is valid. */
export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });

/** The text is not valid. */
export const reject = (rejection: Rejection = {}): Parsed<never> => ({ ok: false, rejections: [rejection] });

/** A comma-separated list; duplicates are dropped. `parseEntry` names the part it rejects. */
export const listOf =
  <T>(parseEntry: (entry: string) => Parsed<T>): Parse<readonly T[]> =>
  (text) => {
    const entries = splitList(text).map(parseEntry);
    const rejections = entries.flatMap((entry) => (entry.ok ? [] : entry.rejections));
    if (rejections.length > 0) return { ok: false, rejections };
    return accept([...new Set(entries.flatMap((entry) => (entry.ok ? [entry.value] : [])))]);
  };

/** The entries of a comma-separated list. */
export const splitList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Whole numbers from `min` to `max`. */
export const wholeNumber =
  (min: number, max: number): Parse<number> =>
  (text) => {
    const inRange = (digits: string): boolean =>
      /^\d{1,9}$/.test(digits) && Number(digits) >= min && Number(digits) <= max;
    if (inRange(text)) return accept(Number(text));
    // "1,000", "10 minutes", "tcp://10.0.0.1:8787".
    const guess =
      /^(\d{1,3}(?:[,_ ]\d{3})+|\d+(?=\s*[a-z%]+$)|\d+(?=\.0*$))/i.exec(text)?.[1] ?? /:(\d+)$/.exec(text)?.[1];
    const digits = guess?.replace(/\D/g, '') ?? '';
    return reject({ didYouMean: inRange(digits) ? digits : undefined });
  };

/** One of a list of words, in any case. `synonyms`: common alternatives, used only for suggestions. */
export const oneOf =
  <const T extends string>(words: readonly T[], synonyms: Readonly<Record<string, T>> = {}): Parse<T> =>
  (text) => {
    const lower = text.toLowerCase();
    const word = words.find((one) => one === lower);
    if (word !== undefined) return accept(word);
    const synonym = Object.hasOwn(synonyms, lower) ? synonyms[lower] : undefined;
    return reject({ didYouMean: synonym ?? nearest(lower, words, lower.length < 5 ? 1 : 2) });
  };

/** `true` or `false`. */
export const trueOrFalse: Parse<boolean> = (text, readFile) => {
  const word = oneOf(['true', 'false'], yesAndNo)(text, readFile);
  return word.ok ? accept(word.value === 'true') : word;
};

const yesAndNo = { yes: 'true', on: 'true', '1': 'true', no: 'false', off: 'false', '0': 'false' } as const;

/** A text that matches the pattern. `suggest` guesses what was meant; its guess is shown only if it matches too. */
export const matching =
  (pattern: RegExp, suggest: (text: string) => string | undefined = () => undefined): Parse<string> =>
  (text) => {
    if (pattern.test(text)) return accept(text);
    const guess = suggest(text);
    return reject({ didYouMean: guess !== undefined && pattern.test(guess) ? guess : undefined });
  };

/** A text of at most `max` characters. */
export const textUpTo =
  (max: number): Parse<string> =>
  (text) =>
    text.length <= max ? accept(text) : reject({ seen: `text of ${String(text.length)} characters` });

/** A full URL, normalized. */
export const fullUrl: Parse<string> = (text) => {
  if (isWebUrl(text)) return accept(new URL(text).href);
  const withScheme = withHttps(text);
  return reject({ didYouMean: withScheme === undefined ? undefined : new URL(withScheme).href });
};

/** True for an http: or https: URL. */
export const isWebUrl = (text: string): boolean =>
  /^https?:/i.test(text) && URL.canParse(text) && new URL(text).hostname !== '';

/** Adds the scheme where only that is missing: `www.example.com/x`, `localhost:3000`. */
export function withHttps(text: string): string | undefined {
  const host = /^(?:\/\/)?((?:[\w-]+\.)+[a-z][\w-]*|localhost|(?:\d+\.){3}\d+)(?=[:/?#]|$)/i.exec(text)?.[1];
  if (host === undefined) return undefined;
  const scheme = /^(?:localhost|[\d.]+)$/i.test(host) ? 'http' : 'https';
  const url = `${scheme}://${text.replace(/^\/\//, '')}`;
  return isWebUrl(url) ? url : undefined;
}

/** A secret that satisfies the check; an error shows only its length. */
export const secretMatching =
  (isRight: (text: string) => boolean): ((text: string) => Parsed<string>) =>
  (text) => {
    if (/^["'`“”‘’]|["'`“”‘’]$/.test(text))
      return reject({ seen: `${masked(text)}, with a quotation mark at one end` });
    return isRight(text) ? accept(text) : reject({ seen: masked(text) });
  };

/** Reads a file, or completes "X is …" with the reason why it cannot. */
export function fileText(path: string, readFile: ReadText): Parsed<string> {
  try {
    return accept(readFile(path));
  } catch (error) {
    return reject({ seen: `${quoted(path)}, which ${whyUnreadable(path, error)}` });
  }
}

/** Reads a secret from a file. A name without a folder is not shown: it may be the secret itself, set in the wrong variable. */
export function secretFileText(path: string, readFile: ReadText): Parsed<string> {
  const text = fileText(path, readFile);
  if (text.ok || path.includes('/')) return text;
  return reject({
    seen: `a name without a folder (not shown because it may be the secret itself), and no such file can be read`,
  });
}

function whyUnreadable(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const full = resolve(path);
  switch (code) {
    case 'ENOENT':
      return `does not exist${full === path ? '' : ` (looked for ${full})`}`;
    case 'EACCES':
    case 'EPERM':
      return `the proxy's user ${process.getuid === undefined ? '' : `(uid ${String(process.getuid())}) `}may not read`;
    case 'EISDIR':
      return 'is a folder';
    default:
      return `cannot be read${code === '' ? '' : ` (${code})`}`;
  }
}

const pairs: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
];

/** Removes quotation marks around the whole value: they are meant for a shell, and remain where none reads the file (docker --env-file). */
export function withoutQuotes(text: string): { readonly text: string; readonly wasQuoted: boolean } {
  const isQuoted =
    text.length > 1 &&
    pairs.some(([open, close]) => text.startsWith(open) && text.endsWith(close) && !text.slice(1, -1).includes(close));
  return isQuoted ? { text: text.slice(1, -1).trim(), wasQuoted: true } : { text, wasQuoted: false };
}
