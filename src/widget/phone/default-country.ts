// Which country is selected before the visitor has entered anything. The read-back line and the proxy's question make a wrong
// guess harmless; no guess is better than a poor one.

/** The clues for a guess, best first. */
export interface CountryClues {
  /** ISO 3166-1 alpha-2 codes that can be selected; nothing else is ever returned. */
  readonly countries: readonly string[];
  /** The `default-country` attribute. */
  readonly attribute?: string | null | undefined;
  /** The country that a CDN reported to the proxy (`Site.countryHint`). */
  readonly hint?: string | undefined;
  /** IANA zone of the browser. */
  readonly timeZone?: string | undefined;
  /** `navigator.languages`. */
  readonly languages?: readonly string[];
}

/** The default country, or undefined: then the visitor must choose. */
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

/** The only country that uses a zone; undefined if several selectable countries share it. */
function countryOfZone(timeZone: string | undefined, countries: readonly string[]): string | undefined {
  if (timeZone === undefined) return undefined;
  const found = countries.filter((country) => zonesOf(country).includes(timeZone));
  return found.length === 1 ? found[0] : undefined;
}

/** A method in the specification, an accessor in browsers before 2025, absent in Firefox before 2026. */
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
    // Only an explicit region: `de` alone does not say where someone is.
    const region = allowed(/^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)/i.exec(tag)?.[1]);
    if (region !== undefined) return region;
  }
  return undefined;
}
