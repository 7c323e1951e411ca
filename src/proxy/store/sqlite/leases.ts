// Calls that are due: leasing them, recording poll results, starting and canceling scheduled ones.
// `ready_at` is when a call may be leased: its due time, or, while it is leased, when the lease expires.

import type { DueCall, PollResult, Refusal, StoredCall } from '../store.js';
import { admit, type AdmissionRequest } from './admission.js';
import { isPromised, isRefundedWhenRejected, promisedOf, refundConsumed } from './allowances.js';
import { type CallRow, changeCall, readRow, toCall } from './call-rows.js';
import type { Sql, Transaction } from './database.js';
import { placeholders } from './value-rows.js';

/** No poll is postponed for longer than this, milliseconds. A later time was written before the clock was set back, and is due now. */
export const longestWaitMs = 600_000;

/** One poll in this many goes to an answered call, however many are ringing, so that none starves. */
export const shareOfAnswered = 10;

// Each condition has a partial index with exactly this expression, so the search never scans the thousands that only wait.
const toPlace = `stage IN ('scheduled', 'dispatching')`;
const unanswered = `stage = 'accepted' AND status <> 'in-progress'`;
const answered = `stage = 'accepted' AND status = 'in-progress'`;

/** Leases due calls to one process in turn. Created once per store, because the share of answered calls is counted across claims. */
export function createClaims(sql: Sql, createLease: () => string) {
  let sinceAnswered = 0;

  const dueIn = (condition: string, limit: number, now: number): readonly CallRow[] => {
    if (limit <= 0) return [];
    return sql.all(`SELECT * FROM calls WHERE ${condition} AND ready_at <= ? ORDER BY ready_at LIMIT ?`, [
      now,
      limit,
    ]) as readonly CallRow[];
  };
  const strandedIn = (condition: string, limit: number, now: number): readonly CallRow[] => {
    if (limit <= 0) return [];
    return sql.all(`SELECT * FROM calls WHERE ${condition} AND ready_at > ? ORDER BY ready_at LIMIT ?`, [
      now + longestWaitMs,
      limit,
    ]) as readonly CallRow[];
  };
  const toPoll = (condition: string, limit: number, now: number): readonly CallRow[] => {
    const due = dueIn(condition, limit, now);
    return [...due, ...strandedIn(condition, limit - due.length, now)];
  };

  /** Visitors whose phone has not been answered are watching the page: their calls come first, and every tenth poll is for the others. */
  const next = (limit: number, now: number): readonly CallRow[] => {
    // Many callbacks that cannot be placed yet must not keep calls from ending, because that is what makes room for them.
    const placing = dueIn(toPlace, limit, now);
    const room = limit - Math.min(placing.length, Math.ceil(limit / 2));
    const ringing = toPoll(unanswered, room, now);
    const talking = toPoll(answered, room, now);
    const chosen: CallRow[] = [];
    for (let r = 0, t = 0; chosen.length < room && (r < ringing.length || t < talking.length); ) {
      const isAnswered = t < talking.length && (r >= ringing.length || sinceAnswered >= shareOfAnswered - 1);
      const row = isAnswered ? talking[t++] : ringing[r++];
      sinceAnswered = isAnswered ? 0 : sinceAnswered + 1;
      if (row !== undefined) chosen.push(row);
    }
    return [...placing.slice(0, limit - chosen.length), ...chosen];
  };

  /** Leases at most `limit` calls. */
  return function claimDue(transaction: Transaction, limit: number, leaseMs: number, now: number): readonly DueCall[] {
    const rows = next(limit, now);
    if (rows.length === 0) transaction.discard();
    const lease = createLease();
    const until = now + Math.min(leaseMs, longestWaitMs);
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const ids = rows.slice(from, from + rowsAtOnce).map(({ id }) => id);
      sql.run(`UPDATE calls SET lease = ?, ready_at = ? WHERE id IN (${placeholders(ids.length)})`, [
        lease,
        until,
        ...ids,
      ]);
    }
    return rows.flatMap((row) => dueCall(row, lease) ?? []);
  };
}

const rowsAtOnce = 50;

/** Undefined when the row is damaged: it stays leased and blocks no other call. */
function dueCall(row: CallRow, lease: string): DueCall | undefined {
  let call: StoredCall;
  try {
    call = toCall(row);
  } catch {
    return undefined;
  }
  return {
    call,
    lease,
    why: row.stage === 'scheduled' ? 'place' : row.stage === 'dispatching' ? 'lost' : 'poll',
    failures: row.failures,
    ...(row.ready_at !== null && { dueAt: row.ready_at }),
    ...(row.sealed !== null && { sealedRequest: row.sealed }),
    ...(row.accepted_at !== null && { acceptedAt: row.accepted_at }),
  };
}

/** Returns a lease. Does nothing when it is no longer held. */
export function postpone(
  sql: Sql,
  callId: string,
  lease: string,
  next: { readonly dueAt: number; readonly failures: number },
  now: number,
): void {
  const latest = now + longestWaitMs;
  sql.run(
    `UPDATE calls SET lease = NULL, failures = ?, ready_at = CASE stage WHEN 'accepted' THEN ? ELSE ? END
     WHERE id = ? AND lease = ? AND stage <> 'ended'`,
    [next.failures, Math.min(next.dueAt, latest), next.dueAt, callId, lease],
  );
}

/** Records poll results. Undefined in place of a call that is no longer stored or whose row is damaged. */
export function recordPolls(
  sql: Sql,
  results: readonly PollResult[],
  now: number,
): readonly (StoredCall | undefined)[] {
  return results.map(({ callId, lease, items, next }) => {
    const row = readRow(sql, callId);
    if (row === undefined) return undefined;
    let call: StoredCall;
    try {
      call = items.length > 0 ? changeCall(sql, row, { items }, now) : toCall(row);
    } catch {
      return undefined;
    }
    if (next !== undefined) postpone(sql, callId, lease, next, now);
    return call;
  });
}

/** The earliest time at which something is due. */
export function nextDueAt(sql: Sql, now: number): number | undefined {
  const row = sql.get(
    `SELECT (SELECT min(ready_at) FROM calls WHERE ${toPlace}) AS place,
       (SELECT min(ready_at) FROM calls WHERE ${unanswered}) AS ringing,
       (SELECT min(ready_at) FROM calls WHERE ${answered}) AS talking,
       (SELECT max(ready_at) FROM calls WHERE ${unanswered}) AS "lastRinging",
       (SELECT max(ready_at) FROM calls WHERE ${answered}) AS "lastTalking"`,
  ) as Readonly<Record<'place' | 'ringing' | 'talking' | 'lastRinging' | 'lastTalking', number | null>>;
  const isStranded = Math.max(row.lastRinging ?? 0, row.lastTalking ?? 0) > now + longestWaitMs;
  const times = [row.place, row.ringing, row.talking, isStranded ? now : null].filter((at) => at !== null);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Why a due call was not started, or the started call. */
export type Started = { readonly refusal: Refusal | { readonly kind: 'lost-lease' } } | { readonly call: StoredCall };

/** Turns a due scheduled call into one being placed. Only the caller that gets `call` may place it. */
export function startScheduled(
  sql: Sql,
  transaction: Transaction,
  callId: string,
  lease: string,
  checks: AdmissionRequest & { readonly dispatchDeadline: number },
  now: number,
): Started {
  const row = readRow(sql, callId);
  if (row?.stage !== 'scheduled' || row.lease !== lease) {
    transaction.discard();
    return { refusal: { kind: 'lost-lease' } };
  }
  // The daily totals were consumed for this time when it was promised.
  const promised = promisedOf(row.consumed);
  const consumptions = checks.consumptions.filter((consumption) => !isPromised(promised, consumption));
  const admission = admit(sql, callId, { ...checks, consumptions }, now);
  if (admission.refusal !== undefined) {
    transaction.discard();
    return { refusal: admission.refusal };
  }
  admission.write();
  const againAt = admission.againAt();
  // What was consumed when it was requested stays consumed; only the placing itself can still be refunded.
  const call = changeCall(
    sql,
    row,
    {
      items: [{ status: 'requested', at: now }],
      stage: 'dispatching',
      readyAt: checks.dispatchDeadline,
      consumed: JSON.stringify([...promised, ...admission.consumed]),
      unseal: true,
      ...(againAt !== undefined && { coolDownUntil: againAt }),
    },
    now,
  );
  return { call };
}

/** Ends a scheduled call that was not placed; undefined when it is no longer scheduled. */
export function cancelScheduled(
  sql: Sql,
  callId: string,
  because: NonNullable<StoredCall['endedBecause']>,
  now: number,
): StoredCall | undefined {
  const row = readRow(sql, callId);
  if (row?.stage !== 'scheduled') return undefined;
  refundConsumed(sql, row.consumed, isRefundedWhenRejected, now);
  const status = because === 'taken-back' ? 'cancelled' : 'failed';
  return changeCall(sql, row, { items: [{ status, at: now }], endedBecause: because }, now);
}
