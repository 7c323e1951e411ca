// Where a number may ring: the zones that must all allow a call. Owns lookups in the tables and the rule that combines the
// number's own zones with the browser's; the hours are hours.ts.
import { knownZone } from './zone-clock.js';
import { countryZones } from './tables/country-zones.js';
import { prefixZones } from './tables/prefix-zones.js';

/** What is known about a number and the browser that submitted it. */
export type Callee = {
  /** With its plus. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; absent for numbers of no country (+800, +881). */
  readonly country?: string | undefined;
  /** libphonenumber's type: FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE, TOLL_FREE…; absent when it is unknown. */
  readonly type?: string | undefined;
  /** Reported by the browser: it may narrow the hours, never widen them. */
  readonly browserZone?: string | undefined;
};

// Zones of a few islands and stations far from the rest of their country: a number that could be anywhere in it does not have
// to satisfy these too. And all of China uses Beijing time officially, whatever clocks show in Urumqi.
const remoteZones: ReadonlySet<string> = new Set([
  'America/Adak',
  'America/Danmarkshavn',
  'America/Noronha',
  'Antarctica/Macquarie',
  'Asia/Famagusta',
  'Asia/Urumqi',
  'Australia/Eucla',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Easter',
  'Pacific/Galapagos',
  'Pacific/Gambier',
  'Pacific/Marquesas',
]);

// Part of another country's island that uses this country's numbers but not its time.
const clocksAbroad: Readonly<Record<string, readonly string[]>> = { TR: ['Asia/Famagusta'] };

const zonesByPrefix: ReadonlyMap<string, readonly string[]> = new Map(
  prefixZones.flatMap((line) => {
    const { key: zones, values: prefixes } = readLine(line);
    return prefixes.map((prefix) => [prefix, zones.split(' ')] as const);
  }),
);
const zonesByCountry: ReadonlyMap<string, readonly string[]> = new Map(
  countryZones.map((line) => {
    const { key, values } = readLine(line);
    return [key, [...values, ...(clocksAbroad[key] ?? [])]];
  }),
);

/**
 * The zones to check: a call may be placed when every one of them is within its hours. The number's own come first.
 * Empty when the number's location is unknown; then no hour is known to be right.
 */
export function zonesOfNumber(callee: Callee): readonly string[] {
  const ofCountry = zonesByCountry.get(callee.country ?? '') ?? [];
  const own = ownZones(callee.e164, ofCountry);
  const browser = placeOf(callee.browserZone);
  if (own.length === 0) return [];
  const atHome = browser !== undefined && ofCountry.includes(browser);
  if (callee.type === 'FIXED_LINE') return atHome ? distinct([...own, browser]) : own;
  if (callee.type === 'MOBILE' || callee.type === 'FIXED_LINE_OR_MOBILE') {
    if (!atHome) return anywhere(own, ofCountry, browser);
    // A mobile is where its owner is. But a number that may be a fixed line must satisfy the zones of its prefix as well; and
    // people in the United States and Canada keep their number when they move, and the law applies to the number.
    const moves = callee.type === 'MOBILE' && callee.country !== 'US' && callee.country !== 'CA';
    return moves ? [browser] : distinct([...own, browser]);
  }
  // Toll-free, internet and personal numbers ring wherever their owner forwards them.
  return distinct([...anywhere(own, ofCountry, undefined), ...(browser === undefined ? [] : [browser])]);
}

/**
 * The zone in which to show times: the browser's if it is one of the number's country, else the number's own first one;
 * UTC for a number whose location is unknown. `zones` comes from {@link zonesOfNumber}.
 */
export function displayZone({ country, browserZone }: Callee, zones: readonly string[]): string {
  const browser = placeOf(browserZone);
  const atHome = browser !== undefined && zonesByCountry.get(country ?? '')?.includes(browser);
  return (atHome ? browser : zones[0]) ?? 'UTC';
}

/** A number's zones in the table, by its longest listed prefix. Empty when no prefix is listed. */
export function zonesOfPrefix(e164: string): readonly string[] {
  const digits = e164.replace(/^\+/, '');
  for (let end = digits.length; end > 0; end -= 1) {
    const zones = zonesByPrefix.get(digits.slice(0, end));
    if (zones !== undefined) return zones;
  }
  return [];
}

/** The browser's zone if it names a place: privacy-preserving browsers report UTC and the like. */
export function placeOf(browserZone: string | undefined): string | undefined {
  const zone = browserZone === undefined ? undefined : knownZone(browserZone);
  return zone?.includes('/') && !zone.startsWith('Etc/') ? zone : undefined;
}

// The table gives some countries another one's zone (Bucharest's for Estonia); the country's own zones are then right.
function ownZones(e164: string, ofCountry: readonly string[]): readonly string[] {
  const listed = zonesOfPrefix(e164);
  if (ofCountry.length === 0) return listed;
  const shared = listed.filter((zone) => ofCountry.includes(zone));
  return shared.length > 0 ? shared : ofCountry;
}

// A mobile, and a browser outside its country: its own zones and the browser's. Without a browser's zone, every zone of its
// country, because the table lists one city (every Australian mobile is in Sydney).
function anywhere(
  own: readonly string[],
  ofCountry: readonly string[],
  browser: string | undefined,
): readonly string[] {
  if (browser !== undefined) return distinct([...own, browser]);
  return distinct([...own, ...ofCountry.filter((zone) => !remoteZones.has(zone))]);
}

function distinct(zones: readonly string[]): readonly string[] {
  return [...new Set(zones)];
}

function readLine(line: string): { key: string; values: readonly string[] } {
  const [key = '', values = ''] = line.split(': ');
  return { key, values: values.split(' ') };
}
