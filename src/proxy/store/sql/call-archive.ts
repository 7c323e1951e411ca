// The calls of a database for those who run the proxy, listed page by page. Used by the command line alone; a running proxy is not
// held up, since readers block nobody.

import type { CallStatus } from '../../../contract.js';
import type { ConsentRecord, KeptAttribution, StoredCall } from '../store.js';
import { attributionOf, type CallRow, toCall } from './call-rows.js';
import type { SqlDatabase } from './database.js';
import { all, get } from './operation.js';
import { placeholders } from './value-rows.js';

/** Which calls; every given condition must hold. */
export interface CallFilter {
  /** Created at this time or later, epoch milliseconds. */
  readonly since?: number;
  /** Created before this time. */
  readonly until?: number;
  /** Never empty. */
  readonly statuses?: readonly CallStatus[];
  readonly origin?: string;
}

/** A call as it is listed. */
export interface ArchivedCall {
  readonly call: StoredCall;
  /** The number's keyed HMAC. */
  readonly numberKey: string;
  /** The encrypted request of a callback that is still waiting. */
  readonly sealedRequest?: string;
  readonly consent?: ConsentRecord;
  /** Only if the operator keeps it. */
  readonly attribution?: KeptAttribution;
}

/** Access to the calls of one database. */
export interface CallArchive {
  count(filter: CallFilter): Promise<number>;
  /** The calls that changed last, newest first. */
  latest(filter: CallFilter, limit: number): Promise<readonly ArchivedCall[]>;
  /** Every call once, in the order in which they changed last, a page at a time. One that changes meanwhile may be in its state before. */
  pages(filter: CallFilter): AsyncIterable<readonly ArchivedCall[]>;
}

type Row = CallRow & { readonly consent: string | null };

const pageSize = 500;

/** Lists the calls of an open database. */
export function createCallArchive(database: Pick<SqlDatabase, 'read'>): CallArchive {
  const conditionsOf = ({
    since,
    until,
    statuses,
    origin,
  }: CallFilter): [text: string, values: (string | number)[]] => {
    const parts: string[] = [];
    const values: (string | number)[] = [];
    const add = (text: string, ...more: readonly (string | number)[]): void => {
      parts.push(text);
      values.push(...more);
    };
    if (since !== undefined) add('calls.created_at >= ?', since);
    if (until !== undefined) add('calls.created_at < ?', until);
    if (statuses !== undefined) add(`calls.status IN (${placeholders(statuses.length)})`, ...statuses);
    if (origin !== undefined) add('calls.origin = ?', origin);
    return [parts.map((part) => ` AND ${part}`).join(''), values];
  };
  const select = `SELECT calls.*, consents.record AS consent FROM calls LEFT JOIN consents ON consents.call_id = calls.id`;

  return {
    count: (filter) => {
      const [conditions, values] = conditionsOf(filter);
      return database.read(function* count() {
        const row = yield* get<{ n: number }>(`SELECT count(*) AS n FROM calls WHERE changed > 0${conditions}`, values);
        return row?.n ?? 0;
      });
    },
    latest: (filter, limit) => {
      const [conditions, values] = conditionsOf(filter);
      const text = `${select} WHERE calls.changed > 0${conditions} ORDER BY calls.changed DESC LIMIT ?`;
      return database.read(function* latest() {
        return (yield* all<Row>(text, [...values, limit])).map(toArchived);
      });
    },
    async *pages(filter) {
      const [conditions, values] = conditionsOf(filter);
      const text = `${select} WHERE calls.changed > ?${conditions} ORDER BY calls.changed LIMIT ${String(pageSize)}`;
      // Only a call that has not ended can change again, and so come up a second time.
      const openOnes = new Set<string>();
      for (let last = 0; ; ) {
        const after = last;
        const rows = await database.read(function* page() {
          return yield* all<Row>(text, [after, ...values]);
        });
        const newest = rows.at(-1);
        if (newest === undefined) return;
        last = newest.changed;
        const fresh = rows.filter(({ id }) => !openOnes.has(id));
        for (const { id, stage } of fresh) if (stage !== 'ended') openOnes.add(id);
        yield fresh.map(toArchived);
      }
    },
  };
}

const toArchived = (row: Row): ArchivedCall => ({
  call: toCall(row),
  numberKey: row.number_key,
  ...(row.sealed !== null && { sealedRequest: row.sealed }),
  ...(row.consent !== null && { consent: JSON.parse(row.consent) as ConsentRecord }),
  ...attributionOf(row),
});
