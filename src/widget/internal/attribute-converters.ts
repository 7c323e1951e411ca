// How attributes become values: tolerant of what page builders write, silent about what is malformed.

import type { ComplexAttributeConverter } from 'lit';

/** A boolean attribute that also takes `="true"` and `="false"`, which page builders write. */
export const booleanAttribute: ComplexAttributeConverter<boolean> = {
  fromAttribute: (value) => value !== null && value.trim().toLowerCase() !== 'false',
};

/** A list of country codes, separated by commas or spaces, in upper case. */
export const countriesAttribute: ComplexAttributeConverter<readonly string[]> = {
  fromAttribute: (value) => (value ?? '').toUpperCase().match(/\b[A-Z]{2}\b/g) ?? [],
};

/** A JSON object of strings; anything else is an empty one. */
export const recordAttribute: ComplexAttributeConverter<Readonly<Record<string, string>>> = {
  fromAttribute: (value) => texts(parse(value)),
};

/** Parses a JSON object; undefined for anything else. */
export function parse(json: string | null): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** `data-<prefix>-some-key` attributes, by `some-key`. */
export function dataset(element: Element, prefix: 'text' | 'meta'): Record<string, string> {
  const start = `data-${prefix}-`;
  return Object.fromEntries(
    [...element.attributes]
      .filter(({ name }) => name.startsWith(start))
      .map(({ name, value }) => [name.slice(start.length), value]),
  );
}

/** A URL that is safe as a link; undefined for anything else, such as `javascript:`. */
export function webAddress(value: string | undefined): string | undefined {
  if (!value) return undefined;
  try {
    const url = new URL(value, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function texts(value: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, text]) => typeof text === 'string' || typeof text === 'number')
      .map(([key, text]) => [key, String(text)]),
  );
}
