// Every statement that the store runs on PostgreSQL finds its rows through an index, at 100,000 calls, and reads few of
// them: nothing slows down as tables grow. The statements are recorded with their values while every verb is called, and compared with
// those in the source, so that no new one can be missed.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { startPostgres } from '../../fixtures/postgres-server.js';
import { subscriptions } from './conformance/outbox.js';
import { callEveryVerb, statementsLeftOut, tidy } from './fixtures/every-verb.js';
import { fillStatements } from './fixtures/fill-postgres.js';
import { manualClock, startOfTime } from './fixtures/stores.js';

const server = await startPostgres({ shared_buffers: '64MB', max_wal_size: '4GB' });
after(() => server.stop());

/** Statements that read a whole table on purpose. */
const wholeReads: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /^(?:SELECT value FROM|UPDATE) \S*meta /, why: 'two rows' },
  { pattern: /^UPDATE ping /, why: 'one row' },
  {
    pattern: /^SELECT count\(\*\) AS n FROM calls WHERE changed > 0/,
    why: 'the command line counts every call; readers block nobody',
  },
  {
    pattern: /outbox WHERE dead_at (?:IS NOT NULL|<= \$3) AND (?:endpoint|id) = /,
    why: 'a command looks for one endpoint’s or one message among the dead letters',
  },
];

/** The most rows that one part of a statement may read; the largest page is 500. */
const mostRows = 1_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

/** What is wrong with a plan. `small`: indexes of those rows alone that wait for something, which may be read as a whole. */
function faultsIn(plan: Plan, small: ReadonlySet<string>, isLimited = false): readonly string[] {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index = '', Plans: plans = [] } = plan;
  const faults: string[] = [];
  const isScan = table !== undefined && type.endsWith('Scan');
  if (type === 'Seq Scan') faults.push(`reads all of ${String(table)}`);
  const hasCondition = plan['Index Cond'] !== undefined || plan['Recheck Cond'] !== undefined;
  if (isScan && type !== 'Seq Scan' && !hasCondition && !isLimited && !small.has(index))
    faults.push(`walks a whole index of ${table}`);
  const rows =
    (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const read = rows * (plan['Actual Loops'] ?? 0);
  if (isScan && read > mostRows) faults.push(`reads ${String(read)} rows of ${table}`);
  return [...faults, ...plans.flatMap((one) => faultsIn(one, small, isLimited || type === 'Limit'))];
}

/** Records the statements of every connection, with their last values, until the returned function is called. */
function record(seen: Map<string, readonly unknown[]>): () => void {
  const { prototype } = pg.Client;
  const { query } = prototype;
  prototype.query = function recorded(this: pg.Client, text: unknown, values?: unknown, ...rest: unknown[]) {
    if (typeof text === 'string') seen.set(text, Array.isArray(values) ? values : []);
    return Reflect.apply(query, this, [text, values, ...rest]) as unknown;
  } as typeof query;
  return () => {
    prototype.query = query;
  };
}

test('at 100,000 calls, every statement reads few rows, through an index, and none is left out of this test', async () => {
  const url = await server.createDatabase();
  const clock = manualClock();
  const seen = new Map<string, readonly unknown[]>();
  const stop = record(seen);
  const open = () => openPostgresStore({ url, clock, subscriptions, ignoresDatabaseTime: true, poolSize: 2 });
  const [{ store, archive }, { store: other }] = [await open(), await open()];
  try {
    await server.query(url, fillStatements);
    await server.query(url, 'VACUUM ANALYZE');
    await callEveryVerb(store, other, clock);
    const filter = { since: 0, until: startOfTime, statuses: ['completed'], origin: 'https://site.example' } as const;
    await archive.latest({}, 20);
    await archive.latest(filter, 20);
    await archive.count(filter);
    await archive.pages(filter)[Symbol.asyncIterator]().next();
  } finally {
    stop();
    await store.close();
    await other.close();
  }
  const plain = [...seen.keys()].map((text) =>
    tidy(text.replace(/\$\d+/g, '?').replace(/ FOR UPDATE(?: SKIP LOCKED)?$/, '')),
  );
  // What only the engine's other half runs.
  const leftOut = statementsLeftOut(['sql', 'postgres'], plain).filter(
    (one) => !one.includes('SELECT 1 AS found FROM calls WHERE id = ?'),
  );
  assert.deepEqual(leftOut, [], 'never run here');

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET search_path = polyai_callback; SET jit = off');
  const partial = await client.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indpred IS NOT NULL`,
  );
  const small = new Set(partial.rows.map(({ name }) => name));
  const wrong: string[] = [];
  let explained = 0;
  for (const [text, values] of seen) {
    const statement = tidy(text);
    if (!/^(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(statement)) continue;
    if (wholeReads.some(({ pattern }) => pattern.test(statement))) continue;
    // What was inserted is there already.
    const options = statement.startsWith('INSERT') ? 'FORMAT JSON' : 'ANALYZE, TIMING OFF, FORMAT JSON';
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `EXPLAIN (${options}) ${text}`,
      [...values],
    );
    await client.query('ROLLBACK');
    explained += 1;
    for (const { Plan: plan } of rows[0]?.['QUERY PLAN'] ?? [])
      wrong.push(...faultsIn(plan, small).map((fault) => `${fault}: ${statement}`));
  }
  await client.end();
  assert.deepEqual(wrong, []);
  assert.ok(explained > 60, `only ${String(explained)} statements were explained`);
});
