// Which allowances one request consumes, and what a refusal by the store may reveal. The counting itself is the store's, in one
// transaction.

import { canonicalNumber } from '../secrets/canonical-number.js';
import type { VisitorAddress } from '../http/client-address.js';
import { burstRule, type LimitName, type Limits, ruleOf } from './limits.js';
import { limitsOf } from '../store/queue.js';
import type { ConcurrencySlot, Refusal, Scope, Consumption } from '../store/store.js';
import type { Problem } from '../core/verdict.js';
import type { AllowedNumber } from './number.js';
import { type Bookings, everybody, reserveFor } from './bookings.js';
import { queueSlots } from './queue-places.js';

/** Everything by which a request is counted. */
export interface Counted {
  readonly number: AllowedNumber;
  /** Keyed HMACs of the number, the current key's first. */
  readonly numberKeys: readonly string[];
  readonly address: VisitorAddress;
  readonly origin: string;
}

/** What a request consumes. */
export interface Allowances {
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
}

/** What a call that waits, or that must not overtake those who do, shares with others. */
export interface SharedAllowances extends Allowances {
  /** Names of the limits; see store/queue.ts. */
  readonly limits: readonly string[];
}

/** By what a waiting call is counted. `country`: ISO 3166-1 alpha-2 of its number. */
export interface TurnCounted {
  readonly origin: string;
  readonly country: string;
  readonly now: number;
}

/** Determines what a request consumes. */
export interface AllowanceGate {
  /** For an immediate call: leaves promised callbacks their share of every cap that refills. Rejects when the store cannot be read. */
  forCall(counted: Counted & { readonly now: number }): Promise<SharedAllowances>;
  /** For booking a callback at `at` (epoch milliseconds): the visitor's allowances are consumed now, the daily totals and those of the number's block for that time, the number's own and the hourly ones when it is placed. */
  forScheduling(counted: Counted & { readonly at: number }): Allowances;
  /** For joining the queue: what limits the visitor, and the queue's own places. */
  forJoining(counted: Counted): Allowances;
  /** For the turn of a call that waits, without what depends on the person called. Leaves promised callbacks their share, as for any immediate call. */
  forTurn(counted: TurnCounted): Promise<SharedAllowances>;
  /** What depends on the person called, for a call whose turn has come. */
  forNumber(counted: Pick<Counted, 'number' | 'numberKeys'>): Allowances;
  /** For placing a callback whose time has come: the visitor's allowances were consumed at booking. */
  forDue(counted: Omit<Counted, 'address'>): Allowances;
}

/** Dependencies of the gate. `keysOf` turns text into keyed HMACs, the current key's first, so that no plaintext number or address is stored. */
export interface AllowanceGateDeps {
  readonly limits: Limits;
  readonly homeCountry: string;
  readonly keysOf: (text: string) => readonly string[];
  readonly bookings: Pick<Bookings, 'slotsFor' | 'promisedKeys' | 'promisedTimes'>;
  /** Most calls in the queue; 0: there is none. */
  readonly queueLength: number;
}

/** What the limits that are shared by everybody depend on. */
type Shared = Pick<TurnCounted, 'origin' | 'country'>;

const sharedBy = ({ origin, number }: Pick<Counted, 'origin' | 'number'>): Shared => ({
  origin,
  country: number.country,
});

/** Callbacks of one network that are closer together than this share half of its slots. */
const networkBinMs = 6 * 60 * 60_000;

/** Creates the gate. */
export function createAllowanceGate(deps: AllowanceGateDeps): AllowanceGate {
  const { limits, homeCountry, keysOf, bookings, queueLength } = deps;
  const consume = (
    scope: Scope,
    name: LimitName,
    [key = '', ...aliases]: readonly string[],
    member?: string,
  ): Consumption => ({
    scope,
    key: `${name}:${key}`,
    // Also under older secrets until they are retired: a rotation resets nobody's limits.
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

  /** The daily totals: a booking consumes them for its time, so that nothing else uses them up until then. */
  function ofDay({ country, origin }: Shared): Consumption[] {
    return [
      ...(country === homeCountry ? [] : [consume('abroad', 'abroadPerDay', ['all'])]),
      consume('site', 'sitePerDay', [origin]),
      consume('all', 'allPerDay', ['all']),
    ];
  }

  function ofEverybody({ country, origin }: Shared): Consumption[] {
    return [
      consume('country', 'countryPerHour', [country]),
      consume('site', 'sitePerHour', [origin]),
      burst,
      ...ofDay({ country, origin }),
    ];
  }

  const promisedAt =
    (at: number) =>
    (consumption: Consumption): Consumption => ({ ...consumption, promisedAt: at });

  /** Checked last: a request refused for another reason reveals nothing about a number. */
  function ofNumber({ number, numberKeys }: Pick<Counted, 'number' | 'numberKeys'>): Consumption[] {
    return [
      consume('number', 'numberPer10Minutes', numberKeys),
      consume('number', 'numberPerDay', numberKeys),
      ...ofPrefix({ number }),
    ];
  }

  /** The block of 10,000 that the number is in. Like the daily totals, a booking consumes it for its time. */
  function ofPrefix({ number }: Pick<Counted, 'number'>): Consumption[] {
    const prefix = keysOf(`prefix ${canonicalNumber(number.e164).slice(0, -4)}`);
    return [consume('prefix', 'prefixPerHour', prefix), consume('prefix', 'prefixPerDay', prefix)];
  }

  const atMost = (
    max: number,
    scope: ConcurrencySlot['scope'],
    [key = '', ...aliases]: readonly string[],
  ): ConcurrencySlot => ({ scope, key, ...(aliases.length > 0 && { aliases }), max });

  const concurrencySlotsOf = ({ numberKeys, origin }: Pick<Counted, 'numberKeys' | 'origin'>): ConcurrencySlot[] => [
    atMost(limits.siteInFlight, 'site', [origin]),
    atMost(limits.allInFlight, 'all', [everybody]),
    // Never two concurrent calls to one person: no setting raises this.
    atMost(1, 'number', numberKeys),
  ];

  /** Keeps one network's callbacks apart: a few dozen networks could otherwise book a whole morning. */
  const networkSpacingSlot = ({ address, at }: Pick<Counted, 'address'> & { readonly at: number }): ConcurrencySlot => {
    const bin = Math.floor(at / networkBinMs);
    const keys = [bin, bin - 1, bin + 1].flatMap((near) =>
      keysOf(address.networkPrefix).map((key) => `${key} at ${String(near)}`),
    );
    return atMost(Math.ceil(limits.scheduledPerNeighbourhood / 2), 'scheduled-neighbourhood', keys);
  };

  /** Leaves room for callbacks promised for the next minutes. */
  const concurrencySlotsForNow = ({ origin, now }: TurnCounted): ConcurrencySlot[] => [
    atMost(limits.siteInFlight, 'site', [origin, ...bookings.promisedKeys(origin, now)]),
    atMost(limits.allInFlight, 'all', [everybody, ...bookings.promisedKeys(everybody, now)]),
  ];

  /** What an immediate call shares with others. */
  async function forTurn(counted: TurnCounted): Promise<SharedAllowances> {
    const { origin, country, now } = counted;
    const promised = await bookings.promisedTimes(origin, now);
    const leaving = (consumption: Consumption): Consumption => {
      const { rule, scope } = consumption;
      // Few promised callbacks are abroad; on most sites, nearly all are in one country.
      if (scope === 'abroad') return consumption;
      const reserve = reserveFor(rule, scope === 'site' ? promised.site : promised.all, now);
      return { ...consumption, rule: { ...rule, reserve } };
    };
    return {
      consumptions: ofEverybody(counted).map(leaving),
      concurrencySlots: concurrencySlotsForNow(counted),
      limits: limitsOf(origin, country, country !== homeCountry),
    };
  }

  const forNumber = (counted: Pick<Counted, 'number' | 'numberKeys'>): Allowances => ({
    consumptions: ofNumber(counted),
    // Never two concurrent calls to one person: no setting raises this.
    concurrencySlots: [atMost(1, 'number', counted.numberKeys)],
  });

  return {
    async forCall(counted) {
      const { origin, number, now } = counted;
      const shared = await forTurn({ origin, country: number.country, now });
      const own = forNumber(counted);
      return {
        consumptions: [...ofAddress(counted), ...shared.consumptions, ...own.consumptions],
        concurrencySlots: [...shared.concurrencySlots, ...own.concurrencySlots],
        limits: queueLength > 0 ? shared.limits : [],
      };
    },
    forTurn,
    forNumber,
    forJoining: (counted) => ({
      consumptions: ofAddress(counted),
      concurrencySlots: queueSlots(counted, { limits, queueLength, keysOf }),
    }),
    forScheduling: (counted) => ({
      consumptions: [
        ...ofAddress(counted),
        consume('all', 'scheduledPerHour', [everybody]),
        ...[...ofDay(sharedBy(counted)), ...ofPrefix(counted)]
          .filter(({ rule }) => rule.kind === 'strict')
          .map(promisedAt(counted.at)),
      ],
      concurrencySlots: [
        atMost(limits.scheduledPerAddress, 'scheduled-address', keysOf(counted.address.bucket)),
        atMost(limits.scheduledPerNeighbourhood, 'scheduled-neighbourhood', keysOf(counted.address.networkPrefix)),
        networkSpacingSlot(counted),
        atMost(limits.scheduled, 'scheduled', [everybody]),
        ...bookings.slotsFor(counted, counted.at),
        atMost(1, 'scheduled-number', counted.numberKeys),
      ],
    }),
    forDue: (counted) => ({
      consumptions: [...ofEverybody(sharedBy(counted)), ...ofNumber(counted)],
      concurrencySlots: concurrencySlotsOf(counted),
    }),
  };
}

/**
 * The same answer for everything that depends on the person called. After ten minutes the short causes (a call in flight, a
 * cool-down of 5 minutes, the 10-minute allowance) are normally gone; individual values would reveal the cause.
 */
export const tryLater: Problem = { code: 'try-later', retryAfterSeconds: 600 };

/** A call in flight ends within minutes, at an unknown time. */
const inFlightRetrySeconds = 30;
const busy: Problem = { code: 'busy', retryAfterSeconds: inFlightRetrySeconds };

/** Which limit refused, for the log: the visitor does not learn about limits of a number. */
export function limitOf(refusal: Refusal): Readonly<Record<string, string | number>> {
  switch (refusal.kind) {
    case 'suppressed':
    case 'cooling-down':
    case 'queue':
      return { limit: refusal.kind };
    case 'at-capacity':
      return {
        limit: /^(?:scheduled|queue-length)$/.test(refusal.scope) ? refusal.scope : `${refusal.scope}-in-flight`,
      };
    case 'rate-limited':
      return { limit: refusal.scope, retryAfterSeconds: Math.ceil(refusal.retryAfterMs / 1_000) };
  }
}

/** A network at its limit of scheduled callbacks can book again when one of them is over. */
const bookedRetrySeconds = 3_600;

/** The problem for a refusal by the store; `isBooking`: the visitor chose a time. */
export function problemOf(refusal: Refusal, isBooking = false): Problem {
  switch (refusal.kind) {
    case 'suppressed':
    case 'cooling-down':
      return tryLater;
    case 'queue':
      return busy;
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
    case 'queue-length':
      return busy;
    case 'site':
    case 'all':
      return isBooking ? { code: 'slot-not-open' } : busy;
  }
}

function rateLimitedProblem(scope: Scope, retryAfterSeconds: number): Problem {
  switch (scope) {
    case 'number':
    case 'prefix':
      // Even a block of 10,000 numbers reveals something about a person: someone in it was called.
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
