// Which allowances one request uses, and what a refusal of the store may say. Counting is the store's, in one transaction;
// this file never counts.

import { canonicalNumber } from '../secrets/canonical-number.js';
import type { VisitorAddress } from '../http/client-address.js';
import { burstRule, type LimitName, type Limits, ruleOf } from './limits.js';
import type { ConcurrencySlot, Refusal, Scope, Consumption } from '../store/store.js';
import { allow, type Problem, refuse, type Verdict } from '../core/verdict.js';
import type { AllowedNumber } from './number.js';

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
  /** In the sandbox one test number shows the refusal of a visitor at the limit; every other number passes. */
  demonstration(number: AllowedNumber): Verdict<void>;
  /** For a call that is placed now. */
  forCall(counted: Counted): Allowances;
  /** For a callback at a chosen time: the visitor pays now, the number's and everybody's allowances are taken when it is placed. */
  forScheduling(counted: Counted): Allowances;
  /** For placing a callback whose time has come: the visitor has paid. */
  forDue(counted: Omit<Counted, 'address'>): Allowances;
}

/** What the gate needs. `keysOf` turns text into keyed HMACs, the current key's first, so that no number or address is stored in clear. */
export interface AllowanceGateDeps {
  readonly limits: Limits;
  readonly homeCountry: string;
  readonly keysOf: (text: string) => readonly string[];
  /** Only in the sandbox. */
  readonly limitedNumber?: string | undefined;
}

/** Makes the gate. */
export function createAllowanceGate({ limits, homeCountry, keysOf, limitedNumber }: AllowanceGateDeps): AllowanceGate {
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

  // Never two calls to one person: no setting raises this one.
  const onePer = (
    scope: 'number' | 'scheduled-number',
    [key = '', ...aliases]: readonly string[],
  ): ConcurrencySlot => ({
    scope,
    key,
    ...(aliases.length > 0 && { aliases }),
    max: 1,
  });

  const concurrencySlotsOf = ({ numberKeys, origin }: Pick<Counted, 'numberKeys' | 'origin'>): ConcurrencySlot[] => [
    { scope: 'site', key: origin, max: limits.siteInFlight },
    { scope: 'all', key: 'all', max: limits.allInFlight },
    onePer('number', numberKeys),
  ];

  return {
    demonstration: ({ e164 }) =>
      e164 === limitedNumber ? refuse({ code: 'visitor-limit', retryAfterSeconds: 3_540 }) : allow(undefined),
    forCall: (counted) => ({
      consumptions: [...ofAddress(counted), ...ofEverybody(counted), ...ofNumber(counted)],
      concurrencySlots: concurrencySlotsOf(counted),
    }),
    forScheduling: (counted) => ({
      consumptions: ofAddress(counted),
      concurrencySlots: [
        { scope: 'scheduled', key: 'all', max: limits.scheduled },
        onePer('scheduled-number', counted.numberKeys),
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

/** What a refusal of the store says to the visitor. */
export function problemOf(refusal: Refusal): Problem {
  switch (refusal.kind) {
    case 'suppressed':
    case 'cooling-down':
      return tryLater;
    case 'at-capacity':
      return refusal.scope === 'site' || refusal.scope === 'all' || refusal.scope === 'scheduled'
        ? { code: 'busy', retryAfterSeconds: inFlightRetrySeconds }
        : tryLater;
    case 'rate-limited':
      return rateLimitedProblem(refusal.scope, Math.max(1, Math.ceil(refusal.retryAfterMs / 1_000)));
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
