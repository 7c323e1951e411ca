// Whether a request is admitted: suppression, cool-down, concurrency slots and allowances, all or nothing. Everything is read
// in one round trip and decided first, then written in another, in one transaction.

import type { ConcurrencySlot, Consumption, Refusal, Scope } from '../store.js';
import { type Consumed, decide, readAllowances, type StoredAllowance } from './allowances.js';
import { all, get, type Operation, run, type Statement, together } from './operation.js';
import { placeholders, textsByRows, valueRows } from './value-rows.js';

/** What a request would consume. */
export interface AdmissionRequest {
  readonly numberKeys: readonly string[];
  readonly consumptions: readonly Consumption[];
  readonly concurrencySlots: readonly ConcurrencySlot[];
  /** Limits for which no call may be waiting in the queue. */
  readonly limits?: readonly string[] | undefined;
}

/** The result of the checks: refusals, or what to write. */
export type Admission =
  /** `refusals`: all that do not depend on the person called. */
  | { readonly refusal: Refusal; readonly refusals: readonly Refusal[] }
  | {
      readonly refusal: undefined;
      readonly consumed: readonly Consumed[];
      readonly writes: () => readonly Statement<number>[];
      /** When the same visitor can request a call to the same number again, epoch milliseconds; undefined: immediately. */
      readonly againAt: () => number | undefined;
    };

/** The results of {@link admissionReads}. */
export type AdmissionFacts = readonly [
  suppression: { found: 1 } | undefined,
  coolDown: { until: number | null } | undefined,
  slots: readonly TakenSlots[] | undefined,
  allowances: readonly StoredAllowance[] | undefined,
];

type Reads<Facts extends readonly unknown[]> = { readonly [Index in keyof Facts]: Statement<Facts[Index]> | undefined };

/** Everything that {@link decideAdmission} needs. */
export const admissionReads = (
  callId: string,
  { numberKeys, concurrencySlots, consumptions, limits }: AdmissionRequest,
  now: number,
): Reads<AdmissionFacts> => [
  readSuppression(numberKeys, now),
  readCoolDown(numberKeys),
  readSlots(callId, concurrencySlots, limits),
  readAllowances(consumptions),
];

/** Whether `callId` is admitted with everything it would consume. */
export function* admit(callId: string, request: AdmissionRequest, now: number): Operation<Admission> {
  return decideAdmission(request, yield* together(...admissionReads(callId, request, now)), now);
}

/**
 * Decides from what was read. Nothing is consumed until `writes` have run in the same transaction, so that a flood of refusals causes
 * no work that has to be undone.
 */
export function decideAdmission(request: AdmissionRequest, found: AdmissionFacts, now: number): Admission {
  const [suppression, coolDown, slots, allowances] = found;
  const personal: Refusal | undefined =
    suppression === undefined ? coolingDown(coolDown?.until ?? 0, now) : { kind: 'suppressed' };
  const decision = decide(allowances, request.consumptions, now);
  const refusals = [
    personal,
    ...withoutSlot(slots, request.concurrencySlots),
    ...decision.refusals,
    waitedFor(slots, request.limits),
  ].filter((one) => one !== undefined);
  const others = refusals.filter((one) => !isAboutNumber(one));
  // Refusals about the person called come last: a request refused anyway must not reveal whether a number is on the list.
  const refusal = others[0] ?? refusals[0];
  if (refusal !== undefined) return { refusal, refusals: others };
  const againAt = (): number | undefined => againAfter(decision.waitsAfterwards(), now);
  return { refusal, consumed: decision.consumed, writes: decision.writes, againAt };
}

const numberScopes: ReadonlySet<string> = new Set(['number', 'scheduled-number', 'prefix']);

/** True for a refusal that depends on the person called. */
export const isAboutNumber = (refusal: Refusal): boolean =>
  'scope' in refusal ? numberScopes.has(refusal.scope) : refusal.kind !== 'queue';

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

/** A row when one of the number's keys is on the suppression list. */
export const readSuppression = (
  numberKeys: readonly string[],
  now: number,
): Statement<{ found: 1 } | undefined> | undefined =>
  numberKeys.length === 0
    ? undefined
    : get(
        `SELECT 1 AS found FROM suppressions WHERE number_key IN (${placeholders(numberKeys.length)})
           AND (until IS NULL OR until > ?) LIMIT 1`,
        [...numberKeys, now],
      );

const readCoolDown = (numberKeys: readonly string[]): Statement<{ until: number | null } | undefined> | undefined =>
  numberKeys.length === 0
    ? undefined
    : get(
        `SELECT max(until) AS until FROM cool_downs WHERE number_key IN (${placeholders(numberKeys.length)})`,
        numberKeys,
      );

const coolingDown = (untilMs: number, now: number): Refusal | undefined =>
  untilMs > now ? { kind: 'cooling-down', untilMs } : undefined;

/** The scope of a waiting call's rows, one for each limit that it waits for (store/queue.ts). */
export const waiting = 'queue';

/** How many calls hold a slot. */
export interface TakenSlots {
  readonly scope: string;
  readonly key: string;
  readonly n: number;
}

// Slots that the call itself already holds (as a scheduled callback) do not count against it. They are subtracted: leaving them out while
// counting takes four times as long with a thousand calls in flight (measured).
const readSlotsText = textsByRows(
  (rows) =>
    `WITH wanted (scope, key) AS (VALUES ${valueRows(rows, 2)})
     SELECT scope, key, n FROM (
       SELECT w.scope, w.key,
         (SELECT count(*) FROM concurrency_slots s WHERE s.scope = w.scope AND s.key = w.key)
         - (SELECT count(*) FROM concurrency_slots s WHERE s.scope = w.scope AND s.key = w.key AND s.call_id = ?) AS n
       FROM wanted w) AS counted
     WHERE n > 0`,
);

/** How many calls hold each of these slots, and which of these limits calls wait for. */
export function readSlots(
  callId: string,
  slots: readonly ConcurrencySlot[],
  limits: readonly string[] = [],
): Statement<readonly TakenSlots[]> | undefined {
  const wanted = [
    ...slots.flatMap(({ scope, key, aliases = [] }) => [key, ...aliases].map((name) => [scope, name] as const)),
    ...limits.map((limit) => [waiting, limit] as const),
  ];
  // Each once, or its calls would be counted several times.
  const names = [...new Map(wanted.map((name) => [name.join(' '), name])).values()];
  if (names.length === 0) return undefined;
  return all(readSlotsText(names.length), [...names.flat(), callId]);
}

function withoutSlot(taken: readonly TakenSlots[] = [], slots: readonly ConcurrencySlot[]): readonly Refusal[] {
  return slots.flatMap(({ scope, key, aliases = [], max }) => {
    const inUse = taken
      .filter((row) => row.scope === scope && [key, ...aliases].includes(row.key))
      .reduce((sum, { n }) => sum + n, 0);
    return inUse >= max ? [{ kind: 'at-capacity', scope }] : [];
  });
}

function waitedFor(taken: readonly TakenSlots[] = [], limits: readonly string[] = []): Refusal | undefined {
  const waited = taken.flatMap(({ scope, key }) => (scope === waiting && limits.includes(key) ? [key] : []));
  return waited.length === 0 ? undefined : { kind: 'queue', limits: waited };
}

const takeSlotsText = textsByRows(
  (rows) => `INSERT INTO concurrency_slots (scope, key, call_id) VALUES ${valueRows(rows, 3)}`,
);

/** Takes every slot for a call that has none. */
export const takeSlots = (
  callId: string,
  slots: readonly { readonly scope: string; readonly key: string }[],
): Statement<number> | undefined =>
  slots.length === 0
    ? undefined
    : run(
        takeSlotsText(slots.length),
        slots.flatMap(({ scope, key }) => [scope, key, callId]),
      );

/** How many calls hold each of these slots. */
export function* countTaken(slots: readonly Pick<ConcurrencySlot, 'scope' | 'key'>[]): Operation<readonly number[]> {
  const noCall = '';
  const [taken = []] = yield* together(
    readSlots(
      noCall,
      slots.map((slot) => ({ ...slot, max: 0 })),
    ),
  );
  return slots.map(({ scope, key }) => taken.find((row) => row.scope === scope && row.key === key)?.n ?? 0);
}

/** How many slots are in use under each key of a scope that begins with `prefix`, up to `last` and the keys that begin with it. */
export function* countSlots(
  scope: ConcurrencySlot['scope'],
  prefix: string,
  last: string = prefix,
): Operation<ReadonlyMap<string, number>> {
  const rows = yield* all<{ readonly key: string; readonly n: number }>(
    'SELECT key, count(*) AS n FROM concurrency_slots WHERE scope = ? AND key >= ? AND key < ? GROUP BY key',
    [scope, prefix, `${last}\u{10ffff}`],
  );
  return new Map(rows.map(({ key, n }) => [key, n]));
}

/** Frees every slot of a call. */
export const freeSlots = (callId: string): Statement<number> =>
  run('DELETE FROM concurrency_slots WHERE call_id = ?', [callId]);
