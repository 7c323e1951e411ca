// When an element is alive: connected, not merely being moved, and its page not lying in the back-forward cache. Everything an
// element runs hangs on its signal, so that nothing is left behind.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';
import type { Browser } from './browser.js';

/** The life of one element as a Lit controller. */
export class LifecycleController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #browser: Browser;
  readonly #onWake: () => void;
  readonly #onSleep: () => void;
  /** From the first connection until the element is really gone. */
  #attached: AbortController | undefined;
  #awake: AbortController = new AbortController();

  constructor(host: ElementHost, browser: Browser, onWake: () => void, onSleep: () => void) {
    this.#host = host;
    this.#browser = browser;
    this.#onWake = onWake;
    this.#onSleep = onSleep;
    this.#awake.abort();
    host.addController(this);
  }

  /** Aborted while the element is not alive; another one after each awakening. */
  get signal(): AbortSignal {
    return this.#awake.signal;
  }

  hostConnected(): void {
    // Moved in the DOM, not removed: everything goes on.
    if (this.#attached) return;
    this.#attached = new AbortController();
    const { signal } = this.#attached;
    this.#browser.on('pagehide', () => this.#sleep(), signal);
    this.#browser.on('pageshow', (event) => (event as PageTransitionEvent).persisted && this.#wake(), signal);
    this.#wake();
  }

  hostDisconnected(): void {
    // A framework that moves a node takes it out and puts it in again within one task.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#attached?.abort();
      this.#attached = undefined;
      this.#sleep();
    });
  }

  /** Ends everything and begins anew, when what everything hangs on has changed. */
  restart(): void {
    if (!this.#attached) return;
    this.#sleep();
    this.#wake();
  }

  #wake(): void {
    this.#awake.abort();
    this.#awake = new AbortController();
    this.#onWake();
  }

  #sleep(): void {
    this.#awake.abort();
    this.#onSleep();
  }
}
