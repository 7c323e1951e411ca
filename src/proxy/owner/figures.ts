// The figures of the owner's page: each a pure function over the facts of calls. Reading them is owner-data.ts.

import {
  type Bucket,
  type Dimension,
  dimensions,
  type Group,
  type OwnerSummary,
  results,
  type Spread,
} from '../../owner-contract.js';
import { toLocal } from '../hours/zone-clock.js';
import type { CallFacts } from './call-facts.js';
import type { Span } from './period.js';

/** Groups of a dimension that are shown: the largest. */
export const mostGroups = 50;
const quarterMs = 15 * 60_000;

/** How many calls there are, and how many of each result. */
export function totalsOf(facts: readonly CallFacts[]): OwnerSummary['totals'] {
  const counts = Object.fromEntries(results.map((result) => [result, 0])) as Record<(typeof results)[number], number>;
  for (const { result } of facts) counts[result] += 1;
  return { ...counts, calls: facts.length };
}

/** Of the calls that reached a phone, the share that was answered; undefined if there are none. */
export function answerRateOf({ answered, voicemail, busy, ...totals }: OwnerSummary['totals']): number | undefined {
  const reached = answered + voicemail + busy + totals['no-answer'];
  return reached === 0 ? undefined : answered / reached;
}

/** Median and 90th percentile (nearest rank); undefined without values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? undefined : { count: sorted.length, median: at(0.5), p90: at(0.9) };
}

/** The calls of each hour or day of a span. */
export function overTime(facts: readonly CallFacts[], { starts }: Pick<Span, 'starts'>): readonly Bucket[] {
  const buckets = starts.map((from) => ({ from: new Date(from).toISOString(), calls: 0, answered: 0 }));
  for (const { createdAt, isAnswered } of facts) {
    const bucket = buckets[lastAtMost(starts, createdAt)];
    if (bucket === undefined) continue;
    bucket.calls += 1;
    if (isAnswered) bucket.answered += 1;
  }
  return buckets;
}

/** The calls of each hour of the day, whichever day. */
export function byHour(facts: readonly CallFacts[], zone: string): OwnerSummary['byHour'] {
  const hours = Array.from({ length: 24 }, () => ({ calls: 0, answered: 0 }));
  // Every zone's clocks change at a quarter of an hour, and Intl is slow.
  const known = new Map<number, number>();
  const hourOf = (at: number): number => {
    const quarter = Math.floor(at / quarterMs);
    const hour = known.get(quarter) ?? new Date(toLocal(zone, at)).getUTCHours();
    known.set(quarter, hour);
    return hour;
  };
  for (const { createdAt, isAnswered } of facts) {
    const hour = hours[hourOf(createdAt)];
    if (hour === undefined) continue;
    hour.calls += 1;
    if (isAnswered) hour.answered += 1;
  }
  return hours;
}

/** The calls by one dimension, the largest group first. */
export function groupsOf(facts: readonly CallFacts[], dimension: Dimension): readonly Group[] {
  const groups = new Map<string, { calls: number; answered: number }>();
  for (const { by, isAnswered } of facts) {
    const value = by[dimension];
    const group = groups.get(value) ?? { calls: 0, answered: 0 };
    group.calls += 1;
    if (isAnswered) group.answered += 1;
    groups.set(value, group);
  }
  return [...groups]
    .map(([value, { calls, answered }]) => ({ value, calls, answered }))
    .sort((a, b) => b.calls - a.calls || (a.value < b.value ? -1 : 1))
    .slice(0, mostGroups);
}

/** Whether a call is in every group that is asked for. */
export const matches = ({ by }: Pick<CallFacts, 'by'>, wanted: Readonly<Partial<Record<Dimension, string>>>): boolean =>
  dimensions.every((dimension) => wanted[dimension] === undefined || by[dimension] === wanted[dimension]);

/** What the calls of these lengths cost: every minute that was begun. */
export const costOf = (talkSeconds: readonly number[], perMinute: number): number =>
  talkSeconds.reduce((minutes, seconds) => minutes + Math.ceil(seconds / 60), 0) * perMinute;

/** Index of the last start that is not after `at`; -1 if all are. */
function lastAtMost(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
