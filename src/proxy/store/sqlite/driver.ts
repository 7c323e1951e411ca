// Which SQLite this process uses, chosen once: two of them must never have one file open in one process, because closing it in one
// releases the locks of the other (https://sqlite.org/howtocorrupt.html, 2.2). What the rest of the store needs from it, and nothing of calls.

import type { Value } from '../sql/operation.js';
import { loadLibsql } from './libsql.js';
import { loadNodeSqlite } from './node-sqlite.js';

/** A prepared statement; `?` takes the values in order. It must not be used once its connection is closed. */
export interface SqliteStatement {
  /** The first row, or undefined. */
  get(values?: readonly Value[]): unknown;
  /** Every row. */
  all(values?: readonly Value[]): unknown[];
  /** `changes`: rows inserted, updated or deleted by the last statement that did. */
  run(values?: readonly Value[]): { readonly changes: number };
}

/** One connection. Every method is synchronous and throws the driver's error, see `codeOf` (open-error.ts). */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  /** Runs statements that need no values. */
  exec(sql: string): void;
  /** Runs `PRAGMA source` and returns its rows. */
  pragma(source: string): unknown[];
  /** Ends a transaction, if one is open. Never throws: SQLite may have undone it already. */
  rollback(): void;
  close(): void;
}

/** How a file is opened. */
export interface ConnectionOptions {
  /** How long a statement waits for a lock, milliseconds; default 0. */
  readonly lockTimeoutMs?: number;
}

/** Opens connections. */
export interface SqliteDriver {
  readonly name: 'node:sqlite' | 'libsql';
  /** Opens a file, or `:memory:`. Creates the file if it is missing. */
  open(file: string, options?: ConnectionOptions): SqliteConnection;
}

let chosen: SqliteDriver | undefined;

/** The driver of this process: Node's own SQLite where there is one, otherwise libsql. The other one is never loaded. Throws {@link StoreOpenError} `STORE_DRIVER_MISSING`. */
export function sqliteDriver(): SqliteDriver {
  chosen ??= loadNodeSqlite() ?? loadLibsql();
  return chosen;
}

/** Opens a connection with the driver of this process. Throws {@link StoreOpenError} `STORE_DRIVER_MISSING`, or the driver's error. */
export const openConnection = (file: string, options?: ConnectionOptions): SqliteConnection =>
  sqliteDriver().open(file, options);
