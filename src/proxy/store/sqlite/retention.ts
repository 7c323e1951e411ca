// How long things are kept, and deleting what is older. Margins are there so that a clock set wrong for an hour forgets nothing
// that still protects somebody.

import type { Sql } from './database.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Retention, milliseconds (trust.md §5; consent: 16 CFR 310.5(a)(8)). */
export const retentionMs: Readonly<
  Record<'calls' | 'idempotency' | 'allowances' | 'consents' | 'used' | 'rests', number>
> = {
  calls: 30 * dayMs,
  idempotency: dayMs + 2 * hourMs,
  allowances: 2 * dayMs,
  consents: 5 * 366 * dayMs,
  used: 2 * dayMs,
  rests: 2 * hourMs,
};

/** Deletes what is past its retention. A call that has not ended is kept whatever its age. */
export function sweep(sql: Sql, now: number): void {
  sql.run(`DELETE FROM calls WHERE stage = 'ended' AND max(created_at, ended_at) < ?`, [now - retentionMs.calls]);
  sql.run('DELETE FROM idempotency WHERE created_at < ?', [now - retentionMs.idempotency]);
  sql.run('DELETE FROM allowances WHERE touched_at < ?', [now - retentionMs.allowances]);
  sql.run('DELETE FROM consents WHERE at < ?', [now - retentionMs.consents]);
  sql.run('DELETE FROM challenges WHERE expires_at < ?', [now - retentionMs.used]);
  sql.run('DELETE FROM webhooks WHERE expires_at < ?', [now - retentionMs.used]);
  sql.run('DELETE FROM rests WHERE until < ?', [now - retentionMs.rests]);
}
