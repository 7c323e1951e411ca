// The text of the opt-out page, in the element's languages. `{business}` and `{phone}` are filled in.

import { ar } from './locales/ar.js';
import { cs } from './locales/cs.js';
import { da } from './locales/da.js';
import { de } from './locales/de.js';
import { en } from './locales/en.js';
import { es } from './locales/es.js';
import { fi } from './locales/fi.js';
import { fr } from './locales/fr.js';
import { he } from './locales/he.js';
import { hi } from './locales/hi.js';
import { it } from './locales/it.js';
import { ja } from './locales/ja.js';
import { ko } from './locales/ko.js';
import { nb } from './locales/nb.js';
import { nl } from './locales/nl.js';
import { pl } from './locales/pl.js';
import { pt } from './locales/pt.js';
import { sv } from './locales/sv.js';
import { tr } from './locales/tr.js';
import { zh } from './locales/zh.js';

/** The text in one language. */
export interface OptOutTexts {
  readonly title: string;
  readonly intro: string;
  readonly number: string;
  readonly country: string;
  readonly submit: string;
  readonly working: string;
  /** The same whether or not the number is known here. */
  readonly done: string;
  readonly invalid: string;
  readonly failed: string;
  readonly limited: string;
  readonly unavailable: string;
  readonly needsScript: string;
  readonly call: string;
}

/** Every language by its code. */
export const optOutTexts: Readonly<Record<string, OptOutTexts>> = {
  en,
  ar,
  cs,
  da,
  de,
  es,
  fi,
  fr,
  he,
  hi,
  it,
  ja,
  ko,
  nb,
  nl,
  pl,
  pt,
  sv,
  tr,
  zh,
};

/** The text in the first language of an `Accept-Language` header that there is, with its code. */
export function textsFor(accepted: string | null): { readonly lang: string; readonly texts: OptOutTexts } {
  for (const range of (accepted ?? '').slice(0, 200).split(',')) {
    const code = range.trim().split(/[-;]/)[0]?.toLowerCase() ?? '';
    const lang = code === 'no' || code === 'nn' ? 'nb' : code;
    const texts = Object.hasOwn(optOutTexts, lang) ? optOutTexts[lang] : undefined;
    if (texts !== undefined) return { lang, texts };
  }
  return { lang: 'en', texts: en };
}
