// What a visitor is offered where a limit that others share stands in the way: times that can really be booked, and a place in the queue.
// Reads only; a refusal about the visitor or the number gets no offer. An offer costs several times what the refusal does, so that each address
// gets few, and a flood from many addresses gets no times.

import type { QueuePlace, Slot } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import type { Problem } from '../core/verdict.js';
import type { Bookings } from '../gates/bookings.js';
import type { Allowances, AllowanceGate, Counted } from '../gates/rate-limit.js';
import type { VisitorGate } from '../gates/visitor.js';
import type { Hours } from '../hours/hours.js';
import { isWaitOver, limitOfRefusal, limitsOf, longestWaitInQueueMs } from '../store/queue.js';
import type { Refusal, Store } from '../store/store.js';
import type { QueuePlaces } from './places.js';

/** The refused request. */
export interface RefusedCall extends Counted {
  readonly timeZone?: string | undefined;
}

/** Adds what can be offered to the problem of a refused request. */
export type Offers = (problem: Problem, refusals: readonly Refusal[], call: RefusedCall) => Promise<Problem>;

/** Dependencies. */
export interface OffersDeps {
  readonly store: Pick<Store, 'wouldAdmit'>;
  readonly allowance: Pick<AllowanceGate, 'forScheduling' | 'forJoining'>;
  readonly bookings: Pick<Bookings, 'freeTimes'>;
  readonly hours: Pick<Hours, 'slots' | 'verdict'>;
  readonly places: Pick<QueuePlaces, 'expected'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** How many offers an address and its network get. */
  readonly visitor: Pick<VisitorGate, 'consume'>;
  /** 0: there is no queue. */
  readonly queueLength: number;
}

/** How often times are chosen again when some of them cannot be booked. */
const mostRounds = 3;
/** How often times are looked for in any one second, whoever is refused: they are the expensive part. */
export const mostPerSecond = 10;

/** Creates it. */
export function createOffers(deps: OffersDeps): Offers {
  const { store, allowance, bookings, hours, places, clock, visitor, queueLength } = deps;
  /** When times were looked for in the last second, by the monotonic clock. */
  const recent: number[] = [];

  function mayLookForTimes(): boolean {
    const now = clock.monotonic();
    while (recent[0] !== undefined && now - recent[0] >= 1_000) recent.shift();
    if (recent.length >= mostPerSecond) return false;
    recent.push(now);
    return true;
  }

  return async function offer(problem, refusals, call) {
    if (problem.code !== 'busy' || refusals.length === 0 || !refusals.every(isShared)) return problem;
    if (!visitor.consume(call.address).allowed) return problem;
    const [slots, queue] = await Promise.all([
      mayLookForTimes() ? slotsFor(refusals, call) : [],
      placeFor(refusals, call),
    ]);
    return { ...problem, ...(slots.length > 0 && { slots }), ...(queue && { queue }) };
  };

  /** Times from when on the limits allow calls again, each tried as a booking. */
  async function slotsFor(refusals: readonly Refusal[], call: RefusedCall): Promise<readonly Slot[]> {
    const now = clock.now();
    const clearsInMs = Math.max(0, ...refusals.map((one) => ('retryAfterMs' in one ? one.retryAfterMs : 0)));
    const isFree = await bookings.freeTimes(call);
    const full = new Set<number>();
    for (let round = 0; round < mostRounds; round += 1) {
      const offered = hours.slots({
        ...call.number,
        browserZone: call.timeZone,
        now,
        from: now + clearsInMs,
        isFree: (at) => !full.has(at) && isFree(at),
      });
      const times = offered.map(({ at }) => Date.parse(at));
      const admitted = await store.wouldAdmit(
        times.map((at) => withoutNumber(allowance.forScheduling({ ...call, at }))),
      );
      const refused = times.filter((_, index) => admitted[index] !== true);
      if (refused.length === 0) return offered;
      for (const at of refused) full.add(at);
    }
    return [];
  }

  async function placeFor(refusals: readonly Refusal[], call: RefusedCall): Promise<QueuePlace | undefined> {
    const { origin, number } = call;
    const limits = limitsOf(origin, number.country, true);
    const canWait = (one: Refusal): boolean => one.kind === 'queue' || limitOfRefusal(one, limits) !== undefined;
    if (queueLength < 1 || !refusals.every(canWait)) return undefined;
    const [mayJoin] = await store.wouldAdmit([withoutNumber(allowance.forJoining(call))]);
    if (mayJoin !== true) return undefined;
    const place = await places.expected(origin, number.country, refusals);
    const now = clock.now();
    const turnAt = now + (place.waitSeconds ?? 0) * 1_000;
    if (isWaitOver(now, turnAt)) return undefined;
    // Where nothing shows the wait, it may be the longest.
    const latest = place.waitSeconds === undefined ? now + longestWaitInQueueMs : turnAt;
    return hours.verdict({ ...number, browserZone: call.timeZone, now: latest }).open ? place : undefined;
  }
}

/** True for limits that are about no visitor and no number. */
const isShared = (refusal: Refusal): boolean =>
  refusal.kind === 'queue' ||
  ('scope' in refusal && ['country', 'abroad', 'site', 'all', 'queue-length'].includes(refusal.scope));

const ofNumber = new Set(['number', 'prefix', 'scheduled-number']);

/** Without what depends on the number: an offer must not tell whether somebody else requested calls to it. */
const withoutNumber = ({ consumptions, concurrencySlots }: Allowances): Allowances => ({
  consumptions: consumptions.filter(({ scope }) => !ofNumber.has(scope)),
  concurrencySlots: concurrencySlots.filter(({ scope }) => !ofNumber.has(scope)),
});
