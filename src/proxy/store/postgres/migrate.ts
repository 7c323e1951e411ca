// Brings a database to this release's schema, one process at a time, and refuses one that cannot keep what the proxy promises.

import type { Client } from 'pg';
import { StoreOpenError } from '../store-open-error.js';
import { openError } from './connection.js';
import { migrations, schemaName } from './schema.js';

/** The advisory lock of migrations. */
const migrationLock = 0x506f4363;

/** The schema of the database; undefined when it has none of our tables. */
export async function readSchemaVersion(client: Client): Promise<number | undefined> {
  const found = await client.query<{ table: string | null }>(`SELECT to_regclass('${schemaName}.meta') AS table`);
  if (found.rows[0]?.table === null) return undefined;
  const version = await client.query<{ value: number }>(`SELECT value FROM ${schemaName}.meta WHERE name = 'schema'`);
  return version.rows[0]?.value ?? 0;
}

/** Migrates, under a lock. Throws {@link StoreOpenError}. */
export async function migrate(client: Client, steps: readonly string[] = migrations): Promise<void> {
  try {
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(migrationLock)})`);
    const version = (await readSchemaVersion(client)) ?? 0;
    if (version > steps.length)
      throw new StoreOpenError(
        'STORE_NEWER_SCHEMA',
        `the database was written by a newer release (schema ${String(version)}; this release supports up to ${String(steps.length)})`,
      );
    if (version < steps.length) {
      // A role that may not create schemas can use one that was created for it.
      const exists = await client.query<{ oid: string | null }>(`SELECT to_regnamespace('${schemaName}') AS oid`);
      if (exists.rows[0]?.oid === null) await client.query(`CREATE SCHEMA ${schemaName}`);
      await client.query(`SET LOCAL search_path = ${schemaName}`);
      for (const step of steps.slice(version)) await client.query(step);
      await client.query(`UPDATE meta SET value = ${String(steps.length)} WHERE name = 'schema'`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw openError(error);
  }
}

/** Refuses a server that acknowledges what it may forget, or that cannot store every text. Throws {@link StoreOpenError}. */
export async function requireDurable(client: Client): Promise<void> {
  const { rows } = await client.query<Record<'commit' | 'fsync' | 'pages' | 'encoding' | 'replica', string>>(
    `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS pages, current_setting('server_encoding') AS encoding,
       pg_is_in_recovery()::text AS replica`,
  );
  const [settings] = rows;
  const notDurable = (setting: string): StoreOpenError =>
    new StoreOpenError(
      'STORE_NOT_DURABLE',
      `PostgreSQL runs with ${setting}, so it may forget, after a crash, that a call was placed, and the same request would ring a phone twice. Set it to on for this database`,
    );
  if (settings?.replica === 'true')
    throw new StoreOpenError('STORE_READ_ONLY', 'PostgreSQL is read-only: DATABASE_URL must name the primary');
  if (settings?.commit === 'off') throw notDurable('synchronous_commit=off');
  if (settings?.fsync === 'off') throw notDurable('fsync=off');
  if (settings?.pages === 'off') throw notDurable('full_page_writes=off');
  if (settings?.encoding !== 'UTF8')
    throw new StoreOpenError(
      'STORE_CANNOT_OPEN',
      `the database has the encoding ${String(settings?.encoding)}; it must be UTF8`,
    );
}
