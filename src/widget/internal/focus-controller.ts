// The focus after a phase change: it follows the visitor's own action, and moves on when the focused control disappears. Otherwise
// it does not move.

import type { ElementHost } from './element-host.js';
import type { ReactiveController } from 'lit';

/**
 * Manages the focus of an element whose phases replace each other, as a Lit controller.
 *
 * @example
 * ```ts
 * readonly #focus = new FocusController(this, () => this.phase, (phase) => (phase === 'form' ? '#phone' : 'h2'));
 *
 * #press() {
 *   // The next phase's title receives the focus.
 *   this.#focus.acted();
 *   this.phase = 'checking';
 * }
 * ```
 */
export class FocusController implements ReactiveController {
  readonly #host: ElementHost;
  readonly #phase: () => string;
  readonly #target: (phase: string) => string;
  #before: Element | null | undefined;
  #shown = '';
  #rendered = '';
  #hasActed = false;
  /** The focus moves to the title of this phase, so that screen readers read it: the live region need not repeat it. */
  isTitleRead = false;

  /** `target`: the selector of the element to focus in a phase. */
  constructor(host: ElementHost, phase: () => string, target: (phase: string) => string) {
    this.#host = host;
    this.#phase = phase;
    this.#target = target;
    host.addController(this);
  }

  /** The visitor acted: the next phase may take focus. Browsers that do not focus a pressed button need this hint. */
  acted(): void {
    this.#hasActed = true;
  }

  /** Moves focus to its target, once the target exists. */
  async move(): Promise<void> {
    await this.#host.updateComplete;
    this.#host.shadowRoot?.querySelector<HTMLElement>(this.#target(this.#phase()))?.focus();
  }

  hostUpdate(): void {
    this.#before = this.#host.shadowRoot?.activeElement;
    const phase = this.#phase();
    if (phase === this.#rendered) return;
    this.#rendered = phase;
    // A title that already has the focus is not read again when its text changes.
    this.isTitleRead = this.#hasActed && this.#before?.localName !== 'h2';
  }

  hostUpdated(): void {
    const phase = this.#phase();
    if (phase === this.#shown) return;
    const isFirst = this.#shown === '';
    this.#shown = phase;
    const isLost = this.#before && this.#before.getClientRects().length === 0;
    if (!isFirst && (this.#hasActed || isLost)) void this.move();
    // Between the press and its result the visitor's action is still in progress.
    if (phase !== 'checking' && phase !== 'submitting') this.#hasActed = false;
  }
}
