// Renders its host every second while something in it counts.

import type { ReactiveController } from 'lit';
import type { CallHost } from './call-controller.js';

/** A clock's tick as a Lit controller. */
export class Ticker implements ReactiveController {
  readonly #host: CallHost;
  readonly #isOn: () => boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: CallHost, isOn: () => boolean) {
    this.#host = host;
    this.#isOn = isOn;
  }

  hostUpdated(): void {
    if (this.#isOn() && this.#host.isConnected) this.#timer ??= setInterval(() => this.#host.requestUpdate(), 1000);
    else this.hostDisconnected();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
