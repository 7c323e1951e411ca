// What stands in the phone field and the country list, and what it reads as. It never changes the typed text, and it does
// not know what a number is: the controller reads it.

import type { ElementHost } from '../internal/element-host.js';
import type { ReactiveController } from 'lit';
import type { CallController } from '../call/call-controller.js';
import { type CountryChoice, countryChoices } from '../phone/countries.js';
import { defaultCountry } from '../phone/default-country.js';
import { type ValidPhone, type ParsedPhone, unknownCountry } from '../phone/parsed-phone.js';

/** The element a field belongs to: what is typed is its value. */
export type FieldHost = ElementHost & { value: string | undefined };

/** How long after the last key the number is read back, milliseconds. */
export const readBackDelayMs = 600;

/** The field's state as a Lit controller. */
export class PhoneField implements ReactiveController {
  /** ISO 3166-1 alpha-2 chosen, typed with the number's own `+`, or guessed; empty: the visitor is asked. */
  country = '';
  /** Lines of the list. */
  options: readonly CountryChoice[] = [];
  /** What is typed, read a moment after the last key; undefined while it is unread or empty. */
  reading: ParsedPhone | undefined;
  readonly #host: FieldHost;
  readonly #call: CallController;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Loose text that was pasted, and the one number in it. */
  #pasted: { readonly text: string; readonly number: string } | undefined;
  #isChosen = false;
  #listed = '';

  constructor(host: FieldHost, call: CallController) {
    this.#host = host;
    this.#call = call;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  /** The text to read: what is typed, or the number found in what was pasted. */
  get text(): string {
    const typed = this.#input?.value ?? '';
    return this.#pasted?.text === typed ? this.#pasted.number : typed;
  }

  /** Lists the countries when they, or the language, are others; the best guess stands until the visitor chooses or types one. */
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

  /** Puts a number there from outside; nothing happens when it stands there already. */
  fill(text: string): void {
    if (!this.#input || this.#input.value === text) return;
    this.#input.value = text;
    this.#host.value = text;
    this.#pasted = undefined;
    void this.load().then(() => this.#read());
  }

  /** Empties the field. */
  clear(): void {
    if (this.#input) this.#input.value = '';
    this.#host.value = '';
    this.reading = undefined;
    this.#host.requestUpdate();
  }

  /** Reads the number for asking, waiting for the phone code where it is still on its way. */
  async read(): Promise<ParsedPhone> {
    // The country is guessed once the site is known: whoever is quicker waits for it.
    await this.#call.loadPhone();
    await this.#host.updateComplete;
    const reading = await this.#call.readPhone(this.text, this.country || undefined);
    this.reading = reading;
    this.#follow(reading);
    return reading;
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

  /** A key, a paste or an autofill. */
  readonly type = (event: Event): void => {
    const text = this.#input?.value ?? '';
    this.#host.value = text;
    if ((event as InputEvent).inputType?.startsWith('insertFrom')) {
      const number = this.#call.extractPhone(text, this.country || undefined);
      this.#pasted = number === undefined ? undefined : { text, number };
    }
    const reading = this.#call.checkPhone(this.text, this.country || undefined);
    this.#follow(reading);
    // An outdated read-back is worse than none; a new one waits until the typing rests.
    this.reading = undefined;
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#read(), readBackDelayMs);
  };

  get #input(): HTMLInputElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLInputElement>('#phone');
  }

  #read(): void {
    clearTimeout(this.#timer);
    this.reading = this.text ? this.#call.checkPhone(this.text, this.country || undefined) : undefined;
    this.#follow(this.reading);
    this.#host.requestUpdate();
  }

  /** The number's own `+` moves the list; a national number never does. */
  #follow(reading: ParsedPhone | undefined): void {
    if (!isInternational(reading) || reading.country === unknownCountry || reading.country === this.country) return;
    if (!this.options.some(({ code }) => code === reading.country)) return;
    this.country = reading.country;
    this.#isChosen = true;
    this.#host.requestUpdate();
  }
}

/** IANA zone of the browser, asked once: it costs as much as painting the form. */
let zone: string | undefined;
const ownZone = (): string => (zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);

const isInternational = (reading: ParsedPhone | undefined): reading is ValidPhone =>
  reading?.ok === true && reading.international;
