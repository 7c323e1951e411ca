// Re-renders its host at intervals, as long as something in it is counting.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';

/**
 * A clock's tick as a Lit controller.
 *
 * @example
 * ```ts
 * // Renders every second while the call lasts, and not otherwise.
 * this.addController(new IntervalController(this, () => (this.isTalking ? 1000 : undefined)));
 * ```
 */
export class IntervalController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #pace: () => number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `pace`: milliseconds until the next render; undefined while nothing is counting. */
  constructor(host: ElementHost, pace: () => number | undefined) {
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
