// Whether a request may take what it asks for: suppression, rest, places and allowances, all or nothing. First everything is read and
// decided, then everything is written, in one transaction.

import { type AllowanceState, evaluate, refund, mergeStates, type Receipt } from '../gcra.js';
import type { ConcurrencySlot, Refusal, Scope, Consumption } from '../store.js';
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
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
}

/** What checking came to: why not, or what to write. */
export type Permit =
  | { readonly refusal: Refusal }
  | { readonly refusal: undefined; readonly spent: readonly Spent[]; readonly write: () => void };

/**
 * Whether `callId` may have everything wanted. Only reads: nothing is taken until `write` is called in the same transaction, so that
 * a flood of refusals costs no work that has to be undone.
 */
export function permit(sql: Sql, callId: string, wanted: Wanted, now: number): Permit {
  const personal: Refusal | undefined = isSuppressed(sql, wanted.numberKeys)
    ? { kind: 'suppressed' }
    : resting(sql, wanted.numberKeys, now);
  const spending = decide(sql, wanted.consumptions, now);
  const refusals = [personal, ...noPlaces(sql, callId, wanted.concurrencySlots), ...spending.refusals].filter(
    (one) => one !== undefined,
  );
  // What is about the person called is told last: whoever is refused anyway must not learn whether a number is on the list.
  const refusal = refusals.find((one) => !isAboutNumber(one)) ?? refusals[0];
  if (refusal !== undefined) return { refusal };
  const write = (): void => {
    sql.run('DELETE FROM holds WHERE call_id = ?', [callId]);
    for (const { scope, key } of wanted.concurrencySlots) {
      sql.run('INSERT INTO holds (scope, key, call_id) VALUES (?, ?, ?)', [scope, key, callId]);
    }
    spending.write();
  };
  return { refusal, spent: spending.spent, write };
}

const numberScopes: ReadonlySet<string> = new Set(['number', 'scheduled-number', 'prefix']);

const isAboutNumber = (refusal: Refusal): boolean => !('scope' in refusal) || numberScopes.has(refusal.scope);

/** True when one of the number's keys is on the suppression list. */
export const isSuppressed = (sql: Sql, numberKeys: readonly string[]): boolean =>
  numberKeys.some((key) => sql.get('SELECT 1 AS found FROM suppressions WHERE number_key = ?', [key]) !== undefined);

/** Whether every allowance can be spent. Only reads, like {@link permit}. */
export function admitConsumptions(sql: Sql, consumptions: readonly Consumption[], now: number): Permit {
  const { refusals, spent, write } = decide(sql, consumptions, now);
  return refusals[0] === undefined ? { refusal: undefined, spent, write } : { refusal: refusals[0] };
}

interface Decision {
  readonly refusals: readonly Refusal[];
  readonly spent: readonly Spent[];
  readonly write: () => void;
}

function decide(sql: Sql, consumptions: readonly Consumption[], now: number): Decision {
  const spent: Spent[] = [];
  const states = new Map<string, { readonly spend: Consumption; state: AllowanceState }>();
  // One refusal for each scope: its slowest rule says when coming back makes sense.
  const waits = new Map<Scope, number>();
  for (const spend of consumptions) {
    const { scope, key, aliases = [], rule, member } = spend;
    const name = `${scope} ${rule.windowMs} ${key}`;
    const known = states.get(name) ?? { spend, state: readState(sql, scope, [key, ...aliases], rule.windowMs) };
    const outcome = evaluate(rule, known.state, now, member);
    if (outcome.allowed) {
      known.state = outcome.state;
      states.set(name, known);
      spent.push({ scope, key, windowMs: rule.windowMs, receipt: outcome.receipt });
    } else waits.set(scope, Math.max(outcome.retryAfterMs, waits.get(scope) ?? 0));
  }
  const refusals = [...waits].map(([scope, retryAfterMs]) => ({ kind: 'rate-limited', scope, retryAfterMs }) as const);
  const write = (): void => {
    for (const { spend, state } of states.values()) {
      const { scope, key, aliases = [], rule } = spend;
      writeState(sql, scope, key, rule.windowMs, state, now);
      // What stood under an older secret has moved into the row above.
      for (const alias of aliases) {
        sql.run('DELETE FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [scope, alias, rule.windowMs]);
      }
    }
  };
  return { refusals, spent, write };
}

/** Gives back what a call has spent, in the scopes that `isReturned` names. */
export function refundConsumed(
  sql: Sql,
  spent: string | null,
  isReturned: (scope: Scope) => boolean,
  now: number,
): void {
  for (const { scope, key, windowMs, receipt } of JSON.parse(spent ?? '[]') as Spent[]) {
    if (!isReturned(scope)) continue;
    const state = readState(sql, scope, [key], windowMs);
    writeState(sql, scope, key, windowMs, refund(state, receipt, now), now);
  }
}

const refundedWhenRejected: ReadonlySet<Scope> = new Set(['number', 'prefix', 'country', 'abroad', 'site', 'all']);

/** True for what is given back when no phone rang although the request was made. */
export const isRefundedWhenRejected = (scope: Scope): boolean => refundedWhenRejected.has(scope);

function resting(sql: Sql, numberKeys: readonly string[], now: number): Refusal | undefined {
  const untils = numberKeys.map(
    (key) =>
      (sql.get('SELECT until FROM rests WHERE number_key = ?', [key]) as { until: number } | undefined)?.until ?? 0,
  );
  const untilMs = Math.max(0, ...untils);
  return untilMs > now ? { kind: 'cooling-down', untilMs } : undefined;
}

// Places the call itself has taken (as an appointment) are not in its own way.
function noPlaces(sql: Sql, callId: string, concurrencySlots: readonly ConcurrencySlot[]): readonly Refusal[] {
  const counting = 'SELECT count(*) AS n FROM holds WHERE scope = ? AND key = ? AND call_id <> ?';
  const count = (scope: string, key: string): number =>
    (sql.get(counting, [scope, key, callId]) as { n: number } | undefined)?.n ?? 0;
  return concurrencySlots.flatMap(({ scope, key, aliases = [], max }) => {
    const taken = [key, ...aliases].reduce((sum, name) => sum + count(scope, name), 0);
    return taken >= max ? [{ kind: 'at-capacity', scope }] : [];
  });
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
