// Parses numbers for one element: fetches the phone code and the site's metadata slice when they are first needed, once for
// all elements of a page. Until they are there nothing is parsed; without them the proxy decides alone. Knows what a field's
// list showed before a number moved it.

import type * as PhoneCode from '../chunks/phone.js';
import type { PhoneMetadataJson } from './parse-phone.js';
import { isKnownCountry, type ParsedPhone, type ValidPhone } from './parsed-phone.js';
import { parseWithoutLibrary } from './normalize-phone.js';

/** The phone code with the metadata it works on. */
interface PhoneLibrary {
  readonly code: typeof PhoneCode;
  readonly metadata: PhoneMetadataJson;
}

/** What a field knows of its text beside the text itself. */
export interface FieldText {
  /** Text that was pasted or put there by the page: it may hold one number among words. */
  readonly loose: string | undefined;
  /** Which of several numbers the visitor has picked. */
  readonly picked: ValidPhone | undefined;
}

/** By address of the metadata, which names its content. */
const libraries = new Map<string, Promise<PhoneLibrary>>();

/** The parser of one element. An empty country is none. */
export class PhoneParser {
  #library: PhoneLibrary | undefined;
  #hasFailed = false;
  /** What the list showed when a number was typed with its international prefix, and what it was moved to. */
  #moved: { readonly from: string | undefined; readonly to: string } | undefined;

  /** Resolves also when the code or the metadata cannot be had. `address` names the metadata, the same for all elements that share it. */
  async load(
    address: string,
    loadCode: () => Promise<typeof PhoneCode>,
    loadSlice: () => Promise<object>,
  ): Promise<void> {
    if (this.#library) return;
    let library = libraries.get(address);
    if (library === undefined) {
      const both = Promise.all([loadCode(), loadSlice()]);
      library = both.then(([code, metadata]) => ({ code, metadata: metadata as PhoneMetadataJson }));
      libraries.set(address, library);
    }
    try {
      this.#library = await library;
    } catch {
      // The next one who needs it tries again.
      libraries.delete(address);
      this.#hasFailed = true;
    }
  }

  /** Undefined while it is not known yet whether numbers can be parsed. */
  check(...entry: Parameters<PhoneParser['read']>): ParsedPhone | undefined {
    return this.#library || this.#hasFailed ? this.read(...entry) : undefined;
  }

  /** Parses a text. `field`: where it is the text of the element's own field, not some other number. */
  read(text: string, country: string | undefined, countries: readonly string[], field?: FieldText): ParsedPhone {
    const chosen = country || undefined;
    if (!this.#library) return parseWithoutLibrary(text, chosen);
    const { code, metadata } = this.#library;
    const parse = (country: string | undefined): ParsedPhone => {
      const rules = { country, countries, metadata };
      const inside = field?.loose === text ? code.extractPhone(text, rules) : undefined;
      const parsed = code.parsePhone(inside ?? text, rules);
      const { choices } = parsed;
      const isPicked = choices?.some(({ e164 }) => e164 === field?.picked?.e164);
      return choices && isPicked && field?.picked ? { ...field.picked, choices } : parsed;
    };
    return field ? this.#parseWhereTyped(chosen, countries, parse) : parse(chosen);
  }

  /**
   * `011 44 …` typed in the United States is no British number, though it moves the list to the United Kingdom: what was once
   * read as international stays that number, until it is another text or makes a number of the country that the visitor chooses.
   */
  #parseWhereTyped(
    country: string | undefined,
    countries: readonly string[],
    parse: (country: string | undefined) => ParsedPhone,
  ): ParsedPhone {
    const target = ({ international, country: to }: ParsedPhone): string | undefined =>
      international && isKnownCountry(to) && countries.includes(to) ? to : undefined;
    if (this.#moved) {
      const { from, to } = this.#moved;
      const before = parse(from);
      const now = country === to ? undefined : parse(country);
      if (before.international && !(now?.ok && !now.isUnlikely)) {
        this.#moved = { from, to: target(before) ?? to };
        return before;
      }
      this.#moved = undefined;
      // The number that moved the list is gone: the list goes back.
      if (!before.ok && before.reason === 'required' && country === to && from !== undefined) {
        return { ...before, international: true, country: from };
      }
    }
    const parsed = parse(country);
    const to = target(parsed);
    if (to !== undefined && to !== country) this.#moved = { from: country, to };
    return parsed;
  }
}
