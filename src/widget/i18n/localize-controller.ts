// What the page says in its own words (the `strings` property, the JSON child, `data-text-*`) and the language all is said in.
// Which language that is, is languages.ts's to choose.

import type { ReactiveController } from 'lit';
import { dataset, parse } from '../internal/attribute-converters.js';
import type { CallHost } from '../call/call-controller.js';
import { en } from './locales/en.js';
import { chooseLanguage, english, type Language, languages, tagsAround } from './languages.js';
import { createWords, type StringOverrides, type StringTable, type Words } from './localizer.js';

/** The place of the site's texts among the layers of words. */
export const siteLayer = 3;

/** Shared by every element of the page: the tables that are there. Null: not to be had, English speaks instead. */
const tables: Record<string, StringTable | null> = { en: {} };

/** Reads the page's texts, again whenever they change, as a Lit controller. */
export class PageTexts implements ReactiveController {
  readonly #host: CallHost;
  readonly #observer = new MutationObserver(() => {
    this.#read();
    this.#host.requestUpdate();
  });
  #json: StringOverrides = {};
  #data: StringOverrides = {};
  /** The last one whose table was there: it speaks until the next one's is. */
  #spoken: Language | undefined;
  #loading = '';

  constructor(host: CallHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#read();
    // Another place may have another language.
    this.#host.requestUpdate();
    this.#observer.observe(this.#host, { attributes: true, childList: true, characterData: true, subtree: true });
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /**
   * The words to speak now. `more`: the rest of the English table, once it is loaded.
   *
   * While the first table is on its way they are hushed: the panel is painted at once with its texts in English and invisible.
   * They keep the height, which the table then changes by a line or two at most, and nobody meets one language and then
   * another. The style shows them after a second whatever happens. Waiting with the panel itself would move the page by all
   * of its height; showing English meanwhile would move it as much and be read by nobody.
   */
  words(own: StringOverrides = {}, site: StringOverrides = {}, more: StringTable = {}): Words {
    const { code, locale } = this.#language();
    return createWords(
      locale,
      { ...en, ...more, ...tables[code] },
      [own, this.#json, this.#data, site],
      undefined,
      !this.#spoken,
    );
  }

  /** The language asked for as soon as its table is there. */
  #language(): Language {
    const host = this.#host;
    // Until it is in a page nobody can say what surrounds it.
    if (!host.isConnected) return english;
    const wanted = chooseLanguage(tagsAround(host));
    const { code } = wanted;
    const table = tables[code];
    if (table !== undefined) return (this.#spoken = table ? wanted : english);
    if (this.#loading !== code) {
      this.#loading = code;
      void languages[code]?.()
        .catch(() => undefined)
        .then((piece) => {
          tables[code] = piece?.table ?? null;
          host.requestUpdate();
        });
    }
    return this.#spoken ?? english;
  }

  #read(): void {
    const script = this.#host.querySelector(':scope > script[type="application/json"]');
    this.#json = (parse(script?.textContent ?? null) ?? {}) as StringOverrides;
    this.#data = dataset(this.#host, 'text');
  }
}
