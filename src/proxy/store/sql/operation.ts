// The verbs of the shared SQL. An operation is a generator that yields statements and receives their results, so that one copy of the
// SQL and of the logic runs on a synchronous driver (SQLite) and on one that waits (PostgreSQL). Which one runs it is not known here.

/** What may be bound to a statement. Blobs are excluded on purpose: libsql 0.5.29 aborts the process when it reads one back. */
export type Value = string | number | null;

/** What a statement returns: the first row or undefined, every row, or the number of rows changed. */
export type StatementKind = 'get' | 'all' | 'run';

/**
 * One statement, in the SQL that both engines read, with `?` for each value. `yield*` runs it and returns its result. `key` columns
 * compare byte by byte; a value that decides a type by itself needs a `CAST`.
 */
export class Statement<Result> {
  readonly kind: StatementKind;
  readonly sql: string;
  readonly values: readonly Value[];
  /** Which rows are locked until the transaction ends, where an engine has row locks; `free`: only those that nobody has locked. */
  readonly locks: 'none' | 'rows' | 'free';

  constructor(kind: StatementKind, sql: string, values: readonly Value[], locks: 'none' | 'rows' | 'free' = 'none') {
    this.kind = kind;
    this.sql = sql;
    this.values = values;
    this.locks = locks;
  }

  *[Symbol.iterator](): Generator<Statement<unknown>, Result, unknown> {
    return (yield this) as Result;
  }
}

/** What an operation may yield: a statement, several that do not depend on each other, or the request for the number of a change. */
export type Step = Statement<unknown> | readonly Statement<unknown>[] | 'next-change';

/** Work inside one transaction or one read. An error of the database ends it: it cannot be caught inside. */
export type Operation<Result> = Generator<Step, Result, unknown>;

/** The first row, or undefined. */
export const get = <Row>(sql: string, values: readonly Value[] = []): Statement<Row | undefined> =>
  new Statement('get', sql, values);

/** The first row, which stays as it is until the transaction ends. */
export const getForUpdate = <Row>(sql: string, values: readonly Value[]): Statement<Row | undefined> =>
  new Statement('get', sql, values, 'rows');

/** Every row. */
export const all = <Row>(sql: string, values: readonly Value[] = []): Statement<readonly Row[]> =>
  new Statement('all', sql, values);

/** Every row; they stay as they are until the transaction ends. */
export const allForUpdate = <Row>(sql: string, values: readonly Value[]): Statement<readonly Row[]> =>
  new Statement('all', sql, values, 'rows');

/** Every row that no other transaction is working on; they stay as they are until this one ends. */
export const allFree = <Row>(sql: string, values: readonly Value[]): Statement<readonly Row[]> =>
  new Statement('all', sql, values, 'free');

/** Changes rows and returns how many. */
export const run = (sql: string, values: readonly Value[] = []): Statement<number> => new Statement('run', sql, values);

type Optional = Statement<unknown> | undefined;
type Results<Statements extends readonly Optional[]> = {
  -readonly [Index in keyof Statements]:
    | (Statements[Index] extends Statement<infer Result> | undefined ? Result : never)
    | (undefined extends Statements[Index] ? undefined : never);
};

/** Runs statements that do not depend on each other, in one round trip: either only reads, or only changes, no two of them to the same row. `undefined` is left out. */
export function* together<const Statements extends readonly Optional[]>(
  ...statements: Statements
): Operation<Results<Statements>> {
  const present = statements.filter((one) => one !== undefined);
  const results = (present.length === 0 ? [] : yield present) as readonly unknown[];
  let next = 0;
  return statements.map((one) => (one === undefined ? undefined : results[next++])) as Results<Statements>;
}

/** Number of the newest change to any journal, so that other processes can find what they have not seen. 0 where the database counts by itself. */
export function* nextChange(): Operation<number> {
  return (yield 'next-change') as number;
}
