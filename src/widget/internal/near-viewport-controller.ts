// Starts an element when it is nearly in view or used, and not earlier.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';

/**
 * Calls `start` once, as a Lit controller.
 *
 * @example
 * ```ts
 * constructor() {
 *   super();
 *   this.addController(new NearViewportController(this, () => void this.#fetchSettings()));
 * }
 * ```
 */
export class NearViewportController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #start: () => void;
  #observer: IntersectionObserver | undefined;

  constructor(host: ElementHost, start: () => void) {
    this.#host = host;
    this.#start = start;
    host.addEventListener('focusin', this.#begin);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.#begin();
      },
      { rootMargin: '200px' },
    );
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }

  readonly #begin = (): void => {
    this.#observer?.disconnect();
    this.#start();
  };
}
