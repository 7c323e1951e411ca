// Which languages exist, which one an element uses, and where its table is. English comes with the script; every other
// table is a chunk of its own.

import type { StringTable } from './localizer.js';

/** The languages other than English, by subtag. Each loads its table. */
export const languages: Readonly<Record<string, () => Promise<{ readonly table: StringTable }>>> = {
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

/** Tables written for one variety of a language: their tag replaces the requested one. */
const fixedTags: Readonly<Record<string, string>> = { nb: 'nb', pt: 'pt-BR', zh: 'zh-Hans' };

/** A subtag of `languages` or `en`, and the tag that also decides how times are formatted (`de-AT`). */
export interface Language {
  readonly code: string;
  readonly locale: string;
}

/** The language when no other is requested, or none of those has a table. */
export const english: Language = { code: 'en', locale: 'en' };

/** The first of the tags that has a table; English when none has. Tags are BCP 47, or a page's attempt at it. */
export function chooseLanguage(tags: Iterable<string | null | undefined>): Language {
  for (const tag of tags) {
    const locale = canonical(tag);
    // Many pages write Norwegian as `no`; readers of Nynorsk read Bokmål rather than English.
    const code = locale.replace(/-.*/, '').replace(/^n[no]$/, 'nb');
    if (code === 'en' || Object.hasOwn(languages, code)) return { code, locale: fixedTags[code] ?? locale };
  }
  return english;
}

/** Every `lang` from an element outward, through shadow roots, then the browser's languages. */
export function languageTags(element: Element): readonly string[] {
  const tags: string[] = [];
  for (let node: Node | null | undefined = element; node; node = node.parentNode ?? (node as ShadowRoot).host) {
    tags.push((node as HTMLElement).lang);
  }
  return [...tags, ...navigator.languages];
}

/** The tag as Intl accepts it; empty for one that is malformed, such as `en-US@posix`. */
function canonical(tag: string | null | undefined): string {
  try {
    return String(new Intl.Locale((tag ?? '').replaceAll('_', '-')));
  } catch {
    return '';
  }
}
