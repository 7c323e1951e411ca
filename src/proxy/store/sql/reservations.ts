// From request to placed: idempotency keys, the reservation itself, and how placing ended. Each function runs inside one transaction.

import { createHash, createHmac } from 'node:crypto';
import type {
  AnswerToKeep,
  Recall,
  Reservation,
  ReserveOutcome,
  Settlement,
  StoredAnswer,
  StoredCall,
} from '../store.js';
import { StoreUnavailable } from '../store.js';
import { admissionReads, decideAdmission, takeSlots } from './admission.js';
import { joinQueue, nextInQueue } from './queue.js';
import { isRefundedWhenRejected, refundConsumed } from './allowances.js';
import { type CallRow, changeCall, journalItem, lockRow, toCall } from './call-rows.js';
import type { Transaction } from './database.js';
import { longestWaitMs } from './leases.js';
import { reportCall } from './outbox.js';
import { get, nextChange, type Operation, run, type Statement, together } from './operation.js';
import { plannedColumn } from './redials.js';

interface IdempotencyRow {
  readonly fingerprint: string;
  readonly call_id: string;
  readonly stage: string | null;
  readonly http_status: number | null;
  readonly body: string | null;
  readonly retry_after_seconds: number | null;
}

// A key gives access to its call's response, so it is not stored in plain text. The fingerprint covers a phone number: hashed with
// the key, which only its sender knows, it cannot be brute-forced.
const hashKey = (key: string): string => createHash('sha256').update(key).digest('base64url');
const bindFingerprint = (key: string, fingerprint: string): string =>
  createHmac('sha256', key).update(fingerprint).digest('base64url');

/** What is known about an idempotency key. */
export function* recall(key: string, fingerprint: string): Operation<Recall> {
  return recalled(yield* readKey(key), key, fingerprint);
}

const readKey = (key: string): Statement<IdempotencyRow | undefined> =>
  get(
    `SELECT i.fingerprint, i.call_id, i.http_status, i.body, i.retry_after_seconds, c.stage
     FROM idempotency i LEFT JOIN calls c ON c.id = i.call_id WHERE i.key_hash = ?`,
    [hashKey(key)],
  );

function recalled(row: IdempotencyRow | undefined, key: string, fingerprint: string): Recall {
  if (row === undefined) return { kind: 'new' };
  if (row.fingerprint !== bindFingerprint(key, fingerprint)) return { kind: 'key-reused' };
  if (row.http_status === null || row.body === null) {
    const isBeingPlaced = row.stage === 'dispatching' || row.stage === null;
    return isBeingPlaced ? { kind: 'in-progress' } : { kind: 'unanswered', callId: row.call_id };
  }
  const answer: StoredAnswer = {
    httpStatus: row.http_status,
    body: row.body,
    ...(row.retry_after_seconds !== null && { retryAfterSeconds: row.retry_after_seconds }),
  };
  return { kind: 'answered', callId: row.call_id, answer };
}

/** Stores the response for replays. */
export const remember = (key: string, answer: StoredAnswer): Statement<number> =>
  run('UPDATE idempotency SET http_status = ?, body = ?, retry_after_seconds = ? WHERE key_hash = ?', [
    answer.httpStatus,
    answer.body,
    answer.retryAfterSeconds ?? null,
    hashKey(key),
  ]);

/** Every check and every allowance of one request, and its rows. */
export function* reserve(transaction: Transaction, request: Reservation): Operation<ReserveOutcome> {
  const outcome = yield* admitAndInsert(request, transaction);
  if (outcome.kind !== 'reserved') transaction.discard();
  return outcome;
}

function* admitAndInsert(request: Reservation, transaction: Transaction): Operation<ReserveOutcome> {
  const { now } = transaction;
  const { idempotencyKey, fingerprint, challenge, scheduled, queue } = request;
  // Scheduling reveals nothing about the number's owner: suppression and cool-down are checked when the call is due.
  const admitted = scheduled === undefined ? request : { ...request, numberKeys: [] };
  // The key is read last. Where nothing is locked yet, the same request may be reserved between two reads; what it has consumed must
  // not be taken for a reason to refuse its repetition.
  const [suppression, coolDown, slots, allowances, used, last, key] = yield* together(
    ...admissionReads(request.callId, withQueue(admitted), now),
    challenge && readChallenge(challenge.id),
    queue && nextInQueue,
    readKey(idempotencyKey),
  );
  const found = [suppression, coolDown, slots, allowances] as const;
  const known = recalled(key, idempotencyKey, fingerprint);
  if (known.kind !== 'new') return known;
  if (used !== undefined) return { kind: 'challenge-used' };
  const immediate = decideAdmission(admitted, found, now);
  const joined = immediate.refusal && queue && joinQueue(request, queue, immediate.refusals, found, now);
  const admission = joined?.admission ?? immediate;
  if (admission.refusal !== undefined)
    return { kind: 'refused', refusal: admission.refusal, refusals: admission.refusals };
  const [numberKey] = request.numberKeys;
  if (numberKey === undefined) throw new Error('a reservation without a number');
  const isWaiting = scheduled !== undefined || joined !== undefined;
  const status = isWaiting ? 'scheduled' : 'requested';
  const row: CallRow = {
    id: request.callId,
    stage: isWaiting ? 'scheduled' : 'dispatching',
    status,
    seq: 1,
    history: JSON.stringify([journalItem(1, status, now, now)]),
    origin: request.origin,
    number_key: numberKey,
    created_at: now,
    upstream_id: null,
    accepted_at: null,
    slot: scheduled === undefined ? null : JSON.stringify(scheduled.slot),
    ended_because: null,
    cool_down_until: isWaiting ? null : (admission.againAt() ?? null),
    // In the queue nothing is due: its turn comes when there is room.
    ready_at: joined === undefined ? (scheduled?.dueAt ?? request.dispatchDeadline) : null,
    lease: null,
    failures: 0,
    sealed: (joined === undefined ? (scheduled ?? request.redial) : queue)?.sealedRequest ?? null,
    consumed: JSON.stringify(admission.consumed),
    changed: yield* nextChange(),
    answered_by: null,
    disposition: null,
    outcome: null,
    outcome_at: null,
    outcome_revision: null,
    country: request.country ?? null,
    sealed_number: request.sealedNumber ?? null,
    source: request.attribution?.source ?? null,
    medium: request.attribution?.medium ?? null,
    campaign: request.attribution?.campaign ?? null,
    attribution: request.attribution?.sealed ?? null,
    redial: request.redial === undefined || joined !== undefined ? null : plannedColumn(request.redial),
    queued: joined === undefined ? null : (last?.next ?? 1),
  };
  const call = toCall(row);
  const insertCall = run(
    `INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, slot, cool_down_until,
       ready_at, sealed, consumed, changed, country, source, medium, campaign, attribution, sealed_number, redial, queued)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      row.stage,
      row.status,
      row.seq,
      row.history,
      row.origin,
      row.number_key,
      row.created_at,
      row.slot,
      row.cool_down_until,
      row.ready_at,
      row.sealed,
      row.consumed,
      row.changed,
      row.country,
      row.source,
      row.medium,
      row.campaign,
      row.attribution,
      row.sealed_number,
      row.redial,
      row.queued,
    ],
  );
  const answer = (joined === undefined ? request : queue)?.answer?.(call);
  yield* together(
    insertCall,
    run(
      `INSERT INTO idempotency (key_hash, fingerprint, call_id, created_at, http_status, body, retry_after_seconds)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        hashKey(idempotencyKey),
        bindFingerprint(idempotencyKey, fingerprint),
        request.callId,
        now,
        answer?.httpStatus ?? null,
        answer?.body ?? null,
        answer?.retryAfterSeconds ?? null,
      ],
    ),
    run('INSERT INTO consents (call_id, number_key, at, record) VALUES (?, ?, ?, ?)', [
      request.callId,
      numberKey,
      request.consent.at,
      JSON.stringify(request.consent),
    ]),
    challenge && useOnce('challenges', challenge.id, challenge.expiresAt),
    takeSlots(request.callId, joined?.slots ?? request.concurrencySlots),
    ...admission.writes(),
    ...reportCall(transaction, isWaiting ? 'call.scheduled' : 'call.requested', call, numberKey),
  );
  return { kind: 'reserved', call };
}

/** What is to be read: also for joining the queue, where that is asked for. */
const withQueue = (request: Reservation): Reservation =>
  request.queue === undefined
    ? request
    : {
        ...request,
        consumptions: [...request.consumptions, ...request.queue.consumptions],
        concurrencySlots: [...request.concurrencySlots, ...request.queue.concurrencySlots],
      };

const readChallenge = (challengeId: string): Statement<{ found: 1 } | undefined> =>
  get('SELECT 1 AS found FROM challenges WHERE id = ?', [challengeId]);

/** Marks a single-use id as used. No row changes when it already was. */
export const useOnce = (table: 'challenges' | 'webhooks', id: string, expiresAt: number): Statement<number> =>
  run(`INSERT INTO ${table} (id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING`, [id, expiresAt]);

/** Records how placing ended, and the response that reports it. */
export function* settle(
  transaction: Transaction,
  callId: string,
  settlement: Settlement,
  answer?: AnswerToKeep,
): Operation<StoredCall> {
  const { now } = transaction;
  const row = yield* lockRow(callId);
  if (row === undefined) throw new StoreUnavailable('the call is no longer stored');
  const keepAnswer = (call: StoredCall): readonly Statement<number>[] =>
    answer === undefined ? [] : [remember(answer.idempotencyKey, answer.of(call))];
  // A call that is lost later, while it is being polled, becomes `unknown` in the same way: the phone may be ringing.
  const canSettle = row.stage === 'dispatching' || (row.stage === 'accepted' && settlement.kind === 'unknown');
  if (!canSettle) {
    const call = toCall(row);
    yield* together(...keepAnswer(call));
    return call;
  }
  switch (settlement.kind) {
    case 'accepted':
      return yield* changeCall(
        row,
        {
          stage: 'accepted',
          upstreamId: settlement.upstreamId,
          acceptedAt: now,
          readyAt: Math.min(settlement.nextPollAt, now + longestWaitMs),
        },
        transaction,
        keepAnswer,
      );
    case 'rejected':
      yield* refundConsumed(row.consumed, isRefundedWhenRejected, now);
      return yield* changeCall(row, { items: [{ status: 'failed', at: now }] }, transaction, keepAnswer);
    case 'not-sent':
      yield* refundConsumed(row.consumed, () => true, now);
      return yield* changeCall(
        row,
        { items: [{ status: 'failed', at: now }], endedBecause: 'not-sent' },
        transaction,
        keepAnswer,
      );
    case 'unknown':
      yield* run(
        `INSERT INTO cool_downs (number_key, until) VALUES (?, ?)
         ON CONFLICT (number_key) DO UPDATE SET until = CASE WHEN cool_downs.until > excluded.until THEN cool_downs.until ELSE excluded.until END`,
        [row.number_key, settlement.coolDownUntil],
      );
      return yield* changeCall(
        row,
        {
          items: [{ status: 'unknown', at: now }],
          coolDownUntil: Math.max(settlement.coolDownUntil, row.cool_down_until ?? 0),
        },
        transaction,
        keepAnswer,
      );
  }
}
