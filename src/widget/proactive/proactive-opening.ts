// Opens the floating form by itself where the page asks for it: at most once a day for a visitor, never over what the visitor is
// doing, and never again once the visitor says so. It takes no focus, and knows nothing about the form.

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

/** What opens. */
export interface ProactiveTarget {
  /** It is closed, and there is a form to show. */
  readonly isIdle: boolean;
  /** Opens it, here always without taking the focus. */
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
/** How long a visitor must have left all fields and keys alone, milliseconds. */
const calmMs = 3_000;
/** How often what is due looks for a good moment, milliseconds. */
const retryMs = 1_000;
/** Narrower than this, the form would cover the page. */
const narrow = '(max-width: 30em)';
const fields = 'input, textarea, select, iframe, [contenteditable]:not([contenteditable=false]), [role=textbox]';
const modals = ':modal, [aria-modal="true"]';
const activity = ['focusin', 'focusout', 'keydown', 'input', 'pointerdown'] as const;

/** Proactive opening of one element, as a Lit controller. */
export class ProactiveOpening implements ReactiveController {
  /** The form is open because it opened by itself: then it offers never to do so again. */
  #isOwn = false;
  readonly #host: ElementHost;
  readonly #target: ProactiveTarget;
  readonly #browser: Browser;
  /** While the element is in the page. */
  #attached: AbortController | undefined;
  /** While it waits for a moment to open. */
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
    // Opened by the visitor or by a call: that is enough for today.
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

  /** The form opened by itself while the visitor's focus was elsewhere, and still is: closing must not move it. */
  get isAside(): boolean {
    return this.#isOwn && !this.#host.shadowRoot?.activeElement && document.activeElement !== document.body;
  }

  /** The visitor's way to say no for good. */
  view(localizer: Localizer): TemplateResult | typeof nothing {
    if (!this.#isOwn) return nothing;
    return html`<button type="button" class="never" part="button never" @click=${this.refuse}>
      ${localizer.t('open-never') || enProactive['open-never']}
    </button>`;
  }

  /** The visitor never wants the form to open by itself again. */
  readonly refuse = (): void => {
    this.#store(never);
    this.#stop();
    this.#target.close();
  };

  /** It took no focus, so Escape does not reach it by itself. */
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

  /** Without storage, nobody could keep to once a day: then never. */
  get #isAllowed(): boolean {
    try {
      const storage = this.#browser.storage('local');
      return storage !== undefined && isAllowedToday(storage.getItem(proactiveKey), this.#browser.now());
    } catch {
      return false;
    }
  }

  /** From now on, at the first good moment. */
  #due(): void {
    if (!this.#try()) this.#wait(retryMs);
  }

  #wait(ms: number): void {
    this.#stopTimer();
    this.#stopTimer = this.#browser.after(ms, () => this.#due());
  }

  /** Opens, if this is a good moment; true when there is nothing left to wait for. */
  #try(): boolean {
    const rules = this.#rules;
    if (this.#waiting?.signal.aborted !== false || !rules) return true;
    if (!this.#isAllowed) {
      this.#stop();
      return true;
    }
    if (!this.#target.isIdle || !isOnPath(rules.paths, location.pathname) || !this.#isCalm) return false;
    // Before it opens, so that two tabs do not both open it.
    if (!this.#store(dayOf(this.#browser.now()))) return true;
    this.#stop();
    this.#isOwn = true;
    this.#target.open(false, { proactive: true });
    return true;
  }

  /** The visitor sees the page, is not typing, and nothing else asks for attention. */
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

/** How much of the page is above the lower edge of the window, 0 to 1; a page that does not scroll counts as unread. */
function scrolledShare(): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight ? (scrollY + clientHeight) / scrollHeight : 0;
}

/** The focused element, also inside shadow roots. */
function deepActiveElement(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
