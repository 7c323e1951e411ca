// What is kept about one person's number: the suppression list, and everything for an access or erasure request.

import type { ConsentRecord, NumberExport, StoredCall, SuppressionSource, Unreachable } from '../store.js';
import { type CallRow, toCall } from './call-rows.js';
import type { Sql } from './database.js';
import { cancelScheduled } from './leases.js';
import { isSuppressed } from './admission.js';

/** Puts a number on the list under every key given; returns the scheduled calls that were taken back. */
export function suppress(
  sql: Sql,
  numberKeys: readonly string[],
  source: SuppressionSource,
  now: number,
): readonly StoredCall[] {
  // The rows of one person name each other, so that it can be told whom retiring a secret would forget.
  for (const key of numberKeys) {
    sql.run(
      `INSERT INTO suppressions (number_key, person, source, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (number_key) DO UPDATE SET person = excluded.person`,
      [key, numberKeys[0] ?? key, source, now],
    );
  }
  return callsOf(sql, numberKeys).flatMap((row) => cancelScheduled(sql, row.id, 'taken-back', now) ?? []);
}

/** Takes a number off the list. */
export function unsuppress(sql: Sql, numberKeys: readonly string[]): void {
  for (const key of numberKeys) sql.run('DELETE FROM suppressions WHERE number_key = ?', [key]);
}

/** Whom nobody could find any more if only the secrets named `live` were left. */
export function unreachable(sql: Sql, live: readonly string[]): Unreachable {
  const isLive = (numberKey: string): boolean => live.some((version) => numberKey.startsWith(`${version}:`));
  const suppressed = sql.all('SELECT person, number_key FROM suppressions') as readonly {
    person: string;
    number_key: string;
  }[];
  const reachable = new Set(suppressed.flatMap((row) => (isLive(row.number_key) ? [row.person] : [])));
  const lost = new Set(suppressed.flatMap(({ person }) => (reachable.has(person) ? [] : [person])));
  const scheduled = sql.all(`SELECT number_key FROM calls WHERE stage = 'scheduled'`) as readonly {
    number_key: string;
  }[];
  return { suppressed: lost.size, scheduled: scheduled.filter((row) => !isLive(row.number_key)).length };
}

/** Everything kept about a number. */
export function exportNumber(sql: Sql, numberKeys: readonly string[]): NumberExport {
  const consents = numberKeys.flatMap(
    (key) =>
      sql.all('SELECT call_id, record FROM consents WHERE number_key = ? ORDER BY at', [key]) as readonly {
        call_id: string;
        record: string;
      }[],
  );
  const rows = new Map(callsOf(sql, numberKeys).map((row) => [row.id, row]));
  const calls: NumberExport['calls'][number][] = [];
  const orphans: NumberExport['consents'][number][] = [];
  for (const { call_id: callId, record } of consents) {
    const consent = JSON.parse(record) as ConsentRecord;
    const row = rows.get(callId);
    if (row === undefined) orphans.push({ ...consent, callId });
    else calls.push({ ...toCall(row), consent });
    rows.delete(callId);
  }
  for (const row of rows.values()) calls.push(toCall(row));
  return { calls, consents: orphans, suppressed: isSuppressed(sql, numberKeys) };
}

/** Forgets everything about a number but its suppression; returns the ids of the calls forgotten. */
export function eraseNumber(sql: Sql, numberKeys: readonly string[]): readonly string[] {
  const ids = callsOf(sql, numberKeys).map(({ id }) => id);
  for (const id of ids) {
    sql.run('DELETE FROM holds WHERE call_id = ?', [id]);
    sql.run('DELETE FROM idempotency WHERE call_id = ?', [id]);
    sql.run('DELETE FROM calls WHERE id = ?', [id]);
  }
  for (const key of numberKeys) {
    sql.run('DELETE FROM consents WHERE number_key = ?', [key]);
    sql.run('DELETE FROM rests WHERE number_key = ?', [key]);
    // A key or a member may be the number's HMAC alone or with something before it.
    sql.run('DELETE FROM allowances WHERE instr(key, ?) > 0', [key]);
    sql.run('DELETE FROM holds WHERE instr(key, ?) > 0', [key]);
    forgetMember(sql, key);
  }
  if (ids.length > 0) sql.run(`UPDATE meta SET value = value + 1 WHERE name = 'forgotten'`);
  return ids;
}

const callsOf = (sql: Sql, numberKeys: readonly string[]): readonly CallRow[] =>
  numberKeys.flatMap(
    (key) => sql.all('SELECT * FROM calls WHERE number_key = ? ORDER BY created_at, id', [key]) as readonly CallRow[],
  );

// The addresses that asked for this number keep what they have spent, so that erasing opens no cap: only the name is taken out.
function forgetMember(sql: Sql, key: string): void {
  const rows = sql.all('SELECT scope, key, window_ms, state FROM allowances WHERE instr(state, ?) > 0', [
    key,
  ]) as readonly { scope: string; key: string; window_ms: number; state: string }[];
  for (const row of rows) {
    const state = row.state.replaceAll(key, 'erased');
    sql.run('UPDATE allowances SET state = ? WHERE scope = ? AND key = ? AND window_ms = ?', [
      state,
      row.scope,
      row.key,
      row.window_ms,
    ]);
  }
}
