// What the page says in its own words: the `strings` property, the JSON child, `data-text-*`. It also tells the language.

import type { ReactiveController } from 'lit';
import { dataset, parse } from './attributes.js';
import type { CallHost } from './call-controller.js';
import { en } from './strings/en.js';
import { createWords, type StringOverrides, type StringTable, type Words } from './strings/words.js';

/** The place of the site's texts among the layers of words. */
export const siteLayer = 3;

/** Reads the page's texts, again whenever they change, as a Lit controller. */
export class PageTexts implements ReactiveController {
  readonly #host: CallHost;
  readonly #observer = new MutationObserver(() => {
    this.#read();
    this.#host.requestUpdate();
  });
  #json: StringOverrides = {};
  #data: StringOverrides = {};

  constructor(host: CallHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#read();
    this.#observer.observe(this.#host, { attributes: true, childList: true, characterData: true, subtree: true });
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /** The words to speak now. `more`: the rest of the table, once it is loaded. */
  words(own: StringOverrides = {}, site: StringOverrides = {}, more: StringTable = {}): Words {
    const tags = [this.#host.closest('[lang]')?.getAttribute('lang'), ...navigator.languages];
    // A regional tag chooses the way of writing times; the table is that of its language.
    const locale = tags.map(canonical).find((tag) => tag?.split('-')[0] === 'en') ?? 'en';
    return createWords(locale, { ...en, ...more }, [own, this.#json, this.#data, site]);
  }

  #read(): void {
    const script = this.#host.querySelector(':scope > script[type="application/json"]');
    this.#json = (parse(script?.textContent ?? null) ?? {}) as StringOverrides;
    this.#data = dataset(this.#host, 'text');
  }
}

/** The tag as Intl takes it; undefined for what a page or a system wrote wrongly, such as `en-US@posix`. */
function canonical(tag: string | null | undefined): string | undefined {
  try {
    return tag ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
}
