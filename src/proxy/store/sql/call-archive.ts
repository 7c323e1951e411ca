// The calls of a database for those who run the proxy, listed page by page. Used by the command line alone; a running proxy is not
// held up, since readers block nobody.

import type { CallStatus } from '../../../contract.js';
import type { CallDetails } from '../store.js';
import { type DetailsRow, selectDetails, toDetails } from './call-details.js';
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

/** Access to the calls of one database. */
export interface CallArchive {
  count(filter: CallFilter): Promise<number>;
  /** The calls that changed last, newest first. */
  latest(filter: CallFilter, limit: number): Promise<readonly CallDetails[]>;
  /** Every call once, in the order in which they changed last, a page at a time. One that changes meanwhile may be in its state before. */
  pages(filter: CallFilter): AsyncIterable<readonly CallDetails[]>;
}

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
      const text = selectDetails(`WHERE calls.changed > 0${conditions} ORDER BY calls.changed DESC LIMIT ?`);
      return database.read(function* latest() {
        return (yield* all<DetailsRow>(text, [...values, limit])).map(toDetails);
      });
    },
    async *pages(filter) {
      const [conditions, values] = conditionsOf(filter);
      const text = selectDetails(
        `WHERE calls.changed > ?${conditions} ORDER BY calls.changed LIMIT ${String(pageSize)}`,
      );
      // Only a call that has not ended can change again, and so come up a second time.
      const openOnes = new Set<string>();
      for (let last = 0; ; ) {
        const after = last;
        const rows = await database.read(function* page() {
          return yield* all<DetailsRow>(text, [after, ...values]);
        });
        const newest = rows.at(-1);
        if (newest === undefined) return;
        last = newest.changed;
        const fresh = rows.filter(({ id }) => !openOnes.has(id));
        for (const { id, stage } of fresh) if (stage !== 'ended') openOnes.add(id);
        yield fresh.map(toDetails);
      }
    },
  };
}
