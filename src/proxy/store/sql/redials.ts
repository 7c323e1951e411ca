// The second attempt after a missed call: created in the transaction that records the miss, so that it exists exactly once and survives
// a restart. When it is due it is placed like any other callback, with every check. What may be promised is decided at the request.

import { type CallStatus, isTerminal, type JournalItem, type Slot } from '../../../contract.js';
import { wallText } from '../../hours/zone-clock.js';
import type { RedialPlan, StoredCall } from '../store.js';
import { get, nextChange, type Operation, run, type Statement } from './operation.js';
import { placeholders } from './value-rows.js';

type Missed = NonNullable<StoredCall['redialAfter']>;

/** The column `redial`: what is planned or was created for a call, or that it is a second attempt itself. */
type RedialColumn =
  | ({ readonly kind: 'planned' } & Omit<RedialPlan, 'sealedRequest'>)
  | { readonly kind: 'created'; readonly callId: string; readonly at: string }
  | { readonly kind: 'second'; readonly after: Missed };

/** After these, a second attempt is made. Never after `unknown`: the phone may have been answered. */
const isMissed = (status: CallStatus): status is Missed => status === 'no-answer' || status === 'busy';

/** Upstream can report a call as missed that was in progress before, and the agent can have reported a person already. */
const wasAnswered = ({ answered_by: answerer }: FirstRow, history: readonly JournalItem[]): boolean =>
  answerer === 'person' || history.some(({ status }) => status === 'in-progress');

/** Reads the column. */
export const readRedial = (column: string | null): RedialColumn | undefined =>
  column === null ? undefined : (JSON.parse(column) as RedialColumn);
const write = (redial: RedialColumn): string => JSON.stringify(redial);

/** The column of a call that may be tried again. */
export const plannedColumn = ({ callId, afterMs, until, zone }: RedialPlan): string =>
  write({ kind: 'planned', callId, afterMs, until, zone });

/** The column as the rest of the proxy sees it. */
export function redialIn(column: string | null): Pick<StoredCall, 'redial' | 'redialAfter'> {
  const redial = readRedial(column);
  if (redial?.kind === 'created') return { redial: { callId: redial.callId, at: redial.at } };
  return redial?.kind === 'second' ? { redialAfter: redial.after } : {};
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
  readonly answered_by: string | null;
  readonly redial: string | null;
}

/** How a call's journal changes its plan: the column's new value, and the statements that create the second attempt. */
export function* carryOutPlan(
  row: FirstRow,
  history: readonly JournalItem[],
  now: number,
): Operation<{ readonly column: string | null; readonly statements: readonly Statement<unknown>[] }> {
  const plan = readRedial(row.redial);
  const status = history.at(-1)?.status ?? 'unknown';
  if (plan?.kind !== 'planned' || !isTerminal(status)) return { column: row.redial, statements: [] };
  const dueAt = now + plan.afterMs;
  // Without the sealed request, the number's owner opted out in the meantime.
  if (wasAnswered(row, history)) return { column: null, statements: [] };
  if (!isMissed(status) || row.sealed === null || !(dueAt <= plan.until)) return { column: null, statements: [] };
  const slot = slotOf(dueAt, plan.zone);
  const statements = [
    run(
      `INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, slot, ready_at, sealed, consumed, changed,
         country, source, medium, campaign, attribution, sealed_number, redial)
       VALUES (?, 'scheduled', 'scheduled', 1, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        plan.callId,
        JSON.stringify([{ seq: 1, status: 'scheduled', at: new Date(now).toISOString() }]),
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
        write({ kind: 'second', after: status }),
      ],
    ),
    // The visitor agreed to be called about this request: the record belongs to both attempts.
    run(
      'INSERT INTO consents (call_id, number_key, at, record) SELECT ?, number_key, at, record FROM consents WHERE call_id = ?',
      [plan.callId, row.id],
    ),
  ];
  return { column: write({ kind: 'created', callId: plan.callId, at: slot.at }), statements };
}

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
