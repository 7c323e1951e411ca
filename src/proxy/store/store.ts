// The store's interface to the rest of the proxy, in terms of calls, not rows. Every change is durable before its promise resolves;
// every method rejects with StoreUnavailable when it cannot be sure. Times are epoch milliseconds.

import type { Answerer, CallStatus, ConsentGiven, Disposition, JournalItem, Slot } from '../../contract.js';
import type { Outbox } from './outbox.js';
import type { QueueRequest, QueueStore } from './queue.js';

/** How often something may happen. `gcra`: one timestamp per key, a burst of `limit`, then one every `windowMs / limit`. `strict`: never more than `limit` in any `windowMs`, for limits that the law defines that way and for what a day may cost; keeps up to twice `limit` times, so `limit` stays in the hundreds. */
export interface Rule {
  readonly kind: 'gcra' | 'strict';
  readonly limit: number;
  readonly windowMs: number;
  /** `gcra` only: how many are reserved for others, as if already consumed. Default 0. */
  readonly reserve?: number;
}

/** What an allowance is per; determines which outcomes refund it and what a refusal may reveal. */
export type Scope =
  | 'number'
  | 'prefix'
  | 'country'
  | 'abroad'
  | 'address'
  | 'neighbourhood'
  | 'distinct-numbers'
  | 'attempts'
  | 'site'
  | 'all';

/** One allowance that a request consumes from. `key` never contains a number in plain text: numbers are keyed HMACs. A key may be under several rules with different windows. */
export interface Consumption {
  readonly scope: Scope;
  readonly key: string;
  /** The same key under older secrets: what was consumed there counts too, so that rotating the secret resets no limit. */
  readonly aliases?: readonly string[];
  readonly rule: Rule;
  /** With `distinct-numbers`: consumes only when this member was not already counted in the window. Counted strictly, whatever the rule's kind. */
  readonly member?: string;
  /** Reserves the allowance from now on for this future time (epoch milliseconds). `strict` rules only. */
  readonly promisedAt?: number;
}

/** One of at most `max` calls at a time under `key`, taken until the call ends. */
export interface ConcurrencySlot {
  readonly scope:
    | 'number'
    | 'site'
    | 'all'
    | 'scheduled'
    | 'scheduled-number'
    | 'scheduled-address'
    | 'scheduled-neighbourhood'
    | 'queue-length';
  readonly key: string;
  /** The same key under older secrets: slots taken there count too. */
  readonly aliases?: readonly string[];
  readonly max: number;
}

/** Why a reservation was refused. */
export type Refusal =
  | { readonly kind: 'rate-limited'; readonly scope: Scope; readonly retryAfterMs: number }
  | { readonly kind: 'at-capacity'; readonly scope: ConcurrencySlot['scope'] }
  | { readonly kind: 'cooling-down'; readonly untilMs: number }
  | { readonly kind: 'suppressed' }
  /** Others wait in the queue for one of the same limits. */
  | { readonly kind: 'queue'; readonly limits: readonly string[] };

/** What the visitor agreed to and the circumstances that prove it (16 CFR 310.5(a)). */
export interface ConsentRecord extends ConsentGiven {
  /** SHA-256 of the text, first 16 hex digits, computed by the proxy. */
  readonly hash: string;
  readonly locale: string;
  readonly widgetVersion: string;
  readonly page?: string;
  readonly origin: string;
  /** IPv4 /24 or IPv6 /48. */
  readonly addressTruncated: string;
  readonly at: number;
}

/** The campaign that a call came from, stored until the call is deleted. */
export interface KeptAttribution {
  /** `utm_source` of the page's URL. */
  readonly source?: string;
  /** `utm_medium`. */
  readonly medium?: string;
  /** `utm_campaign`. */
  readonly campaign?: string;
  /** Every campaign parameter and click ID, encrypted. */
  readonly sealed: string;
}

/** One more call to the same number, should this one be missed, or reach a voicemail. */
export interface RedialPlan {
  /** The id of the second call. */
  readonly callId: string;
  /** How long after the miss it is due, milliseconds. */
  readonly afterMs: number;
  /** It is not made when it would be due later than this. */
  readonly until: number;
  /** IANA zone of the wall time that its snapshot shows. */
  readonly zone: string;
  /** How long after the end of a completed call the agent's report that a voicemail answered is awaited, milliseconds; without it, none is. */
  readonly reportWaitMs?: number;
  /** The encrypted request, kept until the first call has ended (or for as long as the report is awaited), and then with the second. */
  readonly sealedRequest: string;
}

/** The longest that an agent's report can be awaited, milliseconds. */
export const longestReportWaitMs: number = 10 * 60_000;

/** Everything one accepted request needs, stored in one transaction or not at all. */
export interface Reservation {
  readonly callId: string;
  readonly idempotencyKey: string;
  /** SHA-256 of the request's meaning, which detects the same key with a different request. */
  readonly fingerprint: string;
  readonly origin: string;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country?: string;
  /** Keyed HMACs of the number, the current key's first. */
  readonly numberKeys: readonly string[];
  readonly challenge?: { readonly id: string; readonly expiresAt: number };
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
  readonly consent: ConsentRecord;
  /** Only if the operator keeps it. */
  readonly attribution?: KeptAttribution;
  /** The encrypted number, kept with the call only where the operator sends it to an endpoint. */
  readonly sealedNumber?: string;
  /** For an immediate call, where the operator allows one more after a miss. That of a callback is given when it is placed. */
  readonly redial?: RedialPlan;
  /** For an immediate call, where there is a queue: the limits that it shares with others. It is refused while a call waits for one of them. */
  readonly limits?: readonly string[];
  /** Set for a visitor who will wait: if only such limits stand in the way, the call joins the queue. */
  readonly queue?: QueueRequest;
  /** Set for a callback at a chosen time: the encrypted number, and the data needed to check it again when due. */
  readonly scheduled?: { readonly slot: Slot; readonly dueAt: number; readonly sealedRequest: string };
  /** The response to keep for replays, when it is known as soon as the call is reserved: a callback at a chosen time. */
  readonly answer?: (call: StoredCall) => StoredAnswer;
  /** Until when a `dispatching` call is considered alive; after that, `claimDue` returns it as lost. */
  readonly dispatchDeadline: number;
}

/** Outcome of {@link Store.reserve}. */
export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly call: StoredCall }
  /** `refusals`: everything that stands in the way, except what depends on the person called. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'challenge-used' }
  | Exclude<Recall, { kind: 'new' }>;

/** What is known about an idempotency key. `answer` is the stored status and body (the body without the capability, which is derived again). */
export type Recall =
  | { readonly kind: 'new' }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'key-reused' }
  /** Placing ended, but its process died before the response was stored: respond with the call as it is (`202`). */
  | { readonly kind: 'unanswered'; readonly callId: string }
  | { readonly kind: 'answered'; readonly callId: string; readonly answer: StoredAnswer };

/** The response kept for replays of one idempotency key, 24 h. */
export interface StoredAnswer {
  readonly httpStatus: number;
  readonly body: string;
  readonly retryAfterSeconds?: number;
}

/** The response to store along with the outcome that it reports. `of` is called inside the transaction with the resulting call. */
export interface AnswerToKeep {
  readonly idempotencyKey: string;
  readonly of: (call: StoredCall) => StoredAnswer;
}

/** How placing ended; decides the call's state and what is refunded. */
export type Settlement =
  | { readonly kind: 'accepted'; readonly upstreamId: string; readonly nextPollAt: number }
  /** Refunds number, prefix, country, abroad, site, all; keeps address, neighbourhood, distinct-numbers. Status becomes `failed`. */
  | { readonly kind: 'rejected' }
  /** Refunds everything. Status becomes `failed`, `endedBecause: not-sent`. */
  | { readonly kind: 'not-sent' }
  /** Refunds nothing; the number cools down until `coolDownUntil`. Status becomes `unknown`. */
  | { readonly kind: 'unknown'; readonly coolDownUntil: number };

/** The internal state of a call. */
export type Stage = 'scheduled' | 'dispatching' | 'accepted' | 'ended';

/** A call with its whole journal. */
export interface StoredCall {
  readonly id: string;
  readonly stage: Stage;
  readonly status: CallStatus;
  readonly history: readonly JournalItem[];
  readonly origin: string;
  readonly createdAt: number;
  /** PolyAI's id. Never leaves the server. */
  readonly upstreamId?: string;
  readonly scheduledFor?: Slot;
  /** True while it waits in the queue. */
  readonly isQueued?: true;
  readonly endedBecause?: 'taken-back' | 'slot-missed' | 'not-allowed-when-due' | 'not-sent';
  /** When the same visitor can request a call to this number again, as far as is known: once its allowances refill, and after the cool-down of an `unknown` call. */
  readonly coolDownUntil?: number;
  /** What the agent reported about it. */
  readonly outcome?: StoredOutcome;
  /** The second attempt that follows this missed call. `at`: when it was promised, RFC 3339. */
  readonly redial?: { readonly callId: string; readonly at: string };
  /** Set for a second attempt: how the first one ended, and its id. */
  readonly redialAfter?: 'no-answer' | 'busy' | 'voicemail' | 'message-left';
  readonly redialOf?: string;
}

/** An agent's report on a call, as stored. */
export interface StoredOutcome {
  readonly answeredBy: Answerer;
  readonly disposition: Disposition;
  /** Its texts, encrypted. */
  readonly sealedText: string;
  readonly reportedAt: number;
  /** How many reports on this call were recorded; the newest is kept. */
  readonly revision: number;
}

/** A report to record. At least one of the ids; if both are given, they must be of the same call. */
export interface OutcomeToRecord extends Pick<StoredOutcome, 'answeredBy' | 'disposition' | 'sealedText'> {
  readonly callId?: string;
  readonly upstreamId?: string;
  /** Suppresses the call's number in the same transaction. */
  readonly doNotCall: boolean;
  /** The webhook's id, marked as used in the same transaction. */
  readonly message?: { readonly id: string; readonly expiresAt: number };
}

/** Outcome of {@link Store.recordOutcome}. */
export type OutcomeRecorded =
  | { readonly kind: 'recorded'; readonly call: StoredCall }
  /** The message's id was used before; nothing changed. */
  | { readonly kind: 'repeated' }
  /** No call that was placed has these ids; nothing changed, and the message's id can be used again. */
  | { readonly kind: 'unknown-call' };

/** A call with what is stored along with it, for those who run the proxy. */
export interface CallDetails {
  readonly call: StoredCall;
  /** The number's keyed HMAC. */
  readonly numberKey: string;
  /** The encrypted request of a callback that is still waiting. */
  readonly sealedRequest?: string;
  readonly consent?: ConsentRecord;
  /** ISO 3166-1 alpha-2 of the number. */
  readonly country?: string;
  /** Only if the operator keeps it. */
  readonly attribution?: KeptAttribution;
}

/** A page of the calls that were created in a period. */
export interface CallRange {
  /** Created at this time or later, epoch milliseconds. */
  readonly from: number;
  /** Created before this time. */
  readonly until: number;
  /** Continues after this call. */
  readonly after?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}

/** A leased call that is due: every operation on it must pass `lease`; a lease that is not returned expires. */
export interface DueCall {
  readonly call: StoredCall;
  readonly lease: string;
  /** `poll`: request its status from PolyAI. `place`: a scheduled callback is due. `lost`: it was being placed when its process died; becomes `unknown`, never placed again. */
  readonly why: 'poll' | 'place' | 'lost';
  readonly sealedRequest?: string;
  /** When it became due. */
  readonly dueAt?: number;
  /** Polls that failed since the last success, for the back-off. */
  readonly failures: number;
  /** When PolyAI accepted it. */
  readonly acceptedAt?: number;
}

/** What is waiting. `at`: epoch milliseconds; absent when nothing is due at any time. */
export interface NextDue {
  readonly at?: number;
  readonly isQueueWaiting: boolean;
}

/** The result of one poll. */
export interface PollResult {
  readonly callId: string;
  readonly lease: string;
  /** New journal items, in order. */
  readonly items: readonly { readonly status: CallStatus; readonly at: number }[];
  /** When to poll again; absent when the call has ended. */
  readonly next?: { readonly dueAt: number; readonly failures: number };
}

/** Where a suppression came from. */
export type SuppressionSource = 'operator' | 'webhook' | 'outcome' | 'page';

/** A request to opt a number out, by anybody. */
export interface OptOut {
  readonly numberKeys: readonly string[];
  /** When it ends, unless the call confirms it. */
  readonly until: number;
  readonly challenge?: { readonly id: string; readonly expiresAt: number } | undefined;
  readonly consumptions: readonly Consumption[];
  /** A call whose capability was shown: if it was to this number, the opt-out does not end. */
  readonly confirmedBy?: string | undefined;
}

/** Outcome of {@link Store.optOut}. */
export type OptOutOutcome = 'done' | 'limited' | 'challenge-used';

/** How much only secrets that are not live could find. */
export interface Unreachable {
  /** Numbers on the suppression list. */
  readonly suppressed: number;
  readonly scheduled: number;
  /** Calls being placed or under way: their number could be called a second time. */
  readonly inFlight: number;
  /** Numbers in a cool-down. */
  readonly coolingDown: number;
  /** Allowances of numbers, number prefixes and addresses from which something was consumed in the last 24 hours. */
  readonly limited: number;
}

/** Everything stored about one number, for an access request. */
export interface NumberExport {
  readonly calls: readonly (StoredCall & {
    readonly consent?: ConsentRecord;
    readonly attribution?: KeptAttribution;
  })[];
  /** Consent records of calls whose own row is past its retention. */
  readonly consents: readonly (ConsentRecord & { readonly callId: string })[];
  readonly suppressed: boolean;
}

/** The rejection of every method that cannot be sure of its result: locked, full, read-only, corrupt, closed. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** A reader to which changes of a call are pushed. `seq`: the newest state it was offered; the store maintains it. */
export interface Subscriber {
  seq: number;
  /** The call's current state, first or after a change. */
  offer(call: StoredCall): void;
  /** The call has ended (`call`) or is no longer stored: nothing more will come, except a report on a call that has ended. May be called more than once. */
  end(call?: StoredCall): void;
  /** The store is unavailable. */
  fail(error: unknown): void;
}

/** The store. One conformance suite (`test/proxy/store/conformance/store.ts`) is run on every implementation. */
export interface Store extends Outbox, QueueStore {
  /** Looks up an idempotency key without changing anything. */
  recall(idempotencyKey: string, fingerprint: string): Promise<Recall>;
  /** Every check and every allowance of one request, and the call's row, in one durable transaction. Writes the journal's first item (`requested`, or `scheduled`). */
  reserve(reservation: Reservation): Promise<ReserveOutcome>;
  /** How many calls hold each of these slots, in their order. */
  countTaken(slots: readonly Pick<ConcurrencySlot, 'scope' | 'key'>[]): Promise<readonly number[]>;
  /** How many slots are taken under each key of a scope that begins with `prefix`, up to the key `last`: reads all of them, which may be many. */
  countSlots(scope: ConcurrencySlot['scope'], prefix: string, last?: string): Promise<ReadonlyMap<string, number>>;
  /** Records how placing ended, and stores the response to the visitor in the same transaction. Idempotent; a call that has ended stays as it is. Rejects with StoreUnavailable when the call is no longer stored (erased). */
  settle(callId: string, settlement: Settlement, answer?: AnswerToKeep): Promise<StoredCall>;
  /** Appends what changed, in order; items that cannot follow (see `canFollow`) are dropped. Persists, then wakes followers. A terminal status frees the call's concurrency slots. */
  append(callId: string, items: readonly { readonly status: CallStatus; readonly at: number }[]): Promise<StoredCall>;
  /** The calls of a period, newest first, a page at a time. */
  listCalls(range: CallRange): Promise<readonly CallDetails[]>;
  /** One call with what is stored along with it, or undefined when no call has that id. */
  readDetails(callId: string): Promise<CallDetails | undefined>;
  /** How much of each allowance is used at present, in the same order. Consumes nothing. */
  usage(consumptions: readonly Consumption[]): Promise<readonly number[]>;
  /** One call, or undefined when no call has that id. */
  read(callId: string): Promise<StoredCall | undefined>;
  /** The calls that changed last, newest first. */
  recentCalls(limit: number): Promise<readonly StoredCall[]>;
  /** Offers the call as it is now if it is newer than the subscriber's `seq`, then after every change; ends after a terminal status, and when the call is gone. Never offers the same `seq` twice. */
  subscribe(callId: string, subscriber: Subscriber): void;
  /** Removes a subscriber. Idempotent. */
  unsubscribe(callId: string, subscriber: Subscriber): void;
  /** Leases at most `limit` calls that are due, for `leaseMs`: calls to place first, then unanswered calls, then the others, none of which starves. */
  claimDue(limit: number, leaseMs: number): Promise<readonly DueCall[]>;
  /** Extends leases of accepted calls, by call, to `leaseMs` from now. One that is no longer held stays as it is. */
  renewLeases(leases: ReadonlyMap<string, string>, leaseMs: number): Promise<void>;
  /** Returns a lease: the call is due again at `dueAt`. */
  postpone(callId: string, lease: string, next: { readonly dueAt: number; readonly failures: number }): Promise<void>;
  /** Does for many polls at once, in one transaction, what `append` and `postpone` do for one. Undefined in place of a call that is no longer stored or cannot be read. */
  recordPolls(results: readonly PollResult[]): Promise<readonly (StoredCall | undefined)[]>;
  /** Turns a due scheduled call into a dispatching one: suppression, allowances and concurrency slots checked again in one transaction. At most one caller ever gets `undefined` (place the call). */
  startScheduled(
    callId: string,
    lease: string,
    checks: {
      readonly numberKeys: readonly string[];
      readonly consumptions: readonly Consumption[];
      readonly concurrencySlots: readonly ConcurrencySlot[];
      readonly dispatchDeadline: number;
      /** One more call, should this one be missed. Ignored for a second attempt. */
      readonly redial?: RedialPlan | undefined;
    },
  ): Promise<Refusal | { readonly kind: 'lost-lease' } | undefined>;
  /** Ends a scheduled call that was not placed and refunds what `rejected` refunds: `cancelled` when the visitor canceled it, else `failed`. False when it is no longer scheduled. */
  cancelScheduled(callId: string, because: NonNullable<StoredCall['endedBecause']>): Promise<boolean>;
  /** Makes a second attempt that waits due now, once. Undefined when no such call is waiting. */
  redialNow(callId: string): Promise<StoredCall | undefined>;
  /** Deletes the numbers that were kept for agents' reports that have not arrived in time, and ends second attempts that the clock, set back since, would place hours later than promised. */
  expireRedials(): Promise<void>;
  /** The earliest time at which something is due, until which the poller can sleep, and whether the queue has calls. */
  nextDue(): Promise<NextDue>;
  /**
   * Puts a number on the suppression list. Its scheduled calls keep waiting, so that nobody can observe it, and are refused when due; what
   * is kept for a second attempt that does not exist yet is deleted.
   * With `message`, the webhook's id is marked as used in the same transaction; false, and nothing changes, when it was used before.
   */
  suppress(
    numberKeys: readonly string[],
    source: SuppressionSource,
    message?: { readonly id: string; readonly expiresAt: number },
    sealedNumber?: string,
  ): Promise<boolean>;
  /** Stores what the agent reported about a call that was placed, replacing an earlier report, and notifies followers. A voicemail may be followed by a second attempt, see {@link RedialPlan}. */
  recordOutcome(report: OutcomeToRecord): Promise<OutcomeRecorded>;
  /** Puts a number on the suppression list for a time, within allowances. A number whose own allowance is used up is already on it: `done`. */
  optOut(request: OptOut): Promise<OptOutOutcome>;
  /** Removes a number from the list. Calls scheduled before are not placed: their sealed requests are deleted. */
  unsuppress(numberKeys: readonly string[]): Promise<void>;
  /** What would be unreachable if only secrets of these versions (`Keyring.versions`) were live. Unless all are zero at startup, refuse to start, or somebody who opted out could be called. */
  unreachable(liveVersions: readonly string[]): Promise<Unreachable>;
  /** Everything stored about a number. */
  exportNumber(numberKeys: readonly string[]): Promise<NumberExport>;
  /** Erases everything about a number except its suppression. Returns how many calls were erased. */
  eraseNumber(numberKeys: readonly string[]): Promise<number>;
  /** Deletes what is past its retention (calls 30 d, idempotency 24 h, allowances 48 h, consent 5 y). */
  deleteExpired(): Promise<void>;
  /** Resolves when the store can take a durable write. */
  ping(): Promise<void>;
  /** Ends followers and closes. */
  close(): Promise<void>;
}
