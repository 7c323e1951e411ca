// Whether a health check is answered in time during a flood from 4,000 /64s of one /48, and whether the flood reaches the disk. Anchors:
// the same check alone, and during the same flood on another server (which shows the cost of the shared cores).

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { origin, startProcess } from '../crash/proxy-process.js';
import { startChild } from './child.js';
import type { FloodCount, FloodOrder } from './children/flood.js';
import { median, quantile, ratio, table } from './report.js';

const checks = 150;
const pauseMs = 20;
const connections = 64;
const networks = 4_000;
const targetMs = 100;

const request = (path: string): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Content-Length: 2',
    `Origin: ${origin}`,
    'X-Forwarded-For: 2001:db8:5:{64}::1',
    `Idempotency-Key: ${'k'.repeat(22)}`,
    '',
    '{}',
  ].join('\r\n');

/** Measures and prints. Resolves to false when the target was missed. */
export async function benchFloodedHealth(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const file = join(folder, 'bench.db');
  const bare = startChild('bare-hono');
  const flood = startChild('flood');
  const proxy = startProcess({
    DATABASE_URL: `file:${file}`,
    SANDBOX: 'true',
    // The default outside the sandbox.
    LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '200',
  });
  try {
    const port = await proxy.listening;
    if (port === undefined) throw new Error(proxy.complaints());
    const { port: barePort } = await bare.request<{ port: number }>();
    const order = (on: 'bare' | 'proxy'): FloodOrder => ({
      port: on === 'bare' ? barePort : port,
      connections,
      forMs: 120_000,
      request: request(on === 'bare' ? '/unread' : '/v1/calls'),
      networks,
    });
    await flood.request<FloodCount>({ ...order('proxy'), requests: 8_000 });
    await flood.request<FloodCount>({ ...order('bare'), requests: 8_000 });
    const written = (): string => [file, `${file}-wal`].map((path) => statSync(path).mtimeMs).join();
    const before = written();

    const measure = async (on?: 'bare' | 'proxy'): Promise<{ times: readonly number[]; perSecond: number }> => {
      const running = on && flood.request<FloodCount>(order(on));
      const times: number[] = [];
      for (let index = 0; index < checks; index += 1) {
        const start = performance.now();
        const response = await fetch(`http://127.0.0.1:${String(port)}/healthz`);
        await response.text();
        if (response.status !== 200) throw new Error(`/healthz answered ${String(response.status)}`);
        times.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      if (running === undefined) return { times, perSecond: 0 };
      flood.send({ stop: true });
      return { times, perSecond: (await running).perSecond };
    };

    const rows = [
      ['alone', await measure()],
      ['beside the flood on another server', await measure('bare')],
      ['beside the flood on the proxy', await measure('proxy')],
    ] as const;
    const [alone] = rows;
    table(
      ['one health check', 'p50, ms', 'p99, ms', 'p99 vs. alone', 'requests of the flood per second'],
      rows.map(([name, { times, perSecond }]) => [
        name,
        median(times).toFixed(1),
        quantile(times, 0.99).toFixed(1),
        ratio(quantile(times, 0.99), quantile(alone[1].times, 0.99)),
        perSecond === 0 ? '–' : perSecond.toFixed(0),
      ]),
    );
    const p99 = quantile(rows[2][1].times, 0.99);
    const isUntouched = written() === before;
    process.stdout.write(
      `p99 of /healthz beside a flood from ${String(networks)} /64s of one /48 (target ≤ ${String(targetMs)} ms): ${p99.toFixed(1)} ms; the database was ${isUntouched ? 'not touched' : 'written'}\n`,
    );
    return p99 <= targetMs && isUntouched;
  } finally {
    proxy.kill('SIGKILL');
    await Promise.all([bare.stop(), flood.stop(), proxy.gone]);
    rmSync(folder, { recursive: true, force: true });
  }
}
