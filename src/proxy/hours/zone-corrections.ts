// Corrections for an older runtime's time-zone data: laws that changed clocks after the data was released. Dated data; the
// runtime knows its own version (`process.versions.tz`), and corrections that it already includes are skipped.

/** The release of the IANA database these corrections were taken from (Debian's tzdata 2026b to 2026f). */
export const correctedUpTo: string = '2026f';

/** How far ahead of UTC a zone's clocks are, from one instant to another. */
interface Correction {
  readonly zones: readonly string[];
  /** The first release of the IANA database that includes it. */
  readonly since: string;
  /** RFC 3339. */
  readonly from: string;
  /** RFC 3339; absent: permanent. */
  readonly until?: string;
  readonly minutes: number;
}

const corrections: readonly Correction[] = [
  // British Columbia stays on UTC−7 all year.
  { zones: ['America/Vancouver'], since: '2026b', from: '2026-11-01T09:00:00Z', minutes: -420 },
  // Alberta and the Northwest Territories stay on UTC−6 all year.
  {
    zones: ['America/Edmonton', 'America/Inuvik', 'America/Yellowknife'],
    since: '2026c',
    from: '2026-11-01T08:00:00Z',
    minutes: -360,
  },
  // Morocco and Western Sahara are back on UTC, Ramadan included.
  { zones: ['Africa/Casablanca', 'Africa/El_Aaiun'], since: '2026c', from: '2026-09-20T01:00:00Z', minutes: 0 },
  // Manitoba stays on UTC−5 all year.
  {
    zones: ['America/Winnipeg', 'America/Rainy_River'],
    since: '2026e',
    from: '2026-11-01T07:00:00Z',
    minutes: -300,
  },
  // Cuba stays on summer time through the winter of 2026.
  {
    zones: ['America/Havana'],
    since: '2026f',
    from: '2026-11-01T05:00:00Z',
    until: '2027-11-07T05:00:00Z',
    minutes: -240,
  },
];

interface Span {
  readonly from: number;
  readonly until: number;
  readonly offsetMs: number;
}

/** The corrections missing from a release of the time-zone data, by zone. A runtime that does not report its release gets all of them. */
export function correctionsFor(release: string | undefined): ReadonlyMap<string, Span> {
  const missing = corrections.filter(({ since }) => release === undefined || release < since);
  return new Map(
    missing.flatMap(({ zones, from, until, minutes }) => {
      const span: Span = {
        from: Date.parse(from),
        until: until === undefined ? Infinity : Date.parse(until),
        offsetMs: minutes * 60_000,
      };
      return zones.map((zone) => [zone, span] as const);
    }),
  );
}

const missing = correctionsFor(process.versions['tz']);

/** How far a zone's clocks are ahead of UTC, where the runtime's own data has it wrong; undefined if it is right. Milliseconds. */
export function correctedOffsetMs(zone: string, instant: number): number | undefined {
  const span = missing.get(zone);
  return span !== undefined && span.from <= instant && instant < span.until ? span.offsetMs : undefined;
}

/** What the startup report shows about time-zone data. */
export interface ZoneDataReport {
  /** The release of the IANA database in this runtime; `unknown` where it is not reported. */
  readonly release: string;
  /** The release that the corrections here go up to. */
  readonly correctedUpTo: string;
  /** True when the runtime's data is older: laws newer than `correctedUpTo` are then not taken into account. */
  readonly isOlder: boolean;
}

/** The time-zone data that calling hours depend on. `release`: `process.versions.tz`. */
export function zoneDataReport(release: string | undefined = process.versions['tz']): ZoneDataReport {
  return { release: release ?? 'unknown', correctedUpTo, isOlder: release === undefined || release < correctedUpTo };
}
