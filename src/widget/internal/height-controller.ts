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
 *   this.addController(heightController(this));
 * }
 *
 * // Rendered as `.form`, the card sets the height; rendered as anything else, it keeps it.
 * render() {
 *   return html`<div class="panel ${this.phase}">…</div>`;
 * }
 * ```
 */
export function heightController(host: ElementHost): ReactiveController {
  const sheet = new CSSStyleSheet();
  let height = 0;
  let shown = '';
  return {
    hostUpdate() {
      const card = host.shadowRoot?.querySelector<HTMLElement>('.panel.form');
      if (card && card.offsetHeight > 0) height = card.offsetHeight;
    },
    hostUpdated() {
      const sheets = host.shadowRoot?.adoptedStyleSheets;
      if (!sheets) return;
      if (!sheets.includes(sheet)) sheets.push(sheet);
      const css = `.panel:not(.form, .closed, .fallback) { min-block-size: ${height}px }`;
      if (css !== shown) sheet.replaceSync((shown = css));
    },
  };
}
