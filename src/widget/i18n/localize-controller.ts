// The element's localizer: the page's overrides (the `strings` property, the JSON child, `data-text-*`) on top of its language's
// table, which is loaded on demand. languages.ts decides which language that is.

import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import { dataset, parse } from '../internal/attribute-converters.js';
import { en } from './locales/en.js';
import { chooseLanguage, english, type Language, languages, languageTags } from './languages.js';
import { createLocalizer, type Localizer, type StringOverrides, type StringTable } from './localizer.js';

/** The tables that have loaded, shared by every element of the page. Null: it failed to load, and English is used instead. */
const tables: Record<string, StringTable | null> = { en: {} };

/**
 * Keeps an element's localizer up to date with its page, as a Lit controller.
 *
 * @example
 * ```ts
 * readonly #localize = new LocalizeController(this);
 *
 * render() {
 *   const { t, locale, dir } = this.#localize.localizer(this.strings);
 *   return html`<h2 lang=${locale} dir=${dir}>${t('heading', { business: 'Acme' })}</h2>`;
 * }
 * ```
 */
export class LocalizeController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #observer = new MutationObserver(() => {
    this.#read();
    this.#host.requestUpdate();
  });
  #json: StringOverrides = {};
  #data: StringOverrides = {};
  /** The last language whose table has loaded: it is used until the next one has. */
  #current: Language | undefined;
  #loading = '';

  constructor(host: ElementHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#read();
    // Elsewhere in the page the language may differ.
    this.#host.requestUpdate();
    this.#observer.observe(this.#host, { attributes: true, childList: true, characterData: true, subtree: true });
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /**
   * The current localizer. `more`: the rest of the English table, once it has loaded.
   *
   * While the first table is loading, it is pending: the panel is rendered at once with its text in English and invisible. The text
   * keeps its height, which the table then changes by a line or two at most, and no visitor sees one language replaced by another.
   * The style shows the text after a second whatever happens. Delaying the panel itself would move the page by its full
   * height; showing English in the meantime would move it as much and help nobody.
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

  /** The language to use: the requested one as soon as its table has loaded. */
  #language(): Language {
    const host = this.#host;
    // The ancestors are known only once the element is in a page.
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
