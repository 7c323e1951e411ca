// Publishes what other processes on the same file have changed to the followers in this one. SQLite has no notification:
// one counter is read ten times a second (measured: 5 µs), only while a call has followers.

import type { Clock } from '../../core/clock.js';
import type { Hub } from '../hub.js';
import { type CallRow, toCall } from '../sql/call-rows.js';
import type { SqlDatabase } from '../sql/database.js';
import { all, get, type Operation, together } from '../sql/operation.js';
import { isStored } from '../sql/sql-store.js';

/** How often the counter is read, milliseconds. */
export const pollMs = 100;

/** Polling that can be started and stopped. */
export interface CrossProcessChanges {
  readonly start: () => void;
  readonly stop: () => void;
}

/** What this process has seen of the others' changes. */
interface Position {
  /** Changes when another connection has committed. */
  readonly version: number;
  readonly changes: number;
  readonly forgotten: number;
}

function* dataVersion(): Operation<number> {
  return (yield* get<{ data_version: number }>('PRAGMA data_version'))?.data_version ?? 0;
}

function* position(): Operation<Position> {
  const version = yield* dataVersion();
  const [changes, forgotten] = yield* together(readMeta('changes'), readMeta('forgotten'));
  return { version, changes: changes?.value ?? 0, forgotten: forgotten?.value ?? 0 };
}

const readMeta = (name: 'changes' | 'forgotten') =>
  get<{ value: number }>('SELECT value FROM meta WHERE name = ?', [name]);

/** Publishes other processes' changes to followed calls to `hub`. */
export function createCrossProcessChanges(
  database: Pick<SqlDatabase, 'read'>,
  clock: Clock,
  hub: Pick<Hub, 'followed' | 'has' | 'publish' | 'forget'>,
): CrossProcessChanges {
  let running: AbortController | undefined;
  let seen: Position | undefined;

  function* poll(): Operation<void> {
    if (seen !== undefined && (yield* dataVersion()) === seen.version) return;
    const before = seen;
    // The position is read before the rows: changes in between are read twice, never missed.
    seen = yield* position();
    if (before === undefined || seen.forgotten !== before.forgotten) yield* dropForgotten();
    const rows = yield* all<CallRow>('SELECT * FROM calls WHERE changed > ?', [before?.changes ?? 0]);
    for (const row of rows) if (hub.has(row.id)) hub.publish(toCall(row));
  }

  function* dropForgotten(): Operation<void> {
    for (const callId of hub.followed()) if (!(yield* isStored(callId))) hub.forget(callId);
  }

  const tick = (stopped: AbortSignal): void => {
    clock.after(
      pollMs,
      () => {
        // Later calls to the store report this error too; the next poll catches up on what this one missed.
        database
          .read(poll)
          .catch(() => {
            seen = undefined;
          })
          .finally(() => {
            if (!stopped.aborted) tick(stopped);
          });
      },
      stopped,
    );
  };

  return {
    start: () => {
      running?.abort();
      running = new AbortController();
      const { signal } = running;
      database
        .read(function* begin() {
          seen = yield* position();
        })
        .catch(() => {
          seen = undefined;
        });
      tick(signal);
    },
    stop: () => running?.abort(),
  };
}
