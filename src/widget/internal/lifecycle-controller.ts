// When an element is active: connected, not merely being moved, and its page not in the back-forward cache. Everything an
// element runs depends on its signal, so that nothing is left running.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';
import type { Browser } from './browser.js';

/**
 * The lifecycle of one element as a Lit controller.
 *
 * @example
 * ```ts
 * // Listens while the element is on a page that is shown, and no longer.
 * readonly #lifecycle = new LifecycleController(this, realBrowser, () => {
 *   window.addEventListener('online', this.#retry, { signal: this.#lifecycle.signal });
 * });
 * ```
 */
export class LifecycleController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #browser: Browser;
  readonly #onActivate: () => void;
  /** From the first connection until the element is really removed. */
  #attached: AbortController | undefined;
  #active: AbortController = new AbortController();

  constructor(host: ElementHost, browser: Browser, onActivate: () => void) {
    this.#host = host;
    this.#browser = browser;
    this.#onActivate = onActivate;
    this.#active.abort();
    host.addController(this);
  }

  /** Aborted while the element is suspended; a new one after each activation. */
  get signal(): AbortSignal {
    return this.#active.signal;
  }

  hostConnected(): void {
    // Moved in the DOM, not removed: everything continues.
    if (this.#attached) return;
    this.#attached = new AbortController();
    const { signal } = this.#attached;
    this.#browser.on('pagehide', () => this.#active.abort(), signal);
    this.#browser.on('pageshow', (event) => (event as PageTransitionEvent).persisted && this.#activate(), signal);
    this.#activate();
  }

  hostDisconnected(): void {
    // A framework that moves a node removes and reinserts it within one task.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#attached?.abort();
      this.#attached = undefined;
      this.#active.abort();
    });
  }

  /** Ends everything and starts again, when what everything depends on has changed. */
  restart(): void {
    if (!this.#attached) return;
    this.#active.abort();
    this.#activate();
  }

  #activate(): void {
    this.#active.abort();
    this.#active = new AbortController();
    this.#onActivate();
  }
}
