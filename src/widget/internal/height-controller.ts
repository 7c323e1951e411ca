// The card keeps the form's height in the phases after it, so that the page around it does not jump.

import type { ReactiveController } from 'lit';
import type { ElementHost } from './element-host.js';

/** Keeps the height of an element's card, as a Lit controller. */
export class HeightController implements ReactiveController {
  readonly #host: ElementHost;
  #height = 0;

  constructor(host: ElementHost) {
    this.#host = host;
  }

  hostUpdate(): void {
    const { card } = this;
    if (card?.matches('.form') && card.offsetHeight > 0) this.#height = card.offsetHeight;
  }

  hostUpdated(): void {
    const { card } = this;
    if (card) card.style.minBlockSize = card.matches('.form, .closed, .fallback') ? '' : `${this.#height}px`;
  }

  get card(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.panel');
  }
}
