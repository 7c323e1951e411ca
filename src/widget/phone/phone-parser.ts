// Parses numbers for one element: loads the phone code and the site's metadata slice when they are first needed, once for
// all elements of a page. Until they are loaded nothing is parsed; without them only the proxy decides.

import type * as PhoneCode from '../chunks/phone.js';
import type { FieldParser, FieldText } from './field-parser.js';
import type { PhoneMetadataJson } from './parse-plain.js';
import type { ParsedPhone } from './parsed-phone.js';
import { parseWithoutLibrary } from './normalize-phone.js';

/** By URL of the metadata, which contains its hash. */
const libraries = new Map<string, Promise<() => FieldParser>>();

/** The parser of one element. An empty country means none. */
export class PhoneParser {
  #library: FieldParser | undefined;
  #hasFailed = false;

  /** Resolves even when the code or the metadata fails to load. `address` is the metadata's URL, the same for all elements that share it. */
  async load(
    address: string,
    loadCode: () => Promise<typeof PhoneCode>,
    loadSlice: () => Promise<object>,
  ): Promise<void> {
    if (this.#library) return;
    let library = libraries.get(address);
    if (library === undefined) {
      const both = Promise.all([loadCode(), loadSlice()]);
      library = both.then(
        ([{ FieldParser }, metadata]) =>
          () =>
            new FieldParser(metadata as PhoneMetadataJson),
      );
      libraries.set(address, library);
    }
    try {
      this.#library = (await library)();
    } catch {
      // The next element that needs it tries again.
      libraries.delete(address);
      this.#hasFailed = true;
    }
  }

  /** Undefined while it is not yet known whether numbers can be parsed. */
  check(...entry: Parameters<PhoneParser['read']>): ParsedPhone | undefined {
    return this.#library || this.#hasFailed ? this.read(...entry) : undefined;
  }

  /** Parses a text. `field`: where it is the text of the element's own field, not another number. */
  read(text: string, country: string | undefined, countries: readonly string[], field?: FieldText): ParsedPhone {
    const chosen = country || undefined;
    if (!this.#library) return parseWithoutLibrary(text, chosen);
    return this.#library.parse(text, chosen, countries, field);
  }
}
