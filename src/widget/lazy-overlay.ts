// Loads the overlay chunk for elements that float or open as a dialog. An inline element has no overlay.

import type { ReactiveController, TemplateResult } from 'lit';
import { connectedElements } from './internal/connected-elements.js';
import type { ElementHost } from './internal/element-host.js';
import type { Overlay, OverlayOptions } from './chunks/overlay.js';

/** An element that may have an overlay. */
export type OverlayHost = ElementHost & {
  readonly variant: 'inline' | 'floating' | 'modal' | undefined;
  readonly placement: string | undefined;
};

/**
 * The overlay of one element, as a Lit controller.
 *
 * @example
 * ```ts
 * readonly #overlay = new OverlayController(this, () => {});
 *
 * render() {
 *   const options = { localizer: this.localizer, isCalling: false, isAvailable: true };
 *   return this.#overlay.render(options, html`<div class="panel">…</div>`);
 * }
 * ```
 */
export class OverlayController implements ReactiveController {
  readonly #host: OverlayHost;
  readonly #onLoad: () => void;
  #overlay: Overlay | undefined;
  #isLoading = false;
  #isOpenPending = false;

  /** `onLoad` is called as soon as the overlay is loaded. */
  constructor(host: OverlayHost, onLoad: () => void) {
    this.#host = host;
    this.#onLoad = onLoad;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#hasOverlay && !this.#isLoading) void this.#load();
    if (!this.#overlay || !this.#isOpenPending) return;
    this.#isOpenPending = false;
    this.#overlay.open();
  }

  /** The content, in its overlay where the variant has one; nothing while that is loading. */
  render(options: Omit<OverlayOptions, 'variant' | 'placement'>, content: TemplateResult): TemplateResult | string {
    const { variant, placement } = this.#host;
    if (variant !== 'floating' && variant !== 'modal') return content;
    return this.#overlay?.render({ ...options, variant, placement }, content) ?? '';
  }

  /** Opens it as soon as it is loaded; scrolls to an inline element. */
  open(): void {
    if (this.#hasOverlay) {
      this.#isOpenPending = true;
      this.#host.requestUpdate();
      return;
    }
    this.#host.scrollIntoView({ block: 'center' });
    this.#host.shadowRoot?.querySelector<HTMLElement>('#title')?.focus({ preventScroll: true });
  }

  /** Closes it. An inline element has nothing to close. */
  close(): void {
    this.#isOpenPending = false;
    if (this.#hasOverlay) this.#overlay?.close();
  }

  get #hasOverlay(): boolean {
    return this.#host.variant === 'floating' || this.#host.variant === 'modal';
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      const { Overlay } = await import('./chunks/overlay.js');
      this.#overlay = new Overlay(this.#host, connectedElements);
    } catch {
      // The next render tries again.
      this.#isLoading = false;
      return;
    }
    this.#onLoad();
    this.#host.requestUpdate();
  }
}
