// The texts of the follow-up features in the visitor's language: their own tables, loaded only when a feature is shown. The page's
// and the operator's overrides apply to them as to all other texts.

import { createLocalizer, type Localizer, type Params, type StringKey } from '../i18n/localizer.js';
import { en } from './locales/en.js';

/** A key of the follow-up tables. */
export type FollowUpKey = keyof typeof en;

/** A language's complete table. */
export type FollowUpTable = Readonly<Record<FollowUpKey, string>>;

/** The texts of both tables. */
export interface FollowUpLocalizer extends Localizer {
  t(key: StringKey | FollowUpKey, params?: Params): string;
}

/** The languages other than English, by subtag. Each loads its table. */
export const languages: Readonly<Record<string, () => Promise<{ readonly table: FollowUpTable }>>> = {
  ar: () => import('./locales/ar.js'),
  cs: () => import('./locales/cs.js'),
  da: () => import('./locales/da.js'),
  de: () => import('./locales/de.js'),
  es: () => import('./locales/es.js'),
  fi: () => import('./locales/fi.js'),
  fr: () => import('./locales/fr.js'),
  he: () => import('./locales/he.js'),
  hi: () => import('./locales/hi.js'),
  it: () => import('./locales/it.js'),
  ja: () => import('./locales/ja.js'),
  ko: () => import('./locales/ko.js'),
  nb: () => import('./locales/nb.js'),
  nl: () => import('./locales/nl.js'),
  pl: () => import('./locales/pl.js'),
  pt: () => import('./locales/pt.js'),
  sv: () => import('./locales/sv.js'),
  tr: () => import('./locales/tr.js'),
  zh: () => import('./locales/zh.js'),
};

/** The tables that have loaded, shared by every element of the page. Null: it failed to load, and English is used instead. */
const tables: Record<string, FollowUpTable | null> = { en };

const codeOf = ({ locale }: Localizer): string => locale.replace(/-.*/, '');

/** Loads the table of a localizer's language; resolves to false if there was nothing to load. Never rejects. */
export async function loadTexts(localizer: Localizer): Promise<boolean> {
  const code = codeOf(localizer);
  // The language itself is still loading, or this one has loaded already.
  if (localizer.isPending || tables[code] !== undefined) return false;
  const module = await languages[code]?.().catch(() => undefined);
  tables[code] = module?.table ?? null;
  return true;
}

/** The localizer with the follow-up texts; undefined until their table has loaded. */
export function textsOf(localizer: Localizer): FollowUpLocalizer | undefined {
  const table = tables[codeOf(localizer)];
  if (table === undefined) return undefined;
  const own = createLocalizer({ locale: table ? localizer.locale : 'en', table: {}, site: table ?? en });
  return {
    ...localizer,
    // Overrides of any key are the element's localizer's; the text of these keys is only here.
    t: (key, params) => localizer.t(key as StringKey, params) || own.t(key as StringKey, params),
  };
}
