// Environment → values of the settings table, collecting every mistake so that the operator sees them all at once. The only
// reader of settings; the rules between them are config.ts.

import { limitRows } from './limits.js';
import { type Mistake, type MistakeCode, masked, quoted } from './mistake.js';
import { type ReadText, splitList, withoutQuotes } from './parse.js';
import type { Setting } from './setting.js';
import { type SettingName, settingNames, settings, type SettingValues } from './settings.js';
import { findUnknownSettings, type UnknownSetting } from './unknown-settings.js';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings read from one environment. */
export interface SettingsReader {
  readonly values: SettingValues;
  /** Every mistake so far. */
  readonly mistakes: readonly Mistake[];
  /** Settings whose quotation marks were removed. */
  readonly unquoted: readonly string[];
  /** Variables that look like settings but are not close enough to one to be an error. */
  readonly unknown: readonly UnknownSetting[];
  /** True for a setting that is not empty, valid or not. */
  isSet(name: SettingName): boolean;
  /** The value of a limit's setting. */
  limit(name: string): number | undefined;
  note(mistake: Mistake): void;
  /** Records that a setting is missing. */
  missing(name: SettingName, expected?: string, code?: MistakeCode): void;
}

/** Every row: the table and the limits. */
export const allRows: Readonly<Record<string, Setting<unknown>>> = { ...settings, ...limitRows };

/** Reads the whole table, or only some of its rows (`only`). Empty texts count as not set. */
export function readSettings(env: Environment, readFile: ReadText, only?: readonly SettingName[]): SettingsReader {
  const mistakes: Mistake[] = [];
  const unquoted: string[] = [];
  const texts = new Map<string, string>();
  for (const name of only ?? Object.keys(allRows)) {
    const { text, wasQuoted } = withoutQuotes(env[name]?.trim() ?? '');
    if (text !== '') texts.set(name, text);
    if (wasQuoted) unquoted.push(name);
  }

  function valueOf<T>(name: string, row: Setting<T>): T | undefined {
    const text = texts.get(name) ?? row.default;
    // A list of nothing but commas counts as not set.
    if (text === undefined || splitList(text).length === 0) {
      texts.delete(name);
      return undefined;
    }
    const parsed = row.parse(text, readFile);
    if (parsed.ok) return parsed.value;
    for (const { part = text, seen, expected = row.expected, didYouMean, code = 'malformed' } of parsed.rejections)
      mistakes.push({
        code,
        variable: name,
        seen: seen ?? (row.secret === true ? masked(part) : quoted(part)),
        expected,
        didYouMean,
      });
    // Code that reads on needs a value of the right type; the mistake prevents the start anyway.
    const fallback = row.default === undefined ? undefined : row.parse(row.default, readFile);
    return fallback?.ok === true ? fallback.value : undefined;
  }

  const names = only ?? settingNames;
  const values = Object.fromEntries(
    names.map((name) => [name, valueOf<unknown>(name, settings[name])]),
  ) as unknown as SettingValues;
  const limits = new Map(
    only === undefined
      ? Object.entries(limitRows).flatMap(([name, row]) =>
          texts.has(name) ? [[name, valueOf(name, row)] as const] : [],
        )
      : [],
  );
  // A command that reads two settings is not stopped by a typo in another one.
  const unknown = findUnknownSettings(env, Object.keys(allRows)).filter(
    ({ nearest }) => only === undefined || only.some((name) => name === nearest),
  );
  for (const { name, nearest, isMistake } of unknown)
    if (isMistake)
      mistakes.push({
        code: 'unknown-setting',
        variable: name,
        seen: 'set, but there is no such setting',
        expected: 'a name that --help lists',
        didYouMean: nearest,
      });

  return {
    values,
    mistakes,
    unquoted,
    unknown: unknown.filter(({ isMistake }) => !isMistake),
    isSet: (name) => texts.has(name),
    limit: (name) => limits.get(name),
    note: (mistake) => void mistakes.push(mistake),
    missing: (name, expected = settings[name].expected, code = 'missing') =>
      void mistakes.push({ code, variable: name, seen: 'not set', expected }),
  };
}
