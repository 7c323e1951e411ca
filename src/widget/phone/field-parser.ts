// Parses the text of one element's field: pasted loose text, which of several numbers was picked, and what the country list
// showed before a number changed it. parse-phone.ts decides what a number is.

import { extractPhone, parsePhone } from './parse-phone.js';
import type { PhoneMetadataJson } from './parse-plain.js';
import { isKnownCountry, type ParsedPhone, type ValidPhone } from './parsed-phone.js';

/** What a field knows about its text besides the text itself. */
export interface FieldText {
  /** Text that was pasted or set by the page: it may contain one number among other text. */
  readonly loose: string | undefined;
  /** Which of several numbers the visitor has picked. */
  readonly picked: ValidPhone | undefined;
}

/** The parser of one element. */
export class FieldParser {
  readonly #metadata: PhoneMetadataJson;
  /** The country selected when a number was typed with its international prefix, and the one that the number changed it to. */
  #moved: { readonly from: string | undefined; readonly to: string } | undefined;

  constructor(metadata: PhoneMetadataJson) {
    this.#metadata = metadata;
  }

  /** Parses a text. `field`: set when it is the text of the element's own field, not another number. */
  parse(text: string, country: string | undefined, countries: readonly string[], field?: FieldText): ParsedPhone {
    const metadata = this.#metadata;
    const parse = (country: string | undefined): ParsedPhone => {
      const rules = { country, countries, metadata };
      const inside = field?.loose === text ? extractPhone(text, rules) : undefined;
      const parsed = parsePhone(inside ?? text, rules);
      const { choices } = parsed;
      const isPicked = choices?.some(({ e164 }) => e164 === field?.picked?.e164);
      return choices && isPicked && field?.picked ? { ...field.picked, choices } : parsed;
    };
    return field ? this.#parseWhereTyped(country, countries, parse) : parse(country);
  }

  /**
   * `011 44 …` typed with the United States selected is not a British number, though it changes the list to the United Kingdom: once
   * parsed as international it stays that number, until the text changes or makes a number of the country that the visitor selects.
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
      // The number that changed the list is gone: the list goes back.
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
