// What a typed number turned out to be. The parser is parse-phone.ts, loaded on first focus.

import type { NumberReason } from '../../contract.js';

/** Means "country unknown" (ISO 3166-1 user-assigned), where a country code is required. */
export const unknownCountry = 'ZZ';

/** A number that may be requested: its length is possible. Whether it exists is the proxy's decision. */
export interface ValidPhone {
  readonly ok: true;
  /** With `+`. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2, or `ZZ` where the number's country is unknown here. */
  readonly country: string;
  /** True when the calling code was typed (`+`, `00`, `011`): then the country select follows the number. */
  readonly international: boolean;
  /** International format, for the read-back line: `+44 20 7946 0958`. */
  readonly formatted: string;
  /** Typed without a calling code, in a way that only national numbers are. */
  readonly unambiguous?: true;
  /** The metadata has no such number: only its length is possible. */
  readonly isUnlikely?: true;
  /** The visitor picked it where the typed digits could be more than one number. */
  readonly countryConfirmed?: true;
  /** The numbers it was picked from. */
  readonly choices?: readonly ValidPhone[];
}

/** A number that cannot be requested, and why. */
export interface InvalidPhone {
  readonly ok: false;
  readonly reason: NumberReason;
  /** For length reasons: how many digits the country's numbers have, ascending, counted as typed (with a trunk prefix or a calling code where one was typed). */
  readonly lengths?: readonly number[];
  /** The country that the reason refers to, where one is known. */
  readonly country?: string;
  /** True when it begins with `+` or an international prefix. */
  readonly international?: true;
  /** The numbers it may be, one of which the visitor has to pick: typed without `+`, the digits may begin with a calling code. */
  readonly choices?: readonly ValidPhone[];
}

/** What a typed number turned out to be. */
export type ParsedPhone = ValidPhone | InvalidPhone;

/** False for no country and for {@link unknownCountry}, whose name means nothing to a visitor. */
export const isKnownCountry = (country: string | undefined): country is string =>
  country !== undefined && country !== '' && country !== unknownCountry;
