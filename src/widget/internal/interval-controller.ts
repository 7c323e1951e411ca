// Renders its host again after a while, as long as something in it counts.

import type { ReactiveController } from 'lit';
import type { CallHost } from '../call/call-controller.js';

/** A clock's tick as a Lit controller. */
export class Ticker implements ReactiveController {
  readonly #host: CallHost;
  readonly #pace: () => number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `pace`: milliseconds until the next rendering; undefined while nothing counts. */
  constructor(host: CallHost, pace: () => number | undefined) {
    this.#host = host;
    this.#pace = pace;
  }

  hostUpdated(): void {
    this.hostDisconnected();
    const ms = this.#pace();
    if (ms !== undefined && this.#host.isConnected) this.#timer = setTimeout(() => this.#host.requestUpdate(), ms);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }
}
