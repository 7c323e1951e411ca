// Runs the shared operations on PostgreSQL: one connection per operation, statements that wait, and one lock for everything that consumes or
// refunds. Knows nothing about calls.

import type { PoolClient, QueryResult } from 'pg';
import type { SqlDatabase, Transaction } from '../sql/database.js';
import type { Operation, Statement, Step } from '../sql/operation.js';
import { StoreUnavailable } from '../store.js';
import { codeOf, type Connections, isConflict, unavailable } from './connection.js';

/** What the database depends on. */
export interface PostgresDatabaseParts {
  readonly connections: Pick<Connections, 'pool'>;
  /** The time, for reads; epoch milliseconds. */
  readonly now: () => number;
  /** Receives the database's time with every transaction; see `DatabaseClock.observe`. */
  readonly observe: (now: number, askedAt: number) => void;
  readonly monotonic: () => number;
  /** Replaces the database's time in transactions, for tests. */
  readonly fixedNow?: (() => number) | undefined;
}

/** The advisory lock of everything that consumes or refunds. Any constant that no other program uses in this database. */
export const admissionLock = 0x506f4362;

/** How often a transaction that another one got in the way of runs again. */
const mostAttempts = 4;

// The clock is read after the lock was waited for.
const clockQuery = 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now';
const beginQuery = `BEGIN; ${clockQuery}`;
const beginAloneQuery = `BEGIN; SELECT pg_advisory_xact_lock(${String(admissionLock)}); ${clockQuery}`;

/** Creates the database. Every method rejects with {@link StoreUnavailable} when its result is not certain. */
export function createPostgresDatabase(parts: PostgresDatabaseParts): SqlDatabase {
  const { connections, now, observe, monotonic, fixedNow } = parts;

  /** Runs `work` on a connection. One that has failed is not used again. */
  const connected = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    const client = await connections.pool.connect();
    let fault: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      if (!isStatementFault(error)) fault = error instanceof Error ? error : new Error('fault');
      throw error;
    } finally {
      client.release(fault);
    }
  };

  /** Reads, once more if the connection had been idle while the server restarted or failed over. */
  const readAgain = async <Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> => {
    let isConnected = false;
    const attempt = (): Promise<Result> =>
      connected((client) => {
        isConnected = true;
        return work(client);
      });
    try {
      return await attempt();
    } catch (error) {
      if (!isConnected || isStatementFault(error) || isTimeout(error)) throw error;
      return attempt();
    }
  };

  const transact = async <Result>(
    client: PoolClient,
    begin: string,
    work: (transaction: Transaction) => Operation<Result>,
    onBegun: () => void,
  ): Promise<Result> => {
    try {
      const askedAt = monotonic();
      const began = (await client.query(begin)) as unknown as readonly QueryResult<{ now: number }>[];
      const databaseNow = began.at(-1)?.rows[0]?.now;
      if (databaseNow === undefined) throw new StoreUnavailable('the database has no time');
      if (begin === beginQuery) observe(databaseNow, askedAt);
      onBegun();
      let keep = true;
      const transaction = { now: fixedNow?.() ?? databaseNow, discard: () => void (keep = false) };
      const result = await runAll(client, work(transaction));
      const { command } = await client.query(keep ? 'COMMIT' : 'ROLLBACK');
      if (keep && command !== 'COMMIT') throw new StoreUnavailable('the transaction was undone');
      return result;
    } catch (error) {
      // Also when waiting for the lock took too long: the transaction has begun, and the connection would refuse everything until it is undone.
      // A connection that cannot even undo is given up; the server then undoes the transaction.
      if (isStatementFault(error)) await client.query('ROLLBACK');
      throw error;
    }
  };

  const write = async <Result>(
    begin: string,
    work: (transaction: Transaction) => Operation<Result>,
  ): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      let hasBegun = false;
      let isConnected = false;
      try {
        return await connected((client) => {
          isConnected = true;
          return transact(client, begin, work, () => void (hasBegun = true));
        });
      } catch (error) {
        // A connection that was idle while the server restarted or failed over: nothing has been done yet.
        const wasStale = isConnected && !hasBegun && attempt === 1 && !isTimeout(error);
        if (!(wasStale || isConflict(error)) || attempt >= mostAttempts) throw unavailable(error);
      }
    }
  };

  /** The result of an operation that ends without changing anything, or undefined as soon as it would change something. */
  const look = async <Result>(
    work: (transaction: Transaction) => Operation<Result>,
  ): Promise<{ readonly result: Result } | undefined> => {
    try {
      return await readAgain(async (client) => {
        const operation = work({ now: fixedNow?.() ?? now(), discard: () => {} });
        for (let step = operation.next(); ; ) {
          if (step.done === true) return { result: step.value };
          if (isChange(step.value)) return undefined;
          step = operation.next(await answer(client, step.value, false));
        }
      });
    } catch (error) {
      throw unavailable(error);
    }
  };

  return {
    read: async (work) => {
      try {
        return await readAgain((client) => runAll(client, work(fixedNow?.() ?? now()), false));
      } catch (error) {
        throw unavailable(error);
      }
    },
    write: (work) => write(beginQuery, work),
    // Waiting for the server's disk blocks nothing here.
    writeRelaxed: (work) => write(beginQuery, work),
    catchUp: () => Promise.resolve(),
    writeAlone: async (work, { canRefuse = false } = {}) => {
      const refused = canRefuse ? await look(work) : undefined;
      return refused === undefined ? write(beginAloneQuery, work) : refused.result;
    },
    // What was deleted stays in the database's own log until that is recycled, and in replicas and backups: see docs/operations/postgresql.md.
    purgeSoon: () => {},
    purge: () => Promise.resolve(),
  };
}

/** Waiting again would only take as long again. */
const isTimeout = (error: unknown): boolean =>
  codeOf(error) === '55P03' || codeOf(error) === '57014' || codeOf(error) === '';

/** The server's answer to a statement, after which the connection can still be used. Not that it is read-only: it may be the primary no longer, and the next connection leads to the one that is. */
const isStatementFault = (error: unknown): boolean =>
  error instanceof StoreUnavailable || /^(?!08|57P|25P03|25006)[0-9A-DF-Z][0-9A-Z]{4}$/.test(codeOf(error));

const isChange = (step: Step): boolean =>
  step === 'next-change' || ('kind' in step ? step.kind === 'run' : step.some(({ kind }) => kind === 'run'));

async function runAll<Result>(client: PoolClient, operation: Operation<Result>, canLock = true): Promise<Result> {
  for (let step = operation.next(); ; step = operation.next(await answer(client, step.value, canLock))) {
    if (step.done === true) return step.value;
  }
}

async function answer(client: PoolClient, step: Step, canLock: boolean): Promise<unknown> {
  // A trigger counts the changes.
  if (step === 'next-change') return 0;
  if ('kind' in step) return execute(client, step, canLock);
  const results = await Promise.allSettled(step.map((statement) => execute(client, statement, canLock)));
  return results.map((result) => {
    // The first one is the cause of the others.
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function execute(
  client: PoolClient,
  { kind, sql, values, locks }: Statement<unknown>,
  canLock: boolean,
): Promise<unknown> {
  const text = numbered(sql) + (canLock ? lockClauses[locks] : '');
  const { rows, rowCount } = await client.query(text, [...values]);
  switch (kind) {
    case 'get':
      return rows[0];
    case 'all':
      return rows;
    case 'run':
      return rowCount ?? 0;
  }
}

const lockClauses = { none: '', rows: ' FOR UPDATE', free: ' FOR UPDATE SKIP LOCKED' } as const;

const texts = new Map<string, string>();

/** The statement with `$1`, `$2` … in place of every `?`. */
export function numbered(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replace(/\?/g, () => `$${String((count += 1))}`);
    // The texts of statements with many rows differ in their number only, which is bounded.
    texts.set(sql, text);
  }
  return text;
}
