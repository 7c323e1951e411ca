// Publishes what other processes on the same file have changed to the followers in this one. SQLite has no notification:
// one counter is read ten times a second (measured: 5 µs), only while a call has followers.

import type { Clock } from '../../core/clock.js';
import type { Hub } from '../hub.js';
import { type CallRow, readMeta, toCall } from './call-rows.js';
import type { Sql } from './database.js';

/** How often the counter is read, milliseconds. */
export const pollMs = 100;

/** Polling that can be started and stopped. */
export interface CrossProcessChanges {
  readonly start: () => void;
  readonly stop: () => void;
}

/** Publishes other processes' changes to followed calls to `hub`. */
export function createCrossProcessChanges(
  sql: Sql,
  clock: Clock,
  hub: Pick<Hub, 'followed' | 'has' | 'publish' | 'forget'>,
): CrossProcessChanges {
  let running: AbortController | undefined;
  let seen: { version: number; changes: number; forgotten: number } | undefined;

  const position = (): { version: number; changes: number; forgotten: number } => ({
    version: sql.dataVersion(),
    changes: readMeta(sql, 'changes'),
    forgotten: readMeta(sql, 'forgotten'),
  });

  const poll = (): void => {
    if (seen !== undefined && sql.dataVersion() === seen.version) return;
    const before = seen;
    // The position is read before the rows: changes in between are read twice, never missed.
    seen = position();
    if (before === undefined || seen.forgotten !== before.forgotten) dropForgotten();
    const rows = sql.all('SELECT * FROM calls WHERE changed > ?', [before?.changes ?? 0]) as readonly CallRow[];
    for (const row of rows) if (hub.has(row.id)) hub.publish(toCall(row));
  };

  const dropForgotten = (): void => {
    for (const callId of hub.followed()) {
      if (sql.get('SELECT 1 AS found FROM calls WHERE id = ?', [callId]) === undefined) hub.forget(callId);
    }
  };

  const tick = (stopped: AbortSignal): void => {
    clock.after(
      pollMs,
      () => {
        // Later calls to the store report this error too; the next poll catches up on what this one missed.
        sql
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
      sql
        .read(() => {
          seen = position();
        })
        .catch(() => {
          seen = undefined;
        });
      tick(signal);
    },
    stop: () => running?.abort(),
  };
}
