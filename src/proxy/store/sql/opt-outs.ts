// Opting a number out on the proxy's own page: anybody can, so it is limited, and it ends unless it is confirmed.

import type { OptOut, OptOutOutcome } from '../store.js';
import { decide, readAllowances } from './allowances.js';
import { readRow } from './call-rows.js';
import { suppress } from './data-subjects.js';
import type { Transaction } from './database.js';
import { get, type Operation, together } from './operation.js';
import { useOnce } from './reservations.js';

/** Suppresses the number, or says why not. Does the same work whether or not a call to the number is stored. */
export function* optOut(transaction: Transaction, request: OptOut): Operation<OptOutOutcome> {
  const { numberKeys, until, challenge, consumptions, confirmedBy } = request;
  const { now } = transaction;
  const [used, stored, call] = yield* together(
    challenge && get<{ found: 1 }>('SELECT 1 AS found FROM challenges WHERE id = ?', [challenge.id]),
    readAllowances(consumptions),
    confirmedBy === undefined ? undefined : readRow(confirmedBy),
  );
  if (used !== undefined) {
    transaction.discard();
    return 'challenge-used';
  }
  const { refusals, writes } = decide(stored, consumptions, now);
  // A repetition for one number consumes nothing more, and counts: calls may have been allowed in between, or this one is confirmed.
  const isHeard = refusals.length > 0 && refusals.every((refusal) => 'scope' in refusal && refusal.scope === 'number');
  if (refusals.length > 0 && !isHeard) {
    transaction.discard();
    return 'limited';
  }
  const isConfirmed = call !== undefined && numberKeys.includes(call.number_key);
  yield* together(...(isHeard ? [] : writes()), challenge && useOnce('challenges', challenge.id, challenge.expiresAt));
  yield* suppress(numberKeys, 'page', transaction, { until: isConfirmed ? undefined : until });
  return 'done';
}
