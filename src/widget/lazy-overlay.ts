// Loads what makes the element float or open as a dialog, for elements that do. In the text there is no shell.

import type { ElementHost } from './internal/element-host.js';
import type { ReactiveController, TemplateResult } from 'lit';
import type { Shell, ShellFacts } from './chunks/overlay.js';

/** An element that may have a shell. */
export type ShellHost = ElementHost & {
  readonly variant: 'inline' | 'floating' | 'modal' | undefined;
  readonly placement: string | undefined;
};

/** The shell of one element, once it is there. */
export class ShellLoader implements ReactiveController {
  readonly #host: ShellHost;
  readonly #onLoad: () => void;
  #shell: Shell | undefined;
  #isLoading = false;
  #isWanted = false;

  /** `onLoad`: the shell is there, and shows that the element is. */
  constructor(host: ShellHost, onLoad: () => void) {
    this.#host = host;
    this.#onLoad = onLoad;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#isShelled && !this.#isLoading) void this.#load();
    if (!this.#shell || !this.#isWanted) return;
    this.#isWanted = false;
    this.#shell.open();
  }

  /** The content, in its shell where the variant has one; nothing while that is on its way. */
  render(facts: Omit<ShellFacts, 'variant' | 'placement'>, content: TemplateResult): TemplateResult | string {
    const { variant, placement } = this.#host;
    if (variant !== 'floating' && variant !== 'modal') return content;
    return this.#shell?.render({ ...facts, variant, placement }, content) ?? '';
  }

  /** Opens it, as soon as it can be. */
  open(): void {
    if (this.#isShelled) {
      this.#isWanted = true;
      this.#host.requestUpdate();
      return;
    }
    this.#host.scrollIntoView({ block: 'center' });
    this.#host.shadowRoot?.querySelector<HTMLElement>('#title')?.focus({ preventScroll: true });
  }

  /** Closes it. In the text there is nothing to close. */
  close(): void {
    this.#isWanted = false;
    if (this.#isShelled) this.#shell?.close();
  }

  get #isShelled(): boolean {
    return this.#host.variant === 'floating' || this.#host.variant === 'modal';
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      const { Shell } = await import('./chunks/overlay.js');
      this.#shell = new Shell(this.#host);
    } catch {
      // The next render tries again.
      this.#isLoading = false;
      return;
    }
    this.#onLoad();
    this.#host.requestUpdate();
  }
}
