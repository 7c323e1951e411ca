// Which allowances one request uses, and what a refusal of the store may say. Counting is the store's, in one transaction;
// this file never counts.

import { canonicalNumber } from '../secrets/canonical-number.js';
import type { VisitorAddress } from '../http/client-address.js';
import { burstRule, type LimitName, type Limits, ruleOf } from './limits.js';
import type { ConcurrencySlot, Refusal, Scope, Consumption } from '../store/store.js';
import type { Problem } from '../core/verdict.js';
import type { AllowedNumber } from './number.js';
import { type Bookings, everybody } from './bookings.js';

/** Everything a request is counted under. */
export interface Counted {
  readonly number: AllowedNumber;
  /** Keyed HMACs of the number, the current key's first. */
  readonly numberKeys: readonly string[];
  readonly address: VisitorAddress;
  readonly origin: string;
}

/** What a request takes. */
export interface Allowances {
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
}

/** Builds what a request takes. */
export interface AllowanceGate {
  /** For a call that is placed now. */
  forCall(counted: Counted & { readonly now: number }): Allowances;
  /** For a callback at a chosen time (`at`, epoch milliseconds): the visitor pays now, the number's and everybody's allowances are taken when it is placed. */
  forScheduling(counted: Counted & { readonly at: number }): Allowances;
  /** For placing a callback whose time has come: the visitor has paid. */
  forDue(counted: Omit<Counted, 'address'>): Allowances;
}

/** What the gate needs. `keysOf` turns text into keyed HMACs, the current key's first, so that no number or address is stored in clear. */
export interface AllowanceGateDeps {
  readonly limits: Limits;
  readonly homeCountry: string;
  readonly keysOf: (text: string) => readonly string[];
  readonly bookings: Pick<Bookings, 'slotsFor' | 'promisedKeys'>;
}

/** Makes the gate. */
export function createAllowanceGate({ limits, homeCountry, keysOf, bookings }: AllowanceGateDeps): AllowanceGate {
  const consume = (
    scope: Scope,
    name: LimitName,
    [key = '', ...aliases]: readonly string[],
    member?: string,
  ): Consumption => ({
    scope,
    key: `${name}:${key}`,
    // Under an older secret until it is retired: a rotation forgets nobody's day.
    ...(aliases.length > 0 && { aliases: aliases.map((alias) => `${name}:${alias}`) }),
    rule: ruleOf(limits, name),
    ...(member !== undefined && { member }),
  });
  const burst: Consumption = { scope: 'all', key: 'allBurst', rule: burstRule(limits) };

  function ofAddress({ address, numberKeys }: Pick<Counted, 'address' | 'numberKeys'>): Consumption[] {
    const bucket = keysOf(address.bucket);
    const networkPrefix = keysOf(address.networkPrefix);
    const [member = ''] = numberKeys;
    return [
      consume('address', 'addressPerMinute', bucket),
      consume('address', 'addressPerHour', bucket),
      consume('address', 'addressPerDay', bucket),
      consume('neighbourhood', 'neighbourhoodPerHour', networkPrefix),
      consume('neighbourhood', 'neighbourhoodPerDay', networkPrefix),
      consume('distinct-numbers', 'distinctNumbersPerHour', bucket, member),
      consume('distinct-numbers', 'distinctNumbersPerDay', bucket, member),
    ];
  }

  function ofEverybody({ number, origin }: Pick<Counted, 'number' | 'origin'>): Consumption[] {
    return [
      consume('country', 'countryPerHour', [number.country]),
      ...(number.country === homeCountry ? [] : [consume('abroad', 'abroadPerDay', ['all'])]),
      consume('site', 'sitePerHour', [origin]),
      consume('site', 'sitePerDay', [origin]),
      burst,
      consume('all', 'allPerDay', ['all']),
    ];
  }

  /** Last of all: whoever is refused for another reason learns nothing about a number. */
  function ofNumber({ number, numberKeys }: Pick<Counted, 'number' | 'numberKeys'>): Consumption[] {
    const prefix = keysOf(`prefix ${canonicalNumber(number.e164).slice(0, -4)}`);
    return [
      consume('number', 'numberPer10Minutes', numberKeys),
      consume('number', 'numberPerDay', numberKeys),
      consume('prefix', 'prefixPerHour', prefix),
      consume('prefix', 'prefixPerDay', prefix),
    ];
  }

  const atMost = (
    max: number,
    scope: ConcurrencySlot['scope'],
    [key = '', ...aliases]: readonly string[],
  ): ConcurrencySlot => ({ scope, key, ...(aliases.length > 0 && { aliases }), max });

  const concurrencySlotsOf = ({ numberKeys, origin }: Pick<Counted, 'numberKeys' | 'origin'>): ConcurrencySlot[] => [
    atMost(limits.siteInFlight, 'site', [origin]),
    atMost(limits.allInFlight, 'all', [everybody]),
    // Never two calls to one person: no setting raises this one.
    atMost(1, 'number', numberKeys),
  ];

  /** Leaves room for what is promised for the next minutes. */
  const concurrencySlotsForNow = (counted: Counted & { readonly now: number }): ConcurrencySlot[] => [
    atMost(limits.siteInFlight, 'site', [counted.origin, ...bookings.promisedKeys(counted.origin, counted.now)]),
    atMost(limits.allInFlight, 'all', [everybody, ...bookings.promisedKeys(everybody, counted.now)]),
    atMost(1, 'number', counted.numberKeys),
  ];

  return {
    forCall: (counted) => ({
      consumptions: [...ofAddress(counted), ...ofEverybody(counted), ...ofNumber(counted)],
      concurrencySlots: concurrencySlotsForNow(counted),
    }),
    forScheduling: (counted) => ({
      consumptions: [...ofAddress(counted), consume('all', 'scheduledPerHour', [everybody])],
      concurrencySlots: [
        atMost(limits.scheduledPerAddress, 'scheduled-address', keysOf(counted.address.bucket)),
        atMost(limits.scheduledPerNeighbourhood, 'scheduled-neighbourhood', keysOf(counted.address.networkPrefix)),
        atMost(limits.scheduled, 'scheduled', [everybody]),
        ...bookings.slotsFor(counted.origin, counted.at),
        atMost(1, 'scheduled-number', counted.numberKeys),
      ],
    }),
    forDue: (counted) => ({
      consumptions: [...ofEverybody(counted), ...ofNumber(counted)],
      concurrencySlots: concurrencySlotsOf(counted),
    }),
  };
}

/**
 * The one answer to everything that depends on the person called. Ten minutes: when it is over the short causes (a call
 * in flight, a cool-down of 5 minutes, the 10-minute allowance) are normally gone; a value of their own would name the cause.
 */
export const tryLater: Problem = { code: 'try-later', retryAfterSeconds: 600 };

/** A call in flight ends sometime in the next minutes: nobody knows when. */
const inFlightRetrySeconds = 30;

/** Which limit refused, for the log: the visitor is not told what concerns a number. */
export function limitOf(refusal: Refusal): Readonly<Record<string, string | number>> {
  switch (refusal.kind) {
    case 'suppressed':
    case 'cooling-down':
      return { limit: refusal.kind };
    case 'at-capacity':
      return { limit: refusal.scope === 'scheduled' ? 'scheduled' : `${refusal.scope}-in-flight` };
    case 'rate-limited':
      return { limit: refusal.scope, retryAfterSeconds: Math.ceil(refusal.retryAfterMs / 1_000) };
  }
}

/** A network that has its callbacks waiting may book again when one of them is over. */
const bookedRetrySeconds = 3_600;

/** What a refusal of the store says to the visitor; `isBooking`: he chose a time. */
export function problemOf(refusal: Refusal, isBooking = false): Problem {
  switch (refusal.kind) {
    case 'suppressed':
    case 'cooling-down':
      return tryLater;
    case 'at-capacity':
      return atCapacityProblem(refusal.scope, isBooking);
    case 'rate-limited':
      return rateLimitedProblem(refusal.scope, Math.max(1, Math.ceil(refusal.retryAfterMs / 1_000)));
  }
}

function atCapacityProblem(scope: ConcurrencySlot['scope'], isBooking: boolean): Problem {
  switch (scope) {
    case 'number':
    case 'scheduled-number':
      return tryLater;
    case 'scheduled-address':
    case 'scheduled-neighbourhood':
      return { code: 'visitor-limit', retryAfterSeconds: bookedRetrySeconds };
    case 'scheduled':
      return { code: 'busy', retryAfterSeconds: inFlightRetrySeconds };
    case 'site':
    case 'all':
      return isBooking ? { code: 'slot-not-open' } : { code: 'busy', retryAfterSeconds: inFlightRetrySeconds };
  }
}

function rateLimitedProblem(scope: Scope, retryAfterSeconds: number): Problem {
  switch (scope) {
    case 'number':
    case 'prefix':
      // A block of 10,000 numbers is still about people: somebody near was called.
      return tryLater;
    case 'address':
    case 'neighbourhood':
    case 'distinct-numbers':
    case 'attempts':
      return { code: 'visitor-limit', retryAfterSeconds };
    case 'country':
    case 'abroad':
    case 'site':
    case 'all':
      return { code: 'busy', retryAfterSeconds };
  }
}
