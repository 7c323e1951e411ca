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
  /** Reads the times of promised callbacks. */
  promisedTimes(origin: string): Promise<PromisedTimes>;
  /** Reads the bookings; the returned function reports whether an instant can still be promised to this visitor. */
  freeTimes(visitor: BookingVisitor): Promise<(at: number) => boolean>;
}

/** Who books: on which site, and from where. */
export interface BookingVisitor {
  readonly origin: string;
  readonly address: Pick<VisitorAddress, 'providerPrefix'>;
}

/** Times of callbacks that wait to be placed: epoch milliseconds, rounded down to quarter hours, earliest first. */
export interface PromisedTimes {
  readonly site: readonly number[];
  readonly all: readonly number[];
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

  const countOf = (scope: 'site' | 'all', of: string): Promise<ReadonlyMap<string, number>> =>
    store.countSlots(scope, keyOf(of, 0).slice(0, -1));

  async function counts(origin: string): Promise<Readonly<Record<'site' | 'all', ReadonlyMap<string, number>>>> {
    const [site, all] = await Promise.all([countOf('site', origin), countOf('all', everybody)]);
    return { site, all };
  }

  const timesOf = (booked: ReadonlyMap<string, number>): readonly number[] =>
    [...booked]
      .flatMap(([key, n]) => Array<number>(n).fill(Number(key.slice(key.lastIndexOf(' ') + 1)) * binMs))
      .sort((a, b) => a - b);

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
    async promisedTimes(origin) {
      const { site, all } = await counts(origin);
      return { site: timesOf(site), all: timesOf(all) };
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
      const [siteTimes, allTimes] = [timesOf(site), timesOf(all)];
      // The rounded times are within a quarter of an hour; where that matters, the store decides.
      const isDayFull = (times: readonly number[], at: number, limit: number): boolean => {
        const near = [...times.filter((time) => Math.abs(time - at) < dayMs), at].sort((a, b) => a - b);
        return near.some((time, index) => time - (near[index - limit] ?? -Infinity) < dayMs - binMs);
      };
      return (at) =>
        around(site, origin, at) < capacity.site &&
        around(all, everybody, at) < capacity.all &&
        ofSite(at) < share.site &&
        ofAll(at) < share.all &&
        !isDayFull(siteTimes, at, limits.sitePerDay) &&
        !isDayFull(allTimes, at, limits.allPerDay);
    },
  };
}

/**
 * How many of an allowance an immediate call must leave, so that every promised callback finds one at its time. `times` are epoch
 * milliseconds, earliest first. The allowance refills by one every `windowMs / limit`: the later a time, the less it needs today.
 */
export function reserveFor(rule: Rule, times: readonly number[], now: number): number {
  const interval = rule.windowMs / rule.limit;
  return times.reduce(
    (most, at, before) => Math.max(most, Math.ceil(before + 1 - Math.max(0, at - now) / interval)),
    0,
  );
}
