// One connection to one SQLite file: opening, migrating, transactions, and turning every error into StoreUnavailable.
// Runs operations synchronously, as one piece, which makes a transaction atomic against other requests of this process; waiting for another
// process's lock happens between attempts, without blocking. Knows nothing about calls.

import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../../core/make-folder.js';
import type { SqlDatabase, Transaction } from '../sql/database.js';
import type { Operation, Statement, Step } from '../sql/operation.js';
import { StoreUnavailable } from '../store.js';
import { type Checkpoints, createCheckpoints, isMarkedInUse } from './checkpoints.js';
import { type Copies, lookBeforeOpening, refuseForgetfulCopy, watchFiles } from './copies.js';
import { openConnection, type SqliteConnection, type SqliteStatement, sqliteDriver } from './driver.js';
import { checkSchema, checkSchemaText, checkWhole, contentSlices, wholeCheckBytes } from './integrity.js';
import { StoreOpenError } from '../store-open-error.js';
import { codeOf, isBusy, openError } from './open-error.js';
import { applicationId, migrations } from './schema.js';

/**
 * A connection to a file. A write transaction is `BEGIN IMMEDIATE` with `synchronous=FULL`, so that there is only one at a time; purging
 * empties the write-ahead log, as far as other processes allow.
 */
export interface SqliteDatabase extends SqlDatabase {
  /** Records the number of changes next to the file, so that an older copy is recognized. */
  noteChanges(): void;
  /** Reads everything once, in steps of a few milliseconds; undefined when the file was already checked or requires no check. A step throws when something is damaged. */
  readonly unchecked: Iterator<undefined> | undefined;
  /** Makes every method unavailable from now on: something in the file is damaged. */
  refuseEverything(): void;
  close(): void;
}

/** How the connection is opened. */
export interface DatabaseOptions {
  /** Path of the file, created if missing (folder 0700, file 0600), or `:memory:`. */
  readonly file: string;
  /** How long a write waits for another process's lock, milliseconds. */
  readonly lockTimeoutMs?: number;
  /** The time, epoch milliseconds. */
  readonly now: () => number;
  /** Runs a task later, for checkpoints; see `Clock.after`. */
  readonly after: (delayMs: number, task: () => void, signal?: AbortSignal) => void;
  /** A file up to this size is checked completely at every start, bytes. */
  readonly wholeCheckUpTo?: number;
  /** Further settings of the connection, applied last (`max_page_count` bounds the file). */
  readonly pragmas?: Readonly<Record<string, number>>;
}

// Long enough for another process's ordinary commit, short enough not to delay ten thousand streams.
const busyOnThreadMs = 20;

const nextChange = `UPDATE meta SET value = value + 1 WHERE name = 'changes' RETURNING value`;

const unwatched: Copies = { areInPlace: () => true, note: () => {}, flush: () => {}, close: () => {} };

/** Opens and migrates the file. Throws {@link StoreOpenError}. */
export function openDatabase(options: DatabaseOptions): SqliteDatabase {
  const { file, lockTimeoutMs = 5_000, pragmas = {}, now, after, wholeCheckUpTo = wholeCheckBytes } = options;
  const { db, isUnchecked } = openFile(file, lockTimeoutMs, wholeCheckUpTo);
  try {
    const inMemory = file === ':memory:';
    const files: Copies = inMemory ? unwatched : watchFiles(file);
    const counter = db.prepare(`SELECT value FROM meta WHERE name = 'changes'`);
    const noteChanges = (): void => {
      try {
        files.note((counter.get([]) as { value: number }).value);
      } catch {
        // Every method reports a database error anyway.
      }
    };
    const flushChanges = (): void => {
      noteChanges();
      files.flush();
    };
    const checkpoints = createCheckpoints({ db, after, onQuiet: flushChanges });
    if (!inMemory) {
      flushChanges();
      checkpoints.begin(file, lockTimeoutMs);
    }
    for (const [name, value] of Object.entries(pragmas)) db.pragma(`${name}=${Math.trunc(value)}`);
    db.pragma(`busy_timeout=${busyOnThreadMs}`);
    const unchecked = isUnchecked ? contentSlices(db, file, (fresh) => migrate(fresh, ':memory:')) : undefined;
    return connection({ db, lockTimeoutMs, now, checkpoints, files, flushChanges, unchecked });
  } catch (error) {
    db.close();
    throw openError(error, file);
  }
}

interface ConnectionParts {
  readonly db: SqliteConnection;
  readonly lockTimeoutMs: number;
  readonly now: () => number;
  readonly checkpoints: Checkpoints;
  readonly files: Copies;
  readonly flushChanges: () => void;
  readonly unchecked: Iterator<undefined> | undefined;
}

function connection(parts: ConnectionParts): SqliteDatabase {
  const { db, lockTimeoutMs, now, checkpoints, files, flushChanges, unchecked } = parts;
  const statements = new Map<string, SqliteStatement>();
  let open = true;
  let isDamaged = false;
  /** The number of the last change in the transaction under way; undefined if there is none. */
  let newest: number | undefined;

  const statement = (sql: string): SqliteStatement => {
    let known = statements.get(sql);
    if (known === undefined) statements.set(sql, (known = db.prepare(sql)));
    return known;
  };

  const execute = ({ kind, sql, values }: Statement<unknown>): unknown => {
    const prepared = statement(sql);
    switch (kind) {
      case 'get':
        return prepared.get(values);
      case 'all':
        return prepared.all(values);
      case 'run':
        return prepared.run(values).changes;
    }
  };

  const answer = (step: Step): unknown => {
    if (step === 'next-change') return (newest = (statement(nextChange).get([]) as { value: number }).value);
    return 'kind' in step ? execute(step) : step.map(execute);
  };

  /** Runs an operation to its end, in one piece. */
  const runAll = <Result>(operation: Operation<Result>): Result => {
    for (let step = operation.next(); ; step = operation.next(answer(step.value))) {
      if (step.done === true) return step.value;
    }
  };

  const attempt = async <Result>(work: () => Result): Promise<Result> => {
    const started = performance.now();
    for (;;) {
      // A prepared statement outlives its connection in libsql: only this flag makes "closed" certain.
      if (!open) throw new StoreUnavailable('the store is closed');
      if (isDamaged) throw new StoreUnavailable('the database is damaged');
      try {
        return work();
      } catch (error) {
        db.rollback();
        if (!isBusy(error) || performance.now() - started >= lockTimeoutMs) throw unavailable(error);
      }
      await sleep(5 + Math.random() * 10);
    }
  };

  const transact = <Result>(work: (transaction: Transaction) => Operation<Result>): Result => {
    // Nothing written to a deleted file is durable.
    if (!files.areInPlace()) {
      // So that the next start detects that the file there now has lost calls.
      flushChanges();
      throw new StoreUnavailable('the database file was deleted, moved or replaced');
    }
    newest = undefined;
    let keep = true;
    db.exec('BEGIN IMMEDIATE');
    const result = runAll(work({ now: now(), discard: () => void (keep = false) }));
    db.exec(keep ? 'COMMIT' : 'ROLLBACK');
    if (keep) {
      // Nobody else can have counted any further before the commit.
      if (newest !== undefined) files.note(newest);
      checkpoints.committed();
    }
    return result;
  };

  const write = <Result>(work: (transaction: Transaction) => Operation<Result>): Promise<Result> =>
    attempt(() => transact(work));

  /** Commits that are not flushed: the next one that is flushes them as well. */
  const unflushed = <Result>(work: () => Result): Result => {
    db.pragma('synchronous=NORMAL');
    try {
      return work();
    } catch (error) {
      // Inside a transaction the setting cannot be changed back.
      db.rollback();
      throw error;
    } finally {
      db.pragma('synchronous=FULL');
    }
  };

  return {
    read: (work) => attempt(() => runAll(work(now()))),
    write,
    writeRelaxed: (work) => attempt(() => unflushed(() => transact(work))),
    catchUp: async () => {
      // In a turn of its own: it takes as long as a transaction.
      await nextTurn();
      if (open) checkpoints.moveSome();
    },
    writeAlone: write,
    purge: () => attempt(() => checkpoints.emptyNow()),
    purgeSoon: () => checkpoints.emptySoon(),
    noteChanges: flushChanges,
    unchecked,
    refuseEverything: () => void (isDamaged = true),
    close: () => {
      if (!open) return;
      open = false;
      statements.clear();
      try {
        flushChanges();
        files.close();
        checkpoints.end();
      } finally {
        db.close();
      }
    },
  };
}

interface OpenedFile {
  readonly db: SqliteConnection;
  /** Too large to be checked at startup, and the last shutdown was not clean. */
  readonly isUnchecked: boolean;
}

function openFile(file: string, lockTimeoutMs: number, wholeCheckUpTo: number): OpenedFile {
  let db: SqliteConnection | undefined;
  try {
    // Before a file is created that nothing can open.
    sqliteDriver();
    const inMemory = file === ':memory:';
    const before = inMemory ? undefined : lookBeforeOpening(file);
    if (!inMemory) createFile(file);
    const size = inMemory ? 0 : statSync(file).size;
    db = openConnection(file, { lockTimeoutMs });
    checkSchemaText(db, file);
    const mode = db.pragma('journal_mode=WAL') as [{ journal_mode: string }];
    if (!inMemory && mode[0].journal_mode !== 'wal') {
      throw new StoreOpenError('STORE_CANNOT_OPEN', `${file} cannot be opened in WAL mode (is it on a network drive?)`);
    }
    db.pragma('synchronous=FULL');
    db.pragma('secure_delete=ON');
    // See checkpoints.ts.
    db.pragma('wal_autocheckpoint=0');
    if (before !== undefined) refuseForgetfulCopy(file, before, stateOf(db));
    migrate(db, file);
    checkSchema(db, file, (fresh) => migrate(fresh, ':memory:'));
    const isSmall = size <= wholeCheckUpTo;
    if (isSmall) checkWhole(db, file, (fresh) => migrate(fresh, ':memory:'));
    return { db, isUnchecked: !isSmall && before?.isUnclean === true };
  } catch (error) {
    db?.close();
    throw openError(error, file);
  }
}

function createFile(file: string): void {
  makeFolder(dirname(file));
  // Opening a pipe would wait for ever, and the mode of a device is not ours to change.
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === false) throw new StoreOpenError('STORE_CANNOT_OPEN', `${file} is not a regular file`);
  // SQLite gives its -wal and -shm files the mode of the database. An existing file is not opened here: closing it again would release
  // the locks of another connection of this process.
  if (found === undefined) closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

/** What {@link refuseForgetfulCopy} needs. The file may be new, damaged or another program's: then that is reported later. */
function stateOf(db: SqliteConnection): { readonly isMarkedInUse: boolean; readonly changes: number } {
  const isOurs = pragmaNumber(db, 'application_id') === applicationId;
  if (!isOurs || !hasTable(db, 'meta')) return { isMarkedInUse: false, changes: hasTables(db) ? Infinity : 0 };
  // CAST: a damaged row may contain anything, and libsql must not read it as text.
  const rows = db
    .prepare(
      `SELECT name = 'changes' AS isCount, CAST(value AS INTEGER) AS value FROM meta WHERE name IN ('changes', 'log_is_needed')`,
    )
    .all() as { isCount: number; value: number }[];
  const valueOf = (isCount: number): number => rows.find((row) => row.isCount === isCount)?.value ?? 0;
  return { isMarkedInUse: isMarkedInUse(db, valueOf(0)), changes: valueOf(1) };
}

/** Applies `steps` beyond the file's version, each in its own transaction. */
export function migrate(db: SqliteConnection, file: string, steps: readonly string[] = migrations): void {
  for (;;) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const version = pragmaNumber(db, 'user_version');
      const isForeign = pragmaNumber(db, 'application_id') !== applicationId && hasTables(db);
      if (isForeign) throw new StoreOpenError('STORE_FOREIGN_FILE', `${file} belongs to another program`);
      if (version > steps.length) {
        throw new StoreOpenError(
          'STORE_NEWER_SCHEMA',
          `${file} was written by a newer release (schema ${version}; this release supports up to ${steps.length})`,
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
      db.rollback();
      throw error;
    }
  }
}

const pragmaNumber = (db: SqliteConnection, name: string): number =>
  Number((db.pragma(name) as Record<string, unknown>[])[0]?.[name]);

const hasTable = (db: SqliteConnection, name: string): boolean =>
  db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').all([name]).length > 0;

const hasTables = (db: SqliteConnection): boolean => db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').all().length > 0;

// Only SQLite's code goes into the message: its text may quote a value.
const unavailable = (error: unknown): StoreUnavailable =>
  error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable(`the database is not responding (${codeOf(error) || 'fault'})`, { cause: error });
