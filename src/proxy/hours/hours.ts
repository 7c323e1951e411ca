// Whether a number may be called now, when it may be called next, and which times to offer. Checked when a call is requested and when
// it is placed. Pure: the time is always an argument. Owns the combination of the number's hours with the business's own.
import type { Slot } from '../../contract.js';
import { weekFor } from './rules.js';
import type { HoursSettings } from './hours-settings.js';
import { chooseSlots, slotAt, type SlotChoice } from './slots.js';
import { bothSpans, firstWithin, holds, openSpans, startsWithin, type Span, type ZoneWeek } from './spans.js';
import { bothWeeks, type Week } from './week.js';
import { dayMs } from './zone-clock.js';
import { type Callee, zonesOfNumber, displayZone } from './zones-of-number.js';

/** Why a call may not be placed at an instant. */
export type ClosedReason =
  /** At least one of the number's time zones is outside its hours, or the number's location is unknown. */
  | 'outside-hours'
  /** The business is closed then. */
  | 'business-closed';

/** A number, its browser's zone, and an instant in epoch milliseconds. */
export type HoursQuestion = Callee & { readonly now: number };

/** Whether a call may be placed at the instant. */
export type HoursVerdict =
  | { readonly open: true; readonly zones: readonly string[] }
  | {
      readonly open: false;
      readonly reason: ClosedReason;
      /** Epoch milliseconds; absent when nothing opens within five weeks. */
      readonly nextOpen?: number;
      /** Times to offer instead; empty when the business is closed and does not take bookings. */
      readonly slots: readonly Slot[];
      /** The zones whose clocks were checked. */
      readonly zones: readonly string[];
    };

/** Which times to offer; by default twelve, four a day, on three of the next seven days. */
export type SlotsQuestion = HoursQuestion &
  Partial<SlotChoice> & {
    /** Epoch milliseconds of the earliest time to offer; never less than ten minutes from `now`. */
    readonly from?: number;
    /** Whether a callback can still be promised for an instant; by default, always. */
    readonly isFree?: (at: number) => boolean;
    /** How far ahead of `now` to search, in days of 24 hours. */
    readonly horizonDays?: number;
  };

/** Whether a callback can be placed at the time a visitor chose. */
export type SlotVerdict =
  | { readonly ok: true; readonly slot: Slot }
  | { readonly ok: false; readonly reason: ClosedReason | 'too-soon' | 'too-far' };

/** Whether the business is open at an instant, whatever the number. */
export type OpeningVerdict =
  | { readonly open: true }
  | {
      readonly open: false;
      readonly whenClosed: 'hide' | 'message' | 'schedule';
      /** Epoch milliseconds; absent when nothing opens within five weeks. */
      readonly nextOpen?: number;
    };

/** The hours of one proxy. Every instant is in epoch milliseconds. */
export type Hours = {
  /** Whether a call may be placed at `now`. */
  verdict(question: HoursQuestion): HoursVerdict;
  /** Times at which it may be placed later. */
  slots(question: SlotsQuestion): readonly Slot[];
  /** Whether `at`, a time of `slots` chosen earlier, is still possible. */
  checkSlot(question: HoursQuestion & { readonly at: number; readonly horizonDays?: number }): SlotVerdict;
  /** Whether the business is open at `now`. */
  opening(now: number): OpeningVerdict;
};

/** No slot is offered sooner than this: the visitor may as well request an immediate call. */
export const slotLeadMinutes: number = 10;

const defaults = { count: 12, perDay: 4, days: 3, horizonDays: 7 } as const;
const farthestDays = 35;

/** The hours that `settings` describe. */
export function createHours(settings: HoursSettings): Hours {
  const { profile, own, closed, business } = settings;
  const roomMs = settings.roomMinutes * 60_000;
  // Around-the-clock hours apply everywhere, even when the number's location is unknown.
  const unbounded = profile === 'off' && own === undefined && closed.size === 0;

  /** The number's zones, each with the week that applies; no `gates` when its location matters but is unknown. */
  function gatesOf(callee: Callee): { readonly zones: readonly string[]; readonly gates?: readonly ZoneWeek[] } {
    const zones = zonesOfNumber(callee);
    if (unbounded) return { zones, gates: [] };
    if (zones.length === 0) return { zones };
    const week = numberWeek(callee);
    return { zones, gates: zones.map((zone) => ({ zone, week })) };
  }

  function numberWeek(callee: Callee): Week {
    const ruled = weekFor(profile, callee);
    return own === undefined ? ruled : bothWeeks(ruled, own);
  }

  /** When calls may begin, for every window that overlaps `from`…`until`, in full. */
  function starts(gates: readonly ZoneWeek[], from: number, until: number): Span[] {
    let spans: Span[] = [{ start: from - dayMs, end: until + dayMs }];
    for (const gate of gates) spans = bothSpans(spans, openSpans(gate, closed, from, until));
    return startsWithin(spans, roomMs);
  }

  const isOpen = (gates: readonly ZoneWeek[], now: number): boolean => holds(starts(gates, now, now), now);

  function nextOpen(gates: readonly ZoneWeek[], now: number): { nextOpen?: number } {
    for (const days of [defaults.horizonDays, farthestDays]) {
      const until = now + days * dayMs;
      const found = firstWithin(starts(gates, now, until), now);
      if (found !== undefined && found <= until) return { nextOpen: found };
    }
    return {};
  }

  const businessGates: readonly ZoneWeek[] = business === undefined ? [] : [business];

  function opening(now: number): OpeningVerdict {
    if (business === undefined || isOpen(businessGates, now)) return { open: true };
    return { open: false, whenClosed: business.whenClosed, ...nextOpen(businessGates, now) };
  }

  function slots(question: SlotsQuestion): readonly Slot[] {
    const { now, from = now, horizonDays = defaults.horizonDays } = question;
    const { zones, gates } = gatesOf(question);
    const answers = opening(now);
    if (gates === undefined || (!answers.open && answers.whenClosed !== 'schedule')) return [];
    const until = now + horizonDays * dayMs;
    const inReach = { start: now, end: until };
    const spans = bothSpans(starts([...gates, ...businessGates], now, until), [inReach]);
    const first = Math.max(from, now + slotLeadMinutes * 60_000);
    const choice = { ...defaults, ...given(question) };
    return chooseSlots(spans, displayZone(question, zones), first, choice, question.isFree);
  }

  function closedBy(question: HoursQuestion, instant: number): ClosedReason | undefined {
    if (!isOpen(businessGates, instant)) return 'business-closed';
    const { gates } = gatesOf(question);
    return gates !== undefined && isOpen(gates, instant) ? undefined : 'outside-hours';
  }

  return {
    opening,
    slots,
    verdict(question) {
      const { now } = question;
      const reason = closedBy(question, now);
      const { zones, gates } = gatesOf(question);
      if (reason === undefined) return { open: true, zones };
      const next = gates === undefined ? {} : nextOpen([...gates, ...businessGates], now);
      return { open: false, reason, ...next, slots: slots(question), zones };
    },
    checkSlot(question) {
      const { now, at, horizonDays = defaults.horizonDays } = question;
      if (!(at > now)) return { ok: false, reason: 'too-soon' };
      if (at > now + horizonDays * dayMs) return { ok: false, reason: 'too-far' };
      const reason = closedBy(question, at);
      if (reason !== undefined) return { ok: false, reason };
      return { ok: true, slot: slotAt(at, displayZone(question, zonesOfNumber(question))) };
    },
  };
}

function given({ count, perDay, days }: Partial<SlotChoice>): Partial<SlotChoice> {
  return {
    ...(count === undefined ? {} : { count }),
    ...(perDay === undefined ? {} : { perDay }),
    ...(days === undefined ? {} : { days }),
  };
}
