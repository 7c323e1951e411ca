// The embedded store: SQLite in one file, for one process or several on one machine. Its methods are the shared ones; only the file,
// its damage and what other processes change are its own.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.js';
import { createHub } from '../hub.js';
import type { Subscription } from '../outbox.js';
import { createSqlStore } from '../sql/sql-store.js';
import type { Store } from '../store.js';
import { createCrossProcessChanges } from './cross-process-changes.js';
import { type DatabaseOptions, openDatabase } from './database.js';

/** The options of the embedded store. */
export interface SqliteStoreOptions extends Omit<DatabaseOptions, 'after' | 'now'> {
  readonly clock: Clock;
  /** Source of lease names. */
  readonly random?: (size: number) => Uint8Array;
  /** Called when damage is found in a file that was too large to be checked at start. Every method is unavailable from then on. */
  readonly onDamage?: (error: unknown) => void;
  /** Who wants to know what changes. */
  readonly subscriptions?: readonly Subscription[] | undefined;
}

const checkPauseMs = 10;

/** Opens (or creates) the database file and returns the store. Throws {@link StoreOpenError}. */
export function createSqliteStore(storeOptions: SqliteStoreOptions): Store {
  const { clock, random = randomBytes, onDamage, subscriptions, ...options } = storeOptions;
  const closing = new AbortController();
  const database = openDatabase({
    ...options,
    now: () => clock.now(),
    after: (delayMs, task, signal) => clock.after(delayMs, task, signal),
  });
  const others = createCrossProcessChanges(database, clock, {
    followed: () => hub.followed(),
    has: (callId) => hub.has(callId),
    publish: (call) => hub.publish(call),
    forget: (callId) => hub.forget(callId),
  });
  const hub = createHub(others.start, others.stop);

  /** A large file after an unclean shutdown: everything is read once, while the process is already serving. */
  const checkInSteps = (steps: Iterator<undefined>): void => {
    clock.after(
      checkPauseMs,
      () => {
        let isDone: boolean | undefined;
        try {
          isDone = steps.next().done;
        } catch (error) {
          database.refuseEverything();
          onDamage?.(error);
          return;
        }
        if (isDone !== true) checkInSteps(steps);
      },
      closing.signal,
    );
  };
  if (database.unchecked !== undefined) checkInSteps(database.unchecked);

  const store = createSqlStore({ database, hub, clock, random, subscriptions });
  return {
    ...store,
    deleteExpired: async () => {
      await store.deleteExpired();
      database.noteChanges();
    },
    close: async () => {
      closing.abort();
      hub.close();
      others.stop();
      database.close();
    },
  };
}
