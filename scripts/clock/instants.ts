// Instants at which tests that depend on the machine's clock would fail, each with a time zone in which it is difficult.

/** One instant, and the time zone that processes run in. */
export interface Instant {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** IANA name. */
  readonly zone: string;
}

export const instants: readonly Instant[] = [
  { name: 'a winter night', at: '2027-01-13T02:40:00Z', zone: 'Europe/London' },
  { name: 'the hour that is skipped in spring', at: '2027-03-14T06:58:00Z', zone: 'America/New_York' },
  { name: 'the hour that comes twice in autumn', at: '2027-10-31T00:57:00Z', zone: 'Europe/Berlin' },
  { name: 'the turn of the year', at: '2026-12-31T23:58:30Z', zone: 'Etc/UTC' },
  { name: 'a leap day, on the other side of the date line', at: '2028-02-29T11:30:00Z', zone: 'Pacific/Auckland' },
  { name: 'an afternoon five years on', at: '2031-11-26T16:20:00Z', zone: 'Asia/Kolkata' },
];

const hourMs = 3_600_000;

/** The instant whose hour of the day (UTC) is farthest from that of `now` (epoch milliseconds). */
export function farthestHour(now: number): Instant {
  const hoursApart = (at: string): number => {
    const apart = Math.abs((Date.parse(at) - now) % (24 * hourMs)) / hourMs;
    return Math.min(apart, 24 - apart);
  };
  return instants.reduce((best, one) => (hoursApart(one.at) > hoursApart(best.at) ? one : best));
}
