// A period of the page as instants, and the hours or days it is divided into. Days begin at midnight in the owner's zone, whatever the
// clocks do there.

import type { Period } from '../../owner-contract.js';
import { dayOf, startOfDay } from '../hours/zone-clock.js';

/** A period as instants, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
  /** The first instant of each hour (`today`) or day. */
  readonly starts: readonly number[];
}

const daysOf: Readonly<Record<Period, number>> = { today: 1, week: 7, month: 30 };
const hourMs = 3_600_000;

/** The span of a period that includes `now`, to the end of the day. */
export function spanOf(period: Period, zone: string, now: number): Span {
  const last = dayOf(zone, now);
  const first = last - daysOf[period] + 1;
  const from = startOfDay(zone, first);
  const until = startOfDay(zone, last + 1);
  const starts =
    period === 'today'
      ? Array.from({ length: Math.ceil((until - from) / hourMs) }, (_, hour) => from + hour * hourMs)
      : Array.from({ length: daysOf[period] }, (_, day) => startOfDay(zone, first + day));
  return { from, until, starts };
}
