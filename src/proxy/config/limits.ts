// The settings of the limits. Lowering one is free; raising one above what is shipped is possible and reported at start.

import { type LimitName, limitNames, type Limits, limitSettings, limitsFor } from '../gates/limits.js';
import { wholeNumber } from './parse.js';
import type { Setting } from './setting.js';
import type { Mistake } from './mistake.js';

/** The numbers in force, and which of them are above the shipped ones. */
export interface LimitsInForce {
  readonly values: Limits;
  /** Settings above the shipped number; empty in the sandbox, which is wider on purpose. */
  readonly raised: readonly { readonly setting: string; readonly shipped: number; readonly value: number }[];
}

const highest = 1_000_000;

/** What each limit is for, by its setting. Sources of the numbers: README, "Limits and abuse". */
const docs: Readonly<Record<string, string>> = {
  LIMIT_NUMBER_PER_10_MINUTES: 'Calls to one number in any 10 minutes.',
  LIMIT_NUMBER_PER_DAY: 'Calls to one number in any 24 hours. Florida and Oklahoma allow 3.',
  LIMIT_PREFIX_PER_HOUR:
    'Calls to numbers that differ in their last 4 digits only: call pumping runs through such blocks.',
  LIMIT_PREFIX_PER_DAY: 'The same for a day.',
  LIMIT_COUNTRY_PER_HOUR: 'Calls to one country: toll fraud goes where calls are expensive.',
  LIMIT_ABROAD_PER_DAY: 'Calls to all countries but `HOME_COUNTRY` together.',
  LIMIT_ADDRESS_PER_MINUTE: 'Calls requested from one IPv4 address or IPv6 /64.',
  LIMIT_ADDRESS_PER_HOUR: 'The same for an hour.',
  LIMIT_ADDRESS_PER_DAY: 'The same for a day.',
  LIMIT_NEIGHBOURHOOD_PER_HOUR: 'Calls requested from one IPv4 /24 or IPv6 /48: rotation inside a network.',
  LIMIT_NEIGHBOURHOOD_PER_DAY: 'The same for a day.',
  LIMIT_DISTINCT_NUMBERS_PER_HOUR: 'Different numbers requested from one address.',
  LIMIT_DISTINCT_NUMBERS_PER_DAY: 'The same for a day.',
  LIMIT_SCHEDULED_PER_HOUR: 'Callbacks that can be booked, all together.',
  LIMIT_SCHEDULED_PER_ADDRESS: 'Callbacks of one address that wait for their time.',
  LIMIT_SCHEDULED_PER_NEIGHBOURHOOD: 'The same for an IPv4 /24 or IPv6 /48.',
  LIMIT_ATTEMPTS_PER_10_MINUTES: 'Requests from one address, whatever their outcome.',
  LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: 'The same for an IPv4 /24 or IPv6 /48.',
  LIMIT_SITE_PER_HOUR: 'Calls requested on one origin.',
  LIMIT_SITE_PER_DAY: 'The same for a day.',
  LIMIT_SITE_IN_FLIGHT: 'Calls of one origin at the same time.',
  LIMIT_ALL_BURST: 'Calls at once, after a quiet time.',
  LIMIT_ALL_PER_HOUR: 'All calls together.',
  LIMIT_ALL_PER_DAY: 'The same for a day. Exact in any 24 hours up to 500.',
  LIMIT_ALL_IN_FLIGHT: 'All calls at the same time.',
  LIMIT_SCHEDULED: 'Callbacks at a chosen time that may be waiting together.',
  LIMIT_LOOKS_PER_SECOND: 'Status requests to PolyAI, which asks for 2–5 s between two for one call.',
  LIMIT_STREAMS: 'Pages that follow their call live, in one process. Each takes about 12 KB of memory.',
  LIMIT_STREAMS_PER_CALL: 'Pages that follow one call; one more replaces the oldest.',
  LIMIT_STREAMS_PER_ADDRESS:
    'Pages of one address that follow a call: an office has one address. Those beyond ask every few seconds.',
  LIMIT_CONNECTIONS: 'Open connections. Keep it above LIMIT_STREAMS, and below the limit of open files (ulimit -n).',
  LIMIT_CONNECTIONS_PER_ADDRESS: 'Open connections of one address; trusted proxies are not counted.',
};

/** The limits as rows of the settings table, in its order. */
export const limitRows: Readonly<Record<string, Setting<number>>> = Object.fromEntries(
  limitNames.map((name): [string, Setting<number>] => {
    const { setting, shipped, strict } = limitSettings[name];
    // A strict limit keeps each use; more than ten would be another kind of limit than the law's.
    const most = strict === true ? 10 : highest;
    return [
      setting,
      {
        section: 'Limits',
        default: String(shipped),
        expected: `a whole number from 0 to ${String(most)}`,
        // The sandbox is wider: readLimits checks the rest where it is not the sandbox.
        parse: wholeNumber(0, highest),
        doc: docs[setting] ?? '',
      },
    ];
  }),
);

/** What was read of the environment. */
interface LimitsReader {
  limit(name: string): number | undefined;
  note(mistake: Mistake): void;
}

/** Puts the values of `LIMIT_*` on top of the shipped ones, or the sandbox's. */
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
