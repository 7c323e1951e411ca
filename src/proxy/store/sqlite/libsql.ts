// The npm package libsql: SQLite for a Node without one of its own. Loaded only there, because it is a native package that need not be installed.

import { createRequire } from 'node:module';
import type Libsql from 'libsql';
import type { ConnectionOptions, SqliteConnection, SqliteDriver, SqliteStatement } from './driver.js';

const load = createRequire(import.meta.url);

/** Loads the package. */
export function loadLibsql(): SqliteDriver {
  const Database = load('libsql') as typeof Libsql;
  return { name: 'libsql', open: (file, options) => new LibsqlConnection(Database, file, options) };
}

class LibsqlConnection implements SqliteConnection {
  readonly #db: Libsql.Database;

  constructor(Database: typeof Libsql, file: string, { lockTimeoutMs = 0 }: ConnectionOptions = {}) {
    this.#db = new Database(file, { timeout: lockTimeoutMs });
  }

  // A statement of this package takes its values as one array, and returns what SqliteStatement says.
  prepare(sql: string): SqliteStatement {
    return this.#db.prepare(sql);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  pragma(source: string): unknown[] {
    return this.prepare(`PRAGMA ${source}`).all();
  }

  rollback(): void {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // Undone already, or the connection is gone.
    }
  }

  close(): void {
    this.#db.close();
  }
}
