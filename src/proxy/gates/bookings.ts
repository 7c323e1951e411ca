// How many callbacks can be promised for one time so that none is placed more than five minutes late for lack of capacity, and
// what a booking consumes. The store counts; hours/ decides which times are open.

import type { VisitorAddress } from '../http/client-address.js';
import type { ConcurrencySlot, Rule, Store } from '../store/store.js';
import type { Limits } from './limits.js';

/** The bookings of one proxy. */
export interface Bookings {
  /** The slots a booking holds until its call is placed or ended. `at`: epoch milliseconds. */
  slotsFor(visitor: BookingVisitor, at: number): readonly ConcurrencySlot[];
  /** Keys of bookings that are due in the next minutes or overdue: an immediate call must leave them room. */
  promisedKeys(of: string, now: number): readonly string[];
  /** Reads the times of callbacks promised for the next {@link reservedAheadMs}, and of overdue ones. */
  promisedTimes(origin: string, now: number): Promise<PromisedTimes>;
  /** Reads the bookings; the returned function reports whether an instant can still be promised to this visitor. */
  freeTimes(visitor: BookingVisitor): Promise<(at: number) => boolean>;
}

/** Who books: on which site, and from where. */
export interface BookingVisitor {
  readonly origin: string;
  readonly address: Pick<VisitorAddress, 'providerPrefix'>;
}

/** Callbacks that wait to be placed in one quarter of an hour. */
export interface Promised {
  /** The beginning of the quarter, epoch milliseconds. */
  readonly at: number;
  readonly count: number;
}

/** Callbacks that wait to be placed, earliest first. */
export interface PromisedTimes {
  readonly site: readonly Promised[];
  readonly all: readonly Promised[];
}

/** Dependencies of bookings. */
export interface BookingsDeps {
  readonly limits: Limits;
  /** Expected length of a call, from ringing to its end. */
  readonly expectedCallMinutes: number;
  readonly store: Pick<Store, 'countSlots'>;
  /** Turns text into keyed HMACs, the current key's first, so that no address is stored. */
  readonly keysOf: (text: string) => readonly string[];
}

/** The key that all sites share; no origin has this name. */
export const everybody = 'all';

/** Times closer together than this share their capacity: zones that are a quarter of an hour off have half hours in between. */
const binMs = 15 * 60_000;
/** The longest delay for lack of capacity, minutes; includes half a minute to detect that a call has ended. */
const longestDelayMinutes = 5;
const noticingMinutes = 0.5;
const dayMs = 24 * 60 * 60_000;
/** How long an overdue booking keeps its room from immediate calls. */
const waitingMs = 15 * 60_000;

/**
 * For how long ahead an immediate call leaves promised callbacks their share of what refills, milliseconds. Fewer are promised for half an hour
 * than refill in it, so a call now takes nothing from those that are due more than an hour later; three leave room for limits that were lowered
 * since. Reading all of them would take longer with each booking.
 */
export const reservedAheadMs: number = 3 * 60 * 60_000;

/** Bookings per half hour, for one site and in total. */
export function capacityOf(
  limits: Limits,
  expectedCallMinutes: number,
): { readonly site: number; readonly all: number } {
  // A call that finds no room right away takes the slot of one that ends within the delay.
  const rounds = 1 + Math.floor((longestDelayMinutes - noticingMinutes) / expectedCallMinutes);
  const inHalfAnHour = (perHour: number): number => Math.max(Math.min(perHour, 1), Math.floor(perHour / 2));
  const all = Math.min(limits.allInFlight * rounds, inHalfAnHour(limits.allPerHour), limits.allBurst, limits.allPerDay);
  const site = Math.min(
    limits.siteInFlight * rounds,
    inHalfAnHour(limits.sitePerHour),
    inHalfAnHour(limits.countryPerHour),
    limits.sitePerDay,
  );
  return { site: Math.min(site, all), all };
}

/**
 * How many of a time's places visitors from one provider may hold: half, so that dozens of networks rented in one place leave times
 * for everybody else. Never fewer than one network alone may hold.
 */
export function providerShareOf(places: number, limits: Pick<Limits, 'scheduledPerNeighbourhood'>): number {
  return Math.min(places, Math.max(Math.ceil(places / 2), Math.ceil(limits.scheduledPerNeighbourhood / 2)));
}

/** Creates the bookings. */
export function createBookings({ limits, expectedCallMinutes, store, keysOf }: BookingsDeps): Bookings {
  const capacity = capacityOf(limits, expectedCallMinutes);
  const share = { site: providerShareOf(capacity.site, limits), all: providerShareOf(capacity.all, limits) };
  const binOf = (at: number): number => Math.floor(at / binMs);
  const keyOf = (of: string, bin: number): string => `${of} at ${String(bin)}`;
  const bins = (at: number): readonly number[] => [binOf(at), binOf(at) - 1, binOf(at) + 1];
  /** What one provider's visitors hold of `of`, under every live key. */
  const providersOf = (of: string, { address }: BookingVisitor): readonly string[] =>
    keysOf(`provider ${address.providerPrefix}`).map((key) => `${of} from ${key}`);

  const slot = (scope: 'site' | 'all', of: readonly string[], at: number, max: number): ConcurrencySlot => {
    const [key = '', ...aliases] = of.flatMap((name) => bins(at).map((bin) => keyOf(name, bin)));
    return { scope, key, aliases, max };
  };

  /** `last`: the last bin that is read. Until the year 2255 all have seven digits, so they are in the order of their names. */
  const countOf = (scope: 'site' | 'all', of: string, last?: number): Promise<ReadonlyMap<string, number>> =>
    store.countSlots(scope, keyOf(of, 0).slice(0, -1), last === undefined ? undefined : keyOf(of, last));

  async function counts(
    origin: string,
    last?: number,
  ): Promise<Readonly<Record<'site' | 'all', ReadonlyMap<string, number>>>> {
    const [site, all] = await Promise.all([countOf('site', origin, last), countOf('all', everybody, last)]);
    return { site, all };
  }

  const promisedIn = (booked: ReadonlyMap<string, number>): readonly Promised[] =>
    [...booked]
      .map(([key, count]) => ({ at: Number(key.slice(key.lastIndexOf(' ') + 1)) * binMs, count }))
      .sort((a, b) => a.at - b.at);

  /** Reads how many places near an instant are taken, under any of these names. */
  async function takenNear(scope: 'site' | 'all', of: readonly string[]): Promise<(at: number) => number> {
    const taken = await Promise.all(of.map(async (name) => [name, await countOf(scope, name)] as const));
    return (at) =>
      taken.reduce(
        (sum, [name, booked]) => bins(at).reduce((near, bin) => near + (booked.get(keyOf(name, bin)) ?? 0), sum),
        0,
      );
  }

  return {
    slotsFor: (visitor, at) => [
      slot('site', [visitor.origin], at, capacity.site),
      slot('all', [everybody], at, capacity.all),
      slot('site', providersOf(visitor.origin, visitor), at, share.site),
      slot('all', providersOf(everybody, visitor), at, share.all),
    ],
    promisedKeys(of, now) {
      const last = binOf(now + expectedCallMinutes * 60_000);
      const keys: string[] = [];
      for (let bin = binOf(now - waitingMs); bin <= last; bin += 1) keys.push(keyOf(of, bin));
      return keys;
    },
    async promisedTimes(origin, now) {
      const { site, all } = await counts(origin, binOf(now + reservedAheadMs));
      return { site: promisedIn(site), all: promisedIn(all) };
    },
    async freeTimes(visitor) {
      // Where nothing can be booked, no time is offered.
      if (limits.scheduled < 1) return () => false;
      const { origin } = visitor;
      const { site, all } = await counts(origin);
      const [ofSite, ofAll] = await Promise.all([
        takenNear('site', providersOf(origin, visitor)),
        takenNear('all', providersOf(everybody, visitor)),
      ]);
      const around = (booked: ReadonlyMap<string, number>, of: string, at: number): number =>
        bins(at).reduce((sum, bin) => sum + (booked.get(keyOf(of, bin)) ?? 0), 0);
      const [ofSiteByTime, ofAllByTime] = [promisedIn(site), promisedIn(all)];
      return (at) =>
        around(site, origin, at) < capacity.site &&
        around(all, everybody, at) < capacity.all &&
        ofSite(at) < share.site &&
        ofAll(at) < share.all &&
        !isDayFull(ofSiteByTime, at, limits.sitePerDay) &&
        !isDayFull(ofAllByTime, at, limits.allPerDay);
    },
  };
}

/**
 * Whether one more at `at` would make more than `limit` in some day. The times are those of quarter hours, so nothing closer to a day than
 * one is counted; where that matters, the store decides.
 */
export function isDayFull(promised: readonly Promised[], at: number, limit: number): boolean {
  const near = promised.filter((one) => Math.abs(one.at - at) < dayMs);
  const times = [...near, { at, count: 1 }].sort((a, b) => a.at - b.at);
  let [first, inDay] = [0, 0];
  return times.some((last) => {
    inDay += last.count;
    for (let oldest = times[first]; oldest && last.at - oldest.at >= dayMs - binMs; oldest = times[first]) {
      inDay -= oldest.count;
      first += 1;
    }
    return inDay > limit;
  });
}

/**
 * How many of an allowance an immediate call must leave, so that every promised callback finds one at its time. `promised`: earliest
 * first. The allowance refills by one every `windowMs / limit`: the later a time, the less it needs today.
 */
export function reserveFor(rule: Rule, promised: readonly Promised[], now: number): number {
  const interval = rule.windowMs / rule.limit;
  let [until, most] = [0, 0];
  for (const { at, count } of promised) {
    until += count;
    most = Math.max(most, Math.ceil(until - Math.max(0, at - now) / interval));
  }
  return most;
}
