// How many callbacks can be promised for one time, so that nobody who was promised a time is called more than five minutes late for
// want of room, and what a booking takes. Counting is the store's. What is open at all is for hours/.

import type { ConcurrencySlot, Store } from '../store/store.js';
import type { Limits } from './limits.js';

/** The bookings of one proxy. */
export interface Bookings {
  /** What a booking takes until its call is placed or ended. `at`: epoch milliseconds. */
  slotsFor(origin: string, at: number): readonly ConcurrencySlot[];
  /** Keys of what is promised for the next minutes, or is waiting for its turn: a call for now must leave it room. */
  promisedKeys(of: string, now: number): readonly string[];
  /** Reads what is booked; says of an instant whether it can still be promised on this site. */
  freeTimes(origin: string): Promise<(at: number) => boolean>;
}

/** What they follow from. */
export interface BookingsDeps {
  readonly limits: Limits;
  /** How long a call is expected to last, from ringing to its end. */
  readonly expectedCallMinutes: number;
  readonly store: Pick<Store, 'countSlots'>;
}

/** The name of what all sites share; no origin is called so. */
export const everybody = 'all';

/** Times nearer to each other than this share their room. Half hours of the zones that are a quarter of an hour off lie between. */
const binMs = 15 * 60_000;
/** Nobody is called later than this for want of room, minutes; half a minute of it is for noticing that a call has ended. */
const longestDelayMinutes = 5;
const noticingMinutes = 0.5;
/** So long a booking that waits for its turn keeps its room free of calls for now. */
const waitingMs = 15 * 60_000;

/** Promises for one site, and for all sites together, in half an hour. */
export function capacityOf(
  limits: Limits,
  expectedCallMinutes: number,
): { readonly site: number; readonly all: number } {
  // Whoever does not find a place at once takes that of a call that ends within the delay.
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

/** Makes them. */
export function createBookings({ limits, expectedCallMinutes, store }: BookingsDeps): Bookings {
  const capacity = capacityOf(limits, expectedCallMinutes);
  const binOf = (at: number): number => Math.floor(at / binMs);
  const keyOf = (of: string, bin: number): string => `${of} at ${String(bin)}`;

  const slot = (scope: 'site' | 'all', of: string, at: number, max: number): ConcurrencySlot => {
    const bin = binOf(at);
    return { scope, key: keyOf(of, bin), aliases: [keyOf(of, bin - 1), keyOf(of, bin + 1)], max };
  };

  return {
    slotsFor: (origin, at) => [slot('site', origin, at, capacity.site), slot('all', everybody, at, capacity.all)],
    promisedKeys(of, now) {
      const last = binOf(now + expectedCallMinutes * 60_000);
      const keys: string[] = [];
      for (let bin = binOf(now - waitingMs); bin <= last; bin += 1) keys.push(keyOf(of, bin));
      return keys;
    },
    async freeTimes(origin) {
      const [site, all] = await Promise.all([
        store.countSlots('site', keyOf(origin, 0).slice(0, -1)),
        store.countSlots('all', keyOf(everybody, 0).slice(0, -1)),
      ]);
      const around = (counts: ReadonlyMap<string, number>, of: string, at: number): number =>
        [-1, 0, 1].reduce((sum, step) => sum + (counts.get(keyOf(of, binOf(at) + step)) ?? 0), 0);
      return (at) => around(site, origin, at) < capacity.site && around(all, everybody, at) < capacity.all;
    },
  };
}
