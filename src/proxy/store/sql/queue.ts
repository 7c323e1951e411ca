// The queue in the database: joining, deciding whose turn it is, starting, passing over. A waiting call is a scheduled one with `queued`,
// its order; it holds a slot of the scope `queue` for every limit that it waits for, which refuses immediate calls that need the same one.
// The rules are in store/queue.ts.

import { isWaitOver, limitNamed, limitOfRefusal, type QueueChecks, type QueueRefusal } from '../queue.js';
import { aheadOf, type QueueRequest, type QueueReview, storedKey, type WaitingCall, waitsFor } from '../queue.js';
import type { RedialPlan, Refusal, Reservation } from '../store.js';
import { type Admission, admissionReads, type AdmissionFacts, decideAdmission } from './admission.js';
import { freeSlots, isAboutNumber, readSlots, takeSlots, waiting as waitingScope } from './admission.js';
import { readAllowances } from './allowances.js';
import { changeCall, lockRow, readable, readRow, type toCall } from './call-rows.js';
import type { Transaction } from './database.js';
import { all, get, type Operation, run, type Statement, together } from './operation.js';
import { attachPlan } from './redials.js';
import { placeholders, valueRows } from './value-rows.js';

/** Marks a call that was passed over, so that it holds up nobody. */
const passedOver = 'queue-passed-over';

/** The order of a call that joins now. Read where nothing else consumes at the same time. */
export const nextInQueue: Statement<{ readonly next: number | null } | undefined> = get(
  'SELECT max(queued) + 1 AS next FROM calls WHERE queued IS NOT NULL',
);

/** How a call joins. */
interface Joined {
  readonly admission: Admission;
  readonly slots: readonly { readonly scope: string; readonly key: string }[];
}

/** Whether a request joins the queue, although `refusals` stand in its way; undefined if there are none but the person's own. */
export function joinQueue(
  { limits = [] }: Reservation,
  queue: QueueRequest,
  refusals: readonly Refusal[],
  [, , slots, allowances]: AdmissionFacts,
  now: number,
): Joined | undefined {
  if (refusals.length === 0) return undefined;
  // Waiting would not help against this one.
  const lasting = refusals.find((refusal) => limitsIn(refusal, limits) === undefined);
  if (lasting !== undefined) return { admission: { refusal: lasting, refusals }, slots: [] };
  const refused = refusals.flatMap((refusal) => limitsIn(refusal, limits) ?? []);
  const request = { numberKeys: [], consumptions: queue.consumptions, concurrencySlots: queue.concurrencySlots };
  return {
    admission: decideAdmission(request, [undefined, undefined, slots, allowances], now),
    slots: [...queue.concurrencySlots, ...limits.filter((limit) => refused.includes(limit)).map(asSlot)],
  };
}

/** The limits that a refusal makes a call wait for; undefined if it is about something else. */
function limitsIn(refusal: Refusal, limits: readonly string[]): readonly string[] | undefined {
  if (refusal.kind === 'queue') return refusal.limits;
  const limit = limitOfRefusal(refusal, limits);
  return limit === undefined ? undefined : [limit];
}

const asSlot = (limit: string) => ({ scope: waitingScope, key: limit }) as const;

interface QueueRow {
  readonly id: string;
  readonly queued: number;
  readonly origin: string;
  readonly country: string | null;
  readonly created_at: number;
  readonly scope: string | null;
  readonly key: string | null;
}

/** Every waiting call, in their order. */
export function* readQueue(): Operation<readonly WaitingCall[]> {
  const rows = yield* readQueueRows;
  return toWaiting(rows);
}

const readQueueRows: Statement<readonly QueueRow[]> = all(
  `SELECT c.id, c.queued, c.origin, c.country, c.created_at, s.scope, s.key FROM calls c
   LEFT JOIN concurrency_slots s ON s.call_id = c.id AND s.scope IN ('${waitingScope}', '${passedOver}')
   WHERE c.queued IS NOT NULL ORDER BY c.queued`,
);

function toWaiting(rows: readonly QueueRow[]): readonly WaitingCall[] {
  const calls = new Map<string, { waitsFor: string[] } & WaitingCall>();
  for (const row of rows) {
    const { isPassedOver = false, waitsFor: limits = [] } = calls.get(row.id) ?? {};
    if (row.scope === waitingScope && row.key !== null) limits.push(row.key);
    calls.set(row.id, {
      callId: row.id,
      order: row.queued,
      origin: row.origin,
      country: row.country ?? '',
      joinedAt: row.created_at,
      waitsFor: limits,
      isPassedOver: isPassedOver || row.scope === passedOver,
    });
  }
  return [...calls.values()];
}

/** Decides what every waiting call waits for, and whose turn it is. */
export function* reviewQueue(
  transaction: Transaction,
  checks: ReadonlyMap<string, QueueChecks>,
  includesPassedOver: boolean,
): Operation<QueueReview> {
  const { now } = transaction;
  const every = [...checks.values()];
  const [rows, slots, allowances] = yield* together(
    readQueueRows,
    readSlots(
      '',
      every.flatMap(({ concurrencySlots }) => concurrencySlots),
    ),
    readAllowances(every.flatMap(({ consumptions }) => consumptions)),
  );
  const before = toWaiting(rows);
  const after: WaitingCall[] = [];
  const refusals = new Map<string, readonly Refusal[]>();
  let turn: WaitingCall | undefined;
  for (const one of before) {
    const check = checks.get(one.callId);
    if (turn !== undefined || check === undefined || (one.isPassedOver && !includesPassedOver)) {
      after.push(one);
      continue;
    }
    const decision = decideAdmission(
      { ...check, numberKeys: [], limits: [] },
      [undefined, undefined, slots, allowances],
      now,
    );
    const refused = decision.refusal === undefined ? [] : decision.refusals;
    refusals.set(one.callId, refused);
    // However long a limit will refuse: a call that has joined goes on waiting.
    const limits = refused.flatMap((refusal) => limitNamed(refusal, check.limits) ?? []);
    const waits = waitsFor(check.limits, one.order, limits, after);
    // Until it is started, it keeps what it waited for: nobody overtakes it in between.
    if (refused.length === 0 && waits.length === 0) turn = one;
    after.push(turn === one || one.isPassedOver ? one : { ...one, waitsFor: waits });
  }
  const changes = before.flatMap((one, index) => changesOf(one, after[index] ?? one));
  const row = turn && (yield* readRow(turn.callId));
  const call = row && readable(row);
  // A damaged row cannot be placed. Everybody else would wait for it.
  const isDamaged = row !== undefined && call === undefined && turn?.isPassedOver === false;
  if (changes.length === 0 && !isDamaged) transaction.discard();
  yield* together(...changes);
  if (isDamaged) yield* passOver(transaction, row.id);
  return {
    waiting: after,
    refusals,
    ...(call && { next: { call, ...(row.sealed !== null && { sealedRequest: row.sealed }) } }),
  };
}

function changesOf(before: WaitingCall, after: WaitingCall): readonly Statement<number>[] {
  const gone = before.waitsFor.filter((limit) => !after.waitsFor.includes(limit));
  const added = after.waitsFor.filter((limit) => !before.waitsFor.includes(limit));
  return [
    ...(gone.length === 0
      ? []
      : [
          run(
            `DELETE FROM concurrency_slots WHERE scope = '${waitingScope}' AND call_id = ? AND key IN (${placeholders(gone.length)})`,
            [before.callId, ...gone],
          ),
        ]),
    ...(added.length === 0
      ? []
      : [
          run(
            `INSERT INTO concurrency_slots (scope, key, call_id) VALUES ${valueRows(added.length, 3)} ON CONFLICT DO NOTHING`,
            added.flatMap((limit) => [waitingScope, limit, before.callId]),
          ),
        ]),
  ];
}

/** Turns a waiting call into one being placed, or says why not. Only the caller that gets undefined may place it. */
export function* startQueued(
  transaction: Transaction,
  callId: string,
  checks: QueueChecks & {
    readonly numberKeys: readonly string[];
    readonly dispatchDeadline: number;
    readonly redial?: RedialPlan | undefined;
  },
): Operation<{ readonly refusal: QueueRefusal } | { readonly call: ReturnType<typeof toCall> }> {
  const { now } = transaction;
  const row = yield* lockRow(callId);
  const isWaiting = row?.stage === 'scheduled' && row.queued !== null;
  if (!isWaiting || isWaitOver(row.created_at, now)) {
    transaction.discard();
    return { refusal: { kind: 'not-waiting' } };
  }
  const request = { ...checks, limits: [] };
  const [queue, suppression, coolDown, slots, allowances, reached] = yield* together(
    readQueueRows,
    ...admissionReads(callId, request, now),
    // After the slots: a call that has freed its number's meanwhile has ended by this one.
    readReachedSince(checks.numberKeys, row),
  );
  const ahead = aheadOf(checks.limits, row.queued ?? 0, toWaiting(queue));
  const decision = decideAdmission(request, [suppression, coolDown, slots, allowances], now);
  const admission =
    reached !== undefined && decision.refusal === undefined ? { refusal: reachedRefusal(now), refusals: [] } : decision;
  if (ahead.length > 0 || admission.refusal !== undefined) {
    const isPersonal = ahead.length === 0 && admission.refusal !== undefined && isAboutNumber(admission.refusal);
    if (isPersonal) yield* passOver(transaction, callId);
    else transaction.discard();
    const limits = ahead.flatMap((one) => one.waitsFor);
    return { refusal: ahead.length > 0 ? { kind: 'queue', limits } : admission.refusal };
  }
  yield* freeSlots(callId);
  const againAt = admission.againAt();
  const call = yield* changeCall(
    row,
    {
      items: [{ status: 'requested', at: now }],
      stage: 'dispatching',
      readyAt: checks.dispatchDeadline,
      consumed: JSON.stringify(admission.consumed),
      unseal: true,
      ...(againAt !== undefined && { coolDownUntil: againAt }),
    },
    transaction,
    () => [takeSlots(callId, checks.concurrencySlots), ...admission.writes()],
  );
  if (checks.redial !== undefined) yield* attachPlan(callId, checks.redial);
  return { call };
}

/** Like a suppressed number's, the call waits until its time is over: its end would reveal that somebody else's request was answered. */
const reachedRefusal = (now: number): Refusal => ({ kind: 'cooling-down', untilMs: now });

/** A row when another call of the same site has reached this call's number since it joined: whoever was just served is not called once more. */
const readReachedSince = (
  numberKeys: readonly string[],
  { id, origin, created_at: joinedAt }: { readonly id: string; readonly origin: string; readonly created_at: number },
): Statement<{ found: 1 } | undefined> =>
  get(
    `SELECT 1 AS found FROM calls WHERE number_key IN (${placeholders(Math.max(1, numberKeys.length))}) AND id <> ? AND origin = ?
       AND ended_at > ? AND (status = 'completed' OR history LIKE '%"in-progress"%')
       AND (answered_by IS NULL OR answered_by <> 'voicemail') LIMIT 1`,
    [...(numberKeys.length === 0 ? [''] : numberKeys), id, origin, joinedAt],
  );

/** From now on the call holds up nobody, neither those who wait nor those who would join. It keeps what limits its requester. */
export function* passOver(transaction: Pick<Transaction, 'discard'>, callId: string): Operation<void> {
  const marked = yield* run(
    `INSERT INTO concurrency_slots (scope, key, call_id)
     SELECT '${passedOver}', 'all', id FROM calls WHERE id = ? AND queued IS NOT NULL ON CONFLICT DO NOTHING`,
    [callId],
  );
  if (marked === 0) return transaction.discard();
  yield* run(
    `DELETE FROM concurrency_slots WHERE call_id = ? AND scope IN ('${waitingScope}', 'queue-length') AND key <> '${storedKey}'`,
    [callId],
  );
}

/** Which of the requests would be admitted. */
export function* wouldAdmit(
  requests: readonly Pick<QueueChecks, 'consumptions' | 'concurrencySlots'>[],
  now: number,
): Operation<readonly boolean[]> {
  const [slots, allowances] = yield* together(
    readSlots(
      '',
      requests.flatMap(({ concurrencySlots }) => concurrencySlots),
    ),
    readAllowances(requests.flatMap(({ consumptions }) => consumptions)),
  );
  return requests.map((request) => {
    const decision = decideAdmission({ ...request, numberKeys: [] }, [undefined, undefined, slots, allowances], now);
    return decision.refusal === undefined;
  });
}
