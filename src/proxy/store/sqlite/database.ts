// One connection to one SQLite file: opening, migrating, transactions, and turning every fault into StoreUnavailable.
// Knows nothing of calls. libsql works synchronously, so waiting for another process's lock is done between attempts, off the thread.

import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Libsql from 'libsql';
import { StoreUnavailable } from '../store.js';
import { applicationId, migrations } from './schema.js';

/** What may be bound to a statement. Blobs are left out on purpose: libsql 0.5.29 aborts the process when it reads one back. */
export type Value = string | number | null;

/** Why a database file cannot be used. */
export type StoreOpenCode =
  | 'STORE_CANNOT_OPEN'
  | 'STORE_CORRUPT'
  | 'STORE_NEWER_SCHEMA'
  | 'STORE_FOREIGN_FILE'
  | 'STORE_LOCKED'
  | 'STORE_READ_ONLY';

/** Thrown at start when the database file cannot be used; the message says what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly code: StoreOpenCode;
  constructor(code: StoreOpenCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** Lets a transaction be undone without being a fault. */
export interface Transaction {
  /** Nothing of this transaction is kept; its result is returned all the same. */
  discard(): void;
}

/** A connection as the store's verbs use it. The statement methods are only called inside `read` and `write`. */
export interface Sql {
  get(sql: string, values?: readonly Value[]): unknown;
  all(sql: string, values?: readonly Value[]): readonly unknown[];
  /** Number of rows changed. */
  run(sql: string, values?: readonly Value[]): number;
  /** Reads; never waits for a writer. */
  read<Result>(work: () => Result): Promise<Result>;
  /** One durable transaction (`BEGIN IMMEDIATE`, `synchronous=FULL`): when the promise resolves, it is on the disk. */
  write<Result>(work: (transaction: Transaction) => Result): Promise<Result>;
  /** Changes when another connection has committed. */
  dataVersion(): number;
  /** Moves everything into the database file and empties the journal file beside it, as far as other processes allow. */
  truncateWal(): Promise<void>;
  close(): void;
}

/** How the connection is opened. */
export interface DatabaseOptions {
  /** Path of the file, made when missing (folder 0700, file 0600), or `:memory:`. */
  readonly file: string;
  /** How long a write waits for another process's lock, milliseconds. */
  readonly lockTimeoutMs?: number;
  /** Further settings of the connection, applied last (`max_page_count` bounds the file). */
  readonly pragmas?: Readonly<Record<string, number>>;
}

// Long enough for another process's ordinary commit, short enough not to be felt by ten thousand streams.
const busyOnThreadMs = 20;

/** Opens and migrates the file. Throws {@link StoreOpenError}. */
export function openDatabase({ file, lockTimeoutMs = 5_000, pragmas = {} }: DatabaseOptions): Sql {
  const db = openFile(file, lockTimeoutMs);
  try {
    for (const [name, value] of Object.entries(pragmas)) db.pragma(`${name}=${Math.trunc(value)}`);
    db.pragma(`busy_timeout=${busyOnThreadMs}`);
  } catch (error) {
    throw openError(error, file);
  }
  return connection(db, lockTimeoutMs);
}

function connection(db: Libsql.Database, lockTimeoutMs: number): Sql {
  const statements = new Map<string, Libsql.Statement>();
  let open = true;

  const statement = (sql: string): Libsql.Statement => {
    let known = statements.get(sql);
    if (known === undefined) statements.set(sql, (known = db.prepare(sql)));
    return known;
  };

  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    const started = performance.now();
    for (;;) {
      // A prepared statement outlives its connection in libsql: only this flag makes "closed" certain.
      if (!open) throw new StoreUnavailable('the store is closed');
      try {
        return work();
      } catch (error) {
        undo(db);
        if (!isBusy(error) || performance.now() - started >= lockTimeoutMs) throw unavailable(error);
      }
      await sleep(5 + Math.random() * 10);
    }
  };

  return {
    get: (sql, values = []) => statement(sql).get(values),
    all: (sql, values = []) => statement(sql).all(values),
    run: (sql, values = []) => statement(sql).run(values).changes,
    read: (work) => attempt(work),
    write: (work) =>
      attempt(() => {
        let keep = true;
        db.exec('BEGIN IMMEDIATE');
        const result = work({ discard: () => void (keep = false) });
        db.exec(keep ? 'COMMIT' : 'ROLLBACK');
        return result;
      }),
    dataVersion: () => (statement('PRAGMA data_version').get([]) as { data_version: number }).data_version,
    truncateWal: () => attempt(() => void db.pragma('wal_checkpoint(TRUNCATE)')),
    close: () => {
      if (!open) return;
      open = false;
      statements.clear();
      try {
        db.pragma('wal_checkpoint(TRUNCATE)');
      } finally {
        db.close();
      }
    },
  };
}

function openFile(file: string, lockTimeoutMs: number): Libsql.Database {
  let db: Libsql.Database | undefined;
  try {
    if (file !== ':memory:') makeFile(file);
    db = new Libsql(file, { timeout: lockTimeoutMs });
    const mode = db.pragma('journal_mode=WAL') as [{ journal_mode: string }];
    if (file !== ':memory:' && mode[0].journal_mode !== 'wal') {
      throw new StoreOpenError('STORE_CANNOT_OPEN', `${file} cannot be put into WAL mode (is it on a network drive?)`);
    }
    db.pragma('synchronous=FULL');
    db.pragma('secure_delete=ON');
    check(db, file);
    migrate(db, file);
    return db;
  } catch (error) {
    db?.close();
    throw openError(error, file);
  }
}

function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its -wal and -shm files the mode of the database.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

function check(db: Libsql.Database, file: string): void {
  const [first] = db.pragma('quick_check(1)') as { quick_check: string }[];
  if (first?.quick_check !== 'ok') {
    throw new StoreOpenError('STORE_CORRUPT', `${file} is damaged; restore a backup or move the file away`);
  }
}

/** Applies `steps` beyond the file's version, each in its own transaction. */
export function migrate(db: Libsql.Database, file: string, steps: readonly string[] = migrations): void {
  for (;;) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const version = pragmaNumber(db, 'user_version');
      const isForeign = pragmaNumber(db, 'application_id') !== applicationId && hasTables(db);
      if (isForeign) throw new StoreOpenError('STORE_FOREIGN_FILE', `${file} is another program's database`);
      if (version > steps.length) {
        throw new StoreOpenError(
          'STORE_NEWER_SCHEMA',
          `${file} was written by a newer release (schema ${version}, this one knows ${steps.length})`,
        );
      }
      const step = steps[version];
      if (step !== undefined) {
        db.exec(step);
        db.exec(`PRAGMA application_id=${applicationId}`);
        db.exec(`PRAGMA user_version=${version + 1}`);
      }
      db.exec('COMMIT');
      if (step === undefined) return;
    } catch (error) {
      undo(db);
      throw error;
    }
  }
}

const pragmaNumber = (db: Libsql.Database, name: string): number =>
  Number((db.pragma(name) as Record<string, unknown>[])[0]?.[name]);

const hasTables = (db: Libsql.Database): boolean => db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').all().length > 0;

function undo(db: Libsql.Database): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch {
    // SQLite has undone it already, or the connection is gone; the fault that led here is the one reported.
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

// Only SQLite's code goes into the message: its prose may quote a value.
const unavailable = (error: unknown): StoreUnavailable =>
  error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable(`the database does not answer (${codeOf(error) || 'fault'})`, { cause: error });

function openError(error: unknown, file: string): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  if (/CORRUPT|NOTADB/.test(code)) {
    return new StoreOpenError('STORE_CORRUPT', `${file} is damaged or no SQLite file; restore a backup`, cause);
  }
  if (isBusy(error)) return new StoreOpenError('STORE_LOCKED', `${file} is locked by another process`, cause);
  if (/READONLY|^(EACCES|EPERM|EROFS)$/.test(code))
    return new StoreOpenError('STORE_READ_ONLY', `${file} cannot be written`, cause);
  return new StoreOpenError('STORE_CANNOT_OPEN', `${file} cannot be opened (${code || 'fault'})`, cause);
}
