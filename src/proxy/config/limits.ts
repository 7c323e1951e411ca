// The limits' settings. Raising one above its default is allowed and reported at startup.

import { shareOf } from '../core/share.js';
import { countingOf, type LimitName, limitNames, type Limits, limitSettings, limitsFor } from '../gates/limits.js';
import { wholeNumber } from './parse.js';
import type { Setting } from './setting.js';
import type { Mistake } from './mistake.js';

/** The limits in force, and which of them exceed their defaults. */
export interface LimitsInForce {
  readonly values: Limits;
  /** Settings above their defaults; empty in the sandbox, whose limits are wider on purpose. */
  readonly raised: readonly { readonly setting: string; readonly shipped: number; readonly value: number }[];
}

const highest = 1_000_000;

/** Each limit's documentation, by setting. Sources of the numbers: docs/limits.md. */
const docs: Readonly<Record<string, string>> = {
  LIMIT_NUMBER_PER_10_MINUTES: 'Calls to one number in any 10 minutes.',
  LIMIT_NUMBER_PER_DAY: 'Calls to one number in any 24 hours. Florida and Oklahoma allow 3.',
  LIMIT_PREFIX_PER_HOUR:
    'Calls to numbers that differ in their last 4 digits only: call pumping runs through such blocks.',
  LIMIT_PREFIX_PER_DAY: 'The same for a day.',
  LIMIT_COUNTRY_PER_HOUR: 'Calls to one country: toll fraud goes where calls are expensive.',
  LIMIT_ABROAD_PER_DAY: 'Calls to all countries other than `HOME_COUNTRY`, in total.',
  LIMIT_ADDRESS_PER_MINUTE: 'Calls requested from one IPv4 address or IPv6 /64.',
  LIMIT_ADDRESS_PER_HOUR: 'The same for an hour.',
  LIMIT_ADDRESS_PER_DAY: 'The same for a day.',
  LIMIT_NEIGHBOURHOOD_PER_HOUR: 'Calls requested from one IPv4 /24 or IPv6 /48: rotation inside a network.',
  LIMIT_NEIGHBOURHOOD_PER_DAY: 'The same for a day.',
  LIMIT_DISTINCT_NUMBERS_PER_HOUR: 'Different numbers requested from one address.',
  LIMIT_DISTINCT_NUMBERS_PER_DAY: 'The same for a day.',
  LIMIT_SCHEDULED_PER_HOUR: 'Bookings of callbacks, in total.',
  LIMIT_SCHEDULED_PER_ADDRESS: 'Scheduled callbacks per address.',
  LIMIT_SCHEDULED_PER_NEIGHBOURHOOD: 'The same for an IPv4 /24 or IPv6 /48.',
  LIMIT_ATTEMPTS_PER_10_MINUTES: 'Requests from one address, whatever their outcome.',
  LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: 'The same for an IPv4 /24 or IPv6 /48.',
  LIMIT_SITE_PER_HOUR: 'Calls requested on one origin.',
  LIMIT_SITE_PER_DAY: 'The same for a day.',
  LIMIT_SITE_IN_FLIGHT: 'Concurrent calls per origin.',
  LIMIT_ALL_BURST: 'Calls at once, after a quiet period.',
  LIMIT_ALL_PER_HOUR: 'All calls.',
  LIMIT_ALL_PER_DAY: 'The same for a day. Exact in any 24 hours up to 500.',
  LIMIT_ALL_IN_FLIGHT: 'Concurrent calls, in total.',
  LIMIT_SCHEDULED: 'Scheduled callbacks, in total.',
  LIMIT_POLLS_PER_SECOND: 'Status requests to PolyAI, which recommends 2–5 s between two for the same call.',
  LIMIT_STREAMS: 'Pages that follow their call live, per process. Each takes about 12 KB of memory.',
  LIMIT_STREAMS_PER_CALL: 'Pages that follow one call; one more replaces the oldest.',
  LIMIT_STREAMS_PER_ADDRESS:
    'Pages that follow a call, per address: an office shares one address. Pages beyond the limit poll every few seconds.',
  LIMIT_CONNECTIONS: 'Open connections. Keep it above LIMIT_STREAMS, and below the limit of open files (ulimit -n).',
  LIMIT_CONNECTIONS_PER_ADDRESS: 'Open connections per address; trusted proxies are exempt.',
};

/** The limits as rows of the settings table, in its order. */
export const limitRows: Readonly<Record<string, Setting<number>>> = Object.fromEntries(
  limitNames.map((name): [string, Setting<number>] => {
    const { setting, shipped, strict } = limitSettings[name];
    // A strict limit stores each use; above ten it would no longer be the kind of limit the law means.
    const most = strict === true ? 10 : highest;
    return [
      setting,
      {
        section: 'Limits',
        default: String(shipped),
        expected: `a whole number from 0 to ${String(most)}`,
        // The sandbox allows more: readLimits checks the stricter maximum outside it.
        parse: wholeNumber(0, highest),
        doc: docs[setting] ?? '',
      },
    ];
  }),
);

/** Limits of which each instance counts its share. */
const divided: readonly LimitName[] = limitNames.filter((name) => countingOf[name] === 'divided');

/** The limits of one instance, when `instances` of them work side by side: together they allow no more than one would. */
export const limitsOfInstance = (limits: Limits, instances: number): Limits => ({
  ...limits,
  ...Object.fromEntries(divided.map((name) => [name, limits[name] === 0 ? 0 : shareOf(limits[name], instances)])),
});

/** The limits that cannot be divided by `instances`: each instance would have to allow at least one, and all together more than the limit. */
export const indivisibleLimits = (
  limits: Limits,
  instances: number,
): readonly { readonly setting: string; readonly value: number }[] =>
  divided
    .filter((name) => limits[name] > 0 && limits[name] < instances)
    .map((name) => ({ setting: limitSettings[name].setting, value: limits[name] }));

/** The limits read from the environment. */
interface LimitsReader {
  limit(name: string): number | undefined;
  note(mistake: Mistake): void;
}

/** Overrides the defaults, or the sandbox's values, with `LIMIT_*`. */
export function readLimits(reader: LimitsReader, sandbox: boolean): LimitsInForce {
  const values: Record<LimitName, number> = { ...limitsFor(sandbox ? 'sandbox' : 'shipped') };
  for (const name of limitNames) {
    const { setting, strict } = limitSettings[name];
    const max = strict === true && !sandbox ? 10 : highest;
    const given = reader.limit(setting);
    if (given !== undefined && given > max)
      reader.note({
        code: 'malformed',
        variable: setting,
        seen: String(given),
        expected: limitRows[setting]?.expected ?? '',
      });
    else if (given !== undefined) values[name] = given;
  }
  const raised = limitNames.flatMap((name) => {
    const { setting, shipped } = limitSettings[name];
    return !sandbox && values[name] > shipped ? [{ setting, shipped, value: values[name] }] : [];
  });
  return { values, raised };
}
