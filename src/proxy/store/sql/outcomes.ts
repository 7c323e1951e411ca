// Agents' reports on calls, stored in the call's own row: they are read, erased and deleted with it.

import type { OutcomeRecorded, OutcomeToRecord, StoredCall, StoredOutcome } from '../store.js';
import { type CallRow, lockRow, toCall } from './call-rows.js';
import { suppress } from './data-subjects.js';
import type { Transaction } from './database.js';
import { getForUpdate, nextChange, type Operation, run, together } from './operation.js';
import { reportCall } from './outbox.js';
import { carryOutReport } from './redials.js';
import { useOnce } from './reservations.js';

/** Records a report, with what follows from it for a second attempt, and suppresses the number if the person asked for that. */
export function* recordOutcome(transaction: Transaction, report: OutcomeToRecord): Operation<OutcomeRecorded> {
  const row = yield* findCall(report);
  const { message } = report;
  if (row === undefined) {
    transaction.discard();
    return { kind: 'unknown-call' };
  }
  if (message !== undefined && (yield* useOnce('webhooks', idOfOutcome(message.id), message.expiresAt)) === 0) {
    transaction.discard();
    return { kind: 'repeated' };
  }
  const redial = yield* carryOutReport(row, report, transaction);
  const outcome: StoredOutcome = {
    answeredBy: report.answeredBy,
    disposition: report.disposition,
    sealedText: report.sealedText,
    reportedAt: transaction.now,
    revision: (row.outcome_revision ?? 0) + 1,
  };
  yield* run(
    `UPDATE calls SET answered_by = ?, disposition = ?, outcome = ?, outcome_at = ?, outcome_revision = ?, changed = ?
     WHERE id = ?`,
    [
      outcome.answeredBy,
      outcome.disposition,
      outcome.sealedText,
      outcome.reportedAt,
      outcome.revision,
      yield* nextChange(),
      row.id,
    ],
  );
  const call: StoredCall = { ...toCall(redial === undefined ? row : { ...row, redial: redial.column }), outcome };
  const facts = { doNotCall: report.doNotCall };
  const isNewlyMissed = outcome.answeredBy === 'voicemail' && row.answered_by !== 'voicemail';
  yield* together(
    redial &&
      run(
        `UPDATE calls SET sealed = NULL, redial = ?, ready_at = CASE stage WHEN 'ended' THEN NULL ELSE ready_at END WHERE id = ?`,
        [redial.column, row.id],
      ),
    ...(redial?.statements ?? []),
    ...reportCall(transaction, 'call.outcome', call, row.number_key, facts, `.${String(outcome.revision)}`),
    ...(isNewlyMissed ? reportCall(transaction, 'call.missed', call, row.number_key) : []),
  );
  if (report.doNotCall) yield* suppress([row.number_key], 'outcome', transaction, { callId: row.id });
  return { kind: 'recorded', call };
}

/** IDs of reports are their own: an agent may use the call's ID both here and to suppress the number, which must not be lost. No ID contains a space. */
const idOfOutcome = (messageId: string): string => `outcome ${messageId}`;

/** A call that was placed, or may have been. */
function* findCall({ callId, upstreamId }: OutcomeToRecord): Operation<CallRow | undefined> {
  const row =
    callId === undefined
      ? yield* getForUpdate<CallRow>('SELECT * FROM calls WHERE upstream_id = ?', [upstreamId ?? ''])
      : yield* lockRow(callId);
  const isOther = upstreamId !== undefined && row?.upstream_id !== null && row?.upstream_id !== upstreamId;
  const wasNeverPlaced = row?.stage === 'scheduled' || row?.ended_because !== null;
  return row === undefined || isOther || wasNeverPlaced ? undefined : row;
}
