// How long a call in the queue is likely to wait, pure: from how long recent calls held a slot, and from when allowances refill.

import { isTerminal } from '../../contract.js';
import { limitSettings, type Limits } from '../gates/limits.js';
import type { Refusal, StoredCall } from '../store/store.js';

/** What stands in the way at one limit. `slots`: room for this many calls at once. `refill`: the next one in `inMs`, then one every `everyMs`. */
export type Cause =
  | { readonly kind: 'slots'; readonly max: number }
  | { readonly kind: 'refill'; readonly inMs: number; readonly everyMs: number };

/** Fewer calls than this are not representative. */
export const fewestCalls = 20;
/** Older calls are not considered, milliseconds. */
const longestAgeMs = 24 * 60 * 60_000;

/** How long calls of the last day held a slot on average, milliseconds: from the request to the end. Undefined while too few show it. */
export function usualHoldMs(calls: readonly StoredCall[], now: number): number | undefined {
  const times = calls.flatMap((call) => {
    const requested = call.history.find(({ status }) => status === 'requested');
    const last = call.history.at(-1);
    // Without PolyAI's ID it never held a slot for longer than the request took.
    if (requested === undefined || last === undefined || !isTerminal(call.status) || call.upstreamId === undefined)
      return [];
    return now - call.createdAt < longestAgeMs ? [Math.max(0, Date.parse(last.at) - Date.parse(requested.at))] : [];
  });
  if (times.length < fewestCalls) return undefined;
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

/** The expected wait of the call at `position` of one limit, whole seconds; undefined where nothing shows it. */
export function waitSecondsOf(
  position: number,
  causes: readonly Cause[],
  holdMs: number | undefined,
): number | undefined {
  const waits = causes.map((cause) => {
    if (cause.kind === 'refill') return cause.inMs + (position - 1) * cause.everyMs;
    return holdMs === undefined || cause.max < 1 ? undefined : (position * holdMs) / cause.max;
  });
  if (waits.length === 0) return undefined;
  const known = waits.filter((ms) => ms !== undefined);
  return known.length < waits.length ? undefined : Math.max(1, Math.ceil(Math.max(...known) / 1_000));
}

/** What a refusal says about the wait; undefined where it says nothing. */
export function causeOf(refusal: Refusal, limits: Limits): Cause | undefined {
  if (refusal.kind === 'at-capacity') {
    if (refusal.scope === 'site') return { kind: 'slots', max: limits.siteInFlight };
    return refusal.scope === 'all' ? { kind: 'slots', max: limits.allInFlight } : undefined;
  }
  if (refusal.kind !== 'rate-limited') return undefined;
  const slowest = {
    country: 'countryPerHour',
    site: 'sitePerHour',
    all: 'allPerHour',
    abroad: 'abroadPerDay',
  } as const;
  if (!Object.hasOwn(slowest, refusal.scope)) return undefined;
  const name = slowest[refusal.scope as keyof typeof slowest];
  return {
    kind: 'refill',
    inMs: refusal.retryAfterMs,
    everyMs: (limitSettings[name].windowMs ?? 0) / Math.max(1, limits[name]),
  };
}
