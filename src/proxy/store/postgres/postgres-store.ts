// The store for several machines: PostgreSQL. Its methods are the shared ones; connecting, other processes' changes, the database's time and
// the keys of waiting callbacks are its own. Loaded only when DATABASE_URL names a PostgreSQL database.

import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { Clock } from '../../core/clock.js';
import type { Announcements } from '../announcements.js';
import { createHub } from '../hub.js';
import { type CallArchive, createCallArchive } from '../sql/call-archive.js';
import { createSqlStore } from '../sql/sql-store.js';
import type { Subscription } from '../outbox.js';
import type { CallDetails, Store } from '../store.js';
import { createAnnouncements } from './announcements.js';
import { type ConnectionOptions, openConnections, openError } from './connection.js';
import { createPostgresDatabase } from './database.js';
import { followDatabaseClock } from './database-clock.js';
import { migrate, readSchemaVersion, requireDurable } from './migrate.js';
import { listen } from './notifications.js';
import { openRowKeys, sealUnderRowKey } from './row-keys.js';
import { requireSession } from './session-check.js';

export { schemaVersion } from './schema.js';

/** The options of the store. */
export interface PostgresStoreOptions extends ConnectionOptions {
  /** This machine's clock. */
  readonly clock: Clock;
  /** Source of lease names and of the keys of waiting callbacks. */
  readonly random?: (size: number) => Uint8Array;
  /** Called when a connection is lost, and when it could not be made again. */
  readonly onFault?: (error: unknown) => void;
  /** Who wants to know what changes. */
  readonly subscriptions?: readonly Subscription[] | undefined;
  /** Goes by `clock` instead of the database's time; for tests. */
  readonly ignoresDatabaseTime?: boolean;
}

/** The store, and the time that all of its processes share. */
export interface PostgresStore {
  readonly store: Store;
  readonly clock: Clock;
  readonly archive: CallArchive;
  readonly announcements: Announcements;
}

/** Connects, migrates, and returns the store. Rejects with {@link StoreOpenError}. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const {
    clock: machine,
    random = randomBytes,
    onFault = () => {},
    ignoresDatabaseTime = false,
    subscriptions,
  } = options;
  const following = followDatabaseClock(machine);
  const clock = ignoresDatabaseTime ? machine : following.clock;
  const connections = await openConnections(options, onFault);
  const database = createPostgresDatabase({
    connections,
    now: () => clock.now(),
    observe: following.observe,
    monotonic: () => machine.monotonic(),
    fixedNow: ignoresDatabaseTime ? () => machine.now() : undefined,
  });
  const hub = createHub(
    () => {},
    () => {},
  );
  const announcements = createAnnouncements(connections, random, onFault);
  let stopListening: () => Promise<void>;
  try {
    await withClient(connections.dedicated(), async (client) => {
      await requireDurable(client);
      await requireSession({ connect: () => connections.dedicated(), timeoutMs: connections.timeoutMs });
      await migrate(client);
    });
    // The time is known from the first transaction on.
    await database.write(function* learnTime() {});
    stopListening = await listen({
      connect: () => connections.dedicated(),
      database,
      hub,
      onAnnouncement: announcements.receive,
      clock: machine,
      onFault,
    });
  } catch (error) {
    await connections.pool.end();
    throw openError(error);
  }

  const store = createSqlStore({
    database,
    hub,
    clock,
    random,
    subscriptions,
    seal: (callId, sealedRequest) => sealUnderRowKey(callId, sealedRequest, random),
  });

  const opened = async <Item extends Sealed>(items: readonly Item[]): Promise<readonly Item[]> => {
    const sealed = items.flatMap(({ call, sealedRequest }) =>
      sealedRequest === undefined ? [] : [[call.id, sealedRequest] as const],
    );
    const requests = await openRowKeys(database, new Map(sealed));
    return items.map((item) => {
      const { sealedRequest, ...rest } = item;
      const request = requests.get(item.call.id);
      return sealedRequest === undefined
        ? item
        : ({ ...rest, ...(request !== undefined && { sealedRequest: request }) } as Item);
    });
  };

  const archive = createCallArchive(database);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    hub.close();
    await stopListening();
    await connections.pool.end();
  };
  return {
    clock,
    announcements,
    archive: {
      ...archive,
      latest: async (filter, limit) => opened(await archive.latest(filter, limit)),
      async *pages(filter): AsyncGenerator<readonly CallDetails[]> {
        for await (const page of archive.pages(filter)) yield await opened(page);
      },
    },
    store: {
      ...store,
      claimDue: async (limit, leaseMs) => opened(await store.claimDue(limit, leaseMs)),
      reviewQueue: async (checks, includesPassedOver) => {
        const { next, ...review } = await store.reviewQueue(checks, includesPassedOver);
        const [found] = next === undefined ? [] : await opened([next]);
        return { ...review, ...(found && { next: found }) };
      },
      listCalls: async (range) => opened(await store.listCalls(range)),
      readDetails: async (callId) => {
        const found = await store.readDetails(callId);
        return found && (await opened([found]))[0];
      },
      close: () => (closing ??= close()),
    },
  };
}

/** What may contain a sealed request. */
interface Sealed {
  readonly call: { readonly id: string };
  readonly sealedRequest?: string;
}

async function withClient<Result>(client: Client, work: (client: Client) => Promise<Result>): Promise<Result> {
  // Without a listener, losing the connection would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw openError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The schema of the database, without changing anything; undefined when it has none of our tables. Rejects with {@link StoreOpenError}. */
export async function readPostgresSchema(options: ConnectionOptions): Promise<number | undefined> {
  const { pool, dedicated } = await openConnections(options, () => {});
  try {
    return await withClient(dedicated(), readSchemaVersion);
  } finally {
    await pool.end();
  }
}
