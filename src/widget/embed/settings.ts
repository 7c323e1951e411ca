// How settings that are not attributes become the element's attributes: `data-*` of a script tag or a <div>, a script's query,
// an object. Only names that the element knows count, because other tools add attributes to tags as well.

import { proactiveAttributes } from '../proactive/rules.js';

/** By attribute (`privacy-url`), by property (`privacyUrl`), or `text-…` and `meta-…` for `data-text-…` and `data-meta-…`. */
export type Settings = Readonly<Record<string, unknown>>;

/** A script tag's settings; undefined when they do not request an element: only the proxy's URL, or other tools' attributes. */
export function settingsOfScript({ src, dataset }: HTMLScriptElement): Settings | undefined {
  const query = src ? Object.fromEntries(new URL(src).searchParams) : {};
  const settings = Object.assign(query, dataset);
  const names = Object.keys(settings).map(attributeFor);
  return names.some((name) => name && !common.includes(name)) ? settings : undefined;
}

/** Settings that do not request an element by themselves: the proxy's URL, and names that other tools add to scripts too. */
const common: readonly string[] = ['endpoint', 'name', 'value', 'id', 'class', 'lang', 'dir'];

/** Attributes with their values; undefined for one to remove. Objects become JSON. */
export function attributesOf(settings: Settings): readonly (readonly [string, string | undefined])[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const name = attributeFor(key);
    return name ? [[name, text(value)] as const] : [];
  });
}

/** The element's attribute for a key; undefined for a key it does not know. */
export function attributeFor(key: string): string | undefined {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^data-/, '');
  if (/^(?:text|meta)-./.test(name)) return `data-${name}`;
  return [name, `data-${name}`].find((one) => known().includes(one));
}

function known(): readonly string[] {
  // The page's copy of the element may be of another version, so it decides.
  const element = customElements.get('polyai-callback') as
    | { readonly observedAttributes?: readonly string[] }
    | undefined;
  return [...(element?.observedAttributes ?? []), ...proactiveAttributes, 'id', 'class', 'lang', 'dir'];
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
