// Whether this is an hour at which the number may be called, and whether a chosen time can be kept. The rules themselves
// are in hours/; without them every hour is open and no time can be chosen.

import type { Slot } from '../../contract.js';
import type { Hours } from '../hours/hours.js';
import type { AllowedNumber } from './number.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** What is asked. `scheduleAt` is the instant the visitor chose, RFC 3339; absent: now. */
export interface HoursQuestion {
  readonly number: AllowedNumber;
  readonly now: number;
  readonly timeZone?: string;
  readonly scheduleAt?: string;
}

/** The gate: the slot to keep, or undefined when the call is for now. */
export type HoursGate = (question: HoursQuestion) => Verdict<Slot | undefined>;

/** Makes the gate. */
export function createHoursGate(hours: Hours | undefined): HoursGate {
  return function hoursGate({ number, now, timeZone, scheduleAt }) {
    if (hours === undefined) return scheduleAt === undefined ? allow(undefined) : refuse({ code: 'slot-not-open' });
    const question = { ...number, browserZone: timeZone, now };
    if (scheduleAt === undefined) {
      const verdict = hours.verdict(question);
      return verdict.open ? allow(undefined) : refuse({ code: 'outside-hours', slots: verdict.slots });
    }
    const kept = hours.checkSlot({ ...question, at: Date.parse(scheduleAt) });
    return kept.ok ? allow(kept.slot) : refuse({ code: 'slot-not-open', slots: hours.slots(question) });
  };
}
