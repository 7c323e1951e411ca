// The chunk that makes the element float or open as a dialog: launcher, panel, opening and closing. It does not depend on the
// panel's content; launcher-position.ts decides when the launcher moves out of the page's way.

import { html, type ReactiveController, type TemplateResult } from 'lit';
import { LauncherPosition } from '../internal/launcher-position.js';
import type { ConnectedElement } from '../internal/connected-elements.js';
import type { ElementHost } from '../internal/element-host.js';
import { fire, type OpenDetail } from '../internal/events.js';
import type { Localizer } from '../i18n/localizer.js';
import type { ProactiveOpening } from '../proactive/proactive-opening.js';
import { overlayStyles } from '../views/overlay.styles.js';

/** What the element passes on at each render. */
export interface OverlayOptions {
  readonly localizer: Localizer;
  readonly variant: 'floating' | 'modal';
  /** Corner: `bottom-end`, `bottom-start`, `top-end` or `top-start`. */
  readonly placement: string | undefined;
  /** There is something to launch. */
  readonly isAvailable: boolean;
  /** A call is in progress: the panel opens automatically, unless it was closed in this session. */
  readonly isCalling: boolean;
}

/** True when the page allows the form to open automatically. */
const proactive = '[open-after], [open-at-scroll], [open-on-exit], [open-on-paths]';
const closedKey = 'polyai-callback:closed';
/** Narrower than this, the floating panel is a dialog that covers the page. */
const narrow = '(max-width: 30em)';
/** What declares itself modal on the page. */
const modals = ':modal, [aria-modal="true"]';

/**
 * Launcher and panel as a Lit controller.
 *
 * @example
 * ```ts
 * const { Overlay } = await import('./chunks/overlay.js');
 * this.#overlay = new Overlay(this, connectedElements);
 * this.requestUpdate();
 * ```
 */
export class Overlay implements ReactiveController {
  isOpen = false;
  readonly #host: ElementHost;
  readonly #elements: ReadonlySet<ConnectedElement>;
  readonly #position: LauncherPosition;
  #options: OverlayOptions | undefined;
  #opener: Element | null = null;
  /** Set only on pages that allow the form to open automatically. */
  #proactive: ProactiveOpening | undefined;
  #isLoadingProactive = false;

  /** `elements`: every element of the page, passed by the script, because a chunk has its own copy of what it imports. */
  constructor(host: ElementHost, elements: ReadonlySet<ConnectedElement>) {
    this.#host = host;
    this.#elements = elements;
    this.#position = new LauncherPosition(host, () => this.launcher);
    host.addController(this);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(overlayStyles);
    host.shadowRoot?.adoptedStyleSheets.push(sheet);
  }

  /** The content in its dialog, next to the launcher. */
  render(options: OverlayOptions, content: TemplateResult): TemplateResult {
    const { localizer, variant, placement = 'bottom-end', isAvailable } = options;
    this.#options = options;
    return html`<button
        type="button"
        class="launcher ${placement}${localizer.isPending ? ' pending' : ''}"
        part="launcher"
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
        @focusin=${this.#onFocus}
        @wheel=${this.#keepPageStill}
        @touchmove=${this.#keepPageStill}
      >
        <button type="button" class="close" part="close" aria-label=${localizer.t('close')} @click=${this.close}>
          <span aria-hidden="true">✕</span>
        </button>
        ${content}
        ${this.#proactive?.view(localizer)}
      </dialog>`;
  }

  hostConnected(): void {
    // Moved with its state (`moveBefore`) it is still open; removed and reinserted it is not.
    const { dialog } = this;
    this.isOpen = dialog ? dialog.open || dialog.matches(':popover-open') : false;
  }

  hostUpdated(): void {
    const options = this.#options;
    if (!options || !this.#host.isConnected) return;
    this.#position.check();
    if (options.variant === 'floating' && this.#host.matches(proactive)) void this.#loadProactive();
    const opensItself = options.variant === 'floating' && options.isCalling && !this.isOpen;
    if (opensItself && !wasClosed() && !isShownElsewhere(this.#host, [...this.#elements])) this.open(false);
  }

  /** Opens the panel; focus moves into it unless it opened automatically. */
  open(withFocus = true, detail: OpenDetail | null = null): void {
    const { dialog } = this;
    if (this.isOpen || !dialog) return;
    this.#opener = this.#host.shadowRoot?.activeElement ?? deepActiveElement();
    this.isOpen = true;
    const isModal = this.#options?.variant === 'modal' || matchMedia(narrow).matches || isUnderModal(this.#host);
    if (isModal && withFocus) dialog.showModal();
    else {
      // A dialog takes focus when it is shown (HTML, "popover focusing steps") unless it is not focusable; focus must stay where it is.
      dialog.inert = !withFocus;
      dialog.showPopover();
      dialog.inert = false;
    }
    if (withFocus) {
      this.#title?.focus();
      // The focus was refused or taken away immediately: something else on the page is modal without declaring it.
      if (this.#isFocusTaken) this.#becomeModal(this.#title);
    } else (this.#opener as HTMLElement | null)?.focus({ preventScroll: true });
    this.#host.requestUpdate();
    fire(this.#host, 'polyai-callback-open', detail);
  }

  /** Closes the panel; focus returns to where it came from. */
  readonly close = (): void => {
    const { dialog } = this;
    if (!this.isOpen || !dialog) return;
    if (dialog.open) dialog.close();
    else dialog.hidePopover();
    this.#closed();
  };

  /** True when it is closed and there is something to open. */
  get isIdle(): boolean {
    return !this.isOpen && this.#options?.isAvailable === true && !this.#options.isCalling;
  }

  async #loadProactive(): Promise<void> {
    if (this.#isLoadingProactive) return;
    this.#isLoadingProactive = true;
    try {
      const { startProactive } = await import('./proactive.js');
      this.#proactive = startProactive(this.#host, this);
    } catch {
      // The form opens only when the visitor opens it.
    }
  }

  get launcher(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.launcher');
  }

  get dialog(): HTMLDialogElement | null | undefined {
    return this.#host.shadowRoot?.querySelector('dialog');
  }

  get #title(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('#title');
  }

  /** Open as a popover, with the focus outside it. */
  get #isFocusTaken(): boolean {
    return this.isOpen && this.dialog?.open === false && !this.#host.shadowRoot?.activeElement;
  }

  /** Nothing on the page outside a modal dialog can take focus, not even a focus trap. */
  #becomeModal(target: HTMLElement | null | undefined): void {
    this.dialog?.hidePopover();
    this.dialog?.showModal();
    target?.focus();
  }

  readonly #closed = (): void => {
    // The close event fires later, when the dialog may be open again.
    if (!this.isOpen || this.dialog?.open) return;
    this.isOpen = false;
    // Stored only during a call: before one, nothing is stored.
    if (this.#options?.isCalling) remember();
    const isLauncher = !(this.#opener instanceof HTMLElement) || this.#opener === document.body;
    if (!this.#proactive?.isAside) (isLauncher ? this.launcher : (this.#opener as HTMLElement))?.focus();
    this.#host.requestUpdate();
    fire(this.#host, 'polyai-callback-close', null);
  };

  readonly #toggle = (): void => (this.isOpen ? this.close() : this.open());

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.dialog?.open) return;
    event.stopPropagation();
    this.close();
  };

  /** A page's focus trap moves the focus before the event's task is over; a visitor cannot. */
  readonly #onFocus = (event: FocusEvent): void => {
    const target = event.target as HTMLElement;
    setTimeout(() => {
      const isElsewhere = deepActiveElement() !== document.body;
      if (this.#isFocusTaken && isElsewhere) this.#becomeModal(target);
    });
  };

  /** The page behind a modal dialog does not scroll. */
  readonly #keepPageStill = (event: Event): void => {
    const { dialog } = this;
    if (!dialog?.open) return;
    const isBackdrop = event.target === dialog;
    if (isBackdrop || dialog.scrollHeight <= dialog.clientHeight) event.preventDefault();
  };
}

/** The focused element, also inside shadow roots. */
function deepActiveElement(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}

/** Something else on the page is modal: a popover would be visible but unusable. */
function isUnderModal(host: Element): boolean {
  return [...document.querySelectorAll(modals)].some((modal) => modal.checkVisibility() && !modal.contains(host));
}

/** Another element on the page shows the same call: an inline one, or the first that floats. */
function isShownElsewhere(host: Element, all: readonly ConnectedElement[]): boolean {
  const own = all.find((element) => element === host);
  const same = all.filter(({ endpoint }) => endpoint === own?.endpoint);
  const isInline = ({ variant }: ConnectedElement): boolean => variant !== 'floating' && variant !== 'modal';
  return same.some((element) => isInline(element) && element.checkVisibility()) || same[0] !== own;
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
    // Without storage the panel opens again on the next page.
  }
}
