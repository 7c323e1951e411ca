// Publishes what other processes have changed to the followers in this one: a connection that listens, and reads the calls it is told of.
// After every (re)connection it reads every followed call, so that nothing is missed while there was none.

import type { Client, Notification } from 'pg';
import type { Clock } from '../../core/clock.js';
import type { Hub } from '../hub.js';
import { type CallRow, toCall } from '../sql/call-rows.js';
import type { SqlDatabase } from '../sql/database.js';
import { all } from '../sql/operation.js';
import { placeholders } from '../sql/value-rows.js';
import { announcementsChannel, changesChannel } from './schema.js';

/** What listening depends on. */
export interface NotificationParts {
  /** A new connection, not yet connected. */
  readonly connect: () => Client;
  readonly database: Pick<SqlDatabase, 'read'>;
  readonly hub: Pick<Hub, 'followed' | 'has' | 'publish' | 'forget'>;
  /** Receives what processes announce. */
  readonly onAnnouncement: (payload: string) => void;
  readonly clock: Pick<Clock, 'after'>;
  /** Called when the connection is lost, and when it could not be made again. */
  readonly onFault: (error: unknown) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** How often a connection is tried, milliseconds: a network that fails silently closes nothing. */
const checkMs = 10_000;
/** Calls read in one statement. */
const rowsAtOnce = 100;

/** Starts listening; resolves when the first connection listens. Returns how to stop. */
export async function listen(parts: NotificationParts): Promise<() => Promise<void>> {
  const { connect, database, hub, onAnnouncement, clock, onFault } = parts;
  const stopped = new AbortController();
  const wanted = new Set<string>();
  let current: Client | undefined;
  let isReading = false;
  let pauseMs = firstPauseMs;

  /** Reads the calls that have changed; those that change meanwhile are read again. */
  const read = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      while (wanted.size > 0 && !stopped.signal.aborted) {
        const ids = [...wanted].slice(0, rowsAtOnce);
        for (const id of ids) wanted.delete(id);
        await publish(ids);
      }
    } catch (error) {
      // The calls are read after the next connection.
      onFault(error);
      reconnect(current);
    } finally {
      isReading = false;
    }
  };

  const publish = async (ids: readonly string[]): Promise<void> => {
    const rows = await database.read(function* readChanged() {
      return yield* all<CallRow>(`SELECT * FROM calls WHERE id IN (${placeholders(ids.length)})`, ids);
    });
    const found = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) hub.forget(id);
    for (const row of rows) hub.publish(toCall(row));
  };

  const readFollowed = (): void => {
    for (const id of hub.followed()) wanted.add(id);
    void read();
  };

  const open = async (): Promise<void> => {
    const client = connect();
    let isLost = false;
    const lose = (cause: unknown): void => {
      if (isLost) return;
      isLost = true;
      void client.end().catch(() => {});
      if (stopped.signal.aborted || current !== client) return;
      onFault(cause);
      reconnect(client);
    };
    client.on('error', lose);
    client.on('end', () => lose(new Error('the connection ended')));
    client.on('notification', ({ channel, payload }: Notification) => {
      if (channel === announcementsChannel) return onAnnouncement(payload ?? '');
      if (payload === undefined || !hub.has(payload)) return;
      wanted.add(payload);
      void read();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${changesChannel}; LISTEN ${announcementsChannel}`);
    } catch (error) {
      isLost = true;
      void client.end().catch(() => {});
      throw error;
    }
    current = client;
    pauseMs = firstPauseMs;
    readFollowed();
    check(client, lose);
  };

  const check = (client: Client, lose: (cause: unknown) => void): void => {
    clock.after(
      checkMs,
      () => {
        if (current !== client) return;
        client.query('SELECT 1').then(() => check(client, lose), lose);
      },
      stopped.signal,
    );
  };

  const reconnect = (lost: Client | undefined): void => {
    if (stopped.signal.aborted || lost !== current) return;
    current = undefined;
    void lost?.end().catch(() => {});
    tryAgain();
  };

  const tryAgain = (): void => {
    const waitMs = pauseMs;
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    clock.after(
      waitMs,
      () => {
        open().catch((error: unknown) => {
          onFault(error);
          if (!stopped.signal.aborted) tryAgain();
        });
      },
      stopped.signal,
    );
  };

  await open();
  return async () => {
    stopped.abort();
    const last = current;
    current = undefined;
    await last?.end().catch(() => {});
  };
}
