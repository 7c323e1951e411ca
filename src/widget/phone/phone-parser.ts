// Reads numbers for one element: fetches the phone chunk and the site's metadata slice when they are first needed, once for
// all elements of a page. Until they are there nothing is read; when they cannot be had, the plain reading lets the proxy decide.

import type { MetadataJson } from 'libphonenumber-js/core/es6';
import type * as PhoneCode from '../chunks/phone.js';
import type { ParsedPhone } from './parsed-phone.js';
import { parseWithoutLibrary } from './normalize-phone.js';

/** The phone code with the metadata it works on. */
interface PhoneLibrary {
  readonly code: typeof PhoneCode;
  readonly metadata: MetadataJson;
}

/** By address of the metadata, which names its content. */
const kits = new Map<string, Promise<PhoneLibrary>>();

/** The reading of numbers, as one element needs it. An empty country is none. */
export class PhoneParser {
  #kit: PhoneLibrary | undefined;
  #hasFailed = false;

  /** Resolves also when the code or the metadata cannot be had. `address` names the metadata, the same for all elements that share it. */
  async load(
    address: string,
    loadCode: () => Promise<typeof PhoneCode>,
    loadSlice: () => Promise<object>,
  ): Promise<void> {
    if (this.#kit) return;
    let kit = kits.get(address);
    if (kit === undefined) {
      const both = Promise.all([loadCode(), loadSlice()]);
      kit = both.then(([code, metadata]) => ({ code, metadata: metadata as MetadataJson }));
      kits.set(address, kit);
    }
    try {
      this.#kit = await kit;
    } catch {
      // The next one who needs it tries again.
      kits.delete(address);
      this.#hasFailed = true;
    }
  }

  /** Undefined while it is not known yet whether numbers can be read. */
  check(text: string, country: string | undefined, countries: readonly string[]): ParsedPhone | undefined {
    return this.#kit || this.#hasFailed ? this.read(text, country, countries) : undefined;
  }

  read(text: string, country: string | undefined, countries: readonly string[]): ParsedPhone {
    const chosen = country || undefined;
    if (!this.#kit) return parseWithoutLibrary(text, chosen);
    const { code, metadata } = this.#kit;
    return code.parsePhone(text, { country: chosen, countries, metadata });
  }

  extract(text: string, country: string | undefined, countries: readonly string[]): string | undefined {
    if (!this.#kit) return undefined;
    const { code, metadata } = this.#kit;
    return code.extractPhone(text, { country: country || undefined, countries, metadata });
  }
}
