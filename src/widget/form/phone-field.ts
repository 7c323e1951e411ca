// The contents of the phone field and the country list. It never changes the typed text, and it does not interpret it:
// phone-reader.ts does, which is loaded at the first interaction.

import type { CallController } from '../call/call-controller.js';
import type { ElementHost } from '../internal/element-host.js';
import { loadInteraction } from '../internal/interaction.js';
import { type CountryChoice, countryChoices } from '../phone/countries.js';
import { defaultCountry } from '../phone/default-country.js';
import type { PhoneReader } from './phone-reader.js';

/** The element a field belongs to: its value is what the visitor types. */
export type FieldHost = ElementHost & { value: string | undefined };

/** The field of one element. */
export class PhoneField {
  /** ISO 3166-1 alpha-2: selected, typed with the number's own `+`, or guessed; empty: the visitor must choose. */
  country = '';
  /** Options of the list. */
  options: readonly CountryChoice[] = [];
  /** Text that was pasted or set by the page: it may contain one number among other text. */
  loose: string | undefined;
  /** Reads the text as a number; undefined before the first interaction. */
  reader: PhoneReader | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  #isChosen = false;
  #isTyped = false;
  #listed = '';

  /** `call`: provides the countries that the proxy calls and the URL of its phone metadata. */
  constructor(host: FieldHost, call: CallController) {
    this.#host = host;
    this.#call = call;
  }

  /** The typed text. */
  get text(): string {
    return this.#input?.value ?? '';
  }

  /** Lists the countries when they, or the language, have changed; the best guess holds until the visitor selects or types one. */
  list(locale: string, attribute: string | undefined): void {
    const { countries, site } = this.#call;
    const key = `${locale} ${attribute} ${countries.join()}`;
    if (key === this.#listed) return;
    this.#listed = key;
    if (countries.length === 0) {
      // The form is rendered before the proxy reports which countries it calls. Meanwhile the browser loads the tables that naming and
      // guessing need, each in its own task: all at once they would block a slow phone.
      setTimeout(ownZone);
      setTimeout(() => countryChoices(['US'], locale));
      this.options = [];
      this.country = '';
      return;
    }
    this.options = countryChoices(countries, locale, site?.callingCodes);
    if (this.#isChosen && countries.includes(this.country)) return;
    const { languages } = navigator;
    this.country =
      defaultCountry({ countries, attribute, hint: site?.countryHint, timeZone: ownZone(), languages }) ?? '';
  }

  /** The visitor selected a country, or typed a number that begins with its calling code. The digits do not change. */
  select(country: string): void {
    this.country = country;
    this.#isChosen = true;
    this.#host.requestUpdate();
  }

  /**
   * Sets the number from outside and reads it back; does nothing when it is already there, or when it would overwrite what the
   * visitor has typed. `isOwn`: it counts as the visitor's own input.
   */
  fill(text: string, isOwn = false): void {
    const input = this.#input;
    if (!input || input.value === text) return;
    if (this.#isTyped && input.value !== '' && !isOwn) {
      this.#host.value = input.value;
      return;
    }
    input.value = this.#host.value = this.loose = text;
    void this.load();
  }

  /** Empties the field. */
  clear(): void {
    if (this.#input) this.#input.value = '';
    this.#host.value = '';
    this.#isTyped = false;
    this.reader?.forget();
  }

  /** On first focus: loads the reader, which reads the current text. Resolves even when that fails. */
  readonly load = async (): Promise<void> => {
    const chunk = await loadInteraction();
    if (chunk) await (this.reader ??= new chunk.PhoneReader(this, this.#call, this.#host)).load();
  };

  readonly choose = (event: Event): void => {
    this.select((event.target as HTMLSelectElement).value);
    void this.load();
  };

  /** A keystroke, a paste or an autofill. */
  readonly type = (event: Event): void => {
    const { text } = this;
    this.#host.value = text;
    this.#isTyped = true;
    if ((event as InputEvent).inputType?.startsWith('insertFrom')) this.loose = text;
    this.reader?.typed();
  };

  get #input(): HTMLInputElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLInputElement>('#phone');
  }
}

/** The browser's IANA zone, read once: it costs as much as rendering the form. */
let zone: string | undefined;
const ownZone = (): string => (zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
