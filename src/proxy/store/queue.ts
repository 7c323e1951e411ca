// The queue's order, pure: which limits a call needs, which of them it waits for, and who is ahead of it. Everything that places, refuses
// or shows a position goes by this file. Where waiting calls are stored is not known here.

import type { QueuePlace } from '../../contract.js';
import type { ConcurrencySlot, Consumption, DueCall, RedialPlan, Refusal, StoredAnswer, StoredCall } from './store.js';

/** How long a call waits at most, milliseconds. */
export const longestWaitInQueueMs: number = 30 * 60_000;

/** Whether a call that joined then has waited for too long. Also when that is as far ahead: the clock was set back, and nobody waits for it to catch up. */
export const isWaitOver = (joinedAt: number, now: number): boolean => Math.abs(now - joinedAt) >= longestWaitInQueueMs;

/** The key of the scope `queue-length` that counts every waiting call, including those that were passed over. */
export const storedKey = 'stored';

/** A call that waits. */
export interface WaitingCall {
  readonly callId: string;
  /** Its place in the order of joining; smaller is earlier, and no two calls have the same. */
  readonly order: number;
  readonly origin: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country: string;
  /** Epoch milliseconds. */
  readonly joinedAt: number;
  /** The limits that stand in its way, or whose earlier waiting calls do; see {@link limitsOf}. Later calls that need one of them wait, too. */
  readonly waitsFor: readonly string[];
  /** Its turn came, but its number could not be called: it holds up nobody, and whoever requested it does not learn about it. */
  readonly isPassedOver: boolean;
}

/** Names of the limits that a call needs, each of which many calls share. One name covers both the concurrent and the periodic limit of a scope. */
export const limitsOf = (origin: string, country: string, isAbroad: boolean): readonly string[] => [
  `country ${country}`,
  ...(isAbroad ? ['abroad all'] : []),
  `site ${origin}`,
  'all all',
];

/** The one of a call's limits that a refusal is about; undefined if it is about something else. */
export const limitNamed = (refusal: Refusal, limits: readonly string[]): string | undefined =>
  'scope' in refusal ? limits.find((limit) => limit.startsWith(`${refusal.scope} `)) : undefined;

/** The same; undefined also if the limit will refuse for as long as anybody waits. */
export const limitOfRefusal = (refusal: Refusal, limits: readonly string[]): string | undefined =>
  refusal.kind === 'rate-limited' && refusal.retryAfterMs >= longestWaitInQueueMs
    ? undefined
    : limitNamed(refusal, limits);

/** The waiting calls that a call with these limits must not overtake: those earlier than `order` that wait for one of them. */
export const aheadOf = (
  limits: readonly string[],
  order: number,
  waiting: readonly WaitingCall[],
): readonly WaitingCall[] =>
  waiting.filter(
    (one) => one.order < order && !one.isPassedOver && one.waitsFor.some((limit) => limits.includes(limit)),
  );

/** What a call waits for: every limit that refuses it, and every limit it needs for which an earlier call waits. */
export function waitsFor(
  limits: readonly string[],
  order: number,
  refused: readonly string[],
  waiting: readonly WaitingCall[],
): readonly string[] {
  const ahead = new Set(aheadOf(limits, order, waiting).flatMap((one) => one.waitsFor));
  return limits.filter((limit) => refused.includes(limit) || ahead.has(limit));
}

/** The place of a call with these limits: 1 plus the calls that are ahead of it. By default of one that would join now. */
export const positionOf = (
  limits: readonly string[],
  waiting: readonly WaitingCall[],
  order: number = Number.POSITIVE_INFINITY,
): QueuePlace['position'] => aheadOf(limits, order, waiting).length + 1;

/** What a waiting call needs for its turn: the limits that it shares with others, nothing that depends on the person. */
export interface QueueChecks {
  /** {@link limitsOf}. */
  readonly limits: readonly string[];
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
}

/** The outcome of a review. */
export interface QueueReview {
  /** In their order, as they are after it. */
  readonly waiting: readonly WaitingCall[];
  /** What stands in the way of each, by its id; reviewed up to `next`. */
  readonly refusals: ReadonlyMap<string, readonly Refusal[]>;
  /** The call whose turn it is. */
  readonly next?: Pick<DueCall, 'call' | 'sealedRequest'>;
}

/** Why a call whose turn seemed to have come was not started; undefined when it was. */
export type QueueRefusal = Refusal | { readonly kind: 'not-waiting' } | undefined;

/** The part of a store that the queue uses. */
export interface QueueStore {
  /** Every waiting call, in their order. */
  readQueue(): Promise<readonly WaitingCall[]>;
  /** Decides anew what every waiting call waits for, and whose turn it is. A call without checks, which has just joined, stays as it is. `includesPassedOver`: also reviews those that were passed over. */
  reviewQueue(checks: ReadonlyMap<string, QueueChecks>, includesPassedOver: boolean): Promise<QueueReview>;
  /**
   * Turns a waiting call into a dispatching one, with every check in one transaction: nobody ahead of it, suppression, allowances,
   * concurrency slots. At most one caller ever gets `undefined` (place the call). If only the person's own limits refuse, it is passed over.
   */
  startQueued(
    callId: string,
    checks: QueueChecks & {
      readonly numberKeys: readonly string[];
      readonly dispatchDeadline: number;
      /** One more call, should this one be missed. */
      readonly redial?: RedialPlan | undefined;
    },
  ): Promise<QueueRefusal>;
  /** Passes over a call that cannot be placed, for a reason that must not be observed. */
  passOver(callId: string): Promise<void>;
  /** Which of these requests would be admitted now. Consumes nothing. */
  wouldAdmit(requests: readonly Pick<QueueChecks, 'consumptions' | 'concurrencySlots'>[]): Promise<readonly boolean[]>;
}

/** What makes a reservation wait if only limits stand in its way that others share. */
export interface QueueRequest {
  /** The encrypted request, kept until its turn. */
  readonly sealedRequest: string;
  /** What joining consumes. */
  readonly consumptions: readonly Consumption[];
  /** Taken until its turn. */
  readonly concurrencySlots: readonly ConcurrencySlot[];
  /** The response to keep for replays. */
  readonly answer: (call: StoredCall) => StoredAnswer;
}
