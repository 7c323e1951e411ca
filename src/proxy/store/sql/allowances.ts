// The rows of allowances: what a request consumes, what is refunded. However many allowances a request has, they are read in one
// statement and written in one. The arithmetic is in gcra.ts.

import { type AllowanceState, evaluate, mergeStates, type Receipt, refund, usedOf } from '../gcra.js';
import type { Consumption, Refusal, Scope } from '../store.js';
import { all, type Operation, run, type Statement, together } from './operation.js';
import { textsByRows, valueRows } from './value-rows.js';

/** What a call has consumed, stored until nothing can need a refund. */
export interface Consumed {
  readonly scope: Scope;
  readonly key: string;
  readonly windowMs: number;
  readonly receipt: Receipt;
}

/** The decision: refusals, one per scope; or none, and what to write. */
export interface Decision {
  readonly refusals: readonly Refusal[];
  readonly consumed: readonly Consumed[];
  readonly writes: () => readonly Statement<number>[];
  /** How long each scope would refuse the same request again, milliseconds; without the scopes that would not. */
  readonly waitsAfterwards: () => ReadonlyMap<Scope, number>;
}

/** A row as stored; `state` is JSON. */
export interface StoredAllowance extends Row {
  readonly state: string;
}

interface Row {
  readonly scope: Scope;
  readonly key: string;
  readonly windowMs: number;
}

const nameOf = ({ scope, key, windowMs }: Row): string => `${scope} ${String(windowMs)} ${key}`;

/** Reads everything that {@link decide} needs. */
export const readAllowances = (
  consumptions: readonly Consumption[],
): Statement<readonly StoredAllowance[]> | undefined => readStates(consumptions.flatMap(rowsOf));

/** Whether every allowance has room. Nothing is consumed until `writes` have run in the same transaction. */
export function decide(
  stored: readonly StoredAllowance[] | undefined,
  consumptions: readonly Consumption[],
  now: number,
): Decision {
  const kept = statesByName(stored);
  const consumed: Consumed[] = [];
  const states = new Map<string, Row & { state: AllowanceState }>();
  const moved: Row[] = [];
  // One refusal per scope: its slowest rule determines when to try again.
  const waits = new Map<Scope, number>();
  let isFull = false;
  for (const consumption of consumptions) {
    const { rule, member, promisedAt } = consumption;
    const [row, ...aliases] = rowsOf(consumption);
    if (row === undefined) continue;
    const name = nameOf(row);
    const known = states.get(name) ?? { ...row, state: mergedState(kept, [row, ...aliases]) };
    const outcome = evaluate(rule, known.state, now, member, promisedAt);
    if (outcome.allowed) {
      known.state = outcome.state;
      states.set(name, known);
      // State stored under an older secret moves to the row of the current one.
      moved.push(...aliases.filter((alias) => kept.has(nameOf(alias))));
      consumed.push({ ...row, receipt: outcome.receipt });
    } else if (promisedAt !== undefined) isFull = true;
    else waits.set(row.scope, Math.max(outcome.retryAfterMs, waits.get(row.scope) ?? 0));
  }
  const refusals: Refusal[] = [...waits].map(([scope, retryAfterMs]) => ({
    kind: 'rate-limited',
    scope,
    retryAfterMs,
  }));
  // Another time may be free, so there is nothing to wait for.
  if (isFull) refusals.push({ kind: 'at-capacity', scope: 'all' });
  const writes = (): readonly Statement<number>[] => [
    ...writeStates([...states.values()], now),
    ...moved.map(({ scope, key, windowMs }) =>
      run('DELETE FROM allowances WHERE scope = ? AND key = ? AND window_ms = ?', [scope, key, windowMs]),
    ),
  ];
  const waitsAfterwards = (): ReadonlyMap<Scope, number> => {
    const found = new Map<Scope, number>();
    for (const consumption of consumptions) {
      const [row] = rowsOf(consumption);
      const state = row && states.get(nameOf(row))?.state;
      if (row === undefined || state === undefined) continue;
      if (consumption.promisedAt !== undefined) continue;
      const again = evaluate(consumption.rule, state, now, consumption.member);
      if (!again.allowed) found.set(row.scope, Math.max(again.retryAfterMs, found.get(row.scope) ?? 0));
    }
    return found;
  };
  return { refusals, consumed, writes, waitsAfterwards };
}

/** How much of each allowance is used. */
export function* usage(consumptions: readonly Consumption[], now: number): Operation<readonly number[]> {
  const [stored] = yield* together(readStates(consumptions.flatMap(rowsOf)));
  const kept = statesByName(stored);
  return consumptions.map((one) => usedOf(one.rule, mergedState(kept, rowsOf(one)), now));
}

/** What a scheduled call consumed for its time when it was booked, from the stored text. */
export const promisedOf = (consumed: string | null): readonly Consumed[] =>
  (JSON.parse(consumed ?? '[]') as Consumed[]).filter(({ receipt }) => receipt.kind === 'hit' && receipt.isPromised);

/** Whether a consumption is already covered by one of `promised`. */
export const isPromised = (promised: readonly Consumed[], { scope, key, rule }: Consumption): boolean =>
  promised.some((one) => nameOf(one) === nameOf({ scope, key, windowMs: rule.windowMs }));

/** Refunds what a call has consumed, in the scopes that `isRefunded` names. */
export function* refundConsumed(
  consumed: string | null,
  isRefunded: (scope: Scope) => boolean,
  now: number,
): Operation<void> {
  const refunded = (JSON.parse(consumed ?? '[]') as Consumed[]).filter(({ scope }) => isRefunded(scope));
  const [stored] = yield* together(readStates(refunded));
  const kept = statesByName(stored);
  const states = new Map<string, Row & { state: AllowanceState }>();
  for (const { receipt, ...row } of refunded) {
    const known = states.get(nameOf(row)) ?? { ...row, state: mergedState(kept, [row]) };
    known.state = refund(known.state, receipt, now);
    states.set(nameOf(row), known);
  }
  yield* together(...writeStates([...states.values()], now));
}

const refundedWhenRejected: ReadonlySet<Scope> = new Set(['number', 'prefix', 'country', 'abroad', 'site', 'all']);

/** True for the scopes that are refunded when PolyAI rejected the call, so that no phone rang. */
export const isRefundedWhenRejected = (scope: Scope): boolean => refundedWhenRejected.has(scope);

/** The row under the current secret, then those under older ones. */
const rowsOf = ({ scope, key, aliases = [], rule: { windowMs } }: Consumption): Row[] =>
  [key, ...aliases].map((name) => ({ scope, key: name, windowMs }));

const readText = textsByRows(
  (rows) =>
    `WITH wanted (scope, key, window_ms) AS (VALUES ${valueRows(rows, ['?', '?', 'CAST(? AS BIGINT)'])})
     SELECT a.scope, a.key, a.window_ms AS "windowMs", a.state FROM wanted w
     JOIN allowances a ON a.scope = w.scope AND a.key = w.key AND a.window_ms = w.window_ms`,
);

function readStates(rows: readonly Row[]): Statement<readonly StoredAllowance[]> | undefined {
  const wanted = new Map(rows.map((row) => [nameOf(row), row]));
  if (wanted.size === 0) return undefined;
  return all(
    readText(wanted.size),
    [...wanted.values()].flatMap(({ scope, key, windowMs }) => [scope, key, windowMs]),
  );
}

const statesByName = (stored: readonly StoredAllowance[] = []): ReadonlyMap<string, AllowanceState> =>
  new Map(stored.map((row) => [nameOf(row), JSON.parse(row.state) as AllowanceState]));

function mergedState(kept: ReadonlyMap<string, AllowanceState>, rows: readonly Row[]): AllowanceState {
  const states = rows.flatMap((row) => kept.get(nameOf(row)) ?? []);
  return states.length === 1 && states[0] !== undefined ? states[0] : mergeStates(states);
}

const writeText = textsByRows(
  (rows) =>
    `INSERT INTO allowances (scope, key, window_ms, state, touched_at) VALUES ${valueRows(rows, 5)}
     ON CONFLICT (scope, key, window_ms) DO UPDATE SET state = excluded.state,
       touched_at = CASE WHEN allowances.touched_at > excluded.touched_at THEN allowances.touched_at ELSE excluded.touched_at END`,
);

function writeStates(
  rows: readonly (Row & { readonly state: AllowanceState })[],
  now: number,
): readonly Statement<number>[] {
  if (rows.length === 0) return [];
  const statement = run(
    writeText(rows.length),
    rows.flatMap(({ scope, key, windowMs, state }) => [
      scope,
      key,
      windowMs,
      JSON.stringify(state),
      // Retention must not delete the row before the promised time has passed.
      Math.max(now, ...(state.hits ?? []).flatMap(({ at, isPromised: isAhead }) => (isAhead === true ? [at] : []))),
    ]),
  );
  return [statement];
}
