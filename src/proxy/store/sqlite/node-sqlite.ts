// Node's own SQLite (https://nodejs.org/api/sqlite.html), without a flag since 22.13: nothing has to be installed.
// Described here as far as it is used, because the types of the oldest supported Node do not know it.

import type { Value } from '../sql/operation.js';
import type { ConnectionOptions, SqliteConnection, SqliteDriver, SqliteStatement } from './driver.js';

interface StatementSync {
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
  run(...values: Value[]): { readonly changes: number };
}

interface DatabaseSync {
  /** Missing before 22.16. */
  readonly isTransaction?: boolean;
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  close(): void;
}

interface NodeSqlite {
  readonly DatabaseSync: new (
    file: string,
    options: {
      readonly enableForeignKeyConstraints: boolean;
      readonly defensive: boolean;
    },
  ) => DatabaseSync;
}

/** Node's SQLite, or undefined where there is none: before 22.13, in a Node built without it, and with `--no-experimental-sqlite`. */
export function loadNodeSqlite(): SqliteDriver | undefined {
  const sqlite = withoutItsWarning(() => process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined);
  if (sqlite === undefined) return undefined;
  const { DatabaseSync } = sqlite;
  return { name: 'node:sqlite', open: (file, options) => new NodeConnection(DatabaseSync, file, options) };
}

/**
 * Loads it without the warning that it is experimental, which Node 22 prints on standard error: the store's tests run with it, and an
 * operator can do nothing about it. Every other warning is shown.
 */
function withoutItsWarning<Result>(load: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = (...warning: [warning: string | Error, ...rest: never[]]): void => {
    const [text, kind] = warning as readonly unknown[];
    if (kind === 'ExperimentalWarning' && String(text).startsWith('SQLite ')) return;
    Reflect.apply(emitWarning, process, warning);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

// As libsql opens a file; `defensive` would forbid the schema cookie that checkpoints.ts sets.
const openOptions = { enableForeignKeyConstraints: false, defensive: false };

class NodeConnection implements SqliteConnection {
  readonly #db: DatabaseSync;

  constructor(Database: NodeSqlite['DatabaseSync'], file: string, { lockTimeoutMs = 0 }: ConnectionOptions = {}) {
    this.#db = new Database(file, openOptions);
    // There is an option for it, but not before 22.16.
    this.pragma(`busy_timeout=${String(Math.trunc(lockTimeoutMs))}`);
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#db.prepare(sql);
    return {
      get: (values = []) => statement.get(...values),
      all: (values = []) => statement.all(...values),
      run: (values = []) => statement.run(...values),
    };
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  pragma(source: string): unknown[] {
    return this.#db.prepare(`PRAGMA ${source}`).all();
  }

  rollback(): void {
    try {
      if (this.#db.isTransaction !== false) this.#db.exec('ROLLBACK');
    } catch {
      // Undone already, none was open, or the connection is gone.
    }
  }

  close(): void {
    this.#db.close();
  }
}
