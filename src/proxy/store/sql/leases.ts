// Calls that are due: leasing them, recording poll results, starting and canceling scheduled ones.
// `ready_at` is when a call may be leased: its due time, or, while it is leased, when the lease expires.

import type { Slot } from '../../../contract.js';
import type { DueCall, NextDue, PollResult, RedialPlan, Refusal, StoredCall } from '../store.js';
import { admit, type AdmissionRequest, freeSlots, takeSlots } from './admission.js';
import { isPromised, isRefundedWhenRejected, promisedOf, refundConsumed } from './allowances.js';
import { type CallRow, changeCall, lockRow, changeSlot, planChange, readable, toCall } from './call-rows.js';
import type { Transaction } from './database.js';
import { allForUpdate, allFree, get, type Operation, run, type Statement, together } from './operation.js';
import { attachPlan, readCallSince, readRedial, slotOf } from './redials.js';
import { placeholders } from './value-rows.js';

/** No poll is postponed for longer than this, milliseconds. A later time was written before the clock was set back, and is due now. */
export const longestWaitMs = 600_000;

/** One poll in this many goes to an answered call, however many are ringing, so that none starves. */
export const shareOfAnswered = 10;

// Each condition has a partial index with exactly this expression, so the search never scans the thousands that only wait.
const toPlace = `stage IN ('scheduled', 'dispatching')`;
const unanswered = `stage = 'accepted' AND status <> 'in-progress'`;
const answered = `stage = 'accepted' AND status = 'in-progress'`;

/** Creates {@link claimDue}, once per store, because the share of answered calls is counted across claims. */
export function createClaims(createLease: () => string) {
  let sinceAnswered = 0;

  const dueIn = (condition: string, limit: number, now: number): Statement<readonly CallRow[]> =>
    allFree(`SELECT * FROM calls WHERE ${condition} AND ready_at <= ? ORDER BY ready_at LIMIT ?`, [now, limit]);
  const strandedIn = (condition: string, limit: number, now: number): Statement<readonly CallRow[]> | undefined =>
    limit <= 0
      ? undefined
      : allFree(`SELECT * FROM calls WHERE ${condition} AND ready_at > ? ORDER BY ready_at LIMIT ?`, [
          now + longestWaitMs,
          limit,
        ]);

  /** Visitors whose phone has not been answered are watching the page: their calls come first, and every tenth poll is for the others. */
  function* next(limit: number, now: number): Operation<readonly CallRow[]> {
    const [placing, ringingDue, talkingDue] = yield* together(
      dueIn(toPlace, limit, now),
      dueIn(unanswered, limit, now),
      dueIn(answered, limit, now),
    );
    // Many callbacks that cannot be placed yet must not keep calls from ending, because that is what makes room for them.
    const room = limit - Math.min(placing.length, Math.ceil(limit / 2));
    const [ringingStranded = [], talkingStranded = []] = yield* together(
      strandedIn(unanswered, room - ringingDue.length, now),
      strandedIn(answered, room - talkingDue.length, now),
    );
    const ringing = [...ringingDue, ...ringingStranded].slice(0, room);
    const talking = [...talkingDue, ...talkingStranded].slice(0, room);
    const chosen: CallRow[] = [];
    for (let r = 0, t = 0; chosen.length < room && (r < ringing.length || t < talking.length); ) {
      const isAnswered = t < talking.length && (r >= ringing.length || sinceAnswered >= shareOfAnswered - 1);
      const row = isAnswered ? talking[t++] : ringing[r++];
      sinceAnswered = isAnswered ? 0 : sinceAnswered + 1;
      if (row !== undefined) chosen.push(row);
    }
    return [...placing.slice(0, limit - chosen.length), ...chosen];
  }

  /** Leases at most `limit` calls. */
  return function* claimDue(transaction: Transaction, limit: number, leaseMs: number): Operation<readonly DueCall[]> {
    const { now } = transaction;
    const rows = limit <= 0 ? [] : yield* next(limit, now);
    if (rows.length === 0) transaction.discard();
    const lease = createLease();
    const until = now + Math.min(leaseMs, longestWaitMs);
    for (const some of inBatches(rows)) {
      yield* run(`UPDATE calls SET lease = ?, ready_at = ? WHERE id IN (${placeholders(some.length)})`, [
        lease,
        until,
        ...some.map(({ id }) => id),
      ]);
    }
    return rows.flatMap((row) => dueCall(row, lease) ?? []);
  };
}

/** Extends leases of calls that are being polled, by call. Never of one that is being placed: its `ready_at` is the deadline for that. */
export function* renewLeases(held: ReadonlyMap<string, string>, leaseMs: number, now: number): Operation<void> {
  for (const some of inBatches([...held]))
    yield* run(
      `UPDATE calls SET ready_at = ? WHERE id IN (${placeholders(some.length)}) AND lease IN (${placeholders(some.length)})
         AND stage = 'accepted'`,
      [now + Math.min(leaseMs, longestWaitMs), ...some.map(([callId]) => callId), ...some.map(([, lease]) => lease)],
    );
}

const rowsAtOnce = 50;

const inBatches = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / rowsAtOnce) }, (_, index) =>
    items.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce),
  );

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
  callId: string,
  lease: string,
  next: { readonly dueAt: number; readonly failures: number },
  now: number,
): Statement<number> {
  const latest = now + longestWaitMs;
  return run(
    `UPDATE calls SET lease = NULL, failures = ?,
       ready_at = CASE stage WHEN 'accepted' THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END
     WHERE id = ? AND lease = ? AND stage <> 'ended'`,
    [next.failures, Math.min(next.dueAt, latest), next.dueAt, callId, lease],
  );
}

/** Records poll results. Undefined in place of a call that is no longer stored or whose row is damaged. `isUnsealed`: a sealed request was deleted. */
export function* recordPolls(
  transaction: Transaction,
  results: readonly PollResult[],
): Operation<{ readonly calls: readonly (StoredCall | undefined)[]; readonly isUnsealed: boolean }> {
  let isUnsealed = false;
  const { now } = transaction;
  const calls: (StoredCall | undefined)[] = [];
  for (const some of ofDifferentCalls(results)) {
    // In the order of their ids, so that two transactions never wait for each other.
    const rows = yield* lockRows(some.map(({ callId }) => callId));
    const changes: Statement<unknown>[] = [];
    const returned: Statement<unknown>[] = [];
    for (const { callId, lease, items, next } of some) {
      const row = rows.find(({ id }) => id === callId);
      let call = row && readable(row);
      if (row !== undefined && call !== undefined) {
        if (items.length > 0) {
          const planned = yield* planChange(row, { items }, transaction);
          ({ call } = planned);
          isUnsealed ||= planned.isUnsealed;
          changes.push(...planned.statements);
        }
        if (next !== undefined) returned.push(postpone(callId, lease, next, now));
      }
      calls.push(call);
    }
    yield* together(...changes);
    yield* together(...returned);
  }
  return { calls, isUnsealed };
}

/** Batches in which no call occurs twice. */
function ofDifferentCalls(results: readonly PollResult[]): readonly (readonly PollResult[])[] {
  const batches: PollResult[][] = [];
  for (const result of results) {
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < rowsAtOnce && !last.some(({ callId }) => callId === result.callId);
    if (fits) last.push(result);
    else batches.push([result]);
  }
  return batches;
}

const lockRows = (ids: readonly string[]): Statement<readonly CallRow[]> =>
  allForUpdate(`SELECT * FROM calls WHERE id IN (${placeholders(ids.length)}) ORDER BY id`, ids);

/** The earliest time at which something is due, and whether the queue has calls. */
export function* nextDue(now: number): Operation<NextDue> {
  const row = yield* get<
    Readonly<Record<'place' | 'ringing' | 'talking' | 'lastRinging' | 'lastTalking' | 'queued', number | null>>
  >(
    `SELECT (SELECT min(ready_at) FROM calls WHERE ${toPlace}) AS place,
       (SELECT min(ready_at) FROM calls WHERE ${unanswered}) AS ringing,
       (SELECT min(ready_at) FROM calls WHERE ${answered}) AS talking,
       (SELECT max(ready_at) FROM calls WHERE ${unanswered}) AS "lastRinging",
       (SELECT max(ready_at) FROM calls WHERE ${answered}) AS "lastTalking",
       (SELECT min(queued) FROM calls WHERE queued IS NOT NULL) AS queued`,
  );
  const isStranded = Math.max(row?.lastRinging ?? 0, row?.lastTalking ?? 0) > now + longestWaitMs;
  const times = [row?.place, row?.ringing, row?.talking, isStranded ? now : null].filter(
    (at) => typeof at === 'number',
  );
  const isQueueWaiting = typeof row?.queued === 'number';
  return times.length === 0 ? { isQueueWaiting } : { at: Math.min(...times), isQueueWaiting };
}

/** Why a due call was not started, or the started call. */
export type Started = { readonly refusal: Refusal | { readonly kind: 'lost-lease' } } | { readonly call: StoredCall };

/** Turns a due scheduled call into one being placed. Only the caller that gets `call` may place it. */
export function* startScheduled(
  transaction: Transaction,
  callId: string,
  lease: string,
  checks: AdmissionRequest & { readonly dispatchDeadline: number; readonly redial?: RedialPlan | undefined },
): Operation<Started> {
  const { now } = transaction;
  const row = yield* lockRow(callId);
  if (row?.stage !== 'scheduled' || row.lease !== lease) {
    transaction.discard();
    return { refusal: { kind: 'lost-lease' } };
  }
  const isSecond = readRedial(row.redial)?.kind === 'second';
  if (isSecond && (yield* readCallSince(checks.numberKeys, row)) !== undefined) {
    transaction.discard();
    // Like a suppressed one, it waits until it is too late: its end would reveal when somebody else called the number.
    return { refusal: { kind: 'cooling-down', untilMs: now } };
  }
  // The daily totals were consumed for this time when it was promised.
  const promised = promisedOf(row.consumed);
  const consumptions = checks.consumptions.filter((consumption) => !isPromised(promised, consumption));
  const admission = yield* admit(callId, { ...checks, consumptions }, now);
  if (admission.refusal !== undefined) {
    transaction.discard();
    return { refusal: admission.refusal };
  }
  // Those it held as a scheduled call.
  yield* freeSlots(callId);
  const againAt = admission.againAt();
  // What was consumed when it was requested stays consumed; only the placing itself can still be refunded.
  const call = yield* changeCall(
    row,
    {
      items: [{ status: 'requested', at: now }],
      stage: 'dispatching',
      readyAt: checks.dispatchDeadline,
      consumed: JSON.stringify([...promised, ...admission.consumed]),
      unseal: true,
      ...(againAt !== undefined && { coolDownUntil: againAt }),
    },
    transaction,
    () => [takeSlots(callId, checks.concurrencySlots), ...admission.writes()],
  );
  if (checks.redial !== undefined) yield* attachPlan(callId, checks.redial);
  return { call };
}

/** Ends a scheduled call that was not placed; undefined when it is no longer scheduled. */
export function* cancelScheduled(
  callId: string,
  because: NonNullable<StoredCall['endedBecause']>,
  transaction: Transaction,
): Operation<StoredCall | undefined> {
  const { now } = transaction;
  const row = yield* lockRow(callId);
  if (row?.stage !== 'scheduled') return undefined;
  yield* refundConsumed(row.consumed, isRefundedWhenRejected, now);
  const status = because === 'taken-back' ? 'cancelled' : 'failed';
  return yield* changeCall(row, { items: [{ status, at: now }], endedBecause: because }, transaction);
}

/** Makes a waiting second attempt due now; undefined when there is none to place. */
export function* redialNow(callId: string, now: number): Operation<StoredCall | undefined> {
  const row = yield* lockRow(callId);
  if (row?.stage !== 'scheduled' || row.slot === null || readRedial(row.redial)?.kind !== 'second') return undefined;
  const { at, zone } = JSON.parse(row.slot) as Slot;
  // Pressed twice, or already due: the earlier time is kept.
  return Date.parse(at) <= now ? toCall(row) : yield* changeSlot(row, slotOf(now, zone), now);
}
