// What is in the phone field and the country list, and which number it is. It never changes the typed text, and it does
// not know what a number is: the controller's parser does.

import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import type { CallController } from '../call/call-controller.js';
import { type CountryChoice, countryChoices } from '../phone/countries.js';
import { defaultCountry } from '../phone/default-country.js';
import type { ParsedPhone, ValidPhone } from '../phone/parsed-phone.js';

/** The element a field belongs to: what is typed is its value. */
export type FieldHost = ElementHost & { value: string | undefined };

/** How long after the last key the number is read back, milliseconds. */
export const readBackDelayMs = 600;

/** The field's state as a Lit controller. */
export class PhoneField implements ReactiveController {
  /** ISO 3166-1 alpha-2 chosen, typed with the number's own `+`, or guessed; empty: the visitor must choose. */
  country = '';
  /** Lines of the list. */
  options: readonly CountryChoice[] = [];
  /** What the typed number turned out to be, a moment after the last key; undefined while it is unread or empty. */
  parsed: ParsedPhone | undefined;
  /** Text that was pasted or put there by the page: it may hold one number among words. */
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

  /** What is typed. */
  get text(): string {
    return this.#input?.value ?? '';
  }

  /** Lists the countries when they, or the language, are others; the best guess holds until the visitor chooses or types one. */
  list(locale: string, attribute: string | undefined): void {
    const { countries, site } = this.#call;
    const key = `${locale} ${attribute} ${countries.join()}`;
    if (key === this.#listed) return;
    this.#listed = key;
    if (countries.length === 0) {
      // The form is painted before the proxy says whom it calls. Meanwhile the browser reads the tables that naming and guessing
      // need, in a task for each: at once they would hold up a slow phone.
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
   * Sets the number from outside; does nothing when it is there already, or when it would overwrite what the visitor has typed.
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

  /** Parses the number for a request, waiting for the phone code where it is still on its way. */
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

  /** The visitor chose a country. Digits stay as they are. */
  readonly choose = (event: Event): void => {
    this.country = (event.target as HTMLSelectElement).value;
    this.#isChosen = true;
    void this.load();
  };

  /** The visitor says which number is meant. */
  pick(phone: ValidPhone): void {
    this.picked = phone;
    this.#read();
  }

  /** A key, a paste or an autofill. */
  readonly type = (event: Event): void => {
    const { text } = this;
    this.#host.value = text;
    this.#isTyped = true;
    if ((event as InputEvent).inputType?.startsWith('insertFrom')) this.loose = text;
    this.#follow(this.#check());
    // An outdated read-back is worse than none; a new one waits until the typing rests.
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

  /** The number's own `+` moves the list; a national number never does. */
  #follow(parsed: ParsedPhone | undefined): void {
    if (!parsed?.international || !this.options.some(({ code }) => code === parsed.country)) return;
    this.country = parsed.country ?? '';
    this.#isChosen = true;
    this.#host.requestUpdate();
  }
}

/** IANA zone of the browser, read once: it costs as much as painting the form. */
let zone: string | undefined;
const ownZone = (): string => (zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
