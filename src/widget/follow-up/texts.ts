// The texts of the follow-up features in the visitor's language.

import { createExtraTexts, type ExtraLocalizer, type ExtraTable, type ExtraTexts } from '../i18n/extra-texts.js';
import { en } from './locales/en.js';

/** A key of the follow-up tables. */
export type FollowUpKey = keyof typeof en;

/** A language's complete table. */
export type FollowUpTable = ExtraTable<FollowUpKey>;

/** The texts of both tables. */
export type FollowUpLocalizer = ExtraLocalizer<FollowUpKey>;

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

/** The texts of the follow-up features. */
export const followUpTexts: ExtraTexts<FollowUpKey> = createExtraTexts(en, languages);
