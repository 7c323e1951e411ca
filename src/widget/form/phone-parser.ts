// Parses numbers for one element: loads the phone code and the site's metadata slice when they are first needed, once for
// all elements of a page. Until they are loaded nothing is parsed; without them only the proxy decides.

import { addressOf, fetchJson } from '../api/fetch-json.js';
import type { Browser } from '../internal/browser.js';
import type { FieldParser, FieldText } from '../phone/field-parser.js';
import { parseWithoutLibrary } from '../phone/normalize-phone.js';
import type { PhoneMetadataJson } from '../phone/parse-plain.js';
import type { ParsedPhone } from '../phone/parsed-phone.js';

/** Keyed by the URL of the metadata, which contains its hash. */
const libraries = new Map<string, Promise<() => FieldParser>>();

/** The parser of one element for the numbers of one proxy. An empty country means none. */
export class PhoneParser {
  readonly endpoint: string;
  readonly #browser: Browser;
  #library: FieldParser | undefined;
  #hasFailed = false;

  constructor(endpoint: string, browser: Browser) {
    this.endpoint = endpoint;
    this.#browser = browser;
  }

  /** Resolves even when the code or the metadata fails to load. `path`: of the metadata (`Site.phoneMetadata`). */
  async load(path: string): Promise<void> {
    if (this.#library) return;
    const url = addressOf(this.endpoint, path);
    let library = libraries.get(url);
    if (library === undefined) {
      library = loadLibrary(url, this.#browser);
      libraries.set(url, library);
    }
    try {
      this.#library = (await library)();
    } catch {
      // The next element that needs it tries again.
      libraries.delete(url);
      this.#hasFailed = true;
    }
  }

  /** Undefined while it is not yet known whether numbers can be parsed. */
  check(...entry: Parameters<PhoneParser['read']>): ParsedPhone | undefined {
    return this.#library || this.#hasFailed ? this.read(...entry) : undefined;
  }

  /** Parses a text. `field`: set when it is the text of the element's own field, not another number. */
  read(text: string, country: string | undefined, countries: readonly string[], field?: FieldText): ParsedPhone {
    const chosen = country || undefined;
    if (!this.#library) return parseWithoutLibrary(text, chosen);
    return this.#library.parse(text, chosen, countries, field);
  }
}

/** Shared by all elements of the page, so it outlives the one that requests it. */
async function loadLibrary(url: string, browser: Browser): Promise<() => FieldParser> {
  const [{ FieldParser }, answer] = await Promise.all([
    import('../chunks/phone.js'),
    fetchJson(browser, url, new AbortController().signal, { cache: 'default' }),
  ]);
  if (typeof answer === 'string' || !answer.ok || typeof answer.body !== 'object' || answer.body === null)
    throw new Error('no phone metadata');
  const metadata = answer.body as PhoneMetadataJson;
  return () => new FieldParser(metadata);
}
