// What is stored about one person's number: the suppression list, the data for an access or erasure request, and what would become
// unreachable if a secret were lost.

import type { ConsentRecord, Consumption, NumberExport, SuppressionSource, Unreachable } from '../store.js';
import { isSuppressed } from './admission.js';
import { type CallRow, toCall } from './call-rows.js';
import type { Sql } from './database.js';
import { placeholders } from './value-rows.js';

const dayMs = 24 * 3_600_000;

/**
 * Adds a number to the list under every given key. A waiting callback is left as it is: whoever requested it would otherwise learn
 * that the number's owner opted out. It is never placed, because the list is checked when it is due.
 */
export function suppress(sql: Sql, numberKeys: readonly string[], source: SuppressionSource, now: number): void {
  // The rows of one number refer to each other, so that the number of people lost by retiring a secret can be reported.
  for (const key of numberKeys) {
    sql.run(
      `INSERT INTO suppressions (number_key, person, source, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (number_key) DO UPDATE SET person = excluded.person`,
      [key, numberKeys[0] ?? key, source, now],
    );
  }
}

/**
 * Removes a number from the list. The consent to callbacks that were requested before ended with the opt-out: their sealed request
 * is deleted, so that they end like suppressed ones instead of ringing. True when there were any.
 */
export function unsuppress(sql: Sql, numberKeys: readonly string[]): boolean {
  let removed = 0;
  for (const key of numberKeys) removed += sql.run('DELETE FROM suppressions WHERE number_key = ?', [key]);
  if (removed === 0) return false;
  const waiting = callsOf(sql, numberKeys).filter(({ stage }) => stage === 'scheduled');
  for (const { id } of waiting) sql.run('UPDATE calls SET sealed = NULL WHERE id = ?', [id]);
  return waiting.length > 0;
}

/** What could no longer be found if only the secrets named `live` were left. Searches by key, never through all rows. */
export function unreachable(sql: Sql, live: readonly string[], now: number): Unreachable {
  const liveVersions = new Set(live);
  /** Ranges of keys that begin with a secret that is not live: `[from, to)`. */
  const lostRanges = (firstAfter: (key: string) => string | undefined): (readonly [string, string])[] => {
    const ranges: (readonly [string, string])[] = [];
    for (let key = firstAfter(''); key !== undefined; ) {
      const prefix = key.slice(0, key.lastIndexOf(':') + 1);
      // ";" follows ":" in every encoding that has both.
      const end = prefix === '' ? `${key}\u0000` : `${prefix.slice(0, -1)};`;
      const version = prefix.slice(0, -1).split(':').at(-1) ?? '';
      if (version !== '' && !liveVersions.has(version)) ranges.push([prefix, end]);
      key = firstAfter(end);
    }
    return ranges;
  };
  const keyFrom = (statement: string, values: readonly string[]): string | undefined =>
    (sql.get(statement, values) as { key: string | null } | undefined)?.key ?? undefined;
  const count = (statement: string, values: readonly (string | number)[]): number =>
    (sql.get(statement, values) as { n: number }).n;
  const total = (
    ranges: readonly (readonly [string, string])[],
    countIn: (range: readonly [string, string]) => number,
  ) => ranges.reduce((sum, range) => sum + countIn(range), 0);

  const suppressions = lostRanges((key) =>
    keyFrom('SELECT min(number_key) AS key FROM suppressions WHERE number_key >= ?', [key]),
  );
  const lostSubjects = new Set(
    suppressions.flatMap((range) =>
      (
        sql.all(
          'SELECT DISTINCT person FROM suppressions WHERE number_key >= ? AND number_key < ?',
          range,
        ) as readonly { person: string }[]
      )
        .map(({ person }) => person)
        .filter((person) => !isKnownUnder(sql, person, liveVersions)),
    ),
  );
  const active = lostRanges((key) =>
    keyFrom(`SELECT min(number_key) AS key FROM calls WHERE stage <> 'ended' AND number_key >= ?`, [key]),
  );
  const countActive = (isScheduled: boolean): number =>
    total(active, (range) =>
      count(
        `SELECT count(*) AS n FROM calls WHERE stage <> 'ended' AND number_key >= ? AND number_key < ?
           AND stage ${isScheduled ? '=' : '<>'} 'scheduled'`,
        range,
      ),
    );
  const coolDowns = lostRanges((key) =>
    keyFrom('SELECT min(number_key) AS key FROM cool_downs WHERE number_key >= ?', [key]),
  );
  const limitedIn = (scope: Consumption['scope']): number =>
    total(
      lostRanges((key) => keyFrom('SELECT min(key) AS key FROM allowances WHERE scope = ? AND key >= ?', [scope, key])),
      ([from, to]) =>
        count('SELECT count(*) AS n FROM allowances WHERE scope = ? AND key >= ? AND key < ? AND touched_at > ?', [
          scope,
          from,
          to,
          now - dayMs,
        ]),
    );
  return {
    suppressed: lostSubjects.size,
    scheduled: countActive(true),
    inFlight: countActive(false),
    coolingDown: total(coolDowns, (range) =>
      count('SELECT count(*) AS n FROM cool_downs WHERE number_key >= ? AND number_key < ? AND until > ?', [
        ...range,
        now,
      ]),
    ),
    limited: limitedIn('number') + limitedIn('prefix') + limitedIn('distinct-numbers'),
  };
}

function isKnownUnder(sql: Sql, person: string, live: ReadonlySet<string>): boolean {
  const rows = sql.all('SELECT number_key FROM suppressions WHERE person = ?', [person]) as readonly {
    number_key: string;
  }[];
  return rows.some(({ number_key: key }) => live.has(key.slice(0, key.lastIndexOf(':'))));
}

/** Everything stored about a number. */
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

/** Rows in which a number's key is part of a longer string. */
export interface Mentions {
  readonly allowances: readonly AllowanceName[];
  readonly members: readonly AllowanceName[];
  readonly slots: readonly { readonly scope: string; readonly key: string; readonly callId: string }[];
}

interface AllowanceName {
  readonly scope: string;
  readonly key: string;
  readonly windowMs: number;
}

interface Page {
  readonly scope: string;
  readonly key: string;
  readonly windowMs: number;
  readonly state: string;
}

/** Rows read in one step of {@link findMentions}. */
const pageSize = 500;

/**
 * Searches allowances and slots for a number's keys, a page at a time. Yields between pages, so that neither this process nor
 * another's writes are blocked, however many rows there are.
 */
export function* findMentions(sql: Sql, numberKeys: readonly string[]): Generator<undefined, Mentions> {
  // A key or a member may be the number's HMAC alone or with a prefix.
  const mentions = (text: string): boolean => numberKeys.some((key) => text.includes(key));
  const found = {
    allowances: [] as AllowanceName[],
    members: [] as AllowanceName[],
    slots: [] as Mentions['slots'][number][],
  };
  for (let at: Page = { scope: '', key: '', windowMs: 0, state: '' }; ; ) {
    const page = sql.all(
      `SELECT scope, key, window_ms AS "windowMs", state FROM allowances WHERE (scope, key, window_ms) > (?, ?, ?)
       ORDER BY scope, key, window_ms LIMIT ${String(pageSize)}`,
      [at.scope, at.key, at.windowMs],
    ) as readonly Page[];
    for (const { state, ...name } of page) {
      if (mentions(name.key)) found.allowances.push(name);
      else if (mentions(state)) found.members.push(name);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    at = last;
    yield undefined;
  }
  for (let at = { scope: '', key: '', callId: '' }; ; ) {
    const page = sql.all(
      `SELECT scope, key, call_id AS "callId" FROM concurrency_slots WHERE (scope, key, call_id) > (?, ?, ?)
       ORDER BY scope, key, call_id LIMIT ${String(pageSize)}`,
      [at.scope, at.key, at.callId],
    ) as readonly { scope: string; key: string; callId: string }[];
    found.slots.push(...page.filter(({ key }) => mentions(key)));
    const last = page.at(-1);
    if (last === undefined) return found;
    at = last;
    yield undefined;
  }
}

/** Erases everything about a number except its suppression; returns the ids of the erased calls. */
export function eraseNumber(sql: Sql, numberKeys: readonly string[], mentions: Mentions): readonly string[] {
  const ids = callsOf(sql, numberKeys).map(({ id }) => id);
  for (const id of ids) {
    sql.run('DELETE FROM concurrency_slots WHERE call_id = ?', [id]);
    sql.run('DELETE FROM idempotency WHERE call_id = ?', [id]);
    sql.run('DELETE FROM calls WHERE id = ?', [id]);
  }
  for (const key of numberKeys) {
    sql.run('DELETE FROM consents WHERE number_key = ?', [key]);
    sql.run('DELETE FROM cool_downs WHERE number_key = ?', [key]);
  }
  for (const { scope, key, callId } of mentions.slots) {
    sql.run('DELETE FROM concurrency_slots WHERE scope = ? AND key = ? AND call_id = ?', [scope, key, callId]);
  }
  for (const { scope, key, windowMs } of mentions.allowances) {
    sql.run('DELETE FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [scope, key, windowMs]);
  }
  forgetMembers(sql, numberKeys, mentions.members);
  if (ids.length > 0) sql.run(`UPDATE meta SET value = value + 1 WHERE name = 'forgotten'`);
  return ids;
}

const callsOf = (sql: Sql, numberKeys: readonly string[]): readonly CallRow[] =>
  numberKeys.length === 0
    ? []
    : (sql.all(
        `SELECT * FROM calls WHERE number_key IN (${placeholders(numberKeys.length)}) ORDER BY created_at, id`,
        numberKeys,
      ) as readonly CallRow[]);

// The addresses that requested calls to this number keep what they have consumed, so that erasing resets no limit: only the number's key is removed.
function forgetMembers(sql: Sql, numberKeys: readonly string[], members: readonly AllowanceName[]): void {
  for (const { scope, key, windowMs } of members) {
    const row = sql.get('SELECT state FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [
      scope,
      key,
      windowMs,
    ]) as { state: string } | undefined;
    if (row === undefined) continue;
    const state = numberKeys.reduce((text, numberKey) => text.replaceAll(numberKey, 'erased'), row.state);
    sql.run('UPDATE allowances SET state = ? WHERE scope = ? AND key = ? AND window_ms = ?', [
      state,
      scope,
      key,
      windowMs,
    ]);
  }
}
