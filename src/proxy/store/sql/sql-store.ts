// The store on an SQL database, whichever it is. Assembles the store's methods: each is one transaction, followed by notifying
// followers. What they do is in the other files of this folder; how a statement reaches the database is in the engine's.

import type { Clock } from '../../core/clock.js';
import type { Hub } from '../hub.js';
import type { Subscription } from '../outbox.js';
import type { QueueStore } from '../queue.js';
import type { RedialPlan, Reservation, Store, StoredCall } from '../store.js';
import { longestReportWaitMs, StoreUnavailable } from '../store.js';
import { countSlots, countTaken } from './admission.js';
import { usage } from './allowances.js';
import * as callDetails from './call-details.js';
import { type CallRow, changeCall, lockRow, readable, readRow, toCall } from './call-rows.js';
import * as dataSubjects from './data-subjects.js';
import type { SqlDatabase, Transaction } from './database.js';
import * as leases from './leases.js';
import { all, get, type Operation, run, type Statement } from './operation.js';
import { createOutbox } from './outbox.js';
import * as outcomes from './outcomes.js';
import { optOut } from './opt-outs.js';
import * as queue from './queue.js';
import * as redials from './redials.js';
import * as reservations from './reservations.js';
import { expiredSlices, rowsInSlice } from './retention.js';

/** What the methods depend on. */
export interface SqlStoreParts {
  readonly database: SqlDatabase;
  /** Followers in this process. What other processes change is published to it by the engine. */
  readonly hub: Hub;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly random: (size: number) => Uint8Array;
  /** Encrypts the request that a call will open once more, where the engine cannot delete it from its own files; `storeKey` runs in the same transaction. */
  readonly seal?: (
    callId: string,
    sealedRequest: string,
  ) => { readonly sealed: string; readonly storeKey: Statement<number> };
  /** Who wants to know what changes. Without any, no event is written and the outbox is never queried. */
  readonly subscriptions?: readonly Subscription[] | undefined;
}

// A ping writes as much as a reservation does (some ten pages), so that a disk with room for only one page does not count as ready.
// Two alternating texts, because SQLite does not write a page that would not change.
const paddings = ['a'.repeat(40_000), 'b'.repeat(40_000)] as const;

/** Something as it is stored, and the statement that stores its key, if the engine needs one. */
interface Sealed<Value> {
  readonly value: Value;
  /** For the call that was stored. */
  readonly storeKey?: ((call: StoredCall) => Statement<number> | undefined) | undefined;
}

/** The pause between two steps of a long job, milliseconds. */
const pauseMs = 2;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

/** One call, or undefined when no call has that id. */
export function* readCall(callId: string): Operation<StoredCall | undefined> {
  const row = yield* readRow(callId);
  return row && toCall(row);
}

/** The calls that changed last. A row that cannot be read is left out. */
function* readRecentCalls(limit: number): Operation<readonly StoredCall[]> {
  const rows = yield* all<CallRow>('SELECT * FROM calls WHERE changed > 0 ORDER BY changed DESC LIMIT ?', [limit]);
  return rows.flatMap((row) => readable(row) ?? []);
}

/** The store's methods except `close`, which belongs to the engine. */
export function createSqlStore(parts: SqlStoreParts): Omit<Store, 'close'> {
  const { hub, clock, random, subscriptions = [] } = parts;
  const database = subscriptions.length === 0 ? parts.database : reporting(parts.database, subscriptions);
  const createLease = (): string => Buffer.from(random(16)).toString('base64url');
  const claimDue = leases.createClaims(createLease);
  const read = (callId: string): Promise<StoredCall | undefined> => database.read(() => readCall(callId));

  /** A second attempt as it is stored. It, not the call itself, will open the request. */
  const sealRedial = (redial: RedialPlan): Sealed<RedialPlan> => {
    if (parts.seal === undefined) return { value: redial };
    const { sealed, storeKey } = parts.seal(redial.callId, redial.sealedRequest);
    return { value: { ...redial, sealedRequest: sealed }, storeKey: () => storeKey };
  };

  /** A reservation as it is stored: only one of its requests will be, depending on whether the call joins the queue. */
  const sealReservation = (given: Reservation): Sealed<Reservation> => {
    const { seal } = parts;
    if (seal === undefined) return { value: given };
    const { callId, scheduled, queue: waiting, redial } = given;
    const booked = scheduled && seal(callId, scheduled.sealedRequest);
    const queued = waiting && seal(callId, waiting.sealedRequest);
    const again = redial && sealRedial(redial);
    const value: Reservation = {
      ...given,
      ...(scheduled && booked && { scheduled: { ...scheduled, sealedRequest: booked.sealed } }),
      ...(waiting && queued && { queue: { ...waiting, sealedRequest: queued.sealed } }),
      ...(again && { redial: again.value }),
    };
    const storeKey = (call: StoredCall): Statement<number> | undefined =>
      booked?.storeKey ?? (call.isQueued === true ? queued?.storeKey : again?.storeKey?.(call));
    return { value, storeKey };
  };

  const cancelScheduled: Store['cancelScheduled'] = async (callId, because) => {
    const call = await database.writeAlone((transaction) => leases.cancelScheduled(callId, because, transaction));
    if (call === undefined) return false;
    hub.publish(call);
    database.purgeSoon();
    return true;
  };

  const expireRedials = async (): Promise<void> => {
    const latestOf = (now: number): number => now + longestReportWaitMs;
    // Read without a lock first: mostly there is none.
    while (await database.read((now) => redials.isAnyUnreported(now, latestOf(now)))) {
      await database.write(({ now }) => redials.forgetUnreported(now, latestOf(now), rowsInSlice));
      database.purgeSoon();
      await pause();
    }
    const late = await database.read(function* readLate(now) {
      return yield* redials.readLateAttempts(now);
    });
    for (const { id } of late) await cancelScheduled(id, 'slot-missed');
  };

  /** Publishes the result of a transaction on one call. */
  const published = async (result: Promise<StoredCall>): Promise<StoredCall> => {
    const call = await result;
    hub.publish(call);
    return call;
  };

  return {
    ...createOutbox(database, createLease),
    recall: (key, fingerprint) => database.read(() => reservations.recall(key, fingerprint)),
    reserve: (given) => {
      const { value: request, storeKey } = sealReservation(given);
      return database.writeAlone(
        function* reserve(transaction) {
          const outcome = yield* reservations.reserve(transaction, request);
          const key = outcome.kind === 'reserved' && storeKey?.(outcome.call);
          if (key) yield* key;
          return outcome;
        },
        { canRefuse: true },
      );
    },
    settle: (callId, settlement, answer) => {
      const settle = (transaction: Transaction): Operation<StoredCall> =>
        reservations.settle(transaction, callId, settlement, answer);
      // Only the others refund.
      const isAlone = settlement.kind === 'rejected' || settlement.kind === 'not-sent';
      const settled = published(isAlone ? database.writeAlone(settle) : database.write(settle));
      // What was kept for a second attempt.
      if (settlement.kind !== 'accepted')
        settled.then(
          () => database.purgeSoon(),
          () => {},
        );
      return settled;
    },
    append: (callId, items) =>
      published(
        database.write(function* append(transaction) {
          const row = yield* lockRow(callId);
          if (row === undefined) throw new StoreUnavailable('the call is no longer stored');
          const call = yield* changeCall(row, { items }, transaction);
          if (call.history.length === row.seq) transaction.discard();
          return call;
        }),
      ),
    countTaken: (slots) => database.read(() => countTaken(slots)),
    countSlots: (scope, prefix, last) => database.read(() => countSlots(scope, prefix, last)),
    listCalls: (range) => database.read(() => callDetails.listCalls(range)),
    readDetails: (callId) => database.read(() => callDetails.readDetails(callId)),
    usage: (consumptions) => database.read((now) => usage(consumptions, now)),
    read,
    recentCalls: (limit) => database.read(() => readRecentCalls(limit)),
    subscribe: (callId, subscriber) => hub.subscribe(callId, subscriber, () => read(callId)),
    unsubscribe: (callId, subscriber) => hub.unsubscribe(callId, subscriber),
    claimDue: async (limit, leaseMs) => {
      // Read without a lock first: the poller runs often, and mostly nothing is due.
      const isDue = await database.read(function* isAnythingDue(now) {
        const { at } = yield* leases.nextDue(now);
        return at !== undefined && at <= now;
      });
      // A power failure also ends whoever holds a lease.
      return isDue ? database.writeRelaxed((transaction) => claimDue(transaction, limit, leaseMs)) : [];
    },
    renewLeases: (held, leaseMs) => database.writeRelaxed(({ now }) => leases.renewLeases(held, leaseMs, now)),
    postpone: async (callId, lease, next) => {
      await database.writeRelaxed(function* postpone({ now }) {
        return yield* leases.postpone(callId, lease, next, now);
      });
    },
    recordPolls: async (results) => {
      if (results.length === 0) return [];
      const { calls, isUnsealed } = await database.write((transaction) => leases.recordPolls(transaction, results));
      for (const call of calls) if (call !== undefined) hub.publish(call);
      if (isUnsealed) database.purgeSoon();
      return calls;
    },
    startScheduled: async (callId, lease, { redial: given, ...checks }) => {
      const { value: redial, storeKey } = given === undefined ? { value: undefined } : sealRedial(given);
      const started = await database.writeAlone(
        function* startScheduled(transaction) {
          const outcome = yield* leases.startScheduled(transaction, callId, lease, { ...checks, redial });
          const key = 'call' in outcome && storeKey?.(outcome.call);
          if (key) yield* key;
          return outcome;
        },
        { canRefuse: true },
      );
      if ('refusal' in started) return started.refusal;
      hub.publish(started.call);
      // The sealed request.
      database.purgeSoon();
      return undefined;
    },
    cancelScheduled,
    redialNow: async (callId) => {
      const call = await database.write(({ now }) => leases.redialNow(callId, now));
      if (call !== undefined) hub.publish(call);
      return call;
    },
    expireRedials,
    nextDue: () => database.read((now) => leases.nextDue(now)),
    ...createQueueStore(database, hub, sealRedial),
    suppress: async (numberKeys, source, message, sealedNumber) => {
      const isDone = await database.write(function* suppress(transaction) {
        const isNew =
          message === undefined || (yield* reservations.useOnce('webhooks', message.id, message.expiresAt)) === 1;
        if (isNew) yield* dataSubjects.suppress(numberKeys, source, transaction, { sealedNumber });
        return isNew;
      });
      database.purgeSoon();
      return isDone;
    },
    recordOutcome: async (report) => {
      const recorded = await database.write((transaction) => outcomes.recordOutcome(transaction, report));
      if (recorded.kind === 'recorded') {
        hub.publish(recorded.call);
        database.purgeSoon();
      }
      return recorded;
    },
    optOut: async (request) => {
      const outcome = await database.writeAlone((transaction) => optOut(transaction, request));
      if (outcome === 'done') database.purgeSoon();
      return outcome;
    },
    unsuppress: async (numberKeys) => {
      if (await database.write(() => dataSubjects.unsuppress(numberKeys))) database.purgeSoon();
    },
    unreachable: (liveVersions) => database.read((now) => dataSubjects.unreachable(liveVersions, now)),
    exportNumber: (numberKeys) => database.read((now) => dataSubjects.exportNumber(numberKeys, now)),
    eraseNumber: async (numberKeys) => {
      const search = dataSubjects.searchMentions(numberKeys);
      while (!(await database.read(() => search.next()))) await pause();
      const ids = await database.writeAlone(() => dataSubjects.eraseNumber(numberKeys, search.found));
      for (const id of ids) hub.forget(id);
      await database.purge();
      return ids.length;
    },
    deleteExpired: async () => {
      await expireRedials();
      const now = clock.now();
      for (const expired of expiredSlices) {
        for (let isLast = false; !isLast; ) {
          // Undone by a power failure, it is done again an hour later.
          const slice = await database.writeRelaxed(function* deleteSlice(transaction) {
            const done = yield* expired(now, () => clock.monotonic());
            if (done.deleted === 0) transaction.discard();
            return done;
          });
          ({ isLast } = slice);
          if (slice.deleted === 0) continue;
          await database.catchUp();
          await pause();
        }
      }
    },
    ping: async () => {
      const [a, b] = paddings;
      await database.write(function* ping() {
        return yield* run(`UPDATE ping SET padding = CASE substr(padding, 1, 1) WHEN 'a' THEN ? ELSE ? END`, [b, a]);
      });
    },
  };
}

/** The methods of the queue. */
function createQueueStore(
  database: SqlDatabase,
  hub: Pick<Hub, 'publish'>,
  sealRedial: (redial: RedialPlan) => Sealed<RedialPlan>,
): QueueStore {
  const canRefuse = { canRefuse: true };
  return {
    readQueue: () => database.read(() => queue.readQueue()),
    reviewQueue: (checks, includesPassedOver) =>
      database.writeAlone((transaction) => queue.reviewQueue(transaction, checks, includesPassedOver), canRefuse),
    startQueued: async (callId, { redial: given, ...checks }) => {
      const { value: redial, storeKey } = given === undefined ? { value: undefined } : sealRedial(given);
      const started = await database.writeAlone(function* startQueued(transaction) {
        const outcome = yield* queue.startQueued(transaction, callId, { ...checks, redial });
        const key = 'call' in outcome && storeKey?.(outcome.call);
        if (key) yield* key;
        return outcome;
      }, canRefuse);
      if ('refusal' in started) return started.refusal;
      hub.publish(started.call);
      // The sealed request.
      database.purgeSoon();
      return undefined;
    },
    passOver: (callId) => database.writeAlone((transaction) => queue.passOver(transaction, callId)),
    wouldAdmit: (requests) => database.read((now) => queue.wouldAdmit(requests, now)),
  };
}

/** The database whose transactions report what they change. */
function reporting(database: SqlDatabase, subscriptions: readonly Subscription[]): SqlDatabase {
  const and = (transaction: Transaction): Transaction => ({
    now: transaction.now,
    discard: () => transaction.discard(),
    subscriptions,
  });
  return {
    read: (work) => database.read(work),
    write: (work) => database.write((transaction) => work(and(transaction))),
    writeRelaxed: (work) => database.writeRelaxed((transaction) => work(and(transaction))),
    catchUp: () => database.catchUp(),
    writeAlone: (work, options) => database.writeAlone((transaction) => work(and(transaction)), options),
    purgeSoon: () => database.purgeSoon(),
    purge: () => database.purge(),
  };
}

/** True when a call is still stored. */
export function* isStored(callId: string): Operation<boolean> {
  return (yield* get('SELECT 1 AS found FROM calls WHERE id = ?', [callId])) !== undefined;
}
