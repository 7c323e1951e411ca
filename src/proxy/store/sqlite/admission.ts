// Whether a request is admitted: suppression, cool-down, concurrency slots and allowances, all or nothing. Everything is read
// and decided first, then written, in one transaction.

import type { ConcurrencySlot, Consumption, Refusal, Scope } from '../store.js';
import { type Consumed, decide } from './allowances.js';
import type { Sql } from './database.js';
import { placeholders, valueRows } from './value-rows.js';

/** What a request would consume. */
export interface AdmissionRequest {
  readonly numberKeys: readonly string[];
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
}

/** The result of the checks: refusals, or what to write. */
export type Admission =
  | { readonly refusal: Refusal }
  | {
      readonly refusal: undefined;
      readonly consumed: readonly Consumed[];
      readonly write: () => void;
      /** When the same visitor can request a call to the same number again, epoch milliseconds; undefined: immediately. */
      readonly againAt: () => number | undefined;
    };

/**
 * Whether `callId` is admitted with everything it would consume. Only reads: nothing is consumed until `write` is called in the
 * same transaction, so that a flood of refusals causes no work that has to be undone.
 */
export function admit(sql: Sql, callId: string, request: AdmissionRequest, now: number): Admission {
  const personal: Refusal | undefined = isSuppressed(sql, request.numberKeys)
    ? { kind: 'suppressed' }
    : coolingDown(sql, request.numberKeys, now);
  const decision = decide(sql, request.consumptions, now);
  const refusals = [personal, ...withoutSlot(sql, callId, request.concurrencySlots), ...decision.refusals].filter(
    (one) => one !== undefined,
  );
  // Refusals about the person called come last: a request refused anyway must not reveal whether a number is on the list.
  const refusal = refusals.find((one) => !isAboutNumber(one)) ?? refusals[0];
  if (refusal !== undefined) return { refusal };
  const write = (): void => {
    takeSlots(sql, callId, request.concurrencySlots);
    decision.write();
  };
  const againAt = (): number | undefined => againAfter(decision.waitsAfterwards(), now);
  return { refusal, consumed: decision.consumed, write, againAt };
}

const numberScopes: ReadonlySet<string> = new Set(['number', 'scheduled-number', 'prefix']);

const isAboutNumber = (refusal: Refusal): boolean => !('scope' in refusal) || numberScopes.has(refusal.scope);

/** The wait for a number's own allowances is rounded to these steps, milliseconds: the exact time would reveal when others requested calls to it. */
const personalSteps = [600_000, 3_600_000, 86_400_000] as const;

function againAfter(waits: ReadonlyMap<Scope, number>, now: number): number | undefined {
  let waitMs = 0;
  for (const [scope, ms] of waits) {
    const isPersonal = numberScopes.has(scope);
    waitMs = Math.max(waitMs, isPersonal ? (personalSteps.find((step) => step >= ms) ?? personalSteps[2]) : ms);
  }
  return waitMs === 0 ? undefined : now + waitMs;
}

/** True when one of the number's keys is on the suppression list. */
export const isSuppressed = (sql: Sql, numberKeys: readonly string[]): boolean =>
  numberKeys.length > 0 &&
  sql.get(
    `SELECT 1 AS found FROM suppressions WHERE number_key IN (${placeholders(numberKeys.length)}) LIMIT 1`,
    numberKeys,
  ) !== undefined;

function coolingDown(sql: Sql, numberKeys: readonly string[], now: number): Refusal | undefined {
  if (numberKeys.length === 0) return undefined;
  const row = sql.get(
    `SELECT max(until) AS until FROM cool_downs WHERE number_key IN (${placeholders(numberKeys.length)})`,
    numberKeys,
  ) as { until: number | null } | undefined;
  const untilMs = row?.until ?? 0;
  return untilMs > now ? { kind: 'cooling-down', untilMs } : undefined;
}

// Slots that the call itself already holds (as a scheduled callback) do not count against it.
function withoutSlot(sql: Sql, callId: string, slots: readonly ConcurrencySlot[]): readonly Refusal[] {
  const names = slots.flatMap(({ scope, key, aliases = [] }) =>
    [key, ...aliases].map((name) => [scope, name] as const),
  );
  if (names.length === 0) return [];
  const taken = sql.all(
    `WITH wanted (scope, key) AS (VALUES ${valueRows(names.length, 2)})
     SELECT s.scope, s.key, count(*) AS n FROM wanted w
     JOIN concurrency_slots s ON s.scope = w.scope AND s.key = w.key AND s.call_id <> ? GROUP BY s.scope, s.key`,
    [...names.flat(), callId],
  ) as readonly { readonly scope: string; readonly key: string; readonly n: number }[];
  return slots.flatMap(({ scope, key, aliases = [], max }) => {
    const inUse = taken
      .filter((row) => row.scope === scope && [key, ...aliases].includes(row.key))
      .reduce((sum, { n }) => sum + n, 0);
    return inUse >= max ? [{ kind: 'at-capacity', scope }] : [];
  });
}

function takeSlots(sql: Sql, callId: string, slots: readonly ConcurrencySlot[]): void {
  freeSlots(sql, callId);
  if (slots.length === 0) return;
  sql.run(
    `INSERT INTO concurrency_slots (scope, key, call_id) VALUES ${valueRows(slots.length, 3)}`,
    slots.flatMap(({ scope, key }) => [scope, key, callId]),
  );
}

/** How many slots are in use under each key of a scope that begins with `prefix`. */
export function countSlots(sql: Sql, scope: ConcurrencySlot['scope'], prefix: string): ReadonlyMap<string, number> {
  const rows = sql.all(
    'SELECT key, count(*) AS n FROM concurrency_slots WHERE scope = ? AND key >= ? AND key < ? GROUP BY key',
    [scope, prefix, `${prefix}\u{10ffff}`],
  ) as readonly { readonly key: string; readonly n: number }[];
  return new Map(rows.map(({ key, n }) => [key, n]));
}

/** Frees every slot of a call. */
export const freeSlots = (sql: Sql, callId: string): void =>
  void sql.run('DELETE FROM concurrency_slots WHERE call_id = ?', [callId]);
