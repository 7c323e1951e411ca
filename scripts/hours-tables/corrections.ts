// Corrections to Google's time zones of prefixes, which are wrong or missing. Each line gives its reason; remove it when the data is right.
import { newAreaCodes } from '../../src/proxy/hours/new-area-codes.js';

/** Replacements for whole prefixes. */
const prefixes: Readonly<Record<string, string>> = {
  // The data has Morocco in the Canary Islands' zone.
  '212': 'Africa/Casablanca',
  // Orlando, which the data has in Central time.
  '1689': 'America/New_York',
  // Saskatchewan, which keeps standard time all year.
  '1474': 'America/Regina',
  // Gary and the northwest of Indiana; Chattanooga and the Tri-Cities of Tennessee: each is on the other side of its state's time-zone line.
  '1219': 'America/Chicago',
  '1423': 'America/New_York',
  // Yukon, the Northwest Territories, and Nunavut's Central and Eastern parts.
  '1867': 'America/Edmonton&America/Iqaluit&America/Rankin_Inlet&America/Whitehorse',
  // Queensland, of which the data lists some exchanges, has no daylight saving time; Tweed Heads in New South Wales shares its area code.
  '617': 'Australia/Brisbane&Australia/Sydney',
  // Amapá, Maranhão and Pará, of which the data lists some exchanges and has the others in the zone of Manaus.
  '5591': 'America/Belem',
  '5593': 'America/Santarem',
  '5594': 'America/Belem',
  '5596': 'America/Belem',
  '5598': 'America/Fortaleza',
  '5599': 'America/Fortaleza',
  // The west of Amazonas is an hour behind Manaus.
  '5597': 'America/Eirunepe&America/Manaus',
  // Easter Island uses two exchanges of Valparaíso's area code.
  '5632210': 'Pacific/Easter',
  '5632255': 'Pacific/Easter',
  // Northern Cyprus uses Turkey's numbers (an area code and mobiles) and Cyprus's time.
  '90392': 'Asia/Famagusta&Europe/Istanbul',
  ...Object.fromEntries(
    ['53382', '53383', '53384', '53385', '53386', '53387', '53388', '54285', '54286', '54287', '54288'].map(
      (mobile) => [`90${mobile}`, 'Asia/Famagusta&Europe/Istanbul'],
    ),
  ),
};

/** Overlay area codes: a number with one may be anywhere in the area of the other. */
const overlays: Readonly<Record<string, string>> = {
  '236': '250',
  '364': '270',
  '448': '850',
  '458': '541',
  '672': '250',
  '778': '250',
  '930': '812',
  ...Object.fromEntries(Object.entries(newAreaCodes).map(([code, { overlays: older }]) => [code, older])),
};

/** A zone with fewer exchanges than this, across a time-zone line, is that of a border town. */
const fewestExchanges = 4;

/** The corrected data: prefix → zones, joined with `&`. */
export function correctZones(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const corrected: Record<string, string> = { ...data };
  for (const code of areaCodesOf(data)) {
    // An unlisted exchange may be on either side of a time-zone line that crosses its area code.
    const zones = allZones(data, code);
    if (zones !== undefined) corrected[`1${code}`] = zones;
  }
  for (const [prefix, zones] of Object.entries(data)) {
    // Yukon left Pacific time in 2020.
    if (prefix.startsWith('1867') && zones === 'America/Vancouver') corrected[prefix] = 'America/Whitehorse';
  }
  Object.assign(corrected, prefixes);
  for (const [code, older] of Object.entries(overlays)) {
    const zones = corrected[`1${older}`];
    if (zones === undefined) throw new Error(`area code ${older} has no zones for ${code} to take`);
    corrected[`1${code}`] = zones;
  }
  return corrected;
}

function areaCodesOf(data: Readonly<Record<string, string>>): ReadonlySet<string> {
  return new Set(Object.keys(data).flatMap((prefix) => /^1(\d{3})\d+$/.exec(prefix)?.[1] ?? []));
}

function allZones(data: Readonly<Record<string, string>>, code: string): string | undefined {
  const whole = data[`1${code}`];
  if (whole === undefined) return undefined;
  const listed = new Map<string, number>();
  for (const [prefix, zones] of Object.entries(data)) {
    if (prefix.length > 4 && prefix.startsWith(`1${code}`)) listed.set(zones, (listed.get(zones) ?? 0) + 1);
  }
  const others = [...listed].filter(([, count]) => count >= fewestExchanges).flatMap(([zones]) => zones.split('&'));
  return [...new Set([...whole.split('&'), ...others])].sort().join('&');
}
