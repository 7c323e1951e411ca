// Times to offer, chosen from the open spans: on the half hours of the visitor's clock, a few a day, over a few days.
// Owns the choice; which spans are open is decided elsewhere.
import type { Slot } from '../../contract.js';
import type { Span } from './spans.js';
import { dayOf, offsetMs, wallText } from './zone-clock.js';

/** How many times to offer. */
export type SlotChoice = {
  /** At most this many in total. */
  readonly count: number;
  /** At most this many on one day, spread across it and always including the first. */
  readonly perDay: number;
  /** At most this many days that have any. */
  readonly days: number;
};

/** Minutes between two times that can be offered. */
export const slotMinutes: number = 30;

const stepMs = slotMinutes * 60_000;

/** One slot: an instant and how the clocks of `zone` show it. */
export function slotAt(instant: number, zone: string): Slot {
  return { at: new Date(instant).toISOString(), zone, wall: wallText(zone, instant) };
}

/** The free times to offer from `from` on, in order. `spans`: when a call may begin. */
export function chooseSlots(
  spans: readonly Span[],
  zone: string,
  from: number,
  choice: SlotChoice,
  isFree: (at: number) => boolean = () => true,
): Slot[] {
  const byDay = new Map<number, number[]>();
  for (const instant of spans.flatMap((span) => instantsIn(span, zone, from)).filter(isFree)) {
    const day = dayOf(zone, instant);
    const ofDay = byDay.get(day);
    if (ofDay !== undefined) ofDay.push(instant);
    else if (byDay.size < choice.days) byDay.set(day, [instant]);
    else break;
  }
  return [...byDay.values()]
    .flatMap((ofDay) => spread(ofDay, choice.perDay))
    .slice(0, choice.count)
    .map((instant) => slotAt(instant, zone));
}

function instantsIn({ start, end }: Span, zone: string, from: number): number[] {
  const first = Math.max(start, from);
  const found: number[] = [];
  const shown = new Set<string>();
  for (let instant = onGrid(zone, first); instant < end; instant = onGrid(zone, instant + stepMs)) {
    // When clocks go back, the same local time occurs twice, and the page could not distinguish the two.
    const wall = wallText(zone, instant);
    if (!shown.has(wall)) found.push(instant);
    shown.add(wall);
  }
  // A span between two half hours can still fit a call.
  const minute = Math.ceil(first / 60_000) * 60_000;
  if (found.length === 0 && minute < end) found.push(minute);
  return found;
}

// The next local time that falls on a half hour. Not all UTC offsets are whole hours, or even half hours.
function onGrid(zone: string, instant: number): number {
  const offset = offsetMs(zone, instant);
  return Math.ceil((instant + offset) / stepMs) * stepMs - offset;
}

function spread(instants: readonly number[], count: number): readonly number[] {
  if (instants.length <= count) return instants;
  if (count <= 1) return instants.slice(0, count);
  const stride = (instants.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => instants[Math.round(i * stride)]).filter((at) => at !== undefined);
}
