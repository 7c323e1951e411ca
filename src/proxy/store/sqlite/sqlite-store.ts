// The embedded store: SQLite in one file, for one process or several on one machine. Puts the verbs together: each is one
// transaction, then the waking of followers. What the verbs do lives beside this file.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { createHub } from '../hub.js';
import type { Store, StoredCall } from '../store.js';
import { StoreUnavailable } from '../store.js';
import { type CallRow, changeCall, readRow, toCall } from './call-rows.js';
import { type DatabaseOptions, openDatabase, type Sql, type Transaction } from './database.js';
import * as due from './leases.js';
import * as people from './data-subjects.js';
import * as reserving from './reservations.js';
import { sweep } from './retention.js';
import { watchOthers } from './cross-process-changes.js';

/** What the embedded store is made of. */
export interface SqliteStoreOptions extends DatabaseOptions {
  readonly clock: Clock;
  /** Source of lease names. */
  readonly random?: (size: number) => Uint8Array;
}

// A ping writes as much as a reservation does (some ten pages), so that a disk with room for one page does not count as ready.
// Two texts in turn: SQLite leaves a page alone that would not change.
const paddings = ['a'.repeat(40_000), 'b'.repeat(40_000)] as const;

/** Opens (or makes) the database file and returns the store. Throws {@link StoreOpenError}. */
export function createSqliteStore({ clock, random = randomBytes, ...options }: SqliteStoreOptions): Store {
  const sql: Sql = openDatabase(options);
  const others = watchOthers(sql, clock, {
    followed: () => hub.followed(),
    has: (callId) => hub.has(callId),
    publish: (call) => hub.publish(call),
    forget: (callId) => hub.forget(callId),
  });
  const hub = createHub(others.start, others.stop);
  const makeLease = (): string => Buffer.from(random(16)).toString('base64url');

  const read = (callId: string): Promise<StoredCall | undefined> =>
    sql.read(() => {
      const row = readRow(sql, callId);
      return row && toCall(row);
    });

  /** Runs a transaction on one call that is certain to be kept, then wakes its followers. */
  const change = async (work: (transaction: Transaction) => StoredCall): Promise<StoredCall> => {
    const call = await sql.write(work);
    hub.publish(call);
    return call;
  };

  /** What was overwritten still stands in the journal file: a sealed number is gone only when that is emptied. Nobody waits for it. */
  const wipe = (): void => void sql.truncateWal().catch(() => {});

  return {
    recall: (key, fingerprint) => sql.read(() => reserving.recall(sql, key, fingerprint)),
    consume: (consumptions) =>
      sql.write((transaction) => reserving.consume(sql, transaction, consumptions, clock.now())),
    reserve: (asked) => sql.write((transaction) => reserving.reserve(sql, transaction, asked, clock.now())),
    settle: (callId, settlement) => change(() => reserving.settle(sql, callId, settlement, clock.now())),
    remember: (key, answer) => sql.write(() => reserving.remember(sql, key, answer)),
    append: (callId, items) =>
      change((transaction) => {
        const row: CallRow | undefined = readRow(sql, callId);
        if (row === undefined) throw new StoreUnavailable('the call is not kept any more');
        const call = changeCall(sql, row, { items }, clock.now());
        if (call.history.length === row.seq) transaction.discard();
        return call;
      }),
    read,
    follow: (callId, afterSeq, signal) => hub.follow(callId, afterSeq, signal, () => read(callId)),
    claimDue: async (limit, leaseMs) => {
      // Looked for without the write lock first: the watcher asks often, and mostly nothing is due.
      const first = await sql.read(() => due.nextDueAt(sql, clock.now()));
      if (first === undefined || first > clock.now()) return [];
      return sql.write((transaction) => due.claimDue(sql, transaction, limit, leaseMs, makeLease, clock.now()));
    },
    postpone: (callId, lease, next) => sql.write(() => due.postpone(sql, callId, lease, next, clock.now())),
    startScheduled: async (callId, lease, checks) => {
      const started = await sql.write((transaction) =>
        due.startScheduled(sql, transaction, callId, lease, checks, clock.now()),
      );
      if ('refusal' in started) return started.refusal;
      hub.publish(started.call);
      wipe();
      return undefined;
    },
    cancelScheduled: async (callId, because) => {
      const call = await sql.write(() => due.cancelScheduled(sql, callId, because, clock.now()));
      if (call === undefined) return false;
      hub.publish(call);
      wipe();
      return true;
    },
    nextDueAt: () => sql.read(() => due.nextDueAt(sql, clock.now())),
    suppress: async (numberKeys, source, message) => {
      const ended = await sql.write(() =>
        message === undefined || reserving.useOnce(sql, 'webhooks', message.id, message.expiresAt)
          ? people.suppress(sql, numberKeys, source, clock.now())
          : undefined,
      );
      for (const call of ended ?? []) hub.publish(call);
      if (ended !== undefined) wipe();
      return ended !== undefined;
    },
    unsuppress: (numberKeys) => sql.write(() => people.unsuppress(sql, numberKeys)),
    unreachable: (liveVersions) => sql.read(() => people.unreachable(sql, liveVersions)),
    exportNumber: (numberKeys) => sql.read(() => people.exportNumber(sql, numberKeys)),
    eraseNumber: async (numberKeys) => {
      const ids = await sql.write(() => people.eraseNumber(sql, numberKeys));
      for (const id of ids) hub.forget(id);
      await sql.truncateWal();
      return ids.length;
    },
    deleteExpired: () => sql.write(() => sweep(sql, clock.now())),
    ping: () =>
      sql.write(() => {
        const [a, b] = paddings;
        sql.run(`UPDATE ping SET padding = CASE substr(padding, 1, 1) WHEN 'a' THEN ? ELSE ? END`, [b, a]);
      }),
    close: async () => {
      hub.close();
      others.stop();
      sql.close();
    },
  };
}
