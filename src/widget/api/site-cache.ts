// What the proxy says of itself, fetched when asked for and kept for a minute. What follows from it (closed, unreachable) is
// the controller's.

import { isSite, type Site, sitePath } from '../../contract.js';
import { addressOf, fetchJson } from './fetch-json.js';
import type { Browser } from '../internal/browser.js';

/** A site is asked for again after this, milliseconds: opening hours pass on a page that stays. */
const freshMs = 60_000;

/** The site of one endpoint, as one element knows it. */
export class SiteCache {
  /** The last answer; an old one still serves when there is no newer. */
  site: Site | undefined;
  readonly #url: string;
  readonly #browser: Browser;
  #at = 0;
  #loading: { readonly signal: AbortSignal; readonly done: Promise<void> } | undefined;

  constructor(endpoint: string, browser: Browser) {
    this.#url = addressOf(endpoint, sitePath);
    this.#browser = browser;
  }

  /** Makes sure that the site is known, with `anew` as it is now. Resolves also when it cannot be had. */
  load(signal: AbortSignal, anew: boolean): Promise<void> {
    if (!anew && this.site && this.#browser.now() - this.#at < freshMs) return Promise.resolve();
    // One that was given up (the element was taken out and put back) tells nothing.
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
