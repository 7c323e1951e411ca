// Environment → values of the settings table, with every mistake collected, so that the operator sees all of them at once. It is
// the only reader of settings; what they mean together is config.ts.

import { limitRows } from './limits.js';
import { type Mistake, type MistakeCode, masked, quoted } from './mistake.js';
import { type ReadText, splitList, withoutQuotes } from './parse.js';
import type { Setting } from './setting.js';
import { type SettingName, settingNames, settings, type SettingValues } from './settings.js';
import { findUnknownSettings, type UnknownSetting } from './unknown-settings.js';

/** The environment: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What one environment says. */
export interface SettingsReader {
  readonly values: SettingValues;
  /** Every mistake so far. */
  readonly mistakes: readonly Mistake[];
  /** Settings whose values were in quotation marks, which were taken off. */
  readonly unquoted: readonly string[];
  /** Variables that look like ours and are not, but too far from any to be a mistake. */
  readonly unknown: readonly UnknownSetting[];
  /** True for a setting with a text, right or wrong. */
  isSet(name: SettingName): boolean;
  /** The value of a limit's setting. */
  limit(name: string): number | undefined;
  note(mistake: Mistake): void;
  /** Notes that a setting is missing. */
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
    // A list of nothing but commas is as good as none.
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
    // Whoever reads on must find a value of the right type; the mistake stops the start all the same.
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
  // A command that reads two settings is not stopped by a slip in another one.
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
