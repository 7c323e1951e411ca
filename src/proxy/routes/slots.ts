// POST /v1/slots: when a number may be called. It depends on the number, so it counts as an attempt like a call.

import type { SlotsOffered } from '../../contract.js';
import type { AppContext } from '../http/context.js';
import type { Bookings } from '../gates/bookings.js';
import type { Gates } from './deps.js';
import type { Clock } from '../core/clock.js';
import type { Problem } from '../core/verdict.js';
import type { Hours } from '../hours/hours.js';
import { problemResponse } from '../http/problem.js';
import { isJsonOrText, readBody } from '../http/json-body.js';
import { slotsSchema } from '../http/request-schemas.js';

/** Dependencies of the handler. */
export interface SlotsDeps {
  readonly gates: Pick<Gates, 'origin' | 'visitor' | 'number'>;
  readonly hours: Hours | undefined;
  readonly bookings: Pick<Bookings, 'freeTimes'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Creates the handler of `POST /v1/slots`. */
export function createSlots({ gates, hours, bookings, clock }: SlotsDeps): (c: AppContext) => Promise<Response> {
  return async function offerSlots(c) {
    const refuse = (problem: Problem): Response => problemResponse(c, problem);
    const origin = gates.origin.toChange(c.req.raw.headers);
    if (!origin.allowed) return refuse(origin.problem);
    const exhausted = gates.visitor.check(c.get('address'));
    if (!exhausted.allowed) return refuse(exhausted.problem);
    const body = await readBody(c, slotsSchema, isJsonOrText);
    if (!body.allowed) return refuse(body.problem);
    const attempt = gates.visitor.consume(c.get('address'));
    if (!attempt.allowed) return refuse(attempt.problem);
    // A guessed country is confirmed when the call is requested.
    const number = gates.number({ phone: body.value.phone, international: true });
    if (!number.allowed) return refuse(number.problem);
    const question = { ...number.value, browserZone: body.value.timeZone, now: clock.now() };
    const isFree = hours && (await bookings.freeTimes({ origin: origin.value, address: c.get('address') }));
    const offered: SlotsOffered = {
      openNow: hours?.verdict(question).open ?? true,
      slots: hours?.slots({ ...question, ...(isFree && { isFree }) }) ?? [],
    };
    return Response.json(offered, { headers: { 'Cache-Control': 'no-store' } });
  };
}
