// Starts an element when it is nearly in view or touched, and not before.

import type { ReactiveController } from 'lit';
import type { CallHost } from '../call/call-controller.js';

/** Calls `start` once, as a Lit controller. */
export class StartWhenNear implements ReactiveController {
  readonly #host: CallHost;
  readonly #start: () => void;
  #observer: IntersectionObserver | undefined;

  constructor(host: CallHost, start: () => void) {
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
