// The element's localizer: the page's overrides (the `strings` property, the JSON child, `data-text-*`) over the table of its
// language, loaded when it is needed. Which language that is, languages.ts decides.

import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import { dataset, parse } from '../internal/attribute-converters.js';
import { en } from './locales/en.js';
import { chooseLanguage, english, type Language, languages, languageTags } from './languages.js';
import { createLocalizer, type Localizer, type StringOverrides, type StringTable } from './localizer.js';

/** The tables that have loaded, shared by every element of the page. Null: it did not load, English speaks instead. */
const tables: Record<string, StringTable | null> = { en: {} };

/** Keeps an element's localizer up to date with its page, as a Lit controller. */
export class LocalizeController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #observer = new MutationObserver(() => {
    this.#read();
    this.#host.requestUpdate();
  });
  #json: StringOverrides = {};
  #data: StringOverrides = {};
  /** The last language whose table had loaded: it speaks until the next one has. */
  #current: Language | undefined;
  #loading = '';

  constructor(host: ElementHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#read();
    // Another place in the page may have another language.
    this.#host.requestUpdate();
    this.#observer.observe(this.#host, { attributes: true, childList: true, characterData: true, subtree: true });
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /**
   * The localizer of this moment. `more`: the rest of the English table, once it has loaded.
   *
   * While the first table loads, it is pending: the panel is painted at once with its text in English and invisible. The text
   * keeps its height, which the table then changes by a line or two at most, and nobody meets one language and then another.
   * The style shows the text after a second whatever happens. Waiting with the panel itself would move the page by all of its
   * height; showing English meanwhile would move it as much and be read by nobody.
   */
  localizer(own: StringOverrides = {}, site: StringOverrides = {}, more: StringTable = {}): Localizer {
    const { code, locale } = this.#language();
    return createLocalizer({
      locale,
      table: { ...en, ...more, ...tables[code] },
      page: { ...this.#data, ...this.#json, ...own },
      site,
      isPending: !this.#current,
    });
  }

  /** The language to speak: the requested one as soon as its table has loaded. */
  #language(): Language {
    const host = this.#host;
    // What surrounds it is known only once it is in a page.
    if (!host.isConnected) return english;
    const requested = chooseLanguage(languageTags(host));
    const { code } = requested;
    const table = tables[code];
    if (table !== undefined) return (this.#current = table ? requested : english);
    if (this.#loading !== code) {
      this.#loading = code;
      void languages[code]?.()
        .catch(() => undefined)
        .then((module) => {
          tables[code] = module?.table ?? null;
          host.requestUpdate();
        });
    }
    return this.#current ?? english;
  }

  #read(): void {
    const script = this.#host.querySelector(':scope > script[type="application/json"]');
    this.#json = (parse(script?.textContent ?? null) ?? {}) as StringOverrides;
    this.#data = dataset(this.#host, 'text');
  }
}
