// The outbox: events written in the transaction of the change that they report, leased for delivery, and kept as dead letters when they
// could not be delivered. Where there is no subscription, nothing here runs a statement.

import { createHash } from 'node:crypto';
import type { Stage, StoredCall, SuppressionSource } from '../store.js';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type Delivery,
  type DeliveryResult,
  factsOf,
  isMissedCall,
  type Outbox,
  retryForMs,
  type WebhookEvent,
} from '../outbox.js';
import type { SqlDatabase, Transaction } from './database.js';
import { type OutcomeColumns, outcomeIn } from './outcome-columns.js';
import { all, allFree, get, type Operation, run, type Statement, together } from './operation.js';
import { rowsInSlice } from './retention.js';

/** What an event is about, as it is stored. */
interface Reported {
  readonly event: WebhookEvent;
  /** Unique for the event, the same for every endpoint. */
  readonly id: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly callId: string | null;
  readonly numberKey: string | null;
  readonly sealedNumber?: string | undefined;
}

/** Statements that write an event for everyone who subscribed to it. */
function report({ subscriptions = [] }: Pick<Transaction, 'subscriptions'>, one: Reported): Statement<number>[] {
  return subscriptions
    .filter(({ events }) => events.includes(one.event))
    .map(({ name }) =>
      run(
        `INSERT INTO outbox (endpoint, id, event, call_id, number_key, at, data, sealed_number, attempts, due_at, retry_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (endpoint, id) DO NOTHING`,
        [
          name,
          one.id,
          one.event,
          one.callId,
          one.numberKey,
          one.at,
          JSON.stringify(one.data),
          one.sealedNumber ?? null,
          one.at,
          one.at + retryForMs,
        ],
      ),
    );
}

/** An event about a call. `suffix` tells several of one kind apart. */
export const reportCall = (
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
  event: WebhookEvent,
  call: StoredCall,
  numberKey: string,
  more: Readonly<Record<string, unknown>> = {},
  suffix = '',
): Statement<number>[] =>
  report(transaction, {
    event,
    id: `${call.id}.${event}${suffix}`,
    at: transaction.now,
    data: { ...factsOf(event, call), ...more },
    callId: call.id,
    numberKey,
  });

/** The events of a call whose journal has changed. */
export function reportChange(
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
  before: { readonly stage: Stage; readonly number_key: string },
  call: StoredCall,
): Statement<number>[] {
  const { subscriptions = [] } = transaction;
  if (subscriptions.length === 0 || before.stage === 'ended') return [];
  const events: WebhookEvent[] = [];
  if (before.stage === 'scheduled' && call.stage === 'dispatching') events.push('call.requested');
  if (call.stage === 'ended') events.push('call.ended');
  if (call.stage === 'ended' && isMissedCall(call)) events.push('call.missed');
  return events.flatMap((event) => reportCall(transaction, event, call, before.number_key));
}

/** The event of a number that was added to the suppression list. Its id is made of what it reports, without revealing the number. */
export function reportSuppression(
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
  numberKey: string,
  source: SuppressionSource,
  { callId, sealedNumber }: { readonly callId?: string; readonly sealedNumber?: string | undefined },
): Statement<number>[] {
  const { now } = transaction;
  const hash = createHash('sha256')
    .update(`${numberKey} ${String(now)}`)
    .digest('hex')
    .slice(0, 24);
  return report(transaction, {
    event: 'number.suppressed',
    id: `${hash}.number.suppressed`,
    at: now,
    data: { source, ...(callId !== undefined && { callId }) },
    callId: callId ?? null,
    numberKey,
    sealedNumber,
  });
}

interface OutboxRow {
  readonly endpoint: string;
  readonly id: string;
  readonly event: WebhookEvent;
  readonly call_id: string | null;
  readonly at: number;
  readonly data: string;
  readonly sealed_number: string | null;
  readonly attempts: number;
  readonly retry_until: number;
  readonly last_error: string | null;
  readonly dead_at: number | null;
}

interface CallPart extends OutcomeColumns {
  readonly call_number: string | null;
}

/** The methods of the outbox. */
export function createOutbox(database: SqlDatabase, createLease: () => string): Outbox {
  return {
    claimDeliveries: (limit, leaseMs) =>
      database.write((transaction) => claim(transaction, limit, leaseMs, createLease())),
    recordDelivery: async (delivery, result) => {
      await database.write(({ now }) => record(delivery, result, now));
    },
    nextDeliveryAt: () =>
      database.read(function* nextDeliveryAt() {
        const row = yield* get<{ at: number | null }>('SELECT min(due_at) AS at FROM outbox WHERE due_at IS NOT NULL');
        return row?.at ?? undefined;
      }),
    deadLetters: (filter, limit) =>
      database.read(function* deadLetters() {
        const [condition, values] = conditionOf(filter);
        const rows = yield* all<OutboxRow>(
          `SELECT * FROM outbox WHERE dead_at IS NOT NULL${condition} ORDER BY dead_at DESC LIMIT ?`,
          [...values, limit],
        );
        return rows.map(toDeadLetter);
      }),
    replayDeadLetters: async (filter) => {
      const [condition, values] = conditionOf(filter);
      let until: number | undefined;
      // In slices, so that thousands neither exceed the timeout of a statement nor keep deliveries waiting.
      for (let replayed = 0; ; ) {
        const rows = await database.write(function* replaySlice({ now }) {
          until ??= now;
          return yield* run(
            `UPDATE outbox SET dead_at = NULL, lease = NULL, attempts = 0, due_at = ?, retry_until = ?
             WHERE (endpoint, id) IN (SELECT endpoint, id FROM outbox WHERE dead_at <= ?${condition} ORDER BY dead_at LIMIT ${String(rowsInSlice)})`,
            [now, now + retryForMs, until, ...values],
          );
        });
        replayed += rows;
        if (rows < rowsInSlice) return replayed;
      }
    },
  };
}

function* claim(
  transaction: Transaction,
  limit: number,
  leaseMs: number,
  lease: string,
): Operation<readonly Delivery[]> {
  const { now } = transaction;
  const rows = yield* allFree<OutboxRow>('SELECT * FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?', [
    now,
    limit,
  ]);
  if (rows.length === 0) {
    transaction.discard();
    return [];
  }
  yield* together(
    ...rows.map(({ endpoint, id }) =>
      run('UPDATE outbox SET lease = ?, due_at = ? WHERE endpoint = ? AND id = ?', [
        lease,
        now + leaseMs,
        endpoint,
        id,
      ]),
    ),
  );
  const calls = yield* together(
    ...rows.map(({ call_id: callId }) =>
      get<CallPart>(
        `SELECT sealed_number AS call_number, answered_by, disposition, outcome, outcome_at, outcome_revision
         FROM calls WHERE id = ?`,
        [callId ?? ''],
      ),
    ),
  );
  return rows.map((row, index) => toDelivery(row, calls[index], lease));
}

function toDelivery(row: OutboxRow, call: CallPart | undefined, lease: string): Delivery {
  const sealedNumber = row.sealed_number ?? call?.call_number ?? undefined;
  const outcome = row.event === 'call.outcome' && call !== undefined ? outcomeIn(call).outcome : undefined;
  return {
    endpoint: row.endpoint,
    id: row.id,
    event: row.event,
    at: row.at,
    data: JSON.parse(row.data) as Delivery['data'],
    attempts: row.attempts,
    retryUntil: row.retry_until,
    lease,
    ...(sealedNumber !== undefined && { sealedNumber }),
    ...(outcome !== undefined && { outcome }),
  };
}

function* record(
  { endpoint, id, lease }: Pick<Delivery, 'endpoint' | 'id' | 'lease'>,
  result: DeliveryResult,
  now: number,
): Operation<void> {
  switch (result.kind) {
    case 'delivered':
      yield* run('DELETE FROM outbox WHERE endpoint = ? AND id = ? AND lease = ?', [endpoint, id, lease]);
      return;
    case 'failed':
      yield* run(
        `UPDATE outbox SET lease = NULL, attempts = attempts + 1, due_at = ?, last_error = ?
         WHERE endpoint = ? AND id = ? AND lease = ?`,
        [result.dueAt, result.error, endpoint, id, lease],
      );
      return;
    case 'dead':
      yield* run(
        `UPDATE outbox SET lease = NULL, attempts = attempts + 1, due_at = NULL, dead_at = ?, last_error = ?
         WHERE endpoint = ? AND id = ? AND lease = ?`,
        [now, result.error, endpoint, id, lease],
      );
  }
}

function conditionOf({ endpoint, id }: DeadLetterFilter): [condition: string, values: string[]] {
  const parts: string[] = [];
  const values: string[] = [];
  if (endpoint !== undefined) {
    parts.push(' AND endpoint = ?');
    values.push(endpoint);
  }
  if (id !== undefined) {
    parts.push(' AND id = ?');
    values.push(id);
  }
  return [parts.join(''), values];
}

const toDeadLetter = (row: OutboxRow): DeadLetter => ({
  endpoint: row.endpoint,
  id: row.id,
  event: row.event,
  at: row.at,
  attempts: row.attempts,
  error: row.last_error ?? '',
  deadAt: row.dead_at ?? 0,
  ...(row.call_id !== null && { callId: row.call_id }),
});
