// How long data is kept, and deleting what is older, a few rows at a time. Margins ensure that a clock that is wrong for an hour
// deletes nothing that still protects somebody.

import { type Operation, run } from './operation.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Retention, milliseconds (consent: 16 CFR 310.5(a)(8)). */
export const retentionMs: Readonly<
  Record<'calls' | 'idempotency' | 'allowances' | 'consents' | 'used' | 'coolDowns', number>
> = {
  calls: 30 * dayMs,
  idempotency: dayMs + 2 * hourMs,
  allowances: 2 * dayMs,
  consents: 5 * 366 * dayMs,
  used: 2 * dayMs,
  coolDowns: 2 * hourMs,
};

/** Rows deleted, or dead letters replayed, in one transaction: about 2.5 ms of CPU time and one flush (measured at a million rows), so that no stream and no trigger waits longer. */
export const rowsInSlice = 50;

const countOf = (condition: string): number => condition.split('?').length - 1;

/** What is deleted. Each condition uses an index. A call that has not ended is kept, whatever its age. */
const deletions = (
  [
    ['calls', 'id', `stage = 'ended' AND ended_at < ? AND created_at < ?`, retentionMs.calls],
    ['idempotency', 'key_hash', 'created_at < ?', retentionMs.idempotency],
    ['allowances', 'scope, key, window_ms', 'touched_at < ?', retentionMs.allowances],
    ['consents', 'call_id', 'at < ?', retentionMs.consents],
    ['challenges', 'id', 'expires_at < ?', retentionMs.used],
    ['webhooks', 'id', 'expires_at < ?', retentionMs.used],
    ['cool_downs', 'number_key', 'until < ?', retentionMs.coolDowns],
    ['outbox', 'endpoint, id', 'dead_at < ?', retentionMs.calls],
    ['suppressions', 'number_key', 'until < ?', retentionMs.used],
  ] as const
).map(([table, id, condition, ageMs]) => ({
  statement: `DELETE FROM ${table} WHERE (${id}) IN (SELECT ${id} FROM ${table} WHERE ${condition} LIMIT ${String(rowsInSlice)})`,
  ageMs,
  values: countOf(condition),
}));

/** One transaction's work per table: deletes up to {@link rowsInSlice} rows that are past their retention, and returns how many. */
export const expiredSlices: readonly ((now: number) => Operation<number>)[] = deletions.map(
  ({ statement, ageMs, values }) =>
    function* deleteSlice(now) {
      return yield* run(
        statement,
        Array.from({ length: values }, () => now - ageMs),
      );
    },
);
