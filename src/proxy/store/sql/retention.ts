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

/** The most rows deleted, or dead letters replayed, in one transaction: about 2 ms of CPU time (measured at a million rows), so that no stream and no trigger waits longer. */
export const rowsInSlice = 25;
/** Rows deleted by one statement. */
const rowsAtOnce = 5;
/** Where the rows have to be read from a slow disk, a transaction deletes fewer of them: it ends after this time, milliseconds. */
const sliceMs = 4;

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
  statement: `DELETE FROM ${table} WHERE (${id}) IN (SELECT ${id} FROM ${table} WHERE ${condition} LIMIT ${String(rowsAtOnce)})`,
  ageMs,
  values: countOf(condition),
}));

/** What one transaction did. */
export interface Slice {
  readonly deleted: number;
  /** False when more rows may be past their retention. */
  readonly isLast: boolean;
}

/** One transaction's work per table: deletes rows that are past their retention at `now`, at most {@link rowsInSlice}, and only a few where that takes long on `monotonic`, milliseconds. */
export const expiredSlices: readonly ((now: number, monotonic: () => number) => Operation<Slice>)[] = deletions.map(
  ({ statement, ageMs, values }) =>
    function* deleteSlice(now, monotonic) {
      const until = monotonic() + sliceMs;
      const limits = Array.from({ length: values }, () => now - ageMs);
      for (let deleted = 0; ; ) {
        const rows = yield* run(statement, limits);
        deleted += rows;
        if (rows < rowsAtOnce) return { deleted, isLast: true };
        if (deleted >= rowsInSlice || monotonic() >= until) return { deleted, isLast: false };
      }
    },
);
