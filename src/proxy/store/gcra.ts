// The arithmetic of allowances: whether one more may be consumed, the state after it, and refunds. Pure: no clock, no storage.
// Time that runs backward never frees an allowance: anything in the future counts as consumed.

import type { Rule } from './store.js';

/** One counted request: its time and, if distinct members are counted, its member. */
export interface Hit {
  readonly at: number;
  readonly member?: string;
  /** True for a call promised for the time `at`: it counts only in the windows that contain that time. */
  readonly isPromised?: true;
}

/** The state of one key under one rule. `tat`: GCRA's theoretical arrival time, epoch ms. `hits`: newest last. */
export interface AllowanceState {
  readonly tat?: number;
  readonly hits?: readonly Hit[];
}

/** What was consumed, so that it can be refunded. `before`: when the member was last counted before. */
export type Receipt =
  | { readonly kind: 'gcra'; readonly until: number; readonly amount: number }
  | {
      readonly kind: 'hit';
      readonly at: number;
      readonly member?: string;
      readonly before?: number;
      readonly isPromised?: true;
    };

/** Whether one more may be consumed. */
export type Evaluation =
  | { readonly allowed: true; readonly state: AllowanceState; readonly receipt: Receipt }
  | { readonly allowed: false; readonly retryAfterMs: number };

/** Decides one consumption under `rule` at `now`. A `limit` of 0 allows nothing. `promisedAt`: consumes for that future time; `strict` rules only. */
export function evaluate(
  rule: Rule,
  state: AllowanceState,
  now: number,
  member?: string,
  promisedAt?: number,
): Evaluation {
  if (!(rule.limit >= 1)) return { allowed: false, retryAfterMs: rule.windowMs };
  if (promisedAt !== undefined) return evaluatePromise(rule, state, promisedAt, now);
  if (member !== undefined) return evaluateMember(rule, state, now, member);
  return rule.kind === 'gcra' ? evaluateGcra(rule, state, now) : evaluateStrict(rule, state, now);
}

/** How much of the allowance is used at `now`: never more than its limit, unless the limit was lowered. Calls promised for later do not count. */
export function usedOf(rule: Rule, { tat = 0, hits = [] }: AllowanceState, now: number): number {
  if (rule.kind === 'strict')
    return hits.filter(({ at, isPromised }) => at > now - rule.windowMs && (isPromised !== true || at <= now)).length;
  return rule.limit < 1 ? 0 : Math.ceil(Math.max(0, tat - now) / Math.ceil(rule.windowMs / rule.limit));
}

/** Refunds what has not already refilled over time. Never leaves more than if nothing had been consumed. */
export function refund(state: AllowanceState, receipt: Receipt, now: number): AllowanceState {
  if (receipt.kind === 'gcra') {
    if (state.tat === undefined) return state;
    // What was consumed drains during [until - amount, until]; refunding what has drained would exceed the cap.
    const remainder = Math.min(receipt.amount, Math.max(0, receipt.until - now));
    return { ...state, tat: state.tat - remainder };
  }
  const hits = [...(state.hits ?? [])];
  const index = hits.findIndex((hit) => hit.at === receipt.at && hit.member === receipt.member);
  if (index < 0) return state;
  if (receipt.before === undefined || receipt.member === undefined) hits.splice(index, 1);
  else hits[index] = { at: receipt.before, member: receipt.member };
  return { ...state, hits: hits.sort(byTime) };
}

/** The combined state of one key stored under several names: the strictest of them. */
export function mergeStates(states: readonly AllowanceState[]): AllowanceState {
  const tats = states.flatMap(({ tat }) => (tat === undefined ? [] : [tat]));
  const hits = states.flatMap(({ hits: kept }) => kept ?? []).sort(byTime);
  return { ...(tats.length > 0 && { tat: Math.max(...tats) }), ...(hits.length > 0 && { hits }) };
}

function evaluateGcra(rule: Rule, state: AllowanceState, now: number): Evaluation {
  // Whole milliseconds, rounded up, so that accumulated fractions never matter.
  const interval = Math.ceil(rule.windowMs / rule.limit);
  const tat = Math.max(state.tat ?? now, now);
  const opensAt = tat - (rule.limit - 1 - (rule.reserve ?? 0)) * interval;
  if (opensAt > now) return { allowed: false, retryAfterMs: opensAt - now };
  const until = tat + interval;
  return { allowed: true, state: { ...state, tat: until }, receipt: { kind: 'gcra', until, amount: interval } };
}

function evaluateStrict(rule: Rule, state: AllowanceState, now: number): Evaluation {
  const hits = state.hits ?? [];
  const hit = { at: now };
  if (!fits(rule, hits, now)) {
    // Only the end of a window frees an allowance.
    const frees = hits.map(({ at }) => at + rule.windowMs).sort((a, b) => a - b);
    const at = frees.find((time) => time > now && fits(rule, hits, time)) ?? now + rule.windowMs;
    return { allowed: false, retryAfterMs: at - now };
  }
  return {
    allowed: true,
    state: { ...state, hits: newest([...hits, hit], rule.limit, now) },
    receipt: { kind: 'hit', at: now },
  };
}

function evaluatePromise(rule: Rule, state: AllowanceState, at: number, now: number): Evaluation {
  const hits = state.hits ?? [];
  if (!fits(rule, hits, at)) return { allowed: false, retryAfterMs: rule.windowMs };
  return {
    allowed: true,
    state: { ...state, hits: newest([...hits, { at, isPromised: true }], rule.limit, now) },
    receipt: { kind: 'hit', at, isPromised: true },
  };
}

/** Whether one more at `time` leaves at most `limit` in every window. A hit in the future that was not promised counts: the clock was set back. */
function fits({ limit, windowMs }: Rule, hits: readonly Hit[], time: number): boolean {
  const near = hits
    .filter(({ at, isPromised }) => at > time - windowMs && (isPromised !== true || at < time + windowMs))
    .map(({ at, isPromised }) => (isPromised === true ? at : Math.min(at, time)))
    .concat(time)
    .sort((a, b) => a - b);
  return near.every((at, index) => at - (near[index - limit] ?? -Infinity) >= windowMs);
}

function evaluateMember(rule: Rule, state: AllowanceState, now: number, member: string): Evaluation {
  const hits = state.hits ?? [];
  const known = hits.find((hit) => hit.member === member);
  const others = hits.filter((hit) => hit.member !== member);
  const counted = others.filter(({ at }) => at > now - rule.windowMs);
  const isCounted = known !== undefined && known.at > now - rule.windowMs;
  const blocking = counted[counted.length - rule.limit];
  if (!isCounted && blocking !== undefined) {
    return { allowed: false, retryAfterMs: blocking.at + rule.windowMs - now };
  }
  return {
    allowed: true,
    state: { ...state, hits: newest([...others, { at: Math.max(now, known?.at ?? now), member }], rule.limit, now) },
    receipt: { kind: 'hit', at: Math.max(now, known?.at ?? now), member, ...(known && { before: known.at }) },
  };
}

const byTime = (a: Hit, b: Hit): number => a.at - b.at;

// Only the newest `limit` can ever matter; as many again are kept, so that setting the clock forward and back loses none of them. Promised
// hits are kept as well.
function newest(hits: readonly Hit[], limit: number, now: number): readonly Hit[] {
  const isAhead = ({ at, isPromised }: Hit): boolean => isPromised === true && at > now;
  const sorted = [...hits].sort(byTime);
  return [...sorted.filter((hit) => !isAhead(hit)).slice(-2 * limit), ...sorted.filter(isAhead)];
}
