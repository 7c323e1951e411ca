// Opens the store that DATABASE_URL names. Each engine is loaded only when it is used: an installation with SQLite loads nothing of PostgreSQL.

import type { Clock } from '../core/clock.js';
import type { Announcements } from './announcements.js';
import type { CallArchive } from './sql/call-archive.js';
import type { Subscription } from './outbox.js';
import type { Store } from './store.js';

/** Where calls, consent records and limits are stored. */
export type DatabaseLocation =
  | { readonly kind: 'file'; readonly path: string }
  /** `connections`: most connections of this process, besides the one that listens. */
  | { readonly kind: 'postgres'; readonly url: string; readonly connections: number };

/** What a store reports besides its methods' results, and whose time it goes by. */
export interface StoreOptions {
  /** Who wants to know what changes. */
  readonly subscriptions?: readonly Subscription[] | undefined;
  /** Damage was found in a file; every method is unavailable from then on. */
  readonly onDamage?: (error: unknown) => void;
  /** A connection was lost, or could not be made again; the store keeps trying. */
  readonly onConnectionFault?: (error: unknown) => void;
  /** Goes by `clock`, although other processes may share the database; for the sandbox, whose time can be set. */
  readonly ownTime?: boolean;
}

/** An open store, and the time that all processes which share it go by. */
export interface OpenedStore {
  readonly store: Store;
  readonly clock: Clock;
  /** Between the processes; absent where each of them works alone. */
  readonly announcements?: Announcements;
}

/** Opens the store. Rejects with {@link StoreOpenError}. */
export async function openStore(
  location: DatabaseLocation,
  clock: Clock,
  { subscriptions, onDamage = () => {}, onConnectionFault = () => {}, ownTime = false }: StoreOptions = {},
): Promise<OpenedStore> {
  if (location.kind === 'file') {
    const { createSqliteStore } = await import('./sqlite/sqlite-store.js');
    return { store: createSqliteStore({ file: location.path, clock, onDamage, subscriptions }), clock };
  }
  const { openPostgresStore } = await import('./postgres/postgres-store.js');
  return openPostgresStore({
    url: location.url,
    poolSize: location.connections,
    clock,
    subscriptions,
    onFault: onConnectionFault,
    ignoresDatabaseTime: ownTime,
  });
}

/** Opens the calls for listing. Rejects with {@link StoreOpenError}. */
export async function openArchive(
  location: DatabaseLocation,
  clock: Clock,
): Promise<{ readonly archive: CallArchive; close(): Promise<void> }> {
  if (location.kind === 'file') {
    const { openFileArchive } = await import('./sqlite/open-archive.js');
    const archive = openFileArchive(location.path, clock);
    return { archive, close: async () => archive.close() };
  }
  const { openPostgresStore } = await import('./postgres/postgres-store.js');
  const { archive, store } = await openPostgresStore({ url: location.url, poolSize: 2, clock });
  return { archive, close: () => store.close() };
}
