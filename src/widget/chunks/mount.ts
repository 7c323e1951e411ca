// The chunk for pages that use the element without writing its tag: settings on the script tag, in its query or in
// `window.polyaiCallback`, and placeholders. Settings create one element, unless the page has one; it survives navigation.

import { attributeFor, attributesOf, type Settings, settingsOfScript } from '../embed/settings.js';

/** What a page can call through `window.polyaiCallback`: `['open']`, `['close']`, `['request', '+14155550100']`. */
export type Command = readonly ['open' | 'close' | 'request', ...(string | undefined)[]];

/** One entry of the queue, or the whole queue; a script tag means its `data-*` attributes and its query. */
export type MountRequest = Settings | Command | readonly (Settings | Command)[] | Element;

type Callback = HTMLElement & Record<Command[0], (argument?: string) => void> & { strings?: unknown };

const tag = 'polyai-callback';
const placeholders = '[data-polyai-callback]';
const createdMark = 'data-polyai-callback-made';

/** The element created here; at most one. */
let created: Callback | undefined;
/** Settings to apply once the page is parsed, with the tag next to which an inline element belongs. */
let pending: { settings: Settings; readonly beside: Element | undefined } | undefined;
const commands: Command[] = [];
let observer: MutationObserver | undefined;

/** Queues the page's commands, and performs them once the page's own elements are known. */
export function mount(requests: readonly MountRequest[]): void {
  for (const request of requests) enqueue(request);
  if (observer) return settle();
  observer = new MutationObserver(onMutation);
  observer.observe(document, { childList: true, subtree: true });
  // A node that is still being parsed cannot be moved, and may contain the element itself.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', settle);
  else settle();
}

function enqueue(request: MountRequest): void {
  if (request instanceof Element) {
    // An element whose id is `polyaiCallback` becomes `window.polyaiCallback` too.
    const settings = request instanceof HTMLScriptElement ? settingsOfScript(request) : undefined;
    if (settings) addSettings(settings, request);
  } else if (!Array.isArray(request)) addSettings(request as Settings);
  else if (typeof request[0] === 'string') commands.push(request as unknown as Command);
  else for (const one of request as readonly (Settings | Command)[]) enqueue(one);
}

function addSettings(settings: Settings, beside?: Element): void {
  pending = { settings: { ...pending?.settings, ...settings }, beside: beside ?? pending?.beside };
}

function settle(): void {
  if (document.readyState === 'loading') return;
  for (const placeholder of document.querySelectorAll(placeholders)) fillPlaceholder(placeholder);
  // A page that was saved as text, or cloned for a cache, contains copies of what was created.
  for (const copy of document.querySelectorAll<Callback>(`${tag}[${createdMark}]`)) {
    created ??= copy;
    if (copy !== created) copy.remove();
  }
  if (pending) {
    const { settings, beside } = pending;
    pending = undefined;
    const target = singleton() ?? create(settings, beside);
    apply(target, settings);
  }
  const target = singleton();
  if (target) for (const [name, argument] of commands.splice(0)) target[name]?.(argument);
}

function singleton(): Callback | undefined {
  return created ?? document.querySelector<Callback>(tag) ?? undefined;
}

function create({ variant = 'floating' }: Settings, beside: Element | undefined): Callback {
  created = document.createElement(tag);
  created.setAttribute(createdMark, '');
  // An inline element belongs where the script tag is.
  const isPlaced = variant === 'inline' && beside && document.body.contains(beside);
  created.setAttribute('variant', String(variant));
  if (isPlaced) beside.after(created);
  else document.body.append(created);
  return created;
}

/** What the page itself wrote on its element takes precedence. */
function apply(target: Callback, { strings, ...settings }: Settings): void {
  if (strings) target.strings = strings;
  for (const [name, value] of attributesOf(settings)) {
    if (target !== created && target.hasAttribute(name)) continue;
    if (value === undefined) target.removeAttribute(name);
    else target.setAttribute(name, value);
  }
}

/**
 * The placeholder and its content stay the page's: a framework may own them. The element is added as one more child; a shadow root
 * hides the others, and copies of them are the element's fallback.
 */
function fillPlaceholder(placeholder: Element): void {
  const existing = elementOf(placeholder);
  const element = existing ?? document.createElement(tag);
  hideOthers(placeholder);
  element.slot = tag;
  if (existing) return;
  for (const { name } of placeholder.attributes) pass(placeholder, name, element);
  copyContent(placeholder, element);
  placeholder.append(element);
  observer?.observe(placeholder, { attributes: true, childList: true, characterData: true, subtree: true });
}

const elementOf = (placeholder: Element): Element | undefined =>
  [...placeholder.children].find(({ localName }) => localName === tag);

function hideOthers(placeholder: Element): void {
  if (placeholder.shadowRoot) return;
  try {
    const slot = document.createElement('slot');
    slot.name = tag;
    placeholder.attachShadow({ mode: 'open' }).append(slot);
  } catch {
    // An element that cannot have a shadow root shows its content beside the element.
  }
}

function copyContent(placeholder: Element, element: Element): void {
  const copies = [...placeholder.childNodes].filter((node) => node !== element).map((node) => node.cloneNode(true));
  // A challenge shown in the page stays.
  element.replaceChildren(...copies, ...element.querySelectorAll(':scope > [slot=challenge]'));
  // For a CMS that strips `slot` attributes.
  for (const child of element.children) {
    const slot = child.getAttribute('data-slot');
    if (slot) child.slot = slot;
  }
}

function pass(placeholder: Element, attribute: string, element: Element): void {
  const name = attribute.startsWith('data-') && attributeFor(attribute.slice(5));
  if (!name) return;
  const value = placeholder.getAttribute(attribute);
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function onMutation(records: readonly MutationRecord[]): void {
  for (const { attributeName, target } of records) {
    const place = target instanceof Element ? target : target.parentElement;
    const placeholder = place?.closest(placeholders);
    const element = placeholder && elementOf(placeholder);
    if (!element || element.contains(place)) continue;
    if (attributeName && placeholder === target) pass(placeholder, attributeName, element);
    else copyContent(placeholder, element);
  }
  if (created && !created.isConnected) {
    // Reinserted within the task that removed it, so that its call continues: to the element it was only a move.
    if (isKept(created, records)) document.body.append(created);
    else created = undefined;
  }
  if (records.some(({ addedNodes }) => addedNodes.length > 0)) settle();
}

/** Removed on its own, the page no longer wants it; removed with everything around it, the page was only replaced. */
function isKept(lost: Element, records: readonly MutationRecord[]): boolean {
  if (lost.getAttribute('variant') === 'inline') return false;
  const from = records.find(({ removedNodes }) => [...removedNodes].includes(lost))?.target;
  if (!from?.isConnected) return true;
  return records.some(({ target, removedNodes: [...nodes] }) => target === from && nodes.some((node) => node !== lost));
}
