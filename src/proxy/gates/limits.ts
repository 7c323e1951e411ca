// The limits: each with its default, the sandbox's value and the setting that changes it. rate-limit.ts decides which of them a
// request consumes; the store does the arithmetic.

import type { Rule } from '../store/store.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** One limit. */
export interface LimitSetting {
  /** The environment variable. */
  readonly setting: string;
  readonly shipped: number;
  /** Higher, so that every phase can be tried within a minute; never used with a real credential. */
  readonly sandbox: number;
  /** Milliseconds; absent for a limit on concurrent calls. */
  readonly windowMs?: number;
  /** The law says "any 24 hours": exact, without a burst. At most 10, because each use is stored. */
  readonly strict?: true;
  /** Up to this value the limit is exact: what a day can cost is a guarantee, not an average. Above it, GCRA. */
  readonly exactUpTo?: number;
}

/** Name of a limit. */
export type LimitName =
  | 'numberPer10Minutes'
  | 'numberPerDay'
  | 'prefixPerHour'
  | 'prefixPerDay'
  | 'countryPerHour'
  | 'abroadPerDay'
  | 'addressPerMinute'
  | 'addressPerHour'
  | 'addressPerDay'
  | 'neighbourhoodPerHour'
  | 'neighbourhoodPerDay'
  | 'distinctNumbersPerHour'
  | 'distinctNumbersPerDay'
  | 'scheduledPerHour'
  | 'scheduledPerAddress'
  | 'scheduledPerNeighbourhood'
  | 'attemptsPer10Minutes'
  | 'networkAttemptsPer10Minutes'
  | 'sitePerHour'
  | 'sitePerDay'
  | 'siteInFlight'
  | 'allBurst'
  | 'allPerHour'
  | 'allPerDay'
  | 'allInFlight'
  | 'scheduled'
  | 'pollsPerSecond'
  | 'streams'
  | 'streamsPerCall'
  | 'streamsPerAddress'
  | 'connections'
  | 'connectionsPerAddress';

/** The limits. Sources of the numbers: docs/limits.md. */
export const limitSettings: Readonly<Record<LimitName, LimitSetting>> = {
  numberPer10Minutes: {
    setting: 'LIMIT_NUMBER_PER_10_MINUTES',
    shipped: 2,
    sandbox: 10,
    windowMs: 10 * minute,
    strict: true,
  },
  numberPerDay: { setting: 'LIMIT_NUMBER_PER_DAY', shipped: 3, sandbox: 200, windowMs: day, strict: true },
  prefixPerHour: { setting: 'LIMIT_PREFIX_PER_HOUR', shipped: 5, sandbox: 100, windowMs: hour, exactUpTo: 500 },
  prefixPerDay: { setting: 'LIMIT_PREFIX_PER_DAY', shipped: 10, sandbox: 400, windowMs: day, exactUpTo: 500 },
  countryPerHour: { setting: 'LIMIT_COUNTRY_PER_HOUR', shipped: 20, sandbox: 200, windowMs: hour },
  abroadPerDay: { setting: 'LIMIT_ABROAD_PER_DAY', shipped: 20, sandbox: 500, windowMs: day, exactUpTo: 500 },
  addressPerMinute: { setting: 'LIMIT_ADDRESS_PER_MINUTE', shipped: 1, sandbox: 20, windowMs: minute },
  addressPerHour: { setting: 'LIMIT_ADDRESS_PER_HOUR', shipped: 5, sandbox: 200, windowMs: hour },
  addressPerDay: { setting: 'LIMIT_ADDRESS_PER_DAY', shipped: 10, sandbox: 500, windowMs: day },
  neighbourhoodPerHour: { setting: 'LIMIT_NEIGHBOURHOOD_PER_HOUR', shipped: 20, sandbox: 200, windowMs: hour },
  neighbourhoodPerDay: { setting: 'LIMIT_NEIGHBOURHOOD_PER_DAY', shipped: 50, sandbox: 500, windowMs: day },
  distinctNumbersPerHour: {
    setting: 'LIMIT_DISTINCT_NUMBERS_PER_HOUR',
    shipped: 2,
    sandbox: 50,
    windowMs: hour,
    strict: true,
  },
  distinctNumbersPerDay: {
    setting: 'LIMIT_DISTINCT_NUMBERS_PER_DAY',
    shipped: 3,
    sandbox: 100,
    windowMs: day,
    strict: true,
  },
  scheduledPerHour: { setting: 'LIMIT_SCHEDULED_PER_HOUR', shipped: 30, sandbox: 600, windowMs: hour },
  scheduledPerAddress: { setting: 'LIMIT_SCHEDULED_PER_ADDRESS', shipped: 1, sandbox: 50 },
  scheduledPerNeighbourhood: { setting: 'LIMIT_SCHEDULED_PER_NEIGHBOURHOOD', shipped: 2, sandbox: 50 },
  attemptsPer10Minutes: { setting: 'LIMIT_ATTEMPTS_PER_10_MINUTES', shipped: 20, sandbox: 200, windowMs: 10 * minute },
  networkAttemptsPer10Minutes: {
    setting: 'LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES',
    shipped: 200,
    sandbox: 2_000,
    windowMs: 10 * minute,
  },
  sitePerHour: { setting: 'LIMIT_SITE_PER_HOUR', shipped: 20, sandbox: 300, windowMs: hour },
  sitePerDay: { setting: 'LIMIT_SITE_PER_DAY', shipped: 60, sandbox: 1_000, windowMs: day, exactUpTo: 500 },
  siteInFlight: { setting: 'LIMIT_SITE_IN_FLIGHT', shipped: 5, sandbox: 20 },
  allBurst: { setting: 'LIMIT_ALL_BURST', shipped: 10, sandbox: 40 },
  allPerHour: { setting: 'LIMIT_ALL_PER_HOUR', shipped: 30, sandbox: 600, windowMs: hour },
  allPerDay: { setting: 'LIMIT_ALL_PER_DAY', shipped: 100, sandbox: 2_000, windowMs: day, exactUpTo: 500 },
  allInFlight: { setting: 'LIMIT_ALL_IN_FLIGHT', shipped: 10, sandbox: 30 },
  scheduled: { setting: 'LIMIT_SCHEDULED', shipped: 200, sandbox: 2_000 },
  pollsPerSecond: { setting: 'LIMIT_POLLS_PER_SECOND', shipped: 20, sandbox: 50, windowMs: second },
  streams: { setting: 'LIMIT_STREAMS', shipped: 5_000, sandbox: 5_000 },
  streamsPerCall: { setting: 'LIMIT_STREAMS_PER_CALL', shipped: 2, sandbox: 2 },
  streamsPerAddress: { setting: 'LIMIT_STREAMS_PER_ADDRESS', shipped: 20, sandbox: 20 },
  connections: { setting: 'LIMIT_CONNECTIONS', shipped: 8_000, sandbox: 8_000 },
  connectionsPerAddress: { setting: 'LIMIT_CONNECTIONS_PER_ADDRESS', shipped: 256, sandbox: 256 },
};

/**
 * Where a limit is counted when several instances share a database. `database`: exactly, once for all of them. `divided`: each instance
 * counts its share in memory. `each`: it protects the memory of one process, so that each instance has all of it.
 */
export type Counting = 'database' | 'divided' | 'each';

/** How each limit is counted. */
export const countingOf: Readonly<Record<LimitName, Counting>> = {
  numberPer10Minutes: 'database',
  numberPerDay: 'database',
  prefixPerHour: 'database',
  prefixPerDay: 'database',
  countryPerHour: 'database',
  abroadPerDay: 'database',
  addressPerMinute: 'database',
  addressPerHour: 'database',
  addressPerDay: 'database',
  neighbourhoodPerHour: 'database',
  neighbourhoodPerDay: 'database',
  distinctNumbersPerHour: 'database',
  distinctNumbersPerDay: 'database',
  scheduledPerHour: 'database',
  scheduledPerAddress: 'database',
  scheduledPerNeighbourhood: 'database',
  attemptsPer10Minutes: 'divided',
  networkAttemptsPer10Minutes: 'divided',
  sitePerHour: 'database',
  sitePerDay: 'database',
  siteInFlight: 'database',
  allBurst: 'database',
  allPerHour: 'database',
  allPerDay: 'database',
  allInFlight: 'database',
  scheduled: 'database',
  pollsPerSecond: 'divided',
  streams: 'each',
  streamsPerCall: 'each',
  streamsPerAddress: 'divided',
  connections: 'each',
  connectionsPerAddress: 'each',
};

/** The limits in force. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Every name, in the order of the table. */
export const limitNames: readonly LimitName[] = Object.keys(limitSettings) as LimitName[];

/** The defaults, or the sandbox's values. */
export function limitsFor(kind: 'shipped' | 'sandbox'): Limits {
  return Object.fromEntries(limitNames.map((name) => [name, limitSettings[name][kind]])) as Limits;
}

/** The cool-down of a number after an unclear result: it may be ringing. */
export const coolDownAfterUnknownMs: number = 5 * minute;

/** The rule of a limit that has a window. */
export function ruleOf(limits: Limits, name: LimitName): Rule {
  const setting = limitSettings[name];
  const limit = limits[name];
  const kind = limit <= (setting.strict === true ? 10 : (setting.exactUpTo ?? 0)) ? 'strict' : 'gcra';
  return { kind, limit, windowMs: setting.windowMs ?? hour };
}

/** "Burst 10, 30 an hour" as one rule: a burst of `allBurst`, and then one every 120 s. */
export function burstRule({ allBurst, allPerHour }: Limits): Rule {
  if (allPerHour < 1) return { kind: 'gcra', limit: 0, windowMs: hour };
  return { kind: 'gcra', limit: allBurst, windowMs: Math.round((hour * allBurst) / allPerHour) };
}

/**
 * The most calls possible in 24 hours: in the long run, and the first time, with the burst on top. Above the exact range, GCRA
 * may allow nearly twice its limit in one window.
 */
export function worstDay(limits: Limits): { readonly sustained: number; readonly first: number } {
  const byHour = limits.allPerHour * 24;
  const isExact = ruleOf(limits, 'allPerDay').kind === 'strict';
  return {
    sustained: Math.min(limits.allPerDay, byHour),
    first: Math.min(isExact ? limits.allPerDay : 2 * limits.allPerDay - 1, byHour + limits.allBurst),
  };
}
