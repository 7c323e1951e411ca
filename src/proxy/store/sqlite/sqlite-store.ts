// The embedded store: SQLite in one file, for one process or several on one machine. Assembles the store's methods: each is one
// transaction, followed by notifying followers. Their implementations are in the other files of this folder.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { createHub } from '../hub.js';
import type { Store, StoredCall } from '../store.js';
import { StoreUnavailable } from '../store.js';
import { countSlots } from './admission.js';
import { type CallRow, changeCall, readRow, toCall } from './call-rows.js';
import { createCrossProcessChanges } from './cross-process-changes.js';
import * as dataSubjects from './data-subjects.js';
import { type DatabaseOptions, openDatabase, type Sql, type Transaction } from './database.js';
import * as leases from './leases.js';
import * as reservations from './reservations.js';
import { expiredSlices, rowsInSlice } from './retention.js';

/** The options of the embedded store. */
export interface SqliteStoreOptions extends Omit<DatabaseOptions, 'after'> {
  readonly clock: Clock;
  /** Source of lease names. */
  readonly random?: (size: number) => Uint8Array;
  /** Called when damage is found in a file that was too large to be checked at start. Every method is unavailable from then on. */
  readonly onDamage?: (error: unknown) => void;
}

// A ping writes as much as a reservation does (some ten pages), so that a disk with room for only one page does not count as ready.
// Two alternating texts, because SQLite does not write a page that would not change.
const paddings = ['a'.repeat(40_000), 'b'.repeat(40_000)] as const;

/** The pause between two steps of a background job, milliseconds. */
const pauseMs = 2;
const checkPauseMs = 10;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

/** Opens (or creates) the database file and returns the store. Throws {@link StoreOpenError}. */
export function createSqliteStore({ clock, random = randomBytes, onDamage, ...options }: SqliteStoreOptions): Store {
  const closing = new AbortController();
  const sql: Sql = openDatabase({ ...options, after: (delayMs, task, signal) => clock.after(delayMs, task, signal) });
  const others = createCrossProcessChanges(sql, clock, {
    followed: () => hub.followed(),
    has: (callId) => hub.has(callId),
    publish: (call) => hub.publish(call),
    forget: (callId) => hub.forget(callId),
  });
  const hub = createHub(others.start, others.stop);
  const claimDue = leases.createClaims(sql, () => Buffer.from(random(16)).toString('base64url'));

  const read = (callId: string): Promise<StoredCall | undefined> =>
    sql.read(() => {
      const row = readRow(sql, callId);
      return row && toCall(row);
    });

  /** Runs a transaction on one call that is known to exist, then notifies its followers. */
  const change = async (work: (transaction: Transaction) => StoredCall): Promise<StoredCall> => {
    const call = await sql.write(work);
    hub.publish(call);
    return call;
  };

  /** Runs a long job step by step, so that other work can run in between. */
  const inSteps = async <Result>(steps: Iterator<undefined, Result>, run = sql.read): Promise<Result> => {
    for (;;) {
      const step = await run(() => steps.next());
      if (step.done === true) return step.value;
      await pause();
    }
  };

  /** A large file after an unclean shutdown: everything is read once, while the process is already serving. */
  const checkInSteps = (steps: Iterator<undefined>): void => {
    clock.after(
      checkPauseMs,
      () => {
        let isDone: boolean | undefined;
        try {
          isDone = steps.next().done;
        } catch (error) {
          sql.refuseEverything();
          onDamage?.(error);
          return;
        }
        if (isDone !== true) checkInSteps(steps);
      },
      closing.signal,
    );
  };
  if (sql.unchecked !== undefined) checkInSteps(sql.unchecked);

  return {
    recall: (key, fingerprint) => sql.read(() => reservations.recall(sql, key, fingerprint)),
    reserve: (request) => sql.write((transaction) => reservations.reserve(sql, transaction, request, clock.now())),
    settle: (callId, settlement, answer) =>
      change(() => {
        const call = reservations.settle(sql, callId, settlement, clock.now());
        if (answer !== undefined) reservations.remember(sql, answer.idempotencyKey, answer.of(call));
        return call;
      }),
    append: (callId, items) =>
      change((transaction) => {
        const row: CallRow | undefined = readRow(sql, callId);
        if (row === undefined) throw new StoreUnavailable('the call is no longer stored');
        const call = changeCall(sql, row, { items }, clock.now());
        if (call.history.length === row.seq) transaction.discard();
        return call;
      }),
    countSlots: (scope, prefix) => sql.read(() => countSlots(sql, scope, prefix)),
    read,
    subscribe: (callId, subscriber) => hub.subscribe(callId, subscriber, () => read(callId)),
    unsubscribe: (callId, subscriber) => hub.unsubscribe(callId, subscriber),
    claimDue: async (limit, leaseMs) => {
      // Read without the write lock first: the poller runs often, and mostly nothing is due.
      const first = await sql.read(() => leases.nextDueAt(sql, clock.now()));
      if (first === undefined || first > clock.now()) return [];
      return sql.write((transaction) => claimDue(transaction, limit, leaseMs, clock.now()));
    },
    postpone: (callId, lease, next) => sql.write(() => leases.postpone(sql, callId, lease, next, clock.now())),
    recordPolls: async (results) => {
      if (results.length === 0) return [];
      const calls = await sql.write(() => leases.recordPolls(sql, results, clock.now()));
      for (const call of calls) if (call !== undefined) hub.publish(call);
      return calls;
    },
    startScheduled: async (callId, lease, checks) => {
      const started = await sql.write((transaction) =>
        leases.startScheduled(sql, transaction, callId, lease, checks, clock.now()),
      );
      if ('refusal' in started) return started.refusal;
      hub.publish(started.call);
      // The sealed request is still in the write-ahead log until that is emptied.
      sql.emptyLogSoon();
      return undefined;
    },
    cancelScheduled: async (callId, because) => {
      const call = await sql.write(() => leases.cancelScheduled(sql, callId, because, clock.now()));
      if (call === undefined) return false;
      hub.publish(call);
      sql.emptyLogSoon();
      return true;
    },
    nextDueAt: () => sql.read(() => leases.nextDueAt(sql, clock.now())),
    suppress: (numberKeys, source, message) =>
      sql.write(() => {
        const isNew = message === undefined || reservations.useOnce(sql, 'webhooks', message.id, message.expiresAt);
        if (isNew) dataSubjects.suppress(sql, numberKeys, source, clock.now());
        return isNew;
      }),
    unsuppress: async (numberKeys) => {
      if (await sql.write(() => dataSubjects.unsuppress(sql, numberKeys))) sql.emptyLogSoon();
    },
    unreachable: (liveVersions) => sql.read(() => dataSubjects.unreachable(sql, liveVersions, clock.now())),
    exportNumber: (numberKeys) => sql.read(() => dataSubjects.exportNumber(sql, numberKeys)),
    eraseNumber: async (numberKeys) => {
      const mentions = await inSteps(dataSubjects.findMentions(sql, numberKeys));
      const ids = await sql.write(() => dataSubjects.eraseNumber(sql, numberKeys, mentions));
      for (const id of ids) hub.forget(id);
      await sql.emptyLog();
      return ids.length;
    },
    deleteExpired: async () => {
      for (const slice of expiredSlices(sql, clock.now())) {
        let deleted = 0;
        do {
          deleted = await sql.write((transaction) => {
            const rows = slice();
            if (rows === 0) transaction.discard();
            return rows;
          });
          if (deleted > 0) await pause();
        } while (deleted >= rowsInSlice);
      }
      sql.noteChanges();
    },
    ping: () =>
      sql.write(() => {
        const [a, b] = paddings;
        sql.run(`UPDATE ping SET padding = CASE substr(padding, 1, 1) WHEN 'a' THEN ? ELSE ? END`, [b, a]);
      }),
    close: async () => {
      closing.abort();
      hub.close();
      others.stop();
      sql.close();
    },
  };
}
