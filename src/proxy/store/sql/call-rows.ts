// The rows of calls: reading them, and the only way to append to a journal. The store's methods decide who may change what.

import {
  canFollow,
  type CallStatus,
  isCallStatus,
  isTerminal,
  type JournalItem,
  type Slot,
} from '../../../contract.js';
import type { KeptAttribution, Stage, StoredCall } from '../store.js';
import { freeSlots } from './admission.js';
import type { Transaction } from './database.js';
import { type OutcomeColumns, outcomeIn } from './outcome-columns.js';
import { reportChange } from './outbox.js';
import { carryOutPlan, redialIn } from './redials.js';
import { get, getForUpdate, nextChange, type Operation, run, type Statement, together } from './operation.js';

/** A call's row as stored. */
export interface CallRow extends OutcomeColumns {
  readonly id: string;
  readonly stage: Stage;
  readonly status: CallStatus;
  readonly seq: number;
  readonly history: string;
  readonly origin: string;
  readonly number_key: string;
  readonly created_at: number;
  readonly upstream_id: string | null;
  readonly accepted_at: number | null;
  readonly slot: string | null;
  readonly ended_because: NonNullable<StoredCall['endedBecause']> | null;
  readonly cool_down_until: number | null;
  readonly ready_at: number | null;
  readonly lease: string | null;
  readonly failures: number;
  readonly sealed: string | null;
  readonly consumed: string | null;
  readonly changed: number;
  readonly country: string | null;
  readonly sealed_number: string | null;
  readonly source: string | null;
  readonly medium: string | null;
  readonly campaign: string | null;
  /** Every campaign parameter and click ID, encrypted. */
  readonly attribution: string | null;
  /** redials.ts. */
  readonly redial: string | null;
  /** Its order in the queue while it waits; queue.ts. */
  readonly queued: number | null;
}

/** What a change to a call sets besides its journal. Absent fields stay as they are. */
export interface CallChange {
  readonly items?: readonly { readonly status: CallStatus; readonly at: number }[];
  readonly stage?: Stage;
  readonly upstreamId?: string;
  readonly acceptedAt?: number;
  readonly readyAt?: number;
  readonly endedBecause?: StoredCall['endedBecause'];
  readonly coolDownUntil?: number;
  readonly consumed?: string;
  /** Forgets the sealed request and the lease: the call is being placed. */
  readonly unseal?: boolean;
}

/** One row, or undefined when no call has that id. */
export const readRow = (id: string): Statement<CallRow | undefined> => get('SELECT * FROM calls WHERE id = ?', [id]);

/** The same, for a change: nobody else changes it until the transaction ends. */
export const lockRow = (id: string): Statement<CallRow | undefined> =>
  getForUpdate('SELECT * FROM calls WHERE id = ?', [id]);

/** The row as the rest of the proxy sees it. Throws when the row is inconsistent, so that damage never looks like "not found". */
export function toCall(row: CallRow): StoredCall {
  const history = JSON.parse(row.history) as unknown;
  if (!Array.isArray(history) || history.length !== row.seq || !isCallStatus(row.status)) {
    throw new Error('a call row is damaged');
  }
  return {
    id: row.id,
    stage: row.stage,
    status: row.status,
    history: history as JournalItem[],
    origin: row.origin,
    createdAt: row.created_at,
    ...(row.upstream_id !== null && { upstreamId: row.upstream_id }),
    ...(row.slot !== null && { scheduledFor: JSON.parse(row.slot) as Slot }),
    ...(row.ended_because !== null && { endedBecause: row.ended_because }),
    ...(row.cool_down_until !== null && { coolDownUntil: row.cool_down_until }),
    ...(row.queued !== null && { isQueued: true as const }),
    ...outcomeIn(row),
    ...redialIn(row.redial),
  };
}

/** The same, or undefined for a damaged row where others must not suffer from it. */
export function readable(row: CallRow): StoredCall | undefined {
  try {
    return toCall(row);
  } catch {
    return undefined;
  }
}

/** The campaign that a call came from, if it is kept. */
export const attributionOf = ({ source, medium, campaign, attribution }: CallRow): { attribution?: KeptAttribution } =>
  attribution === null
    ? {}
    : {
        attribution: {
          ...(source !== null && { source }),
          ...(medium !== null && { medium }),
          ...(campaign !== null && { campaign }),
          sealed: attribution,
        },
      };

/** A journal item; an invalid time becomes `now`. */
export const journalItem = (seq: number, status: CallStatus, at: number, now: number): JournalItem => {
  const date = new Date(at);
  return { seq, status, at: (Number.isNaN(date.getTime()) ? new Date(now) : date).toISOString() };
};

/**
 * Writes a change and returns the resulting call. A terminal status ends the call: its concurrency slots are freed, nothing is due, and
 * no sealed request is kept, except for the agent's report (redials.ts). `also`: what else is written with the resulting call, in the same round trip.
 */
export function* changeCall(
  row: CallRow,
  change: CallChange,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
  also: (call: StoredCall) => readonly (Statement<unknown> | undefined)[] = () => [],
): Operation<StoredCall> {
  const { call, statements } = yield* planChange(row, change, transaction);
  yield* together(...statements, ...also(call));
  return call;
}

/** A change that is not written yet. */
export interface PlannedChange {
  /** The resulting call. */
  readonly call: StoredCall;
  readonly statements: readonly Statement<unknown>[];
  /** True when a sealed request is deleted, which must not be found again in the database's files. */
  readonly isUnsealed: boolean;
}

/** The resulting call, and the statements that write it. */
export function* planChange(
  row: CallRow,
  change: CallChange,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
): Operation<PlannedChange> {
  const { now } = transaction;
  const history = [...toCall(row).history];
  let status = row.status;
  for (const item of change.items ?? []) {
    if (!canFollow(status, item.status)) continue;
    ({ status } = item);
    history.push(journalItem(history.length + 1, status, item.at, now));
  }
  const hasEnded = isTerminal(status);
  const stage = hasEnded ? 'ended' : (change.stage ?? row.stage);
  const forgets = hasEnded || change.unseal === true;
  const redial = yield* carryOutPlan(row, history, transaction);
  const { reportUntil } = redial;
  const next: CallRow = {
    ...row,
    stage,
    status,
    seq: history.length,
    history: JSON.stringify(history),
    upstream_id: change.upstreamId ?? row.upstream_id,
    accepted_at: change.acceptedAt ?? row.accepted_at,
    ended_because: change.endedBecause ?? row.ended_because,
    cool_down_until: change.coolDownUntil ?? row.cool_down_until,
    ready_at: hasEnded ? (reportUntil ?? null) : (change.readyAt ?? row.ready_at),
    lease: forgets || change.readyAt !== undefined ? null : row.lease,
    sealed: forgets && reportUntil === undefined ? null : row.sealed,
    // The record of what was consumed is needed only while a refund is possible.
    consumed: stage === 'accepted' || hasEnded ? null : (change.consumed ?? row.consumed),
    redial: redial.column,
    queued: stage === 'scheduled' ? row.queued : null,
    changed: history.length > row.seq ? yield* nextChange() : row.changed,
  };
  const update = run(
    `UPDATE calls SET stage = ?, status = ?, seq = ?, history = ?, upstream_id = ?, accepted_at = ?, ended_because = ?,
       cool_down_until = ?, ready_at = ?, lease = ?, sealed = ?, consumed = ?, changed = ?, redial = ?,
       queued = ?, ended_at = CASE WHEN ? = 'ended' THEN coalesce(ended_at, ?) END WHERE id = ?`,
    [
      next.stage,
      next.status,
      next.seq,
      next.history,
      next.upstream_id,
      next.accepted_at,
      next.ended_because,
      next.cool_down_until,
      next.ready_at,
      next.lease,
      next.sealed,
      next.consumed,
      next.changed,
      next.redial,
      next.queued,
      next.stage,
      now,
      next.id,
    ],
  );
  const call = toCall(next);
  const events = reportChange(transaction, row, call);
  const statements = [update, ...redial.statements, ...events];
  return {
    call,
    statements: hasEnded ? [...statements, freeSlots(row.id)] : statements,
    isUnsealed: row.sealed !== null && next.sealed === null,
  };
}

/** Gives a scheduled call another time, at which it is due. */
export function* changeSlot(row: CallRow, slot: Slot, dueAt: number): Operation<StoredCall> {
  const next: CallRow = {
    ...row,
    slot: JSON.stringify(slot),
    ready_at: dueAt,
    lease: null,
    changed: yield* nextChange(),
  };
  yield* run('UPDATE calls SET slot = ?, ready_at = ?, lease = NULL, changed = ? WHERE id = ?', [
    next.slot,
    next.ready_at,
    next.changed,
    next.id,
  ]);
  return toCall(next);
}
