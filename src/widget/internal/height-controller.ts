// Keeps the card at the form's height in later phases, so that the page around it does not jump.

import type { ReactiveController } from 'lit';
import type { ElementHost } from './element-host.js';

/**
 * Keeps the height of an element's card, as a Lit controller.
 *
 * @example
 * ```ts
 * constructor() {
 *   super();
 *   this.addController(new HeightController(this));
 * }
 *
 * // Rendered as `.form`, the card sets the height; rendered as anything else, it keeps it.
 * render() {
 *   return html`<div class="panel ${this.phase}">…</div>`;
 * }
 * ```
 */
export class HeightController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #sheet: CSSStyleSheet = new CSSStyleSheet();
  #height = 0;
  #css = '';

  constructor(host: ElementHost) {
    this.#host = host;
  }

  hostUpdate(): void {
    const { card } = this;
    if (card?.matches('.form') && card.offsetHeight > 0) this.#height = card.offsetHeight;
  }

  hostUpdated(): void {
    const sheets = this.#host.shadowRoot?.adoptedStyleSheets;
    if (!sheets) return;
    if (!sheets.includes(this.#sheet)) sheets.push(this.#sheet);
    const css = `.panel:not(.form, .closed, .fallback) { min-block-size: ${this.#height}px }`;
    if (css !== this.#css) this.#sheet.replaceSync((this.#css = css));
  }

  get card(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.panel');
  }
}
