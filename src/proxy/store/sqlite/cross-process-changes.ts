// What other processes on the same file have changed, published to the followers of this one. SQLite has no notification:
// one counter is read ten times a second (measured: 5 µs), only while somebody follows a call.

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

/** Publishes what other processes changed of followed calls to `hub`. */
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
    // The position is taken before the rows: what comes in between is read twice, never missed.
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
        // A fault here shows in every verb that follows it; the next poll catches up with what this one missed.
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
