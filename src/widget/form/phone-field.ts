// The contents of the phone field and the country list, and the number they make. It never changes the typed text, and it does
// not know what a number is: the controller's parser does.

import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import type { CallController } from '../call/call-controller.js';
import { type CountryChoice, countryChoices } from '../phone/countries.js';
import { defaultCountry } from '../phone/default-country.js';
import type { ParsedPhone, ValidPhone } from '../phone/parsed-phone.js';

/** The element a field belongs to: its value is what the visitor types. */
export type FieldHost = ElementHost & { value: string | undefined };

/** Delay between the last key and the read-back, milliseconds. */
export const readBackDelayMs = 600;

/** The field's state as a Lit controller. */
export class PhoneField implements ReactiveController {
  /** ISO 3166-1 alpha-2: selected, typed with the number's own `+`, or guessed; empty: the visitor must choose. */
  country = '';
  /** Options of the list. */
  options: readonly CountryChoice[] = [];
  /** The parsed number, a moment after the last key; undefined while it is unparsed or empty. */
  parsed: ParsedPhone | undefined;
  /** Text that was pasted or set by the page: it may contain one number among other text. */
  loose: string | undefined;
  /** Which of several numbers the visitor has picked. */
  picked: ValidPhone | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isChosen = false;
  #isTyped = false;
  #listed = '';

  constructor(host: FieldHost, call: CallController) {
    this.#host = host;
    this.#call = call;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
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

  /**
   * Sets the number from outside; does nothing when it is already there, or when it would overwrite what the visitor has typed.
   * `isOwn`: it counts as the visitor's own input. Returns true when it was set.
   */
  fill(text: string, isOwn = false): boolean {
    const input = this.#input;
    if (!input || input.value === text) return false;
    if (this.#isTyped && input.value !== '' && !isOwn) {
      this.#host.value = input.value;
      return false;
    }
    input.value = this.#host.value = this.loose = text;
    void this.load();
    return true;
  }

  /** Empties the field. */
  clear(): void {
    if (this.#input) this.#input.value = '';
    this.#host.value = '';
    this.#isTyped = false;
    this.parsed = undefined;
    this.#host.requestUpdate();
  }

  /** Parses the number for a request, waiting for the phone code where it is still loading. */
  async read(): Promise<ParsedPhone> {
    // The country is guessed once the site is known, so a fast visitor waits for it.
    await this.#call.loadPhone();
    await this.#host.updateComplete;
    const parsed = await this.#call.readPhone(this.text, this.country, this);
    this.parsed = parsed;
    this.#follow(parsed);
    return parsed;
  }

  /** First focus: the phone code is loaded. */
  readonly load = async (): Promise<void> => {
    await this.#call.loadPhone();
    this.#read();
  };

  /** The visitor selected a country. Digits stay as they are. */
  readonly choose = (event: Event): void => {
    this.country = (event.target as HTMLSelectElement).value;
    this.#isChosen = true;
    void this.load();
  };

  /** The visitor picked which number is meant. */
  pick(phone: ValidPhone): void {
    this.picked = phone;
    this.#read();
  }

  /** A keystroke, a paste or an autofill. */
  readonly type = (event: Event): void => {
    const { text } = this;
    this.#host.value = text;
    this.#isTyped = true;
    if ((event as InputEvent).inputType?.startsWith('insertFrom')) this.loose = text;
    this.#follow(this.#check());
    // An outdated read-back is worse than none; a new one waits until the typing pauses.
    this.parsed = undefined;
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#read(), readBackDelayMs);
  };

  get #input(): HTMLInputElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLInputElement>('#phone');
  }

  #check(): ParsedPhone | undefined {
    return this.#call.checkPhone(this.text, this.country, this);
  }

  #read(): void {
    clearTimeout(this.#timer);
    this.parsed = this.text ? this.#check() : undefined;
    this.#follow(this.parsed);
    this.#host.requestUpdate();
  }

  /** The number's own `+` changes the country; a national number never does. */
  #follow(parsed: ParsedPhone | undefined): void {
    if (!parsed?.international || !this.options.some(({ code }) => code === parsed.country)) return;
    this.country = parsed.country ?? '';
    this.#isChosen = true;
    this.#host.requestUpdate();
  }
}

/** The browser's IANA zone, read once: it costs as much as rendering the form. */
let zone: string | undefined;
const ownZone = (): string => (zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
