// Says a sentence in the visitor's language: picks it from the layers that may override it, fills the slots in braces, and
// writes times with Intl. Values are text; nothing here makes HTML. What only the phases of a call need is amounts.ts.

import type { en } from './locales/en.js';
import type { enPhases } from './locales/en-phases.js';

/** A sentence's key. Also the end of its `data-text-*` attribute. */
export type StringKey = keyof typeof en | keyof typeof enPhases;

/** One form for each plural category the language has; `other` always. The slot `{count}` holds the number. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Keys whose sentence counts something. */
export type PluralKey = 'digits';

/**
 * A language's whole table: every key, and the forms of the plural categories the language has beside `other`. A sentence or
 * a form that is missing does not compile.
 */
export type LanguageTable<Categories extends Intl.LDMLPluralRule = 'other'> = {
  readonly [Key in StringKey]: Key extends PluralKey ? Readonly<Record<Categories | 'other', string>> : string;
};

/** A table, or that part of it which is loaded. */
export type StringTable = Readonly<Partial<Record<StringKey, string | Plural>>>;

/** Some sentences in other words: what the page or the operator overrides. Unknown keys are ignored. */
export type StringOverrides = Readonly<Partial<Record<string, string | Plural>>>;

/** Fills of a sentence's slots. */
export type Fills = Readonly<Record<string, string | number>>;

/** Speaks one language with one page's overrides. */
export interface Words {
  /** BCP 47 tag of the table that speaks. */
  readonly locale: string;
  /** Direction of its script. */
  readonly dir: 'ltr' | 'rtl';
  /** True while the language asked for is on its way and none has been shown: see page-texts.ts. */
  readonly isHushed: boolean;
  /** The sentence of a key with its slots filled. A number in `count` also chooses the plural form. */
  say(key: StringKey, fills?: Fills): string;
  /** Latin text such as a phone number as it stands in a sentence: set apart where the script runs the other way. */
  ltr(text: string): string;
  /** True where the table has the key. */
  has(key: string): key is StringKey;
  /** The layer a key's sentence comes from, by its place in `layers`; -1 for the table. */
  layerOf(key: StringKey): number;
  /** Wall time of an instant (epoch ms or RFC 3339): the time alone today, with the day otherwise. `zone` defaults to the browser's. */
  when(instant: number | string, zone?: string, length?: 'long' | 'short'): string;
}

/** Words for a table; earlier layers win over later ones, all win over the table. `now` is the page's clock, epoch ms. */
export function createWords(
  locale: string,
  table: StringTable,
  layers: readonly StringOverrides[],
  now: () => number = Date.now,
  isHushed = false,
): Words {
  const rules = new Intl.PluralRules(locale);
  const dir = /^(?:ar|he)\b/.test(locale) ? 'rtl' : 'ltr';
  // A number's leading + and its groups would change places among right-to-left words (UAX #9): U+2066 … U+2069 isolate it.
  const ltr = (text: string): string => (dir === 'rtl' ? `\u2066${text}\u2069` : text);
  const layerOf = (key: string): number => layers.findIndex((layer) => Object.hasOwn(layer, key));
  return {
    locale,
    dir,
    isHushed,
    ltr,
    layerOf,
    has: (key): key is StringKey => Object.hasOwn(table, key),
    say(key, fills = {}) {
      const text = layers[layerOf(key)]?.[key] ?? table[key] ?? '';
      const count = fills['count'];
      const form = typeof text === 'string' ? text : (text[rules.select(Number(count))] ?? text.other);
      const fill = (slot: string, name: string): string => {
        const value = String(fills[name] ?? slot);
        return name === 'number' ? ltr(value) : value;
      };
      return form.replace(/\{(\w+)\}/g, fill).trim();
    },
    when(instant, zone, length = 'long') {
      const day = (at: number | string): string => new Date(at).toLocaleDateString('en', { timeZone: zone });
      const isToday = day(instant) === day(now());
      return new Date(instant).toLocaleString(locale, {
        ...(isToday ? {} : { weekday: length, day: 'numeric', month: length }),
        hour: 'numeric',
        minute: '2-digit',
        timeZone: zone,
      });
    },
  };
}
