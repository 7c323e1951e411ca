// Adds the contents of the interaction chunk to an element: at the first interaction, or immediately when there is a call to show.

import type { ReactiveController } from 'lit';
import type { ElementHost } from './internal/element-host.js';
import { interaction, type InteractionChunk, loadInteraction } from './internal/interaction.js';

/** Shared by all elements of the page. */
let sheet: CSSStyleSheet | undefined;

/** Callbacks that the element provides. */
export interface InteractionOptions {
  /** True when the element cannot show its state without the chunk. */
  readonly isNeeded: () => boolean;
  /** Called once, when the chunk has loaded. */
  readonly onLoad: (chunk: InteractionChunk) => void;
  /** Called when the chunk is needed and fails to load. */
  readonly onFail: () => void;
}

/**
 * The interaction chunk for one element, as a Lit controller.
 *
 * @example
 * ```ts
 * this.addController(
 *   new InteractionController(this, {
 *     isNeeded: () => this.#call.state.phase !== 'form',
 *     onLoad: (chunk) => chunk.addBehavior(this, () => this.#model(), () => undefined),
 *     onFail: () => this.#call.fail(),
 *   }),
 * );
 * ```
 */
export class InteractionController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #options: InteractionOptions;

  constructor(host: ElementHost, options: InteractionOptions) {
    this.#host = host;
    this.#options = options;
    host.addEventListener('focusin', () => void this.load());
  }

  /** Loads it and renders the element with it. */
  async load(): Promise<void> {
    if (await loadInteraction()) this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const { isNeeded, onFail } = this.#options;
    const chunk = interaction();
    if (chunk) this.#adopt(chunk);
    else if (isNeeded()) void this.load().then(() => interaction() ?? onFail());
  }

  #adopt(chunk: InteractionChunk): void {
    const root = this.#host.shadowRoot;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(chunk.phaseStyles);
    }
    if (!root || root.adoptedStyleSheets.includes(sheet)) return;
    root.adoptedStyleSheets.push(sheet);
    this.#options.onLoad(chunk);
  }
}
