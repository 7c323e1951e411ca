// Provides a sentence in the visitor's language: picks it from the overrides or the table, fills its placeholders, and formats
// times with Intl. Values are plain text; nothing here creates HTML. What only the phases of a call need is in format.ts.

import type { en } from './locales/en.js';
import type { enPhases } from './locales/en-phases.js';
import type { enProactive } from './locales/en-proactive.js';

/** A sentence's key. Also the suffix of its `data-text-*` attribute. */
export type StringKey = keyof typeof en | keyof typeof enPhases | keyof typeof enProactive;

/** One form for each plural category of the language; `other` always. The placeholder `{count}` selects between them. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Keys whose sentence counts something. */
export type PluralKey = 'digits';

/**
 * A language's complete table: every key, and the forms of the plural categories that the language has besides `other`. A missing
 * sentence or form does not compile.
 */
export type LanguageTable<Categories extends Intl.LDMLPluralRule = 'other'> = {
  readonly [Key in StringKey]: Key extends PluralKey ? Readonly<Record<Categories | 'other', string>> : string;
};

/** A table, or the part of it that is loaded. */
export type StringTable = Readonly<Partial<Record<StringKey, string | Plural>>>;

/** Overridden sentences, from the page or the operator. Unknown keys are ignored. */
export type StringOverrides = Readonly<Partial<Record<string, string | Plural>>>;

/** Values for a sentence's placeholders. */
export type Params = Readonly<Record<string, string | number>>;

/** The texts of one language with the overrides of one element. */
export interface Localizer {
  /** BCP 47 tag of the language. */
  readonly locale: string;
  /** Direction of its script. */
  readonly dir: 'ltr' | 'rtl';
  /** True while the first table is loading and no language has been shown: see localize-controller.ts. */
  readonly isPending: boolean;
  /** The sentence of a key with its placeholders filled; `number` does not wrap. A number in `count` also selects the plural form. */
  t(key: StringKey, params?: Params): string;
  /** Latin text such as a phone number, isolated if the script around it runs in the other direction. */
  isolate(text: string): string;
  /** True if the table has the key. */
  has(key: string): key is StringKey;
  /** True if the page has its own sentence for the key; the site's own does not count. */
  isFromPage(key: StringKey): boolean;
  /** Wall time of an instant (epoch ms or RFC 3339): only the time today, with the day otherwise. `zone` defaults to the browser's. */
  formatTime(instant: number | string, zone?: string, length?: 'long' | 'short'): string;
}

/** What a localizer is created from. */
export interface LocalizerOptions {
  readonly locale: string;
  readonly table: StringTable;
  /** The page's overrides: they take precedence over the site's. */
  readonly page?: StringOverrides;
  /** The operator's overrides: they take precedence over the table. */
  readonly site?: StringOverrides;
  /** The page's clock, epoch ms. */
  readonly now?: () => number;
  readonly isPending?: boolean;
}

/** A localizer for one language. */
export function createLocalizer({
  locale,
  table,
  page = {},
  site = {},
  now = Date.now,
  isPending = false,
}: LocalizerOptions): Localizer {
  const rules = new Intl.PluralRules(locale);
  const dir = /^(?:ar|he)\b/.test(locale) ? 'rtl' : 'ltr';
  // A number's leading + and its groups, or the period of “Inc.”, would change places in right-to-left text (UAX #9):
  // U+2066 isolates left-to-right text, U+2068 text of either direction, each up to U+2069.
  const isolate = (text: string, start = '\u2066'): string => (dir === 'rtl' ? `${start}${text}\u2069` : text);
  const texts: StringOverrides = { ...table, ...site, ...page };
  return {
    locale,
    dir,
    isPending,
    isolate,
    has: (key): key is StringKey => Object.hasOwn(table, key),
    isFromPage: (key) => Object.hasOwn(page, key),
    t(key, params = {}) {
      const text = texts[key] ?? table[key] ?? '';
      // A page's JSON may contain anything.
      const form: unknown =
        typeof text === 'object' ? (text[rules.select(Number(params['count']))] ?? text.other) : text;
      const fill = (placeholder: string, name: string): string => {
        const value = String(params[name] ?? placeholder);
        if (name === 'agent' || name === 'business') return isolate(value, '\u2068');
        return name === 'number' || name === 'id' ? isolate(value.replaceAll(' ', '\u00a0')) : value;
      };
      return typeof form === 'string' ? form.replace(/\{(\w+)\}/g, fill).trim() : '';
    },
    formatTime(instant, zone, length = 'long') {
      const day = (at: number | string): string => new Date(at).toLocaleDateString('en', { timeZone: zone });
      const isToday = day(instant) === day(now());
      return new Date(instant)
        .toLocaleString(locale, {
          ...(isToday ? {} : { weekday: length, day: 'numeric', month: length }),
          hour: 'numeric',
          minute: '2-digit',
          timeZone: zone,
        })
        .replace(/ (?=\D+$)/, '\u00a0');
    },
  };
}
