// Calls with what is stored along with them, for those who run the proxy: one, or those of a period. Only reads.

import type { CallDetails, CallRange, ConsentRecord } from '../store.js';
import { attributionOf, type CallRow, toCall } from './call-rows.js';
import { all, get, type Operation } from './operation.js';

/** A call's row with its consent, which outlives the call and may be gone before it ends. */
export type DetailsRow = CallRow & { readonly consent: string | null };

/** A statement that reads {@link DetailsRow}s. */
export const selectDetails = (rest: string): string =>
  `SELECT calls.*, consents.record AS consent FROM calls LEFT JOIN consents ON consents.call_id = calls.id ${rest}`;

/** The row as the rest of the proxy sees it. */
export const toDetails = (row: DetailsRow): CallDetails => ({
  call: toCall(row),
  numberKey: row.number_key,
  ...(row.sealed !== null && row.stage !== 'ended' && { sealedRequest: row.sealed }),
  ...(row.consent !== null && { consent: JSON.parse(row.consent) as ConsentRecord }),
  ...(row.country !== null && { country: row.country }),
  ...attributionOf(row),
});

/** The calls of a period, newest first. */
export function* listCalls({ from, until, after, limit }: CallRange): Operation<readonly CallDetails[]> {
  // No ID is empty: of the calls created at `until` itself, none comes before it.
  const { createdAt, id } = after ?? { createdAt: until, id: '' };
  const rows = yield* all<DetailsRow>(
    selectDetails(
      `WHERE calls.created_at >= ? AND (calls.created_at, calls.id) < (?, ?)
       ORDER BY calls.created_at DESC, calls.id DESC LIMIT ?`,
    ),
    [from, createdAt, id, limit],
  );
  return rows.map(toDetails);
}

/** One call. */
export function* readDetails(callId: string): Operation<CallDetails | undefined> {
  const row = yield* get<DetailsRow>(selectDetails('WHERE calls.id = ?'), [callId]);
  return row && toDetails(row);
}
