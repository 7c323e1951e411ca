// What a typed number turned out to be. Types alone: the reading is in parse-phone.ts, which is loaded on first focus.

import type { NumberReason } from '../../contract.js';

/** Stands for "no country can be told" (ISO 3166-1 user-assigned), where a country code is required. */
export const unknownCountry = 'ZZ';

/** A number that may be asked for: its length is possible. Whether it exists is the proxy's decision. */
export interface ValidPhone {
  readonly ok: true;
  /** With `+`. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2, or `ZZ` where the number's country cannot be told here. */
  readonly country: string;
  /** True when the calling code was typed (`+`, `00`, `011`): then the country select follows the number. */
  readonly international: boolean;
  /** International format, for the read-back line: `+44 20 7946 0958`. */
  readonly formatted: string;
}

/** A number that cannot be asked for, and why. */
export interface InvalidPhone {
  readonly ok: false;
  readonly reason: NumberReason;
  /** With reasons of length: how many national digits the country's numbers have, ascending. */
  readonly lengths?: readonly number[];
  /** The country the reason speaks of, where one is known. */
  readonly country?: string;
}

/** What a typed number turned out to be. */
export type ParsedPhone = ValidPhone | InvalidPhone;
