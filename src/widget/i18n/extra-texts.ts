// The texts of a chunk that is loaded only when something in it is shown: its own language tables, loaded with it. The page's and
// the operator's overrides apply to them as to all other texts.

import { createLocalizer, type Localizer, type Params, type StringKey } from './localizer.js';

/** A language's complete table. */
export type ExtraTable<Key extends string> = Readonly<Record<Key, string>>;

/** The texts of the element's table and of the extra one. */
export interface ExtraLocalizer<Key extends string> extends Localizer {
  t(key: StringKey | Key, params?: Params): string;
}

/** The tables of one chunk. */
export interface ExtraTexts<Key extends string> {
  /** Loads the table of a localizer's language; resolves to false if there was nothing to load. Never rejects. */
  load(localizer: Localizer): Promise<boolean>;
  /** The localizer with the extra texts; undefined until their table has loaded. */
  localizer(localizer: Localizer): ExtraLocalizer<Key> | undefined;
}

const codeOf = ({ locale }: Localizer): string => locale.replace(/-.*/, '');

/** The texts of a chunk. `languages`: those other than English, by subtag; each loads its table. */
export function createExtraTexts<Key extends string>(
  en: ExtraTable<Key>,
  languages: Readonly<Record<string, () => Promise<{ readonly table: ExtraTable<Key> }>>>,
): ExtraTexts<Key> {
  /** The tables that have loaded, shared by every element of the page. Null: it failed to load, and English is used instead. */
  const tables: Record<string, ExtraTable<Key> | null> = { en };
  return {
    async load(localizer) {
      const code = codeOf(localizer);
      // The language itself is still loading, or this one has loaded already.
      if (localizer.isPending || tables[code] !== undefined) return false;
      const module = await languages[code]?.().catch(() => undefined);
      tables[code] = module?.table ?? null;
      return true;
    },
    localizer(localizer) {
      const table = tables[codeOf(localizer)];
      if (table === undefined) return undefined;
      const own = createLocalizer({ locale: table ? localizer.locale : 'en', table: {}, site: table ?? en });
      return {
        ...localizer,
        // Overrides of any key are the element's localizer's; the text of these keys is only here.
        t: (key, params) => localizer.t(key as StringKey, params) || own.t(key as StringKey, params),
      };
    },
  };
}
