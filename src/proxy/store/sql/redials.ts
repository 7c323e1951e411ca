// The second attempt after a missed call: created in the transaction that records the miss, or the agent's report that a voicemail
// answered, so that it exists exactly once and survives a restart. When it is due it is placed like any other callback, with every
// check. What may be promised is decided when the first call is placed.

import { type CallStatus, isTerminal, type JournalItem, type Slot } from '../../../contract.js';
import { wallText } from '../../hours/zone-clock.js';
import type { OutcomeToRecord, RedialPlan, StoredCall } from '../store.js';
import type { Transaction } from './database.js';
import { all, get, nextChange, type Operation, run, type Statement, together } from './operation.js';
import { reportCall } from './outbox.js';
import { placeholders } from './value-rows.js';

type After = NonNullable<StoredCall['redialAfter']>;
type Plan = Omit<RedialPlan, 'sealedRequest'>;

/** The column `redial`: what is planned or was created for a call, or that it is a second attempt itself. */
type RedialColumn =
  | ({ readonly kind: 'planned' } & Plan)
  /** It has ended as completed. The report that a voicemail answered may still arrive, until `ready_at`; the number is kept as long. */
  | ({ readonly kind: 'awaiting-report' } & Plan)
  | { readonly kind: 'created'; readonly callId: string; readonly at: string }
  | { readonly kind: 'second'; readonly after: After; readonly of?: string };

/** After these, a second attempt is made. Never after `unknown`: the phone may have been answered. */
const isMissed = (status: CallStatus): status is 'no-answer' | 'busy' => status === 'no-answer' || status === 'busy';

/** What was reached, where the agent reported a voicemail and that nobody talked; undefined otherwise. */
function voicemailOf(
  answeredBy: FirstRow['answered_by'],
  disposition: FirstRow['disposition'],
): 'voicemail' | 'message-left' | undefined {
  if (answeredBy !== 'voicemail') return undefined;
  if (disposition === 'message-left') return 'message-left';
  return disposition === 'no-message' || disposition === 'no-conversation' ? 'voicemail' : undefined;
}

/** Upstream can report a call as missed that was in progress before. */
const wasAnswered = (history: readonly JournalItem[]): boolean =>
  history.some(({ status }) => status === 'in-progress');

/** Reads the column. */
export const readRedial = (column: string | null): RedialColumn | undefined =>
  column === null ? undefined : (JSON.parse(column) as RedialColumn);
const write = (redial: RedialColumn): string => JSON.stringify(redial);

/** The column of a call that may be tried again. */
export const plannedColumn = ({ callId, afterMs, until, zone, reportWaitMs }: RedialPlan): string =>
  write({ kind: 'planned', callId, afterMs, until, zone, ...(reportWaitMs !== undefined && { reportWaitMs }) });

/** Gives a callback that is being placed its plan. Only once its own request is gone: a second attempt is never followed by another. */
export const attachPlan = (callId: string, plan: RedialPlan): Statement<number> =>
  run(`UPDATE calls SET sealed = ?, redial = ? WHERE id = ? AND redial IS NULL`, [
    plan.sealedRequest,
    plannedColumn(plan),
    callId,
  ]);

/** The column as the rest of the proxy sees it. */
export function redialIn(column: string | null): Pick<StoredCall, 'redial' | 'redialAfter' | 'redialOf'> {
  const redial = readRedial(column);
  if (redial?.kind === 'created') return { redial: { callId: redial.callId, at: redial.at } };
  if (redial?.kind !== 'second') return {};
  return { redialAfter: redial.after, ...(redial.of !== undefined && { redialOf: redial.of }) };
}

/** The part of a call's row that a second attempt takes over. */
interface FirstRow {
  readonly id: string;
  readonly origin: string;
  readonly number_key: string;
  readonly sealed: string | null;
  readonly country: string | null;
  readonly source: string | null;
  readonly medium: string | null;
  readonly campaign: string | null;
  readonly attribution: string | null;
  readonly sealed_number: string | null;
  readonly answered_by: OutcomeToRecord['answeredBy'] | null;
  readonly disposition: OutcomeToRecord['disposition'] | null;
  readonly redial: string | null;
  readonly ready_at: number | null;
}

/** The outcome of a plan: the column's new value, and the statements that create the second attempt. */
export interface CarriedOut {
  readonly column: string | null;
  readonly statements: readonly Statement<unknown>[];
  /** Until when the number of a call that has ended is kept for the agent's report. */
  readonly reportUntil?: number;
}

const dropped: CarriedOut = { column: null, statements: [] };

/** How a call's journal changes its plan. */
export function* carryOutPlan(
  row: FirstRow,
  history: readonly JournalItem[],
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
): Operation<CarriedOut> {
  const plan = readRedial(row.redial);
  const status = history.at(-1)?.status ?? 'unknown';
  if (plan?.kind === 'awaiting-report') return { column: row.redial, statements: [], reportUntil: row.ready_at ?? 0 };
  if (plan?.kind !== 'planned' || !isTerminal(status)) return { column: row.redial, statements: [] };
  if (status === 'completed') return yield* afterCompleted(row, plan, transaction);
  if (!isMissed(status) || wasAnswered(history)) return dropped;
  return yield* createSecond(row, plan, status, transaction);
}

/** A completed call may have reached a voicemail: the agent's report says so, and may have arrived before the end. */
function* afterCompleted(
  row: FirstRow,
  plan: Plan,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
): Operation<CarriedOut> {
  const voicemail = voicemailOf(row.answered_by, row.disposition);
  if (voicemail !== undefined) return yield* createSecond(row, plan, voicemail, transaction);
  if (plan.reportWaitMs === undefined || row.sealed === null) return dropped;
  return {
    column: write({ ...plan, kind: 'awaiting-report' }),
    statements: [],
    reportUntil: transaction.now + plan.reportWaitMs,
  };
}

/** How an agent's report changes the plan of its call; undefined when it does not. */
export function* carryOutReport(
  row: FirstRow,
  { answeredBy, disposition, doNotCall }: Pick<OutcomeToRecord, 'answeredBy' | 'disposition' | 'doNotCall'>,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
): Operation<CarriedOut | undefined> {
  const plan = readRedial(row.redial);
  if (plan?.kind !== 'planned' && plan?.kind !== 'awaiting-report') return undefined;
  if (doNotCall) return dropped;
  if (answeredBy === 'unknown') return undefined;
  const voicemail = voicemailOf(answeredBy, disposition);
  if (voicemail === undefined) return dropped;
  // While the call is under way, the report waits for its end.
  if (plan.kind === 'planned') return undefined;
  return transaction.now > (row.ready_at ?? 0) ? dropped : yield* createSecond(row, plan, voicemail, transaction);
}

/** The second attempt, unless it would be too late, or the number's owner opted out in the meantime: then nothing is sealed. */
function* createSecond(
  row: FirstRow,
  plan: Plan,
  after: After,
  transaction: Pick<Transaction, 'now' | 'subscriptions'>,
): Operation<CarriedOut> {
  const { now } = transaction;
  const dueAt = now + plan.afterMs;
  if (row.sealed === null || !(dueAt <= plan.until)) return dropped;
  const slot = slotOf(dueAt, plan.zone);
  const history = [{ seq: 1, status: 'scheduled', at: new Date(now).toISOString() }] as const;
  const call: StoredCall = {
    id: plan.callId,
    stage: 'scheduled',
    status: 'scheduled',
    history,
    origin: row.origin,
    createdAt: now,
    scheduledFor: slot,
    redialAfter: after,
    redialOf: row.id,
  };
  const statements = [
    run(
      `INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, slot, ready_at, sealed, consumed, changed,
         country, source, medium, campaign, attribution, sealed_number, redial)
       VALUES (?, 'scheduled', 'scheduled', 1, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        call.id,
        JSON.stringify(history),
        row.origin,
        row.number_key,
        now,
        JSON.stringify(slot),
        dueAt,
        row.sealed,
        yield* nextChange(),
        row.country,
        row.source,
        row.medium,
        row.campaign,
        row.attribution,
        row.sealed_number,
        write({ kind: 'second', after, of: row.id }),
      ],
    ),
    // The visitor agreed to be called about this request: the record belongs to both attempts.
    run(
      'INSERT INTO consents (call_id, number_key, at, record) SELECT ?, number_key, at, record FROM consents WHERE call_id = ?',
      [plan.callId, row.id],
    ),
    ...reportCall(transaction, 'call.scheduled', call, row.number_key),
  ];
  return { column: write({ kind: 'created', callId: plan.callId, at: slot.at }), statements };
}

/** The condition of rows whose number is kept although nothing will be called by itself. Written as in the index. */
const awaitingReport = `stage = 'ended' AND sealed IS NOT NULL`;

/** Forgets what was kept for a second attempt of the number's calls. A second attempt that waits is not touched: its end would reveal it. */
export const forgetPlans = (numberKeys: readonly string[]): Statement<number> =>
  run(
    `UPDATE calls SET sealed = NULL, redial = NULL, ready_at = CASE stage WHEN 'ended' THEN NULL ELSE ready_at END
     WHERE number_key IN (${placeholders(Math.max(1, numberKeys.length))}) AND stage <> 'scheduled' AND sealed IS NOT NULL`,
    numberKeys.length === 0 ? [''] : numberKeys,
  );

/** Whether the number of a call is kept for a report that can no longer arrive. A time beyond `latest` is of before the clock was set back. */
export function* isAnyUnreported(now: number, latest: number): Operation<boolean> {
  const [late, future] = yield* together(
    get<{ found: 1 }>(`SELECT 1 AS found FROM calls WHERE ${awaitingReport} AND ready_at < ? LIMIT 1`, [now]),
    get<{ found: 1 }>(`SELECT 1 AS found FROM calls WHERE ${awaitingReport} AND ready_at > ? LIMIT 1`, [latest]),
  );
  return late !== undefined || future !== undefined;
}

/** Forgets the numbers of such calls, at most `most` of each kind. */
export function* forgetUnreported(now: number, latest: number, most: number): Operation<void> {
  const forget = (condition: string, at: number): Statement<number> =>
    run(
      `UPDATE calls SET sealed = NULL, redial = NULL, ready_at = NULL WHERE id IN (
         SELECT id FROM calls WHERE ${awaitingReport} AND ${condition} LIMIT ?)`,
      [at, most],
    );
  yield* together(forget('ready_at < ?', now), forget('ready_at > ?', latest));
}

/** How far ahead of the clock a second attempt can have been created, milliseconds. Further: the clock was set back since. */
const longestAheadMs = 10 * 60_000;

/**
 * Second attempts that would be placed hours later than promised, because the clock was set back. Searched by their creation: there may be
 * many calls to place, but mostly none from the future. The plus keeps the index of those to place out of it.
 */
export const readLateAttempts = (now: number): Statement<readonly { readonly id: string }[]> =>
  all(
    `SELECT id FROM calls WHERE created_at > ? AND +ready_at > ? AND stage = 'scheduled' AND redial IS NOT NULL
       ORDER BY created_at LIMIT 100`,
    [now + longestAheadMs, now + longestAheadMs],
  );

/** A time as a slot of a zone. */
export const slotOf = (at: number, zone: string): Slot => ({
  at: new Date(at).toISOString(),
  zone,
  wall: wallText(zone, at),
});

/**
 * A row when a second attempt would reach somebody who has been called since it was created: by another request of theirs, whose own
 * second attempt replaces this one, or whom the agent reported after the miss.
 */
export const readCallSince = (
  numberKeys: readonly string[],
  { id, created_at: since }: { readonly id: string; readonly created_at: number },
): Statement<{ found: 1 } | undefined> =>
  get(
    `SELECT 1 AS found FROM calls WHERE number_key IN (${placeholders(Math.max(1, numberKeys.length))}) AND id <> ?
       AND (accepted_at > ? OR (status = 'unknown' AND ended_at > ?) OR (answered_by = 'person' AND outcome_at >= ?)) LIMIT 1`,
    [...(numberKeys.length === 0 ? [''] : numberKeys), id, since, since, since],
  );
