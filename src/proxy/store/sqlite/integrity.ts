// Whether the content of a database file can be read. libsql aborts the whole process when it reads a text that is not UTF-8 (and a
// blob), so possibly damaged data must never be read directly: everything here goes through hex().

import { toCall, type CallRow } from '../sql/call-rows.js';
import { StoreOpenError } from '../store-open-error.js';
import { openConnection, type SqliteConnection } from './driver.js';

/** A file up to this size is checked completely at every start (about 10 ms per megabyte); a larger one in slices, after an unclean shutdown. */
export const wholeCheckBytes: number = 16 * 1_048_576;

/** Rows read in one slice. */
const sliceRows = 100;

const damaged = (file: string, what: string): StoreOpenError =>
  new StoreOpenError(
    'STORE_CORRUPT',
    `${file} is damaged (${what}): restore a backup (docs/operations/backup.md), or move the file and those that begin with its name away to start with an empty one`,
  );

const utf8 = new TextDecoder('utf-8', { fatal: true });

function isText(hex: string): boolean {
  try {
    utf8.decode(Buffer.from(hex, 'hex'));
    return true;
  } catch {
    return false;
  }
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

const readSchema = (db: SqliteConnection): readonly SchemaRow[] =>
  db
    .prepare(
      `SELECT hex(type) AS type, hex(name) AS name, hex(coalesce(sql, '')) AS sql FROM sqlite_master ORDER BY 1, 2`,
    )
    .all() as SchemaRow[];

/** Refuses a file whose tables are not written as UTF-8 or are not readable. Runs before anything else is read. Throws {@link StoreOpenError}. */
export function checkSchemaText(db: SqliteConnection, file: string): void {
  const [row] = db.pragma('encoding') as { encoding: string }[];
  if (row?.encoding !== 'UTF-8') throw damaged(file, 'its encoding');
  const isWhole = readSchema(db).every(({ type, name, sql }) => [type, name, sql].every(isText));
  if (!isWhole) throw damaged(file, 'the names of its tables');
}

/** Refuses a file in which a table or an index is missing or different. Throws {@link StoreOpenError}. */
export function checkSchema(db: SqliteConnection, file: string, migrateInto: (fresh: SqliteConnection) => void): void {
  const fresh = openConnection(':memory:');
  try {
    migrateInto(fresh);
    const have = new Set(readSchema(db).map((row) => JSON.stringify(row)));
    const isWhole = readSchema(fresh).every((row) => have.has(JSON.stringify(row)));
    if (!isWhole) throw damaged(file, 'its tables');
  } finally {
    fresh.close();
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

// Taken from a fresh database: the names in a damaged one cannot be trusted.
function tablesOf(db: SqliteConnection): readonly Table[] {
  const names = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all() as {
    name: string;
  }[];
  return names.map(({ name }) => ({ name, columns: db.pragma(`table_info(${name})`) as Column[] }));
}

/**
 * Reads every row of every table, a few at a time, and yields after each slice. Throws {@link StoreOpenError} `STORE_CORRUPT` when a
 * text is not UTF-8, or SQLite's error when a page cannot be read.
 */
export function* contentSlices(
  db: SqliteConnection,
  file: string,
  migrateInto: (fresh: SqliteConnection) => void,
): Generator<undefined> {
  const fresh = openConnection(':memory:');
  let tables: readonly Table[];
  try {
    migrateInto(fresh);
    tables = tablesOf(fresh);
  } finally {
    fresh.close();
  }
  for (const table of tables) yield* slicesOf(db, file, table);
}

function* slicesOf(db: SqliteConnection, file: string, { name, columns }: Table): Generator<undefined> {
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const keyList = key.map((column) => column.name).join(', ');
  // Line feeds keep a truncated character in one column from being completed by the next column.
  const content = columns.map((column) => `coalesce(${column.name}, '')`).join(` || char(10) || `);
  const keys = key.map((column, index) => `hex(${column.name}) AS k${String(index)}`).join(', ');
  // The plus takes the cast's affinity away: with it, SQLite would search by the first column of the key alone, and read all rows that share it.
  const bound = key.map(({ type }) => `+CAST(CAST(unhex(?) AS TEXT) AS ${type})`).join(', ');
  const statement = (condition: string): string =>
    `SELECT hex(${content}) AS content, ${keys} FROM ${name} ${condition} ORDER BY ${keyList} LIMIT ${String(sliceRows)}`;
  const first = db.prepare(statement(''));
  const next = db.prepare(statement(`WHERE (${keyList}) > (${bound})`));
  for (let rows = first.all() as Record<string, string>[]; rows.length > 0; ) {
    if (!rows.every((row) => isText(row['content'] ?? ''))) throw damaged(file, `a text in ${name}`);
    yield undefined;
    const last = rows[rows.length - 1] ?? {};
    if (rows.length < sliceRows) return;
    rows = next.all(key.map((_, index) => last[`k${String(index)}`] ?? '')) as Record<string, string>[];
  }
}

/** Refuses a file that cannot be read completely. SQLite's quick check is not enough: it skips the text in indexes, which is read too. Throws {@link StoreOpenError}. */
export function checkWhole(db: SqliteConnection, file: string, migrateInto: (fresh: SqliteConnection) => void): void {
  const [first] = db.prepare('SELECT hex(integrity_check) AS result FROM pragma_integrity_check LIMIT 1').all() as {
    result: string;
  }[];
  if (first?.result !== Buffer.from('ok').toString('hex').toUpperCase()) throw damaged(file, 'its pages');
  for (const _ of contentSlices(db, file, migrateInto));
  const active = db.prepare(`SELECT * FROM calls WHERE stage <> 'ended'`).all() as CallRow[];
  try {
    for (const row of active) toCall(row);
  } catch (error) {
    throw new StoreOpenError(
      'STORE_CORRUPT',
      `${file} is damaged (a call under way): restore a backup (docs/operations/backup.md)`,
      {
        cause: error,
      },
    );
  }
}
