// Spans of time during which calls may begin: a week and its closed dates applied to a zone's real days, several of these
// intersected, minus the time that must remain for a call.
import { dateText, dayMs, dayOf, startOfDay, toInstant } from './zone-clock.js';
import type { Week, Window } from './week.js';

/** A half-open span of instants, in epoch milliseconds. */
export type Span = { readonly start: number; readonly end: number };

/** The week that applies in one zone. */
export type ZoneWeek = { readonly zone: string; readonly week: Week };

/** Dates on which nothing is open: YYYY-MM-DD, or MM-DD for every year. */
export type ClosedDates = ReadonlySet<string>;

/** The windows, in full, of every local day that overlaps `from`…`until`; windows that continue into the next day are joined. */
export function openSpans({ zone, week }: ZoneWeek, closed: ClosedDates, from: number, until: number): Span[] {
  const spans: Span[] = [];
  for (let day = dayOf(zone, from) - 1; day <= dayOf(zone, until) + 1; day += 1) {
    for (const window of windowsOn(day, week, closed)) {
      const next = { start: edge(zone, day, window[0], 'later'), end: edge(zone, day, window[1], 'earlier') };
      // A window within the hour that clocks skip does not exist on that day.
      if (next.start >= next.end) continue;
      const last = spans.at(-1);
      if (last !== undefined && next.start <= last.end) spans[spans.length - 1] = { start: last.start, end: next.end };
      else spans.push(next);
    }
  }
  return spans;
}

/** The intersection of two lists of spans, each sorted and without overlaps. */
export function bothSpans(one: readonly Span[], other: readonly Span[]): Span[] {
  const found: Span[] = [];
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    const [a, b] = [one[i], other[j]];
    if (a === undefined || b === undefined) break;
    const span = { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) };
    if (span.start < span.end) found.push(span);
    if (a.end < b.end) i += 1;
    else j += 1;
  }
  return found;
}

/** When a call may begin so that it has `roomMs` before the span ends: at 20:50 for ten minutes, not at 20:51. */
export function startsWithin(spans: readonly Span[], roomMs: number): Span[] {
  // Half-open in whole milliseconds: the last moment with enough time is still included.
  const cut = Math.max(roomMs - 1, 0);
  return spans.map(({ start, end }) => ({ start, end: end - cut })).filter(({ start, end }) => start < end);
}

/** Whether an instant is in one of the spans. */
export function holds(spans: readonly Span[], instant: number): boolean {
  return spans.some(({ start, end }) => start <= instant && instant < end);
}

/** The first instant from `from` on that is in one of the spans. */
export function firstWithin(spans: readonly Span[], from: number): number | undefined {
  const span = spans.find(({ end }) => end > from);
  return span === undefined ? undefined : Math.max(span.start, from);
}

function windowsOn(day: number, week: Week, closed: ClosedDates): readonly Window[] {
  const date = dateText(day);
  if (closed.has(date) || closed.has(date.slice(5))) return [];
  return week[new Date(day * dayMs).getUTCDay()] ?? [];
}

// A local time that clocks skip or repeat is ambiguous, and an ambiguous moment is not open: windows begin at the later
// instant and end at the earlier. The day's own edges are not treated as ambiguous, or an always-open week would have a gap.
function edge(zone: string, day: number, minute: number, choose: 'earlier' | 'later'): number {
  if (minute === 0) return startOfDay(zone, day);
  if (minute === 1440) return startOfDay(zone, day + 1);
  return toInstant(zone, day * dayMs + minute * 60_000, choose);
}
