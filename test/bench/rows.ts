// What a large database costs: from the start of the process until it is ready, and how long one slice of the retention job holds up
// everything else. Beside an empty database, on the same disk in the same run.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/proxy/core/clock.js';
import { openConnection } from '../../src/proxy/store/sqlite/driver.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { createKeyring } from '../../src/proxy/secrets/keyring.js';
import { startProcess } from '../crash/proxy-process.js';
import { startChild } from './child.js';
import { flushesMs } from './disk.js';
import { cpuMicroseconds } from './process-use.js';
import { median, quantile, table } from './report.js';

const starts = 5;
const dayMs = 86_400_000;
/** A fixed secret: the proxy refuses to start when rows are under one that it does not have. */
const secret = Buffer.alloc(32, 'bench');
const version = createKeyring([{ name: 'v1', secret }]).versions[0] ?? '';
/** Expired rows per table: the retention job has something to do. */
const expiredShare = 50;

/** Measures and prints. Resolves to false when a target was missed. */
export async function benchRows(count: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  try {
    const empty = join(folder, 'empty.db');
    const full = join(folder, 'full.db');
    for (const file of [empty, full]) await createSqliteStore({ file, clock: systemClock }).close();
    fill(full, count);
    const megabytes = statSync(full).size / 1_048_576;
    const flush = flushesMs(join(folder, 'flush'), 200);
    const child = startChild('retention', [full]);
    const retention = await child.request<Record<RetentionFigure, number>>();
    await child.stop();
    table(
      [`the retention job at ${shown(count)} calls`, 'p50, ms', 'p99, ms', 'worst, ms'],
      [
        [
          'one flush of 4 KB to this disk',
          median(flush).toFixed(1),
          quantile(flush, 0.99).toFixed(1),
          Math.max(...flush).toFixed(1),
        ],
        [
          `one slice or checkpoint (of ${shown(retention.slices)}, ${(retention.tookMs / 1_000).toFixed(1)} s in all)`,
          retention.p50.toFixed(1),
          retention.p99.toFixed(1),
          retention.worst.toFixed(1),
        ],
        ['checkpoints in the two seconds afterwards', '–', '–', retention.afterwards.toFixed(1)],
      ],
    );
    process.stdout.write(
      `CPU time of a slice or checkpoint: ${(retention.cpuMs / Math.max(1, retention.slices)).toFixed(1)} ms\n`,
    );
    const node: number[] = [];
    const ready: Record<string, Ready[]> = { [empty]: [], [full]: [] };
    for (let run = 0; run < starts; run += 1) {
      const start = performance.now();
      execFileSync(process.execPath, ['-e', '']);
      node.push(performance.now() - start);
      for (const file of [empty, full]) ready[file]?.push(await startUp(file));
    }
    const row = (name: string, values: readonly number[], cpus: readonly number[] = []): string[] => [
      name,
      median(values).toFixed(0),
      Math.max(...values).toFixed(0),
      cpus.length === 0 ? '–' : median(cpus).toFixed(0),
    ];
    const rowOf = (name: string, file: string): string[] => {
      const runs = ready[file] ?? [];
      return row(
        name,
        runs.map(({ ms }) => ms),
        runs.map(({ cpuMs }) => cpuMs),
      );
    };
    table(
      ['from the start of the process', 'p50, ms', 'worst, ms', 'CPU, ms'],
      [
        row('node that does nothing, until it ends', node),
        rowOf('the proxy, empty database, until /readyz', empty),
        rowOf(`the proxy, ${shown(count)} calls (${megabytes.toFixed(0)} MB), until /readyz`, full),
      ],
    );
    const readyMs = median((ready[full] ?? []).map(({ ms }) => ms));
    const isMet = readyMs <= 1_000 && retention.p99 <= 10;
    if (!isMet) process.stdout.write('MISSED: ready within 1 s, and slices of 10 ms at p99\n');
    return isMet;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ended calls with their consents and answers, as many of them expired as one in {@link expiredShare}. In the order of their keys, and with the indexes built afterwards: a million rows then take a minute. */
function fill(file: string, count: number): void {
  const db = openConnection(file);
  const now = Date.now();
  for (const setting of ['synchronous=OFF', 'cache_size=-200000', 'temp_store=MEMORY']) db.pragma(setting);
  const indexes = db.prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`).all() as {
    readonly name: string;
    readonly sql: string;
  }[];
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${String(count)})`;
  const age = `CASE WHEN i % ${String(expiredShare)} = 0 THEN ${String(2_000 * dayMs)} ELSE (i % 600) * 1000 END`;
  const history = JSON.stringify(
    ['requested', 'created', 'queued', 'ringing', 'in-progress', 'completed'].map((status, index) => ({
      seq: index + 1,
      status,
      at: new Date(now).toISOString(),
    })),
  );
  const record = JSON.stringify({ text: 'Example may call me with an AI voice now. '.repeat(5), locale: 'en-GB' });
  db.exec(`${numbers} INSERT INTO calls (id, stage, status, seq, history, origin, number_key, created_at, upstream_id, accepted_at, ended_at, changed)
    SELECT printf('%028d', i), 'ended', 'completed', 6, '${history}', 'https://www.example.com', printf('${version}:%043d', i % 300000),
      ${String(now)} - (${age}), printf('OUT-%032d', i), ${String(now)} - (${age}), ${String(now)} - (${age}), i FROM n`);
  db.exec(`${numbers} INSERT INTO consents (call_id, number_key, at, record)
    SELECT printf('%028d', i), printf('${version}:%043d', i % 300000), ${String(now)} - (${age}), '${record}' FROM n`);
  db.exec(`${numbers} INSERT INTO idempotency (key_hash, fingerprint, call_id, created_at, http_status, body)
    SELECT printf('%064d', i), printf('%064d', i), printf('%028d', i), ${String(now)} - (${age}), 202, '${history}' FROM n WHERE i % 20 = 0`);
  db.exec(`${numbers} INSERT INTO allowances (scope, key, window_ms, state, touched_at)
    SELECT 'number', printf('numberPerDay:${version}:%043d', i), 86400000, '{"kind":"strict","hits":[]}', ${String(now)} - (${age}) FROM n WHERE i % 5 = 0`);
  for (const { sql } of indexes) db.exec(sql);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

type RetentionFigure = 'tookMs' | 'cpuMs' | 'slices' | 'p50' | 'p99' | 'worst' | 'afterwards';

interface Ready {
  readonly ms: number;
  readonly cpuMs: number;
}

async function startUp(file: string): Promise<Ready> {
  const start = performance.now();
  const proxy = startProcess({
    POLYAI_BASE_URL: 'http://127.0.0.1:9',
    POLYAI_ACCOUNT_ID: 'acme',
    POLYAI_PROJECT_ID: 'callbacks',
    POLYAI_CONNECTOR_ID: 'bench-connector',
    DATABASE_URL: `file:${file}`,
    SECRET_KEYS: `v1:${secret.toString('base64')}`,
  });
  try {
    const port = await proxy.listening;
    if (port === undefined) throw new Error(proxy.complaints());
    const response = await fetch(`http://127.0.0.1:${String(port)}/readyz`);
    if (!response.ok) throw new Error(`not ready: ${await response.text()}`);
    return { ms: performance.now() - start, cpuMs: cpuMicroseconds([proxy.pid ?? 0]) / 1_000 };
  } finally {
    proxy.kill('SIGTERM');
    await proxy.gone;
  }
}

const shown = (value: number): string => value.toLocaleString('en');
