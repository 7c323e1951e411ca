// The database of a soak: a SQLite file, or a PostgreSQL server of its own. How it is locked, what else can happen to it, and what it holds at
// the end.

import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { openConnection } from '../../src/proxy/store/sqlite/driver.js';
import { startPostgres } from '../fixtures/postgres-server.js';
import type { Fault } from './faults.js';

/** A call as the database holds it. */
export interface StoredCall {
  readonly id: string;
  readonly stage: string;
  readonly status: string;
  readonly history: string;
}

/** The database of a soak. */
export interface SoakDatabase {
  readonly title: 'SQLite' | 'PostgreSQL';
  /** The proxy's settings. */
  readonly env: Readonly<Record<string, string>>;
  /** What can only happen to this database. */
  readonly faults: readonly Fault[];
  calls(): Promise<readonly StoredCall[]>;
  close(): Promise<void>;
}

const columns = 'id, stage, status, history';
const lockedMs = 8_000;
const locked = (run: Fault['run']): Fault => ({ name: 'the database is locked for 8 seconds', run });

/** A file in `folder`. */
export function sqliteDatabase(folder: string): SoakDatabase {
  const file = `${folder}/soak.db`;
  return {
    title: 'SQLite',
    env: { DATABASE_URL: `file:${file}` },
    faults: [
      locked(async () => {
        const other = openConnection(file, { lockTimeoutMs: 5_000 });
        other.exec('BEGIN IMMEDIATE');
        await after(lockedMs);
        other.exec('ROLLBACK');
        other.close();
      }),
    ],
    calls: async () => {
      const db = openConnection(file);
      try {
        return db.prepare(`SELECT ${columns} FROM calls`).all() as readonly StoredCall[];
      } finally {
        db.close();
      }
    },
    close: async () => {},
  };
}

/** A server, started for the soak. */
export async function postgresDatabase(): Promise<SoakDatabase> {
  const server = await startPostgres({ autovacuum: 'on', recovery_init_sync_method: 'syncfs' });
  const url = await server.createDatabase();
  return {
    title: 'PostgreSQL',
    env: { DATABASE_URL: url, SECRET_KEYS: `v1:${randomBytes(32).toString('base64')}` },
    faults: [
      locked(async () => {
        const other = new pg.Client({ connectionString: url });
        await other.connect();
        await other.query('BEGIN; LOCK TABLE polyai_callback.calls IN EXCLUSIVE MODE');
        await after(lockedMs);
        await other.query('COMMIT');
        await other.end();
      }),
      {
        name: 'the database cuts every connection',
        run: async () => {
          await server.query(
            url,
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
          );
        },
      },
      {
        name: 'kill -9 of the database server, and a restart after 5 seconds',
        run: async () => {
          server.process.kill('SIGKILL');
          await after(5_000);
          await server.restart();
        },
      },
    ],
    calls: async () =>
      (await server.query(url, `SELECT ${columns} FROM polyai_callback.calls`)) as unknown as readonly StoredCall[],
    close: () => server.stop(),
  };
}
