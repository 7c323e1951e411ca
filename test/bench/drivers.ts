// The two drivers of SQLite on one Node, in turns: a call that is reserved and accepted (two durable commits), and a call that is read.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newerNode } from '../fixtures/newer-node.js';
import { startChild } from './child.js';
import { median, ratio, table } from './report.js';

const rounds = 7;
const calls = 400;

interface Figures {
  readonly driver: string;
  /** CPU time, microseconds. */
  readonly callUs: number;
  readonly readUs: number;
  /** Wall time, milliseconds. */
  readonly callMs: number;
}

/** Measures and prints; it has no target. */
export async function benchDrivers(): Promise<void> {
  const node = await newerNode();
  if ('missing' in node) {
    process.stdout.write(`\nThe drivers of SQLite: not measured, ${node.missing}\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const found: Figures[] = [];
  try {
    for (let round = 0; round < rounds; round += 1)
      for (const flags of [['--no-experimental-sqlite'], []]) {
        const file = join(folder, `${String(found.length)}.db`);
        const child = startChild('driver', [file, String(calls)], { execPath: node.path, flags });
        found.push(await child.request<Figures>());
        await child.stop();
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const of = (driver: string, key: 'callUs' | 'readUs' | 'callMs'): number[] =>
    found.filter((one) => one.driver === driver).map((one) => one[key]);
  const least = (driver: string, key: 'callUs' | 'readUs'): number => Math.min(...of(driver, key));
  const row = (name: string, key: 'callUs' | 'readUs'): string[] => [
    name,
    least('libsql', key).toFixed(0),
    least('node:sqlite', key).toFixed(0),
    ratio(least('node:sqlite', key), least('libsql', key)),
  ];
  table(
    ['CPU time, the least disturbed of seven rounds', 'libsql, µs', 'node:sqlite, µs', 'ratio'],
    [row('a call is reserved and accepted', 'callUs'), row('a call is read', 'readUs')],
  );
  const [libsql, own] = [median(of('libsql', 'callMs')), median(of('node:sqlite', 'callMs'))];
  process.stdout.write(`wall time of a call, median: ${libsql.toFixed(1)} and ${own.toFixed(1)} ms\n`);
}
