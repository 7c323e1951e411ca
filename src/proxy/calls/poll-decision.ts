// What follows from one status request for a call: what to record, when to poll again, when to give up. Pure; the poller carries it out.

import { type CallStatus, isTerminal } from '../../contract.js';
import type { StatusOutcome } from '../polyai/polyai.js';
import type { DueCall } from '../store/store.js';

/** What to do with a call after a status request. Times are epoch milliseconds. */
export type NextStep =
  /** Record what is new, if anything, and poll again. */
  | {
      readonly kind: 'poll-again';
      readonly items: readonly { readonly status: CallStatus; readonly at: number }[];
      readonly dueAt: number;
      readonly failures: number;
    }
  /** Record what is new; the last item is terminal. */
  | { readonly kind: 'ended'; readonly items: readonly { readonly status: CallStatus; readonly at: number }[] }
  /** The outcome cannot be determined: `unknown`. */
  | { readonly kind: 'lost'; readonly because: 'missing' | 'no-progress' | 'unreadable' };

/** PolyAI asks for 2–5 s between status requests until the call is answered. */
export const pollBeforeAnswerMs = 2_000;
/** And for 10–30 s afterwards. */
export const pollInProgressMs = 10_000;
/** `calling` is ringing or talking, which is not reported; after this long it can only be talking. */
export const longestRingingMs = 90_000;
/** PolyAI may not find a call for this long after accepting it. */
export const youngMs = 30_000;
/** A call that was found before may be missing this many times in a row: about half a minute with the back-off. */
export const missingAllowed = 5;
/** A call without progress for this long is `unknown`: PolyAI keeps no call longer than that after its end. */
export const noProgressMs: number = 2 * 60 * 60_000;
/** A call whose status has been unreadable for this long is `unknown`, which frees its concurrency slots. */
export const unreadableMs: number = 15 * 60_000;
const shortestBackOffMs = 1_000;
const longestBackOffMs = 30_000;
/** The longest delay of a poll that an upstream's `Retry-After` can cause. */
export const longestRetryAfterMs = 120_000;

/** Input of a decision. */
export interface PollResult {
  readonly due: DueCall;
  readonly outcome: StatusOutcome;
  readonly now: number;
  /** How long status requests have failed to determine the call's status, including this one; 0 if this one did. */
  readonly unreadableForMs: number;
  /** Uniform in [0, 1): delays vary by ±20% so that calls are not polled in lockstep. */
  readonly random: () => number;
}

/** Decides what follows from a status request. */
export const decideAfterPoll = ({ due, outcome, now, unreadableForMs, random }: PollResult): NextStep => {
  const { call, failures } = due;
  const isUnreadable = unreadableForMs >= unreadableMs;
  switch (outcome.kind) {
    case 'seen': {
      const items = newIn(due, outcome.history, now);
      if (items.some(({ status }) => isTerminal(status))) return { kind: 'ended', items };
      if (isStale(due, now, items.at(-1)?.at)) return { kind: 'lost', because: 'no-progress' };
      if (isUnreadable) return { kind: 'lost', because: 'unreadable' };
      if (outcome.unfamiliar !== undefined)
        return { kind: 'poll-again', items, dueAt: now + backOff(failures, random), failures: failures + 1 };
      const waitMs = isAnswered(due, outcome.status, now) ? pollInProgressMs : pollBeforeAnswerMs;
      return { kind: 'poll-again', items, dueAt: now + spread(waitMs, random), failures: 0 };
    }
    case 'missing': {
      if (now - (due.acceptedAt ?? call.createdAt) < youngMs)
        return again(now + spread(pollBeforeAnswerMs, random), failures);
      const wasSeen = call.status !== 'requested';
      if (!wasSeen || failures >= missingAllowed) return { kind: 'lost', because: 'missing' };
      return again(now + backOff(failures, random), failures + 1);
    }
    case 'failed': {
      if (isStale(due, now)) return { kind: 'lost', because: 'no-progress' };
      if (isUnreadable) return { kind: 'lost', because: 'unreadable' };
      const requestedMs = Math.min((outcome.retryAfterSeconds ?? 0) * 1_000, longestRetryAfterMs);
      return again(now + Math.max(requestedMs, backOff(failures, random)), failures + 1);
    }
    case 'denied':
      if (isStale(due, now)) return { kind: 'lost', because: 'no-progress' };
      if (isUnreadable) return { kind: 'lost', because: 'unreadable' };
      return again(now + backOff(failures, random), failures + 1);
  }
};

/** True for an outcome without the call's current status. */
export const isUnclear = (outcome: StatusOutcome): boolean =>
  outcome.kind === 'failed' ||
  outcome.kind === 'denied' ||
  (outcome.kind === 'seen' && outcome.unfamiliar !== undefined && !isTerminal(outcome.status));

/** Items that the journal does not have yet. The upstream's clock may differ from ours: times are clamped between the previous item and now. */
const newIn = (
  { call }: DueCall,
  history: readonly { readonly status: CallStatus; readonly at: number }[],
  now: number,
): { status: CallStatus; at: number }[] => {
  const known = new Set(call.history.map(({ status }) => status));
  let last = lastChangeOf(call.history) ?? call.createdAt;
  return history
    .filter(({ status }) => !known.has(status))
    .map(({ status, at }) => {
      last = Math.max(last, Math.min(at, now));
      return { status, at: last };
    });
};

/** True when a call has made no progress for {@link noProgressMs}. `newest`: time of an item that is not in its journal yet. */
export const isStale = (due: DueCall, now: number, newest?: number): boolean => {
  const changes = [newest, lastChangeOf(due.call.history), due.acceptedAt, due.call.createdAt];
  return now - Math.max(...changes.map((at) => at ?? 0)) >= noProgressMs;
};

/** True once somebody can be talking, as far as was reported. */
const isAnswered = ({ call }: DueCall, status: CallStatus, now: number): boolean => {
  if (status !== 'calling') return status === 'in-progress';
  return call.status === 'calling' && now - (lastChangeOf(call.history) ?? now) >= longestRingingMs;
};

const lastChangeOf = (history: readonly { readonly at: string }[]): number | undefined => {
  const at = Date.parse(history.at(-1)?.at ?? '');
  return Number.isNaN(at) ? undefined : at;
};

const again = (dueAt: number, failures: number): NextStep => ({ kind: 'poll-again', items: [], dueAt, failures });

/** 1, 2, 4 … 30 s. */
const backOff = (failures: number, random: () => number): number =>
  Math.min(longestBackOffMs, spread(shortestBackOffMs * 2 ** Math.min(failures, 10), random));

const spread = (ms: number, random: () => number): number => Math.round(ms * (0.8 + 0.4 * random()));
