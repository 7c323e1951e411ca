// From request to placed: idempotency keys, the reservation itself, and how placing ended. Each function runs inside one transaction.

import { createHash, createHmac } from 'node:crypto';
import type { Recall, Reservation, ReserveOutcome, Settlement, StoredAnswer, StoredCall } from '../store.js';
import { StoreUnavailable } from '../store.js';
import { type CallRow, changeCall, journalItem, nextChange, readRow, toCall } from './call-rows.js';
import type { Sql, Transaction } from './database.js';
import { longestWaitMs } from './leases.js';
import { admit } from './admission.js';
import { isRefundedWhenRejected, refundConsumed } from './allowances.js';

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
export function recall(sql: Sql, key: string, fingerprint: string): Recall {
  const row = sql.get(
    `SELECT i.fingerprint, i.call_id, i.http_status, i.body, i.retry_after_seconds, c.stage
     FROM idempotency i LEFT JOIN calls c ON c.id = i.call_id WHERE i.key_hash = ?`,
    [hashKey(key)],
  ) as IdempotencyRow | undefined;
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
export function remember(sql: Sql, key: string, answer: StoredAnswer): void {
  sql.run('UPDATE idempotency SET http_status = ?, body = ?, retry_after_seconds = ? WHERE key_hash = ?', [
    answer.httpStatus,
    answer.body,
    answer.retryAfterSeconds ?? null,
    hashKey(key),
  ]);
}

/** Every check and every allowance of one request, and its rows. */
export function reserve(sql: Sql, transaction: Transaction, request: Reservation, now: number): ReserveOutcome {
  const known = recall(sql, request.idempotencyKey, request.fingerprint);
  const outcome = known.kind === 'new' ? insertCall(sql, request, now) : known;
  if (outcome.kind !== 'reserved') transaction.discard();
  return outcome;
}

function insertCall(sql: Sql, request: Reservation, now: number): ReserveOutcome {
  const { challenge } = request;
  if (challenge !== undefined && isUsed(sql, challenge.id)) return { kind: 'challenge-used' };
  // Scheduling reveals nothing about the number's owner: suppression and cool-down are checked when the call is due.
  const admitted = request.scheduled === undefined ? request : { ...request, numberKeys: [] };
  const admission = admit(sql, request.callId, admitted, now);
  if (admission.refusal !== undefined) return { kind: 'refused', refusal: admission.refusal };
  admission.write();
  if (challenge !== undefined) useOnce(sql, 'challenges', challenge.id, challenge.expiresAt);
  const [numberKey] = request.numberKeys;
  if (numberKey === undefined) throw new Error('a reservation without a number');
  sql.run('INSERT INTO idempotency (key_hash, fingerprint, call_id, created_at) VALUES (?, ?, ?, ?)', [
    hashKey(request.idempotencyKey),
    bindFingerprint(request.idempotencyKey, request.fingerprint),
    request.callId,
    now,
  ]);
  sql.run('INSERT INTO consents (call_id, number_key, at, record) VALUES (?, ?, ?, ?)', [
    request.callId,
    numberKey,
    request.consent.at,
    JSON.stringify(request.consent),
  ]);
  const { scheduled } = request;
  const status = scheduled === undefined ? 'requested' : 'scheduled';
  const row: CallRow = {
    id: request.callId,
    stage: scheduled === undefined ? 'dispatching' : 'scheduled',
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
    cool_down_until: scheduled === undefined ? (admission.againAt() ?? null) : null,
    ready_at: scheduled?.dueAt ?? request.dispatchDeadline,
    lease: null,
    failures: 0,
    sealed: scheduled?.sealedRequest ?? null,
    consumed: JSON.stringify(admission.consumed),
    changed: nextChange(sql),
  };
  sql.run(
    `INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, slot, cool_down_until,
       ready_at, sealed, consumed, changed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    ],
  );
  const call = toCall(row);
  if (request.answer !== undefined) remember(sql, request.idempotencyKey, request.answer(call));
  return { kind: 'reserved', call };
}

const isUsed = (sql: Sql, challengeId: string): boolean =>
  sql.get('SELECT 1 AS found FROM challenges WHERE id = ?', [challengeId]) !== undefined;

/** Marks a single-use id as used. False when it already was. */
export const useOnce = (sql: Sql, table: 'challenges' | 'webhooks', id: string, expiresAt: number): boolean =>
  sql.run(`INSERT INTO ${table} (id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING`, [id, expiresAt]) === 1;

/** Records how placing ended. */
export function settle(sql: Sql, callId: string, settlement: Settlement, now: number): StoredCall {
  const row = readRow(sql, callId);
  if (row === undefined) throw new StoreUnavailable('the call is no longer stored');
  // A call that is lost later, while it is being polled, becomes `unknown` in the same way: the phone may be ringing.
  const canSettle = row.stage === 'dispatching' || (row.stage === 'accepted' && settlement.kind === 'unknown');
  if (!canSettle) return toCall(row);
  switch (settlement.kind) {
    case 'accepted':
      return changeCall(
        sql,
        row,
        {
          stage: 'accepted',
          upstreamId: settlement.upstreamId,
          acceptedAt: now,
          readyAt: Math.min(settlement.nextPollAt, now + longestWaitMs),
        },
        now,
      );
    case 'rejected':
      refundConsumed(sql, row.consumed, isRefundedWhenRejected, now);
      return changeCall(sql, row, { items: [{ status: 'failed', at: now }] }, now);
    case 'not-sent':
      refundConsumed(sql, row.consumed, () => true, now);
      return changeCall(sql, row, { items: [{ status: 'failed', at: now }], endedBecause: 'not-sent' }, now);
    case 'unknown':
      sql.run(
        `INSERT INTO cool_downs (number_key, until) VALUES (?, ?)
         ON CONFLICT (number_key) DO UPDATE SET until = CASE WHEN cool_downs.until > excluded.until THEN cool_downs.until ELSE excluded.until END`,
        [row.number_key, settlement.coolDownUntil],
      );
      return changeCall(
        sql,
        row,
        {
          items: [{ status: 'unknown', at: now }],
          coolDownUntil: Math.max(settlement.coolDownUntil, row.cool_down_until ?? 0),
        },
        now,
      );
  }
}
