// Whether a request may take what it asks for: suppression, rest, places and allowances, all or nothing. Runs inside a transaction
// that is undone when it refuses.

import { type AllowanceState, evaluate, giveBack, mergeStates, type Receipt } from '../allowance.js';
import type { Hold, Refusal, Scope, Spend } from '../store.js';
import type { Sql } from './database.js';

/** What a call has spent, kept until it is certain that nothing has to be given back. */
export interface Spent {
  readonly scope: Scope;
  readonly key: string;
  readonly windowMs: number;
  readonly receipt: Receipt;
}

/** What a request asks for. */
export interface Wanted {
  readonly numberKeys: readonly string[];
  readonly spends: readonly Spend[];
  readonly holds: readonly Hold[];
}

/** Takes everything wanted for `callId`, or says why not. A refusal leaves no trace only if the transaction is discarded. */
export function take(
  sql: Sql,
  callId: string,
  wanted: Wanted,
  now: number,
): { readonly refusal: Refusal } | { readonly refusal: undefined; readonly spent: readonly Spent[] } {
  const personal: Refusal | undefined = isSuppressed(sql, wanted.numberKeys)
    ? { kind: 'suppressed' }
    : resting(sql, wanted.numberKeys, now);
  const places = takePlaces(sql, callId, wanted.holds);
  const spends = spendAll(sql, wanted.spends, now);
  // What is about the person called is told last: whoever is refused anyway must not learn whether a number is on the list.
  const refusals = [personal, places, spends.refusal].filter((one) => one !== undefined);
  const refusal = refusals.find((one) => !isAboutNumber(one)) ?? refusals[0];
  return refusal === undefined ? spends : { refusal };
}

const numberScopes: ReadonlySet<string> = new Set(['number', 'scheduled-number', 'prefix']);

const isAboutNumber = (refusal: Refusal): boolean => !('scope' in refusal) || numberScopes.has(refusal.scope);

/** True when one of the number's keys is on the suppression list. */
export const isSuppressed = (sql: Sql, numberKeys: readonly string[]): boolean =>
  numberKeys.some((key) => sql.get('SELECT 1 AS found FROM suppressions WHERE number_key = ?', [key]) !== undefined);

/** Spends every allowance or none: the caller discards the transaction on a refusal. */
export function spendAll(
  sql: Sql,
  spends: readonly Spend[],
  now: number,
): { readonly refusal: Refusal } | { readonly refusal: undefined; readonly spent: readonly Spent[] } {
  const spent: Spent[] = [];
  let refusal: { kind: 'spent'; scope: Scope; retryAfterMs: number } | undefined;
  for (const { scope, key, aliases = [], rule, member } of spends) {
    const state = readState(sql, scope, [key, ...aliases], rule.windowMs);
    const outcome = evaluate(rule, state, now, member);
    if (!outcome.allowed) {
      // The first scope that refuses is told; its slowest rule says when coming back makes sense.
      if (refusal === undefined || refusal.scope === scope) {
        const retryAfterMs = Math.max(outcome.retryAfterMs, refusal?.retryAfterMs ?? 0);
        refusal = { kind: 'spent', scope, retryAfterMs };
      }
    } else if (refusal === undefined) {
      writeState(sql, scope, key, rule.windowMs, outcome.state, now);
      for (const alias of aliases) {
        sql.run('DELETE FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [scope, alias, rule.windowMs]);
      }
      spent.push({ scope, key, windowMs: rule.windowMs, receipt: outcome.receipt });
    }
  }
  return refusal === undefined ? { refusal, spent } : { refusal };
}

/** Gives back what a call has spent, in the scopes that `isReturned` names. */
export function returnSpent(sql: Sql, spent: string | null, isReturned: (scope: Scope) => boolean, now: number): void {
  for (const { scope, key, windowMs, receipt } of JSON.parse(spent ?? '[]') as Spent[]) {
    if (!isReturned(scope)) continue;
    const state = readState(sql, scope, [key], windowMs);
    writeState(sql, scope, key, windowMs, giveBack(state, receipt, now), now);
  }
}

const returnedWhenRejected: ReadonlySet<Scope> = new Set(['number', 'prefix', 'country', 'abroad', 'site', 'all']);

/** True for what is given back when no phone rang although the request was made. */
export const isReturnedWhenRejected = (scope: Scope): boolean => returnedWhenRejected.has(scope);

function resting(sql: Sql, numberKeys: readonly string[], now: number): Refusal | undefined {
  const untils = numberKeys.map(
    (key) =>
      (sql.get('SELECT until FROM rests WHERE number_key = ?', [key]) as { until: number } | undefined)?.until ?? 0,
  );
  const untilMs = Math.max(0, ...untils);
  return untilMs > now ? { kind: 'resting', untilMs } : undefined;
}

function takePlaces(sql: Sql, callId: string, holds: readonly Hold[]): Refusal | undefined {
  for (const { scope, key, aliases = [], max } of holds) {
    let taken = 0;
    for (const name of [key, ...aliases]) {
      taken +=
        (
          sql.get('SELECT count(*) AS n FROM holds WHERE scope = ? AND key = ?', [scope, name]) as
            | { n: number }
            | undefined
        )?.n ?? 0;
    }
    if (taken >= max) return { kind: 'held', scope };
    sql.run('INSERT INTO holds (scope, key, call_id) VALUES (?, ?, ?)', [scope, key, callId]);
  }
  return undefined;
}

function readState(sql: Sql, scope: Scope, keys: readonly string[], windowMs: number): AllowanceState {
  const states = keys.flatMap((key) => {
    const row = sql.get('SELECT state FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [
      scope,
      key,
      windowMs,
    ]) as { state: string } | undefined;
    return row === undefined ? [] : [JSON.parse(row.state) as AllowanceState];
  });
  return states.length === 1 && states[0] !== undefined ? states[0] : mergeStates(states);
}

function writeState(sql: Sql, scope: Scope, key: string, windowMs: number, state: AllowanceState, now: number): void {
  sql.run(
    `INSERT INTO allowances (scope, key, window_ms, state, touched_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (scope, key, window_ms) DO UPDATE SET state = excluded.state, touched_at = max(touched_at, excluded.touched_at)`,
    [scope, key, windowMs, JSON.stringify(state), now],
  );
}
