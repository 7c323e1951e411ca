// What follows from one status request for a call: what to write down, when to poll again, when to give up. Pure; the poller carries it out.

import { type CallStatus, isTerminal } from '../../contract.js';
import type { StatusOutcome } from '../polyai/polyai.js';
import type { DueCall } from '../store/store.js';

/** What to do with a call after a status request. Times are epoch milliseconds. */
export type NextStep =
  /** Write down what is new, if anything, and poll again. */
  | {
      readonly kind: 'poll-again';
      readonly items: readonly { readonly status: CallStatus; readonly at: number }[];
      readonly dueAt: number;
      readonly failures: number;
    }
  /** Write down what is new; the last of it is terminal. */
  | { readonly kind: 'ended'; readonly items: readonly { readonly status: CallStatus; readonly at: number }[] }
  /** Nobody can tell what became of it: `unknown`. */
  | { readonly kind: 'lost'; readonly because: 'missing' | 'no-progress' | 'unreadable' };

/** PolyAI asks for 2–5 s between status requests until the call is answered. */
export const pollBeforeAnswerMs = 2_000;
/** And for 10–30 s afterwards. */
export const pollInProgressMs = 10_000;
/** A call may be unknown to PolyAI for this long after it was accepted. */
export const youngMs = 30_000;
/** A call that was seen before may be missing this many times in a row: about half a minute with the back-off. */
export const missingAllowed = 5;
/** A call of which nothing new is heard for this long is `unknown`: PolyAI keeps no call longer than that after its end. */
export const noProgressMs: number = 2 * 60 * 60_000;
/** A call whose status cannot be told for this long on end is `unknown`: its concurrency slots are others' again. */
export const unreadableMs: number = 15 * 60_000;
const shortestBackOffMs = 1_000;
const longestBackOffMs = 30_000;
/** An upstream cannot put off a poll for longer than this, whatever its `Retry-After` says. */
export const longestRetryAfterMs = 120_000;

/** What a decision is made from. */
export interface PollResult {
  readonly due: DueCall;
  readonly outcome: StatusOutcome;
  readonly now: number;
  /** For how long no status request could tell the call's status, this one included; 0 while they can. */
  readonly unreadableForMs: number;
  /** Uniform in [0, 1): waits are spread by ± 20 % so that calls do not march in step. */
  readonly random: () => number;
}

/** Decides. */
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
      const waitMs = outcome.status === 'in-progress' ? pollInProgressMs : pollBeforeAnswerMs;
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

/** True for an outcome that does not tell how the call stands now. */
export const isUnclear = (outcome: StatusOutcome): boolean =>
  outcome.kind === 'failed' ||
  outcome.kind === 'denied' ||
  (outcome.kind === 'seen' && outcome.unfamiliar !== undefined && !isTerminal(outcome.status));

/** What the journal does not have yet. Upstream's clock is not ours: no item is before the one it follows, or after now. */
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

/** True when nothing new was heard of a call for {@link noProgressMs}. `newest`: time of something that is not in its journal yet. */
export const isStale = (due: DueCall, now: number, newest?: number): boolean => {
  const changes = [newest, lastChangeOf(due.call.history), due.acceptedAt, due.call.createdAt];
  return now - Math.max(...changes.map((at) => at ?? 0)) >= noProgressMs;
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
