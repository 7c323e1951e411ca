// The lazy piece for pages that ask for the element without writing it: settings on the script's tag, in its query or in
// `window.polyaiCallback`, and marked <div>s. Settings make one element, unless the page has one; navigation does not lose it.

import { attributeFor, attributesOf, type Settings, settingsOfScript } from '../embed/settings.js';

/** What a page can ask for through `window.polyaiCallback`: `['open']`, `['close']`, `['request', '+14155550100']`. */
export type Command = readonly ['open' | 'close' | 'request', ...(string | undefined)[]];

/** One entry of the queue, or the whole queue; a script's tag stands for what its `data-*` and its query say. */
export type Wished = Settings | Command | readonly (Settings | Command)[] | Element;

type Callback = HTMLElement & Record<Command[0], (argument?: string) => void> & { strings?: unknown };

const tag = 'polyai-callback';
const marked = '[data-polyai-callback]';
const made = 'data-polyai-callback-made';

/** The element made here; there is one at most. */
let own: Callback | undefined;
/** Settings that wait until the page is known, with the tag beside which an inline element belongs. */
let wanted: { settings: Settings; readonly beside: Element | undefined } | undefined;
const commands: Command[] = [];
let observer: MutationObserver | undefined;

/** Takes what the page asks for, and fulfils it once the page's own elements are known. */
export function mount(wishes: readonly Wished[]): void {
  for (const wish of wishes) take(wish);
  if (observer) return settle();
  observer = new MutationObserver(onMutation);
  observer.observe(document, { childList: true, subtree: true });
  // What is still being parsed cannot be moved, and may contain the element itself.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', settle);
  else settle();
}

function take(wish: Wished): void {
  if (wish instanceof Element) {
    // By its id an element of the page can be `window.polyaiCallback` too.
    const settings = wish instanceof HTMLScriptElement ? settingsOfScript(wish) : undefined;
    if (settings) want(settings, wish);
  } else if (!Array.isArray(wish)) want(wish as Settings);
  else if (typeof wish[0] === 'string') commands.push(wish as unknown as Command);
  else for (const one of wish as readonly (Settings | Command)[]) take(one);
}

function want(settings: Settings, beside?: Element): void {
  wanted = { settings: { ...wanted?.settings, ...settings }, beside: beside ?? wanted?.beside };
}

function settle(): void {
  if (document.readyState === 'loading') return;
  for (const place of document.querySelectorAll(marked)) fill(place);
  // A page that was kept as text, or cloned for a cache, has copies of what was made.
  for (const copy of document.querySelectorAll<Callback>(`${tag}[${made}]`)) {
    own ??= copy;
    if (copy !== own) copy.remove();
  }
  if (wanted) {
    const { settings, beside } = wanted;
    wanted = undefined;
    const target = theOne() ?? make(settings, beside);
    apply(target, settings);
  }
  const target = theOne();
  if (target) for (const [name, argument] of commands.splice(0)) target[name]?.(argument);
}

function theOne(): Callback | undefined {
  return own ?? document.querySelector<Callback>(tag) ?? undefined;
}

function make({ variant = 'floating' }: Settings, beside: Element | undefined): Callback {
  own = document.createElement(tag);
  own.setAttribute(made, '');
  // In the text it belongs where the tag stands.
  const isPlaced = variant === 'inline' && beside && document.body.contains(beside);
  own.setAttribute('variant', String(variant));
  if (isPlaced) beside.after(own);
  else document.body.append(own);
  return own;
}

/** What the page itself wrote on its element holds. */
function apply(target: Callback, { strings, ...settings }: Settings): void {
  if (strings) target.strings = strings;
  for (const [name, value] of attributesOf(settings)) {
    if (target !== own && target.hasAttribute(name)) continue;
    if (value === undefined) target.removeAttribute(name);
    else target.setAttribute(name, value);
  }
}

/** The marked element keeps its place; what stood in it is the new one's fallback. */
function fill(place: Element): void {
  if ([...place.children].some(({ localName }) => localName === tag)) return;
  const element = document.createElement(tag);
  for (const { name } of place.attributes) pass(place, name, element);
  element.append(...place.childNodes);
  // Where a CMS strips `slot` as well.
  for (const child of element.children) {
    const slot = child.getAttribute('data-slot');
    if (slot) child.slot = slot;
  }
  place.append(element);
  observer?.observe(place, { attributes: true });
}

function pass(place: Element, attribute: string, element: Element): void {
  const name = attribute.startsWith('data-') && attributeFor(attribute.slice(5));
  if (!name) return;
  const value = place.getAttribute(attribute);
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function onMutation(records: readonly MutationRecord[]): void {
  for (const { attributeName, target } of records) {
    const element = attributeName && (target as Element).querySelector(`:scope > ${tag}`);
    if (element) pass(target as Element, attributeName, element);
  }
  if (own && !own.isConnected) {
    // In the same turn in which it was lost, so that its call goes on: to the element it was only moved.
    if (isWanted(own, records)) document.body.append(own);
    else own = undefined;
  }
  if (records.some(({ addedNodes }) => addedNodes.length > 0)) settle();
}

/** Taken out by itself, the page does not want it any more; with all around it, the page was only exchanged. */
function isWanted(lost: Element, records: readonly MutationRecord[]): boolean {
  if (lost.getAttribute('variant') === 'inline') return false;
  const from = records.find(({ removedNodes }) => [...removedNodes].includes(lost))?.target;
  if (!from?.isConnected) return true;
  return records.some(({ target, removedNodes: [...nodes] }) => target === from && nodes.some((node) => node !== lost));
}
