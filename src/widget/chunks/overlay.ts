// The chunk that makes the element float or open as a dialog: launcher, panel, opening and closing. What is inside is not its
// business.

import { html, type ReactiveController, type TemplateResult } from 'lit';
import type { ElementHost } from '../internal/element-host.js';
import { fire } from '../internal/events.js';
import type { Localizer } from '../i18n/localizer.js';
import { overlayStyles } from '../views/overlay.styles.js';

/** What the element passes on at each render. */
export interface OverlayOptions {
  readonly localizer: Localizer;
  readonly variant: 'floating' | 'modal';
  /** Corner: `bottom-end`, `bottom-start`, `top-end` or `top-start`. */
  readonly placement: string | undefined;
  /** There is something to launch. */
  readonly isAvailable: boolean;
  /** A call runs: the panel opens by itself, unless it was closed in this session. */
  readonly isCalling: boolean;
}

const closedKey = 'polyai-callback:closed';
/** Narrower than this, the floating panel is a dialog that covers the page. */
const narrow = '(max-width: 30em)';

/** Launcher and panel as a Lit controller. */
export class Overlay implements ReactiveController {
  isOpen = false;
  readonly #host: ElementHost;
  #options: OverlayOptions | undefined;
  #opener: Element | null = null;

  constructor(host: ElementHost) {
    this.#host = host;
    host.addController(this);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(overlayStyles);
    host.shadowRoot?.adoptedStyleSheets.push(sheet);
  }

  /** The content in its dialog, with the launcher beside it. */
  render(options: OverlayOptions, content: TemplateResult): TemplateResult {
    const { localizer, variant, placement = 'bottom-end', isAvailable } = options;
    this.#options = options;
    return html`<button
        type="button"
        class="launcher ${placement}${localizer.isPending ? ' pending' : ''}"
        part="launcher"
        popover="manual"
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen ? 'true' : 'false'}
        ?hidden=${variant !== 'floating' || !isAvailable}
        @click=${this.#toggle}
      >
        <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" aria-hidden="true">
          <path d="M7 3.5 9.5 8l-2 2.2a13 13 0 0 0 6.3 6.3l2.2-2 4.5 2.5c.3 2-1 3.5-3 3.5A14 14 0 0 1 3.5 6.5c0-2 1.5-3.3 3.5-3z" />
        </svg>
        <span>${localizer.t('open')}</span>
      </button>
      <dialog
        class="dialog ${variant} ${placement}"
        part="dialog"
        popover="manual"
        aria-labelledby="title"
        @close=${this.#closed}
        @keydown=${this.#onKey}
      >
        <button type="button" class="close" part="close" aria-label=${localizer.t('close')} @click=${this.close}>
          <span aria-hidden="true">✕</span>
        </button>
        ${content}
      </dialog>`;
  }

  hostConnected(): void {
    document.addEventListener('focusin', this.#stepAside);
  }

  hostDisconnected(): void {
    document.removeEventListener('focusin', this.#stepAside);
    this.isOpen = false;
  }

  hostUpdated(): void {
    const options = this.#options;
    const { launcher } = this;
    if (!options || !launcher || !this.#host.isConnected) return;
    // In the top layer neither a transformed ancestor nor a z-index of the page is in the way.
    if (!launcher.hidden && !launcher.matches(':popover-open')) launcher.showPopover();
    if (options.variant === 'floating' && options.isCalling && !this.isOpen && !wasClosed()) this.open(false);
  }

  /** Opens the panel; the focus goes into it unless it opened by itself. */
  open(withFocus = true): void {
    const { dialog } = this;
    if (this.isOpen || !dialog) return;
    this.#opener = this.#host.shadowRoot?.activeElement ?? document.activeElement;
    this.isOpen = true;
    const isModal = this.#options?.variant === 'modal' || matchMedia(narrow).matches;
    if (isModal && withFocus) dialog.showModal();
    else dialog.showPopover();
    if (withFocus) this.#host.shadowRoot?.querySelector<HTMLElement>('#title')?.focus();
    this.#host.requestUpdate();
    fire(this.#host, 'polyai-callback-open', null);
  }

  /** Closes the panel; the focus returns to where it came from. */
  readonly close = (): void => {
    const { dialog } = this;
    if (!this.isOpen || !dialog) return;
    if (dialog.open) dialog.close();
    else {
      dialog.hidePopover();
      this.#closed();
    }
  };

  get launcher(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.launcher');
  }

  get dialog(): HTMLDialogElement | null | undefined {
    return this.#host.shadowRoot?.querySelector('dialog');
  }

  readonly #closed = (): void => {
    if (!this.isOpen) return;
    this.isOpen = false;
    // Written only while a call runs: before one, nothing is stored.
    if (this.#options?.isCalling) remember();
    const isLauncher = !(this.#opener instanceof HTMLElement) || this.#opener === document.body;
    (isLauncher ? this.launcher : (this.#opener as HTMLElement))?.focus();
    this.#host.requestUpdate();
    fire(this.#host, 'polyai-callback-close', null);
  };

  readonly #toggle = (): void => (this.isOpen ? this.close() : this.open());

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.dialog?.open) return;
    event.stopPropagation();
    this.close();
  };

  /** The launcher never covers what has the focus. */
  readonly #stepAside = (): void => {
    const { launcher } = this;
    const focused = document.activeElement;
    if (!launcher || !focused) return;
    const a = launcher.getBoundingClientRect();
    const b = focused.getBoundingClientRect();
    const isOther = focused !== this.#host && focused !== document.body;
    const isCovered = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    launcher.classList.toggle('aside', isOther && isCovered);
  };
}

function wasClosed(): boolean {
  try {
    return sessionStorage.getItem(closedKey) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    sessionStorage.setItem(closedKey, '1');
  } catch {
    // A page without storage: the panel opens again on the next one.
  }
}
