// Converts between instants and a zone's local time, using only Intl. Owns gaps and overlaps; windows are spans.ts.
//
// "Local" is a clock's reading as a number: the epoch milliseconds at which a clock in UTC would show it.

import { correctedOffsetMs } from './zone-corrections.js';

/** Milliseconds in a day of 24 hours, which is what every local day has; days between instants may have 23 or 25. */
export const dayMs: number = 86_400_000;

/**
 * Which instant a local time means when clocks skip or repeat it, by Temporal's option names: in an overlap, the first or the
 * second instant; in a gap, the local time moved back or forward by the length of the gap.
 */
export type Disambiguation = 'earlier' | 'later';

// One formatter costs about 50 µs to make and a few kilobytes to keep; only names that Intl itself returned are cached.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Intl's name for a zone (Asia/Kolkata becomes Asia/Calcutta), or undefined when Intl does not know it. */
export function knownZone(name: string): string | undefined {
  // Newer engines accept offsets such as +05:30 as zones, which have no daylight saving time and name no place.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** How far a zone's clocks are ahead of UTC at an instant, in milliseconds. Throws RangeError on an unknown zone. */
export function offsetMs(zone: string, instant: number): number {
  const corrected = correctedOffsetMs(zone, instant);
  if (corrected !== undefined) return corrected;
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formatters.set(zone, formatter);
  }
  // "11/23/2026, GMT-03:30"; plain "GMT" is no offset.
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)$/.exec(formatter.format(instant)) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -size : size;
}

/** What a zone's clocks show at an instant. */
export function toLocal(zone: string, instant: number): number {
  return instant + offsetMs(zone, instant);
}

/** The instant at which a zone's clocks show `local`. */
export function toInstant(zone: string, local: number, choose: Disambiguation): number {
  // No zone changes twice within two days, so the offsets a day to each side are the only candidates.
  const before = offsetMs(zone, local - dayMs);
  const after = offsetMs(zone, local + dayMs);
  if (before === after) return local - before;
  const valid = [local - before, local - after].filter((instant) => toLocal(zone, instant) === local);
  const candidates = valid.length > 0 ? valid : [local - before, local - after];
  return choose === 'earlier' ? Math.min(...candidates) : Math.max(...candidates);
}

/** The first instant of a local day, even when midnight is skipped or occurs twice. `day` counts from 1970-01-01. */
export function startOfDay(zone: string, day: number): number {
  const midnight = day * dayMs;
  let before = toInstant(zone, midnight, 'earlier');
  if (toLocal(zone, before) === midnight) return before;
  // Midnight is skipped: the day begins at the transition itself, which is between the two candidates.
  let from = toInstant(zone, midnight, 'later');
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (toLocal(zone, middle) < midnight) before = middle;
    else from = middle;
  }
  return from;
}

/** The number of the local day that contains an instant, counted from 1970-01-01. */
export function dayOf(zone: string, instant: number): number {
  return Math.floor(toLocal(zone, instant) / dayMs);
}

/** A local day as YYYY-MM-DD. */
export function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** What a zone's clocks show at an instant, as YYYY-MM-DDTHH:mm. */
export function wallText(zone: string, instant: number): string {
  return new Date(toLocal(zone, instant)).toISOString().slice(0, 16);
}
