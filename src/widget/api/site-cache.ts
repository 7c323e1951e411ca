// The proxy's public settings, fetched on demand and cached for a minute. The controller decides what follows from them (closed,
// unreachable).

import { isSite, type Site, sitePath } from '../../contract.js';
import { addressOf, fetchJson } from './fetch-json.js';
import type { Browser } from '../internal/browser.js';

/** Age at which the site is fetched again, milliseconds: opening hours pass on a page that stays open. */
const freshMs = 60_000;

/** The site of one endpoint, as one element knows it. */
export class SiteCache {
  /** The last response; a stale one is used when there is no newer. */
  site: Site | undefined;
  readonly #url: string;
  readonly #browser: Browser;
  #at = 0;
  #loading: { readonly signal: AbortSignal; readonly done: Promise<void> } | undefined;

  constructor(endpoint: string, browser: Browser) {
    this.#url = addressOf(endpoint, sitePath);
    this.#browser = browser;
  }

  /** Fetches the site unless it is fresh; `anew` always fetches. Resolves even when that fails. */
  load(signal: AbortSignal, anew: boolean): Promise<void> {
    if (!anew && this.site && this.#browser.now() - this.#at < freshMs) return Promise.resolve();
    // An aborted request (the element was removed and put back) says nothing about the site.
    if (anew || !this.#loading || this.#loading.signal.aborted) {
      const loading = { signal, done: this.#fetch(signal, anew) };
      this.#loading = loading;
      void loading.done.finally(() => {
        if (this.#loading === loading) this.#loading = undefined;
      });
    }
    return this.#loading.done;
  }

  async #fetch(signal: AbortSignal, anew: boolean): Promise<void> {
    const answer = await fetchJson(this.#browser, this.#url, signal, { cache: anew ? 'reload' : 'default' });
    if (typeof answer === 'string' || !answer.ok || !isSite(answer.body)) return;
    this.site = answer.body;
    this.#at = this.#browser.now();
  }
}
