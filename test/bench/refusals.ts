// What a refusal costs: CPU time of the server per request, compared with bare Hono on the same adapter in the same run, and whether
// a flood of them reaches the disk. One server at a time, in turns, so that a busy moment of the machine affects all alike.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { origin, startProcess } from '../crash/proxy-process.js';
import { type Child, startChild } from './child.js';
import type { FloodCount, FloodOrder } from './children/flood.js';
import { cpuMicroseconds } from './process-use.js';
import { table } from './report.js';

const connections = 64;
const rounds = 7;
// Numbers of requests, not times: on a busy machine the code must be as warm as on a quiet one.
const warmUpRequests = 12_000;
const roundRequests = 5_000;

/** A kind of refusal. */
interface Case {
  readonly name: string;
  /** The most that it may cost, as a multiple of bare Hono. */
  readonly target: number;
  readonly status: number;
  readonly ours: string;
  /** The same bytes for bare Hono, which only compares the path. */
  readonly bare: string;
}

const body = JSON.stringify({
  phone: '+442079460000',
  international: true,
  country: 'GB',
  consent: { text: 'Example may call me with an AI voice now.', source: 'page' },
  locale: 'en-GB',
  widgetVersion: '0.1.0',
});

/** A request as a program sends it that does not pretend to be a browser. */
const post = (path: string, text: string, from: string): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${String(Buffer.byteLength(text))}`,
    `Origin: ${from}`,
    `Idempotency-Key: ${'k'.repeat(22)}`,
    '',
    text,
  ].join('\r\n');

const caseOf = (
  name: string,
  target: number,
  { status, text, from, isParsed }: { status: number; text: string; from: string; isParsed: boolean },
): Case => ({
  name,
  target,
  status,
  ours: post('/v1/calls', text, from),
  bare: post(isParsed ? '/parsed' : '/unread', text, from),
});

// The malformed ones come first: they count as no attempt.
const cases: readonly Case[] = [
  caseOf('wrong Origin', 1.35, { status: 403, text: body, from: 'https://other.example.com', isParsed: false }),
  caseOf('malformed', 1.6, { status: 400, text: body.slice(0, -1), from: origin, isParsed: true }),
  caseOf('attempts used up', 1.6, { status: 429, text: body, from: origin, isParsed: false }),
];

/** One round of one server. */
interface Round {
  /** CPU time per request, microseconds. */
  readonly cpu: number;
  readonly perSecond: number;
}

/** Measures and prints. Resolves to false when a target was missed. */
export async function benchRefusals(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const bare = startChild('bare-hono');
  const flood = startChild('flood');
  const proxy = startProcess({
    POLYAI_BASE_URL: 'http://127.0.0.1:9',
    POLYAI_ACCOUNT_ID: 'acme',
    POLYAI_PROJECT_ID: 'callbacks',
    POLYAI_CONNECTOR_ID: 'bench-connector',
    DATABASE_URL: `file:${folder}/bench.db`,
    TRUSTED_PROXIES: '',
    // The next attempt is allowed only after ten minutes, when the last round is over.
    LIMIT_ATTEMPTS_PER_10_MINUTES: '1',
  });
  try {
    const anchor = await bare.request<{ port: number; pid: number }>();
    const port = await proxy.listening;
    if (port === undefined || proxy.pid === undefined) throw new Error(proxy.complaints());
    const ours = { port, pid: proxy.pid };
    const rows: string[][] = [];
    let isMet = true;
    for (const one of cases) {
      const round = (server: { port: number; pid: number }, request: string, status?: number): Promise<Round> =>
        roundOf(flood, { ...server, request, status, requests: status === undefined ? warmUpRequests : roundRequests });
      // Warms up the JIT, and uses up the attempts of the address.
      await round(ours, one.ours);
      await round(anchor, one.bare);
      const before = diskOf(folder, ours.pid);
      const pairs: (readonly [Round, Round])[] = [];
      for (let index = 0; index < rounds; index += 1)
        pairs.push([await round(anchor, one.bare, 429), await round(ours, one.ours, one.status)]);
      const after = diskOf(folder, ours.pid);
      // The least disturbed round of each: other work on the machine can only make it slower, by emptying caches.
      const [bareCpu = Number.NaN, ourCpu = Number.NaN] = [0, 1].map((which) =>
        Math.min(...pairs.map((pair) => pair[which]?.cpu ?? Infinity)),
      );
      const factor = ourCpu / bareCpu;
      isMet &&= factor <= one.target;
      rows.push([
        one.name,
        bareCpu.toFixed(0),
        ourCpu.toFixed(0),
        `${factor.toFixed(2)}×`,
        `≤ ${String(one.target)}×`,
        Math.max(...pairs.map(([theirs]) => theirs.perSecond)).toFixed(0),
        Math.max(...pairs.map(([, our]) => our.perSecond)).toFixed(0),
        before.files === after.files && after.bytes === before.bytes ? 'nothing' : 'SOMETHING',
      ]);
    }
    table(
      [
        `refusals, ${String(connections)} connections`,
        'bare Hono, CPU µs',
        'the proxy, CPU µs',
        'ratio',
        'target',
        'bare Hono, per second',
        'the proxy, per second',
        'written to disk',
      ],
      rows,
    );
    return isMet;
  } finally {
    proxy.kill('SIGKILL');
    await Promise.all([bare.stop(), flood.stop(), proxy.gone]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RoundOrder {
  readonly port: number;
  readonly pid: number;
  readonly request: string;
  readonly requests: number;
  /** The status that every response must have; absent while warming up. */
  readonly status?: number | undefined;
}

async function roundOf(flood: Child, { port, pid, request, requests, status }: RoundOrder): Promise<Round> {
  const order: FloodOrder = { port, connections, requests, request };
  const before = cpuMicroseconds([pid]);
  const { perSecond, statuses } = await flood.request<FloodCount>(order);
  const used = cpuMicroseconds([pid]) - before;
  const seen = Object.keys(statuses).join(', ');
  if (status !== undefined && seen !== String(status)) throw new Error(`answered ${seen}, not ${String(status)}`);
  return { cpu: used / Object.values(statuses).reduce((sum, count) => sum + count, 0), perSecond };
}

/** Size and modification time of every database file, and the bytes the process wrote to disk according to the kernel (0 if unavailable). */
function diskOf(folder: string, pid: number): { readonly files: string; readonly bytes: number } {
  const files = readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${String(size)} ${String(mtimeMs)}`;
  });
  let bytes = 0;
  try {
    bytes = Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${String(pid)}/io`, 'utf8'))?.[1]);
  } catch {
    // Not Linux.
  }
  return { files: files.sort().join('; '), bytes };
}
