// Which country the select shows before the visitor has said anything. A guess that the read-back line and the proxy's
// question make harmless; no guess is better than a poor one.

/** What a guess can rest on, best first. */
export interface CountryClues {
  /** ISO 3166-1 alpha-2 codes that can be chosen; nothing else is ever answered. */
  readonly countries: readonly string[];
  /** The `default-country` attribute. */
  readonly attribute?: string | null | undefined;
  /** What a CDN told the proxy (`Site.countryHint`). */
  readonly hint?: string | undefined;
  /** IANA zone of the browser. */
  readonly timeZone?: string | undefined;
  /** `navigator.languages`. */
  readonly languages?: readonly string[];
}

/** The country to start with, or undefined: then the visitor must choose. */
export function defaultCountry({
  countries,
  attribute,
  hint,
  timeZone,
  languages = [],
}: CountryClues): string | undefined {
  const allowed = (code: string | null | undefined): string | undefined => {
    const upper = code?.trim().toUpperCase();
    return upper !== undefined && countries.includes(upper) ? upper : undefined;
  };
  if (countries.length === 1) return countries[0];
  return allowed(attribute) ?? allowed(hint) ?? countryOfZone(timeZone, countries) ?? firstRegion(languages, allowed);
}

/** The one country that uses a zone; undefined where several of those that can be chosen share it. */
function countryOfZone(timeZone: string | undefined, countries: readonly string[]): string | undefined {
  if (timeZone === undefined) return undefined;
  const found = countries.filter((country) => zonesOf(country).includes(timeZone));
  return found.length === 1 ? found[0] : undefined;
}

/** A method in the specification, an accessor in browsers of before 2025, absent in Firefox of before 2026. */
interface LocaleWithZones {
  getTimeZones?: () => readonly string[] | undefined;
  timeZones?: readonly string[];
}

function zonesOf(country: string): readonly string[] {
  try {
    const locale = new Intl.Locale(`und-${country}`) as LocaleWithZones;
    return locale.getTimeZones?.() ?? locale.timeZones ?? [];
  } catch {
    return [];
  }
}

function firstRegion(
  languages: readonly string[],
  allowed: (code: string | undefined) => string | undefined,
): string | undefined {
  for (const tag of languages) {
    // Only a region that is written: `de` alone says nothing of where somebody is.
    const region = allowed(/^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)/i.exec(tag)?.[1]);
    if (region !== undefined) return region;
  }
  return undefined;
}
