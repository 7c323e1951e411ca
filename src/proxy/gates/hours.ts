// Whether the number may be called now, and whether a chosen time can be kept. The rules are in hours/; without them every hour is
// open and no time can be chosen.

import type { Slot } from '../../contract.js';
import type { Hours } from '../hours/hours.js';
import type { Bookings, BookingVisitor } from './bookings.js';
import type { AllowedNumber } from './number.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** The requested call. `scheduleAt` is the chosen instant, RFC 3339; absent: now. */
export interface HoursQuestion {
  readonly number: AllowedNumber;
  readonly now: number;
  readonly timeZone?: string;
  readonly scheduleAt?: string;
  readonly origin: string;
  readonly address: BookingVisitor['address'];
}

/** The gate: returns the chosen slot, or undefined for an immediate call. */
export type HoursGate = (question: HoursQuestion) => Promise<Verdict<Slot | undefined>>;

/** Creates the gate. */
export function createHoursGate(hours: Hours | undefined, bookings: Pick<Bookings, 'freeTimes'>): HoursGate {
  return async function hoursGate({ number, now, timeZone, scheduleAt, origin, address }) {
    if (hours === undefined) return scheduleAt === undefined ? allow(undefined) : refuse({ code: 'slot-not-open' });
    const question = { ...number, browserZone: timeZone, now };
    if (scheduleAt === undefined) {
      if (hours.verdict(question).open) return allow(undefined);
      const isFree = await bookings.freeTimes({ origin, address });
      return refuse({ code: 'outside-hours', slots: hours.slots({ ...question, isFree }) });
    }
    const at = Date.parse(scheduleAt);
    const kept = hours.checkSlot({ ...question, at });
    const isFree = await bookings.freeTimes({ origin, address });
    if (kept.ok && isFree(at)) return allow(kept.slot);
    return refuse({ code: 'slot-not-open', slots: hours.slots({ ...question, isFree }) });
  };
}
