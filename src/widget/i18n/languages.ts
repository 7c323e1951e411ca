// Which language an element speaks, and where its table is. English comes with the script; every other table is a lazy piece.

import type { StringTable } from './localizer.js';

/** A language's table by its subtag. */
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

/** Tables that are of one way of speaking or writing: their tag is said instead of the one asked for. */
const ownTags: Readonly<Record<string, string>> = { nb: 'nb', pt: 'pt-BR', zh: 'zh-Hans' };

/** What to speak: a subtag of `languages` or `en`, and the tag that also chooses the way of writing times (`de-AT`). */
export interface Language {
  readonly code: string;
  readonly locale: string;
}

/** What is spoken where nothing else is asked for, or can be had. */
export const english: Language = { code: 'en', locale: 'en' };

/** The first of the tags that has a table; English when none has. Tags are BCP 47, with what pages make of it. */
export function chooseLanguage(tags: Iterable<string | null | undefined>): Language {
  for (const tag of tags) {
    const locale = canonical(tag);
    // Norwegian is `no` to many pages; those who read Nynorsk read Bokmål rather than English.
    const code = locale.replace(/-.*/, '').replace(/^n[no]$/, 'nb');
    if (code === 'en' || Object.hasOwn(languages, code)) return { code, locale: ownTags[code] ?? locale };
  }
  return english;
}

/** Every `lang` from an element outwards, through shadow roots, then the browser's languages. */
export function tagsAround(element: Element): readonly string[] {
  const tags: string[] = [];
  for (let node: Node | null | undefined = element; node; node = node.parentNode ?? (node as ShadowRoot).host) {
    tags.push((node as HTMLElement).lang);
  }
  return [...tags, ...navigator.languages];
}

/** The tag as Intl takes it; empty for what a page or a system wrote wrongly, such as `en-US@posix`. */
function canonical(tag: string | null | undefined): string {
  try {
    return String(new Intl.Locale((tag ?? '').replaceAll('_', '-')));
  } catch {
    return '';
  }
}
