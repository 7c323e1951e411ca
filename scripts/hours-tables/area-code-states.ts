// Area code → state for United States numbers, read from the place names of Google's geocoding data.
// Owns the parsing of those names; the proxy decides which states have their own hours.

const stateCodes: Readonly<Record<string, string>> = {
  Alabama: 'AL',
  Alaska: 'AK',
  Arizona: 'AZ',
  Arkansas: 'AR',
  California: 'CA',
  Colorado: 'CO',
  Connecticut: 'CT',
  Delaware: 'DE',
  Florida: 'FL',
  Georgia: 'GA',
  Hawaii: 'HI',
  Idaho: 'ID',
  Illinois: 'IL',
  Indiana: 'IN',
  Iowa: 'IA',
  Kansas: 'KS',
  Kentucky: 'KY',
  Louisiana: 'LA',
  Maine: 'ME',
  Maryland: 'MD',
  Massachusetts: 'MA',
  Michigan: 'MI',
  Minnesota: 'MN',
  Mississippi: 'MS',
  Missouri: 'MO',
  Montana: 'MT',
  Nebraska: 'NE',
  Nevada: 'NV',
  'New Hampshire': 'NH',
  'New Jersey': 'NJ',
  'New Mexico': 'NM',
  'New York': 'NY',
  'North Carolina': 'NC',
  'North Dakota': 'ND',
  Ohio: 'OH',
  Oklahoma: 'OK',
  Oregon: 'OR',
  Pennsylvania: 'PA',
  'Rhode Island': 'RI',
  'South Carolina': 'SC',
  'South Dakota': 'SD',
  Tennessee: 'TN',
  Texas: 'TX',
  Utah: 'UT',
  Vermont: 'VT',
  Virginia: 'VA',
  'Washington D.C.': 'DC',
  'Washington State': 'WA',
  'West Virginia': 'WV',
  Wisconsin: 'WI',
  Wyoming: 'WY',
};
const knownCodes: ReadonlySet<string> = new Set(Object.values(stateCodes));

/**
 * Sorts area codes by state. `places` maps national prefixes to "City, ST" or a state's name.
 * An area code without a name gets the state that most of its longer prefixes name, because exchanges at a border have
 * the name of the town on the other side. Throws when no state has more than half.
 */
export function areaCodesByState(places: Readonly<Record<string, string>>): Map<string, string[]> {
  const votes = new Map<string, string[]>();
  for (const [prefix, place] of Object.entries(places)) {
    const state = stateOf(place);
    if (prefix.length < 3 || state === undefined) continue;
    const areaCode = prefix.slice(0, 3);
    votes.set(areaCode, [...(votes.get(areaCode) ?? []), state]);
  }
  const byState = new Map<string, string[]>();
  for (const [areaCode, named] of [...votes].sort(byKey)) {
    // A whole area code with a name outside the fifty states is Canada's or an island's, so its exchanges are ignored.
    const whole = places[areaCode];
    const state = whole === undefined ? majority(areaCode, named) : stateOf(whole);
    if (state !== undefined) byState.set(state, [...(byState.get(state) ?? []), areaCode]);
  }
  return new Map([...byState].sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function majority(areaCode: string, states: readonly string[]): string {
  const first = states.find((state) => states.filter((other) => other === state).length * 2 > states.length);
  if (first === undefined) throw new Error(`area code ${areaCode} is named after no one state`);
  return first;
}

function stateOf(place: string): string | undefined {
  const named = stateCodes[place];
  if (named !== undefined) return named;
  const code = place.match(/, ([A-Z]{2})$/)?.[1];
  return code !== undefined && knownCodes.has(code) ? code : undefined;
}
