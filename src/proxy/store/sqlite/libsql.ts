// The npm package libsql: SQLite for a Node without one of its own. Loaded only there, because it is a native package that need not be installed.

import { createRequire } from 'node:module';
import type Libsql from 'libsql';
import { StoreOpenError } from '../store-open-error.js';
import type { ConnectionOptions, SqliteConnection, SqliteDriver, SqliteStatement } from './driver.js';

const load = createRequire(import.meta.url);

/** Loads the package. Throws {@link StoreOpenError} `STORE_DRIVER_MISSING`. */
export function loadLibsql(): SqliteDriver {
  const Database = loadPackage();
  return { name: 'libsql', open: (file, options) => new LibsqlConnection(Database, file, options) };
}

function loadPackage(): typeof Libsql {
  try {
    return load('libsql') as typeof Libsql;
  } catch (error) {
    // Installed for another platform, its native part is missing or cannot be loaded.
    throw new StoreOpenError(
      'STORE_DRIVER_MISSING',
      `This Node (${process.version}) has no SQLite of its own, and the npm package libsql is not installed or does not run here. ` +
        'Use Node 22.13 or newer, or install the proxy with its optional dependencies (`npm install libsql`)',
      { cause: error },
    );
  }
}

class LibsqlConnection implements SqliteConnection {
  readonly #db: Libsql.Database;
  #isOpen = true;

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
    // libsql 0.5.29 aborts the process when asked about a closed connection.
    if (!this.#isOpen) return;
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // Undone already.
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#db.close();
  }
}
