// Calls that need a look or are due: lending them out, taking them back, starting and cancelling the scheduled ones.
// `ready_at` is when a call may be lent: its due time, or, while it is on loan, when the loan expires.

import type { DueCall, Refusal, StoredCall } from '../store.js';
import { type CallRow, changeCall, readRow, toCall } from './call-rows.js';
import type { Sql, Transaction } from './database.js';
import { isRefundedWhenRejected, permit, refundConsumed, type Wanted } from './admission.js';

/** No look is put off for longer than this, milliseconds. What lies further ahead was written before the clock was set back, and is due now. */
export const longestWaitMs = 600_000;

const isDue = `(ready_at <= ? OR (stage = 'accepted' AND ready_at > ?))`;

/** Lends out at most `limit` calls. */
export function claimDue(
  sql: Sql,
  transaction: Transaction,
  limit: number,
  leaseMs: number,
  makeLease: () => string,
  now: number,
): readonly DueCall[] {
  const rows = sql.all(`SELECT * FROM calls WHERE ready_at IS NOT NULL AND ${isDue} ORDER BY ready_at LIMIT ?`, [
    now,
    now + longestWaitMs,
    limit,
  ]) as readonly CallRow[];
  if (rows.length === 0) transaction.discard();
  const loans: DueCall[] = [];
  for (const row of rows) {
    const lease = makeLease();
    const until = now + Math.min(leaseMs, longestWaitMs);
    sql.run('UPDATE calls SET lease = ?, ready_at = ? WHERE id = ?', [lease, until, row.id]);
    loans.push({
      call: toCall(row),
      lease,
      why: row.stage === 'scheduled' ? 'place' : row.stage === 'dispatching' ? 'lost' : 'poll',
      failures: row.failures,
      ...(row.sealed !== null && { sealedRequest: row.sealed }),
      ...(row.accepted_at !== null && { acceptedAt: row.accepted_at }),
    });
  }
  return loans;
}

/** Returns a loan. Nothing happens when it is not held any more. */
export function postpone(
  sql: Sql,
  callId: string,
  lease: string,
  next: { readonly dueAt: number; readonly failures: number },
  now: number,
): void {
  sql.run(
    `UPDATE calls SET lease = NULL, failures = ?,
       ready_at = CASE stage WHEN 'accepted' THEN min(?, ?) ELSE ? END
     WHERE id = ? AND lease = ? AND stage <> 'ended'`,
    [next.failures, next.dueAt, now + longestWaitMs, next.dueAt, callId, lease],
  );
}

/** Earliest time something is due. */
export function nextDueAt(sql: Sql, now: number): number | undefined {
  const first = (
    sql.get('SELECT min(ready_at) AS at FROM calls WHERE ready_at IS NOT NULL') as { at: number | null } | undefined
  )?.at;
  if (first === undefined || first === null) return undefined;
  const stranded = sql.get(`SELECT 1 AS found FROM calls WHERE ready_at > ? AND stage = 'accepted' LIMIT 1`, [
    now + longestWaitMs,
  ]);
  return stranded === undefined ? first : Math.min(first, now);
}

/** Why a due call was not started, or the call as it goes on. */
export type Started = { readonly refusal: Refusal | { readonly kind: 'lost-lease' } } | { readonly call: StoredCall };

/** Turns a due scheduled call into one being placed. Whoever gets `call` is the only one who may place it. */
export function startScheduled(
  sql: Sql,
  transaction: Transaction,
  callId: string,
  lease: string,
  checks: Wanted & { readonly dispatchDeadline: number },
  now: number,
): Started {
  const row = readRow(sql, callId);
  if (row?.stage !== 'scheduled' || row.lease !== lease) {
    transaction.discard();
    return { refusal: { kind: 'lost-lease' } };
  }
  const permitted = permit(sql, callId, checks, now);
  if (permitted.refusal !== undefined) {
    transaction.discard();
    return { refusal: permitted.refusal };
  }
  permitted.write();
  // What was spent when it was asked for stays spent; only the placing itself can still be given back.
  const call = changeCall(
    sql,
    row,
    {
      items: [{ status: 'requested', at: now }],
      stage: 'dispatching',
      readyAt: checks.dispatchDeadline,
      spent: JSON.stringify(permitted.spent),
      unseal: true,
    },
    now,
  );
  return { call };
}

/** Ends a scheduled call that was not placed; undefined when it is not scheduled any more. */
export function cancelScheduled(
  sql: Sql,
  callId: string,
  because: NonNullable<StoredCall['endedBecause']>,
  now: number,
): StoredCall | undefined {
  const row = readRow(sql, callId);
  if (row?.stage !== 'scheduled') return undefined;
  refundConsumed(sql, row.spent, isRefundedWhenRejected, now);
  const status = because === 'taken-back' ? 'cancelled' : 'failed';
  return changeCall(sql, row, { items: [{ status, at: now }], endedBecause: because }, now);
}
