// Copies everything from a SQLite file to an empty PostgreSQL database: who opted out, consent records, calls that have ended, and what limits
// and idempotency keys remember. Neither calls that are open nor a proxy that runs are moved: a call that two databases knew could ring twice.

import { existsSync } from 'node:fs';
import type { Client } from 'pg';
import type { Clock } from '../core/clock.js';
import { openConnections } from './postgres/connection.js';
import { admissionLock } from './postgres/database.js';
import { openPostgresStore } from './postgres/postgres-store.js';
import { schemaName } from './postgres/schema.js';
import { openConnection, type SqliteConnection } from './sqlite/driver.js';
import { createSqliteStore } from './sqlite/sqlite-store.js';
import type { Store } from './store.js';

/** What is copied, and where to. */
export interface FileImport {
  /** An existing file; it is migrated to this release's schema first. */
  readonly file: string;
  readonly url: string;
  readonly clock: Clock;
  /** Called with what could not be recognized under the keys of the new database; throws to stop before anything is written. */
  readonly requireKeys: (kept: Awaited<ReturnType<Store['unreachable']>>) => void;
  /** Names of the live keys of the new database. */
  readonly versions: readonly string[];
}

/** How an import ended. `counts`: rows by table. */
export type ImportOutcome =
  | { readonly kind: 'imported'; readonly counts: ReadonlyMap<string, number> }
  | { readonly kind: 'file-in-use' }
  | { readonly kind: 'open-calls'; readonly count: number }
  | { readonly kind: 'not-empty' };

/** Rows of each engine's own, which the other has no use for. */
const ownTables = new Set(['meta', 'ping', 'row_keys']);
const rowsAtOnce = 100;

/** Copies in one transaction. Rejects with {@link StoreOpenError}, or with what `requireKeys` throws. */
export async function importFile({ file, url, clock, requireKeys, versions }: FileImport): Promise<ImportOutcome> {
  if (!isUnused(file)) return { kind: 'file-in-use' };
  await requireRecognizable(file, clock, versions, requireKeys);
  // Opening it creates the tables and checks that the server can be used.
  const { store } = await openPostgresStore({ url, clock, poolSize: 1 });
  await store.close();
  const source = openConnection(file);
  try {
    source.exec('BEGIN IMMEDIATE');
    const open = source
      .prepare(`SELECT count(*) AS n FROM calls WHERE stage <> 'ended' OR sealed IS NOT NULL`)
      .get() as { readonly n: number };
    if (open.n > 0) return { kind: 'open-calls', count: open.n };
    const { pool, dedicated } = await openConnections({ url }, () => {});
    const target = dedicated();
    target.on('error', () => {});
    try {
      await target.connect();
      return await copy(source, target);
    } finally {
      await Promise.all([target.end().catch(() => {}), pool.end()]);
    }
  } finally {
    source.rollback();
    source.close();
  }
}

async function requireRecognizable(
  file: string,
  clock: Clock,
  versions: readonly string[],
  requireKeys: (kept: Awaited<ReturnType<Store['unreachable']>>) => void,
): Promise<void> {
  const store = createSqliteStore({ file, clock });
  try {
    requireKeys(await store.unreachable(versions));
  } finally {
    await store.close();
  }
}

/** False while another process has the file open, and after one that was killed: the last connection that closes removes both files, https://sqlite.org/walformat.html. */
const isUnused = (file: string): boolean => !existsSync(`${file}-wal`) && !existsSync(`${file}-shm`);

async function copy(source: SqliteConnection, target: Client): Promise<ImportOutcome> {
  await target.query(
    `BEGIN; SET LOCAL search_path = ${schemaName}; SELECT pg_advisory_xact_lock(${String(admissionLock)})`,
  );
  const tables = (
    source.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all() as {
      readonly name: string;
    }[]
  )
    .map(({ name }) => name)
    .filter((name) => !ownTables.has(name));
  for (const table of ['calls', 'consents', 'suppressions']) {
    const { rowCount } = await target.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rowCount !== 0) return { kind: 'not-empty' };
  }
  const counts = new Map<string, number>();
  for (const table of tables) counts.set(table, await copyTable(table, source, target));
  await target.query('COMMIT');
  return { kind: 'imported', counts };
}

/** Copies a table, whose columns have the same names in both engines. Returns the number of rows. */
async function copyTable(table: string, source: SqliteConnection, target: Client): Promise<number> {
  const columns = (source.pragma(`table_info(${table})`) as { readonly name: string }[]).map(({ name }) => name);
  const rows = source.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).all() as Record<string, unknown>[];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const batch = rows.slice(from, from + rowsAtOnce);
    const places = batch.map(
      (_, row) => `(${columns.map((__, column) => `$${String(row * columns.length + column + 1)}`).join(', ')})`,
    );
    await target.query(
      // A row that the new database has already is one that every new database has.
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`,
      batch.flatMap((row) => columns.map((column) => row[column])),
    );
  }
  return rows.length;
}
