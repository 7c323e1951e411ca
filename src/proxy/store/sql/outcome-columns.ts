// An agent's report in the columns of its call's row.

import type { StoredOutcome } from '../store.js';

/** The columns; null where nothing was reported. */
export interface OutcomeColumns {
  readonly answered_by: StoredOutcome['answeredBy'] | null;
  readonly disposition: StoredOutcome['disposition'] | null;
  readonly outcome: string | null;
  readonly outcome_at: number | null;
  readonly outcome_revision: number | null;
}

/** The report; nothing where there is none. */
export function outcomeIn(row: OutcomeColumns): { readonly outcome?: StoredOutcome } {
  const { answered_by: answeredBy, disposition, outcome: sealedText, outcome_at: reportedAt } = row;
  if (answeredBy === null || disposition === null || sealedText === null || reportedAt === null) return {};
  return { outcome: { answeredBy, disposition, sealedText, reportedAt, revision: row.outcome_revision ?? 1 } };
}
