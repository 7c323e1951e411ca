// Reads the field's text as a number: once typing pauses, to read it back, and again for a request. It decides when to parse;
// phone-parser.ts parses.

import type { CallController } from '../call/call-controller.js';
import { prepareChallenge } from '../challenge/lazy-challenge.js';
import type { ElementHost } from '../internal/element-host.js';
import type { CountryChoice } from '../phone/countries.js';
import type { ParsedPhone, ValidPhone } from '../phone/parsed-phone.js';
import { PhoneParser } from './phone-parser.js';

/** Delay between the last keystroke and the read-back, milliseconds. */
const readBackDelayMs = 600;

/** What the reader needs to know about the field. */
export interface ReadableField {
  readonly text: string;
  readonly country: string;
  readonly options: readonly CountryChoice[];
  readonly loose: string | undefined;
  select(country: string): void;
}

/** The reader of one field. */
export class PhoneReader {
  /** The parsed number, shortly after the last keystroke; undefined while the text is unparsed or empty. */
  parsed: ParsedPhone | undefined;
  readonly #field: ReadableField;
  readonly #call: CallController;
  readonly #host: ElementHost;
  #parser: PhoneParser | undefined;
  #picked: ValidPhone | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(field: ReadableField, call: CallController, host: ElementHost) {
    this.#field = field;
    this.#call = call;
    this.#host = host;
  }

  /** Loads the phone code and the metadata, and reads the field. Resolves even when something fails to load: the proxy then checks what could not be checked here. */
  async load(): Promise<void> {
    await this.#loadParser();
    this.#readBack();
  }

  /** Parses the number for a request, waiting for the phone code if it is still loading; undefined without a proxy. */
  async read(): Promise<ParsedPhone | undefined> {
    // The country is guessed once the site is known, so a fast visitor waits for it.
    await this.#loadParser();
    await this.#host.updateComplete;
    const { text, country } = this.#field;
    this.parsed = this.#parser?.read(text, country, this.#call.countries, this.#entry);
    this.#follow(this.parsed);
    return this.parsed;
  }

  /** The text changed. */
  typed(): void {
    const { site } = this.#call;
    // The visitor is typing: the challenge will be needed.
    if (site) void prepareChallenge(site.challenge.kind);
    this.#follow(this.#check());
    // An outdated read-back is worse than none; a new one waits until the typing pauses.
    this.forget();
    this.#timer = setTimeout(() => this.#readBack(), readBackDelayMs);
  }

  /** The visitor picked which number is meant. */
  pick(phone: ValidPhone): void {
    this.#picked = phone;
    this.#readBack();
  }

  /** Suppresses the read-back until the next keystroke. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Removes the read-back and cancels the pending one. */
  forget(): void {
    this.stop();
    this.parsed = undefined;
    this.#host.requestUpdate();
  }

  /** Formats another number for display; undefined until the phone code has loaded. */
  format(e164: string): string | undefined {
    const parsed = this.#parser?.check(e164, undefined, this.#call.countries);
    return parsed?.ok ? parsed.formatted : undefined;
  }

  async #loadParser(): Promise<void> {
    await this.#call.start();
    const { endpoint, site } = this.#call;
    if (endpoint !== this.#parser?.endpoint)
      this.#parser = endpoint === undefined ? undefined : new PhoneParser(endpoint, this.#call.browser);
    if (site) await this.#parser?.load(site.phoneMetadata);
  }

  #readBack(): void {
    this.stop();
    this.parsed = this.#field.text ? this.#check() : undefined;
    this.#follow(this.parsed);
    this.#host.requestUpdate();
  }

  #check(): ParsedPhone | undefined {
    const { text, country } = this.#field;
    return this.#parser?.check(text, country, this.#call.countries, this.#entry);
  }

  get #entry(): { readonly loose: string | undefined; readonly picked: ValidPhone | undefined } {
    return { loose: this.#field.loose, picked: this.#picked };
  }

  /** The number's own `+` changes the country; a national number never does. */
  #follow(parsed: ParsedPhone | undefined): void {
    const { country = '', international } = parsed ?? {};
    if (international && this.#field.options.some(({ code }) => code === country)) this.#field.select(country);
  }
}
