// The arithmetic of allowances: may one more be spent, what is left behind, what is given back. Pure: no clock, no storage.
// Time that runs backwards never opens anything: what lies in the future counts as spent.

import type { Rule } from './store.js';

/** One thing that was counted: when, and (where members are counted) whom. */
export interface Mark {
  readonly at: number;
  readonly member?: string;
}

/** What is remembered of one key under one rule. `tat`: GCRA's theoretical arrival time, epoch ms. `marks`: newest last. */
export interface AllowanceState {
  readonly tat?: number;
  readonly marks?: readonly Mark[];
}

/** What one spend took, so that it can be given back. `before`: when the member had been counted last. */
export type Receipt =
  | { readonly kind: 'gcra'; readonly until: number; readonly amount: number }
  | { readonly kind: 'mark'; readonly at: number; readonly member?: string; readonly before?: number };

/** Whether one more may be spent. */
export type Evaluation =
  | { readonly allowed: true; readonly state: AllowanceState; readonly receipt: Receipt }
  | { readonly allowed: false; readonly retryAfterMs: number };

/** Decides one spend of `rule` at `now`. A `limit` of 0 allows nothing. */
export function evaluate(rule: Rule, state: AllowanceState, now: number, member?: string): Evaluation {
  if (!(rule.limit >= 1)) return { allowed: false, retryAfterMs: rule.windowMs };
  if (member !== undefined) return evaluateMember(rule, state, now, member);
  return rule.kind === 'gcra' ? evaluateGcra(rule, state, now) : evaluateStrict(rule, state, now);
}

/** Gives one spend back as far as time has not given it back already. Never leaves more than if it had not been spent. */
export function refund(state: AllowanceState, receipt: Receipt, now: number): AllowanceState {
  if (receipt.kind === 'gcra') {
    if (state.tat === undefined) return state;
    // The spend drains during [until - amount, until]; giving back what has drained would open the cap for somebody else.
    const rest = Math.min(receipt.amount, Math.max(0, receipt.until - now));
    return { ...state, tat: state.tat - rest };
  }
  const marks = [...(state.marks ?? [])];
  const index = marks.findIndex((mark) => mark.at === receipt.at && mark.member === receipt.member);
  if (index < 0) return state;
  if (receipt.before === undefined || receipt.member === undefined) marks.splice(index, 1);
  else marks[index] = { at: receipt.before, member: receipt.member };
  return { ...state, marks: marks.sort(byTime) };
}

/** What is remembered of one key that was kept under several names: the stricter of each. */
export function mergeStates(states: readonly AllowanceState[]): AllowanceState {
  const tats = states.flatMap(({ tat }) => (tat === undefined ? [] : [tat]));
  const marks = states.flatMap(({ marks: kept }) => kept ?? []).sort(byTime);
  return { ...(tats.length > 0 && { tat: Math.max(...tats) }), ...(marks.length > 0 && { marks }) };
}

function evaluateGcra(rule: Rule, state: AllowanceState, now: number): Evaluation {
  // Whole milliseconds, rounded to the slower side, so that no sum of fractions decides.
  const interval = Math.ceil(rule.windowMs / rule.limit);
  const tat = Math.max(state.tat ?? now, now);
  const opensAt = tat - (rule.limit - 1) * interval;
  if (opensAt > now) return { allowed: false, retryAfterMs: opensAt - now };
  const until = tat + interval;
  return { allowed: true, state: { ...state, tat: until }, receipt: { kind: 'gcra', until, amount: interval } };
}

function evaluateStrict(rule: Rule, state: AllowanceState, now: number): Evaluation {
  const marks = state.marks ?? [];
  const counted = marks.filter(({ at }) => at > now - rule.windowMs);
  const blocking = counted[counted.length - rule.limit];
  if (blocking !== undefined) return { allowed: false, retryAfterMs: blocking.at + rule.windowMs - now };
  return {
    allowed: true,
    state: { ...state, marks: newest([...marks, { at: now }], rule.limit) },
    receipt: { kind: 'mark', at: now },
  };
}

function evaluateMember(rule: Rule, state: AllowanceState, now: number, member: string): Evaluation {
  const marks = state.marks ?? [];
  const known = marks.find((mark) => mark.member === member);
  const others = marks.filter((mark) => mark.member !== member);
  const counted = others.filter(({ at }) => at > now - rule.windowMs);
  const isCounted = known !== undefined && known.at > now - rule.windowMs;
  const blocking = counted[counted.length - rule.limit];
  if (!isCounted && blocking !== undefined) {
    return { allowed: false, retryAfterMs: blocking.at + rule.windowMs - now };
  }
  return {
    allowed: true,
    state: { ...state, marks: newest([...others, { at: Math.max(now, known?.at ?? now), member }], rule.limit) },
    receipt: { kind: 'mark', at: Math.max(now, known?.at ?? now), member, ...(known && { before: known.at }) },
  };
}

const byTime = (a: Mark, b: Mark): number => a.at - b.at;

// Only the newest `limit` can ever decide; as many again are kept so that a clock set forwards and back forgets none of them.
const newest = (marks: readonly Mark[], limit: number): readonly Mark[] => [...marks].sort(byTime).slice(-2 * limit);
