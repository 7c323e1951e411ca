// Keeps the launcher out of the page's way: it moves past what the page fixed in the same corner (a consent banner, another
// launcher), hides while it covers the focused element, and goes to the top layer where an ancestor would displace it.

import type { ReactiveController } from 'lit';
import type { ElementHost } from './element-host.js';

/** Events that may change what lies under the launcher. */
const events = ['focusin', 'focusout', 'click', 'keyup', 'scroll', 'transitionend', 'animationend'] as const;
/** A focused element larger than this many launchers is a region of the page, not a control. */
const regionFactor = 8;
/** Distance between the launcher and what it moved past, pixels. */
const gap = 8;
/** How long a dismissed banner may take to disappear, milliseconds. */
const leaveMs = 500;

/**
 * Keeps a launcher out of the page's way, as a Lit controller.
 *
 * @example
 * ```ts
 * readonly #position = new LauncherPosition(this, () => this.renderRoot.querySelector<HTMLElement>('.launcher'));
 *
 * updated() {
 *   this.#position.check();
 * }
 * ```
 */
export class LauncherPosition implements ReactiveController {
  readonly #host: ElementHost;
  readonly #launcher: () => HTMLElement | null | undefined;
  #observer: MutationObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(host: ElementHost, launcher: () => HTMLElement | null | undefined) {
    this.#host = host;
    this.#launcher = launcher;
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of events) document.addEventListener(type, this.#later, { capture: true, passive: true });
    addEventListener('resize', this.#later);
    // Banners are usually appended to the body.
    this.#observer ??= new MutationObserver(this.#later);
    this.#observer.observe(document.body, { childList: true });
    this.#later();
  }

  hostDisconnected(): void {
    for (const type of events) document.removeEventListener(type, this.#later, { capture: true });
    removeEventListener('resize', this.#later);
    this.#observer?.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  /** Checks what is under the launcher, and moves or hides it. */
  readonly check = (): void => {
    const launcher = this.#launcher();
    if (!launcher || launcher.hidden) return;
    launcher.style.translate = '';
    if (!launcher.matches(':popover-open') && !isFixedToScreen(launcher)) {
      launcher.popover = 'manual';
      // WebKitGTK 2.50 leaves a box that is already painted in its ancestor's corner: it has to be repainted.
      launcher.hidden = true;
      launcher.showPopover();
      launcher.getBoundingClientRect();
      launcher.hidden = false;
    }
    const isFocused = this.#host.shadowRoot?.activeElement === launcher;
    const isBlocked = !moveOff(launcher, this.#host);
    launcher.classList.toggle('aside', !isFocused && (isBlocked || coversFocus(launcher)));
  };

  readonly #later = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.check);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.check, leaveMs);
  };
}

/** The launcher is in the screen's corner: no ancestor's transform or containment displaces it. */
function isFixedToScreen(launcher: HTMLElement): boolean {
  const { top, bottom } = launcher.getBoundingClientRect();
  const style = getComputedStyle(launcher);
  // The difference is at most a scroll bar of the page.
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 32;
  return isNear(top, parseFloat(style.top)) && isNear(innerHeight - bottom, parseFloat(style.bottom));
}

/** WCAG 2.2, 2.4.11: the focused element is not entirely hidden. */
function coversFocus(launcher: Element): boolean {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (!focused || focused === document.body || focused === launcher) return false;
  const a = launcher.getBoundingClientRect();
  const b = focused.getBoundingClientRect();
  if (b.width * b.height > regionFactor * a.width * a.height) return false;
  return overlap(a, b) >= 0.5 * b.width * b.height && overlap(a, b) > 0;
}

/** Moves the launcher past boxes that the page fixed there; false when there is no room for it. */
function moveOff(launcher: HTMLElement, host: Element): boolean {
  const start = launcher.getBoundingClientRect();
  const isAtTop = start.top < innerHeight - start.bottom;
  let shift = 0;
  // A banner with a launcher above it, and one more.
  for (let boxes = 0; boxes < 3; boxes += 1) {
    const box = fixedBoxUnder(launcher.getBoundingClientRect(), host);
    if (!box) return true;
    shift = isAtTop ? box.bottom - start.top + gap : box.top - start.bottom - gap;
    if (start.top + shift < 0 || start.bottom + shift > innerHeight) break;
    launcher.style.translate = `0 ${shift}px`;
  }
  launcher.style.translate = '';
  return false;
}

/** What the page fixed to the screen under the launcher, but not what merely lies under a full-screen backdrop. */
function fixedBoxUnder({ left, right, top, bottom }: DOMRect, host: Element): DOMRect | undefined {
  // Closer together than the smallest pressable target.
  for (let x = left + 2; x < right; x += 16) {
    for (const y of [top + 2, (top + bottom) / 2, bottom - 2]) {
      for (const element of document.elementsFromPoint(x, y)) {
        const box = element.contains(host) ? undefined : fixedBoxAround(element);
        if (box && !isBackdrop(box)) return box;
      }
    }
  }
  return undefined;
}

const isBackdrop = (box: DOMRect): boolean => box.height > innerHeight / 2 && box.width > innerWidth / 2;

function fixedBoxAround(element: Element): DOMRect | undefined {
  for (let node: Element | null = element; node; node = node.parentElement) {
    if (getComputedStyle(node).position === 'fixed') return node.getBoundingClientRect();
  }
  return undefined;
}

function overlap(a: DOMRect, b: DOMRect): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
