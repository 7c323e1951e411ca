// Opens the floating form automatically if the page enables it: at most once a day per visitor, never while the visitor is busy with
// something else, and never again after the visitor opts out. It does not move focus, and knows nothing about the form.

import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { Browser } from '../internal/browser.js';
import type { ElementHost } from '../internal/element-host.js';
import type { OpenDetail } from '../internal/events.js';
import type { Localizer } from '../i18n/localizer.js';
import { enProactive } from '../i18n/locales/en-proactive.js';
import {
  dayOf,
  isAllowedToday,
  isOnPath,
  never,
  proactiveAttributes,
  proactiveKey,
  type ProactiveRules,
  rulesOf,
} from './rules.js';

/** The name tells the build that this is CSS. */
const css = String.raw;

/** What is opened. */
export interface ProactiveTarget {
  /** True when it is closed and there is a form to show. */
  readonly isIdle: boolean;
  /** Opens it; this controller always passes `withFocus: false`. */
  open(withFocus: boolean, detail: OpenDetail): void;
  close(): void;
}

const style = css`
  .never {
    inline-size: 100%;
    min-block-size: 44px;
    margin: 0;
    border: 0;
    color: var(--_muted);
    background: var(--_surface);
  }
`;
/** How long the visitor must have been idle (no key, pointer or focus event), milliseconds. */
const calmMs = 3_000;
/** How often an opening that is due checks whether this is a good moment, milliseconds. */
const retryMs = 1_000;
/** Narrower than this, the form would cover the page. */
const narrow = '(max-width: 30em)';
const fields = 'input, textarea, select, iframe, [contenteditable]:not([contenteditable=false]), [role=textbox]';
const modals = ':modal, [aria-modal="true"]';
const activity = ['focusin', 'focusout', 'keydown', 'input', 'pointerdown'] as const;

/** Proactive opening of one element, as a Lit controller. */
export class ProactiveOpening implements ReactiveController {
  /** True while the form is open because it opened automatically; it then offers a button to opt out. */
  #isOwn = false;
  readonly #host: ElementHost;
  readonly #target: ProactiveTarget;
  readonly #browser: Browser;
  /** Aborted when the element is removed from the page. */
  #attached: AbortController | undefined;
  /** Aborted when there is nothing left to wait for. */
  #waiting: AbortController | undefined;
  #stopTimer: () => void = () => {};
  #lastActivity = Number.NEGATIVE_INFINITY;
  #attributes = '';

  constructor(host: ElementHost, target: ProactiveTarget, browser: Browser) {
    this.#host = host;
    this.#target = target;
    this.#browser = browser;
    host.addEventListener('polyai-callback-close', () => (this.#isOwn = false));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    host.shadowRoot?.adoptedStyleSheets.push(sheet);
    host.addController(this);
  }

  hostConnected(): void {
    this.#watchEscape();
    this.#restart();
  }

  hostUpdated(): void {
    if (this.#attributes !== this.#written) this.#restart();
  }

  hostDisconnected(): void {
    this.#attached?.abort();
    this.#stop();
  }

  #restart(): void {
    this.#stop();
    this.#attributes = this.#written;
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    const rules = this.#rules;
    if (!rules || !this.#isAllowed) return;
    for (const type of activity)
      document.addEventListener(type, () => (this.#lastActivity = this.#browser.now()), { signal, capture: true });
    // Opened by the visitor or by a call: it does not open automatically again today.
    this.#host.addEventListener('polyai-callback-open', () => this.#finish(), { signal });
    if (rules.afterMs !== undefined) this.#wait(rules.afterMs);
    if (rules.scrollShare !== undefined)
      addEventListener('scroll', () => scrolledShare() >= (this.#rules?.scrollShare ?? 2) && this.#due(), {
        signal,
        passive: true,
      });
    if (rules.onExit)
      document.documentElement.addEventListener('mouseleave', (event) => event.clientY <= 0 && this.#try(), { signal });
  }

  /** True when the form opened automatically and focus is still elsewhere on the page: closing the form must not move it. */
  get isAside(): boolean {
    return this.#isOwn && !this.#host.shadowRoot?.activeElement && document.activeElement !== document.body;
  }

  /** The button to opt out for good. */
  view(localizer: Localizer): TemplateResult | typeof nothing {
    if (!this.#isOwn) return nothing;
    return html`<button type="button" class="never" part="button never" @click=${this.refuse}>
      ${localizer.t('open-never') || enProactive['open-never']}
    </button>`;
  }

  /** Opts the visitor out for good, and closes the form. */
  readonly refuse = (): void => {
    this.#store(never);
    this.#stop();
    this.#target.close();
  };

  /** The form does not have focus when it opens automatically, so the document must listen for Escape. */
  #watchEscape(): void {
    this.#attached?.abort();
    this.#attached = new AbortController();
    const close = ({ key, defaultPrevented }: KeyboardEvent): void => {
      if (key === 'Escape' && !defaultPrevented && this.#isOwn) this.#target.close();
    };
    document.addEventListener('keydown', close, { signal: this.#attached.signal });
  }

  get #written(): string {
    return proactiveAttributes.map((name) => this.#host.getAttribute(name)).join('|');
  }

  get #rules(): ProactiveRules | undefined {
    return rulesOf((name) => this.#host.getAttribute(name));
  }

  /** False without storage, because the once-a-day limit could not be enforced. */
  get #isAllowed(): boolean {
    try {
      const storage = this.#browser.storage('local');
      return storage !== undefined && isAllowedToday(storage.getItem(proactiveKey), this.#browser.now());
    } catch {
      return false;
    }
  }

  /** Opens now, or as soon as there is a good moment. */
  #due(): void {
    if (!this.#try()) this.#wait(retryMs);
  }

  #wait(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#browser.after(ms, () => this.#due());
  }

  /** Opens if this is a good moment. Returns true when there is nothing left to wait for. */
  #try(): boolean {
    const rules = this.#rules;
    if (this.#waiting?.signal.aborted !== false || !rules) return true;
    if (!this.#isAllowed) {
      this.#stop();
      return true;
    }
    if (!this.#target.isIdle || !isOnPath(rules.paths, location.pathname) || !this.#isCalm) return false;
    // Stored before opening, so that two tabs do not both open it.
    if (!this.#store(dayOf(this.#browser.now()))) return true;
    this.#stop();
    this.#isOwn = true;
    this.#target.open(false, { proactive: true });
    return true;
  }

  /** True when the page is visible, the visitor is idle, and no modal is open. */
  get #isCalm(): boolean {
    if (!this.#browser.visible() || matchMedia(narrow).matches) return false;
    if (this.#browser.now() - this.#lastActivity < calmMs) return false;
    const focused = deepActiveElement();
    if (focused?.matches(fields)) return false;
    return ![...document.querySelectorAll(modals)].some((modal) => modal.checkVisibility());
  }

  #finish(): void {
    this.#store(dayOf(this.#browser.now()));
    this.#stop();
  }

  #stop(): void {
    this.#stopTimer();
    this.#waiting?.abort();
  }

  #store(value: string): boolean {
    try {
      this.#browser.storage('local')?.setItem(proactiveKey, value);
      return this.#browser.storage('local')?.getItem(proactiveKey) === value;
    } catch {
      return false;
    }
  }
}

/** The share of the page above the bottom edge of the window, 0 to 1; 0 for a page that does not scroll. */
function scrolledShare(): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight ? (scrollY + clientHeight) / scrollHeight : 0;
}

/** The focused element, including inside shadow roots. */
function deepActiveElement(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
