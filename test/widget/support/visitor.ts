// Acts as a visitor: finds what can be seen by role and name, types, presses, listens. Every wait has a generous deadline.

import { fixture, html, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../../src/widget/define.js';
import type { PolyaiCallback } from '../../../src/widget/polyai-callback.js';
import type { PageProxy } from './page-proxy.js';

/** How long anything may take. */
const timeout = 10_000;

/** The element on a page, as somebody meets it. */
export class Visitor {
  readonly element: PolyaiCallback;

  constructor(element: PolyaiCallback) {
    this.element = element;
  }

  /** Meets an element for a proxy, once it knows its site. */
  static async meet(
    proxy: PageProxy,
    attributes: Readonly<Record<string, string>> = {},
    content = '',
  ): Promise<Visitor> {
    const holder = await fixture<HTMLElement>(html`<div lang="en-GB"></div>`);
    const element = document.createElement('polyai-callback');
    for (const [name, value] of Object.entries({ endpoint: proxy.endpoint, ...attributes }))
      element.setAttribute(name, value);
    element.append(document.createRange().createContextualFragment(content));
    holder.append(element);
    const visitor = new Visitor(element);
    // The form names the business once the site is known.
    await visitor.until(
      () =>
        !proxy.isUp || element.variant === 'modal' || (visitor.text !== '' && !visitor.text.includes('this company')),
      'the site is known',
    );
    return visitor;
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  /** Waits until something holds. */
  async until(holds: () => unknown, what: string): Promise<void> {
    await waitUntil(() => holds(), `${what}\nseen: ${this.text}`, { timeout, interval: 20 });
    await this.element.updateComplete;
  }

  /** All that can be read, slots included. */
  get text(): string {
    return visibleText(this.root).replace(/\s+/g, ' ').trim();
  }

  /** What the live region says. */
  get announced(): string {
    return this.root.querySelector('[role=status]')!.textContent.replace(/\s+/g, ' ').trim();
  }

  /** The errors said aloud. */
  get alerts(): string[] {
    return [...this.root.querySelectorAll('[role=alert]')]
      .filter(isVisible)
      .map((alert) => alert.textContent.trim())
      .filter(Boolean);
  }

  /** What has the focus: its id, or its element's name. */
  get focused(): string {
    const { activeElement } = this.root;
    return activeElement?.id || (activeElement?.localName ?? 'nothing');
  }

  get title(): string {
    return visibleText(this.root.querySelector('h2')!).replace(/\s+/g, ' ').trim();
  }

  /** Waits for a phase by its title. */
  async see(title: string | RegExp): Promise<void> {
    await this.until(
      () => (typeof title === 'string' ? this.title === title : title.test(this.title)),
      `the title ${String(title)}`,
    );
  }

  button(name: string | RegExp): HTMLElement {
    const found = this.buttons.find((button) => matches(label(button), name));
    if (!found) throw new Error(`no button ${String(name)} among ${this.buttons.map(label).join(', ')}`);
    return found;
  }

  get buttons(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('button, a.quiet')].filter(isVisible);
  }

  /** A form control by the text of its label. */
  field(name: string | RegExp): HTMLInputElement {
    const labels = [...this.root.querySelectorAll('label')].filter(isVisible);
    const found = labels.find((each) => matches(visibleText(each).replace(/\s+/g, ' ').trim(), name))?.control;
    if (!found) throw new Error(`no field ${String(name)}`);
    return found as HTMLInputElement;
  }

  get phone(): HTMLInputElement {
    return this.field('Phone number');
  }

  get country(): HTMLSelectElement {
    return this.field('Country') as Element as HTMLSelectElement;
  }

  /** Types at the keyboard into the phone field. */
  async type(text: string): Promise<void> {
    this.phone.focus();
    this.phone.select();
    await sendKeys({ type: text });
  }

  async choose(country: string): Promise<void> {
    this.country.value = country;
    this.country.dispatchEvent(new Event('change', { bubbles: true }));
    await this.element.updateComplete;
  }

  press(name: string | RegExp): void {
    this.button(name).click();
  }

  agree(): void {
    this.field(/agree/).click();
  }

  /** Types a number, ticks the box and asks for the call. */
  async ask(number = '020 7946 0958'): Promise<void> {
    await this.type(number);
    if (!this.field(/agree/).checked) this.agree();
    this.press('Call me now');
  }

  /** Collects an event's details from now on. */
  hear(name: string): unknown[] {
    const heard: unknown[] = [];
    this.element.addEventListener(name, (event) => heard.push((event as CustomEvent).detail));
    return heard;
  }
}

/** True for what takes up room. */
export const isVisible = (element: Element): boolean => element.getClientRects().length > 0;

const label = (element: Element): string =>
  (element.getAttribute('aria-label') ?? visibleText(element)).replace(/\s+/g, ' ').trim();

const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text);

/** The text of the flat tree, without what is hidden. */
function visibleText(node: Node): string {
  if (node instanceof Text) return node.data;
  if (
    node instanceof Element &&
    (node.localName === 'option' || (node.localName !== 'slot' && (!isVisible(node) || node.role === 'status')))
  )
    return '';
  if (node instanceof HTMLSlotElement && node.hidden) return '';
  const children =
    node instanceof HTMLSlotElement && node.assignedNodes().length > 0 ? node.assignedNodes() : [...node.childNodes];
  return children.map(visibleText).join('');
}
