// The calls of a database file for those who run the proxy: listed page by page, and the file copied as a whole. Opened by the
// command line alone; a running proxy is not held up, since readers of a write-ahead log block nobody.

import type { CallStatus } from '../../../contract.js';
import type { Clock } from '../../core/clock.js';
import type { ConsentRecord, StoredCall } from '../store.js';
import { type CallRow, toCall } from './call-rows.js';
import { openDatabase } from './database.js';
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
}

/** Access to the calls of one file. */
export interface CallArchive {
  count(filter: CallFilter): Promise<number>;
  /** The calls that changed last, newest first. */
  latest(filter: CallFilter, limit: number): Promise<readonly ArchivedCall[]>;
  /** Every call once, in the order in which they changed last, a page at a time. One that changes meanwhile may be in its state before. */
  pages(filter: CallFilter): AsyncIterable<readonly ArchivedCall[]>;
  /** Writes a complete copy to a new file, as of one instant. */
  copyTo(path: string): Promise<void>;
  close(): void;
}

type Row = CallRow & { readonly consent: string | null };

const pageSize = 500;

/** Opens the file, as the store does: a damaged or foreign file is refused. Throws {@link StoreOpenError}. */
export function openCallArchive(file: string, clock: Pick<Clock, 'after'>): CallArchive {
  const sql = openDatabase({ file, after: (delayMs, task, signal) => clock.after(delayMs, task, signal) });

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
      return sql.read(
        () => (sql.get(`SELECT count(*) AS n FROM calls WHERE changed > 0${conditions}`, values) as { n: number }).n,
      );
    },
    latest: (filter, limit) => {
      const [conditions, values] = conditionsOf(filter);
      const text = `${select} WHERE calls.changed > 0${conditions} ORDER BY calls.changed DESC LIMIT ?`;
      return sql.read(() => (sql.all(text, [...values, limit]) as readonly Row[]).map(toArchived));
    },
    async *pages(filter) {
      const [conditions, values] = conditionsOf(filter);
      const text = `${select} WHERE calls.changed > ?${conditions} ORDER BY calls.changed LIMIT ${String(pageSize)}`;
      // Only a call that has not ended can change again, and so come up a second time.
      const openOnes = new Set<string>();
      for (let last = 0; ; ) {
        const rows = await sql.read(() => sql.all(text, [last, ...values]) as readonly Row[]);
        const newest = rows.at(-1);
        if (newest === undefined) return;
        last = newest.changed;
        const fresh = rows.filter(({ id }) => !openOnes.has(id));
        for (const { id, stage } of fresh) if (stage !== 'ended') openOnes.add(id);
        yield fresh.map(toArchived);
      }
    },
    copyTo: (path) => sql.read(() => void sql.run('VACUUM INTO ?', [path])),
    close: () => sql.close(),
  };
}

const toArchived = (row: Row): ArchivedCall => ({
  call: toCall(row),
  numberKey: row.number_key,
  ...(row.sealed !== null && { sealedRequest: row.sealed }),
  ...(row.consent !== null && { consent: JSON.parse(row.consent) as ConsentRecord }),
});
