// Whether a flood of refusals delays the calls of others: accepted calls alone, beside the same flood on another server (what the
// machine's shared cores cost), and beside the flood on the proxy itself. In turns, so that a busy moment affects all alike.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { origin, startProcess } from '../crash/proxy-process.js';
import { type Child, startChild } from './child.js';
import type { FloodCount, FloodOrder } from './children/flood.js';
import { median, quantile, ratio, table } from './report.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'bench-connector' } as const;
const rounds = 6;
const callsInRound = 40;
const connections = 64;
const flooder = '198.51.100.9';

interface Phase {
  readonly name: string;
  readonly on?: 'bare' | 'proxy';
  readonly perSecond?: number;
}

/** Half of what a core can refuse, and everything that 64 connections can send. */
const paced = 2_000;
const phases: readonly Phase[] = [
  { name: 'alone' },
  { name: `beside ${String(paced)} refusals a second of another server`, on: 'bare', perSecond: paced },
  { name: `beside ${String(paced)} refusals a second of the proxy`, on: 'proxy', perSecond: paced },
  { name: 'beside a flood without pause on another server', on: 'bare' },
  { name: 'beside a flood without pause on the proxy', on: 'proxy' },
];

/** Measures and prints. Resolves to false when the target was missed. */
export async function benchFloodedCalls(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const fakePolyAi = startChild('fake-polyai', Object.values(account));
  const bare = startChild('bare-hono');
  const { url } = await fakePolyAi.request<{ url: string }>();
  const { port: barePort } = await bare.request<{ port: number }>();
  const proxy = startProcess({
    POLYAI_BASE_URL: url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: `file:${folder}/bench.db`,
    LIMIT_ATTEMPTS_PER_10_MINUTES: '1',
  });
  const flood = startChild('flood');
  try {
    const port = await proxy.listening;
    if (port === undefined) throw new Error(proxy.complaints());
    let number = 0;
    const call = async (): Promise<number> => {
      number += 1;
      const start = performance.now();
      const answer = await proxy.requestCall(
        randomBytes(16).toString('base64url'),
        `+44203${String(1_000_000 + number * 10_007).slice(-7)}`,
      );
      if (answer?.status !== 202) throw new Error(`the proxy answered ${JSON.stringify(answer)}`);
      return performance.now() - start;
    };
    const order = ({ on, perSecond }: Phase): FloodOrder => ({
      port: on === 'bare' ? barePort : port,
      connections,
      forMs: 600_000,
      request: request(on === 'bare' ? '/unread' : '/v1/calls'),
      ...(perSecond !== undefined && { perSecond }),
    });
    await warmUp(flood, order({ name: '', on: 'proxy' }));
    await warmUp(flood, order({ name: '', on: 'bare' }));
    for (let index = 0; index < 30; index += 1) await call();
    const times = phases.map((): number[] => []);
    const rates = phases.map((): number[] => []);
    for (let round = 0; round < rounds; round += 1)
      for (const [index, phase] of phases.entries()) {
        const running = phase.on && flood.request<FloodCount>(order(phase));
        for (let calls = 0; calls < callsInRound; calls += 1) times[index]?.push(await call());
        if (running === undefined) continue;
        flood.send({ stop: true });
        rates[index]?.push((await running).perSecond);
      }
    const [alone = []] = times;
    table(
      ['one accepted call', 'p50, ms', 'p99, ms', 'p99 vs. alone', 'refusals a second'],
      phases.map(({ name }, index) => {
        const values = times[index] ?? [];
        return [
          name,
          median(values).toFixed(1),
          quantile(values, 0.99).toFixed(1),
          ratio(quantile(values, 0.99), quantile(alone, 0.99)),
          (rates[index] ?? []).length === 0 ? '–' : median(rates[index] ?? []).toFixed(0),
        ];
      }),
    );
    const [, elsewhere = [], here = [], fullElsewhere = [], fullHere = []] = times
      .map((values) => quantile(values, 0.99))
      .map((p99) => [p99]);
    const pacedFactor = (here[0] ?? 0) / (elsewhere[0] ?? 1);
    const fullFactor = (fullHere[0] ?? 0) / (fullElsewhere[0] ?? 1);
    process.stdout.write(
      `p99 beside a flood of the proxy to p99 beside the same flood elsewhere (target ≤ 1.2×): ${pacedFactor.toFixed(2)}× paced, ${fullFactor.toFixed(2)}× without pause\n`,
    );
    return pacedFactor <= 1.2 && fullFactor <= 1.2;
  } finally {
    proxy.kill('SIGKILL');
    await Promise.all([fakePolyAi.stop(), bare.stop(), flood.stop(), proxy.gone]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The JIT, and the attempts of the flooding address. */
const warmUp = (flood: Child, order: FloodOrder): Promise<FloodCount> =>
  flood.request<FloodCount>({ ...order, requests: 8_000 });

function request(path: string): string {
  const body = JSON.stringify({
    phone: '+442079460000',
    international: true,
    country: 'GB',
    locale: 'en-GB',
    widgetVersion: '0.1.0',
  });
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    `Origin: ${origin}`,
    `X-Forwarded-For: ${flooder}`,
    `Idempotency-Key: ${'k'.repeat(22)}`,
    '',
    body,
  ].join('\r\n');
}
