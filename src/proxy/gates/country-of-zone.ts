// Which countries use a time zone, according to the runtime. The hours locate a number more precisely.

import metadata from 'libphonenumber-js/max/metadata';

// Newer engines have the method, older ones the property of the same proposal (ECMA-402 Intl Locale Info).
interface LocaleInfo {
  readonly timeZones?: readonly string[];
  getTimeZones?(): readonly string[] | undefined;
}

let table: Map<string, string[]> | undefined;

/** ISO codes of the countries that use an IANA zone; empty for a zone without a country (`Etc/UTC`) and for an unknown one. */
export function countriesOfZone(zone: string): readonly string[] {
  const name = canonical(zone);
  if (name === undefined) return [];
  table ??= buildTable();
  return table.get(name) ?? [];
}

function buildTable(): Map<string, string[]> {
  const zones = new Map<string, string[]>();
  for (const country of Object.keys(metadata.countries)) {
    const locale = new Intl.Locale(`und-${country}`) as LocaleInfo;
    for (const zone of locale.getTimeZones?.() ?? locale.timeZones ?? []) {
      const name = canonical(zone) ?? zone;
      zones.set(name, [...(zones.get(name) ?? []), country]);
    }
  }
  // CLDR has no zone for Kosovo; browsers there report Belgrade's.
  zones.set('Europe/Belgrade', [...(zones.get('Europe/Belgrade') ?? []), 'XK']);
  return zones;
}

/** `Asia/Calcutta` and `Asia/Kolkata` are one zone; undefined when the runtime knows neither. */
function canonical(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
