// The proxy's own cost: what one call takes longer than asked of PolyAI directly, how many refusals a second it gives and what they
// leave on the disk, what a poller weighs and when the last of many has an event. Each beside the least Node can do, in one run.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { origin, startProcess } from '../crash/proxy-process.js';
import { startChild } from './child.js';
import type { FloodCount, FloodOrder } from './children/flood.js';
import { median, quantile, ratio, table } from './report.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'bench-connector' } as const;
const calls = 200;
const connections = 64;
const floodMs = 4_000;

/** Measures triggers and refusals, and prints. */
export async function benchTrigger(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const standIn = startChild('stand-in', Object.values(account));
  const bare = startChild('bare-server');
  const { url } = await standIn.ask<{ url: string }>();
  const { port: barePort } = await bare.ask<{ port: number }>();
  const env = (name: string): Record<string, string> => ({
    POLYAI_BASE_URL: url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: `file:${folder}/${name}/bench.db`,
  });
  const wide = startProcess(env('calls'));
  try {
    await wide.listening;
    await latency(wide, url);
    wide.kill('SIGTERM');
    await wide.gone;
    const shipped = startProcess({ ...env('flood'), TRUSTED_PROXIES: '', LIMIT_ATTEMPTS_PER_10_MINUTES: '20' });
    try {
      const port = await shipped.listening;
      if (port === undefined) throw new Error(shipped.complaints());
      await refusals({ port, pid: shipped.pid, barePort, folder: join(folder, 'flood') });
    } finally {
      shipped.kill('SIGTERM');
      await shipped.gone;
    }
  } finally {
    wide.kill('SIGKILL');
    await Promise.all([standIn.stop(), bare.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In turns, so that a busy moment of the machine is both's. */
async function latency(proxy: ReturnType<typeof startProcess>, url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const direct: number[] = [];
  const through: number[] = [];
  for (let index = 0; index < calls; index += 1) {
    const phone = `+44203${String(1_000_000 + index * 10_007)}`;
    const start = performance.now();
    await triggerDirectly(agent, url, phone);
    const middle = performance.now();
    const answer = await proxy.ask(randomBytes(16).toString('base64url'), phone);
    const end = performance.now();
    if (answer?.status !== 202) throw new Error(`the proxy answered ${JSON.stringify(answer)}`);
    // The first ones compile the code and open the connections.
    if (index < 20) continue;
    direct.push(middle - start);
    through.push(end - middle);
  }
  agent.destroy();
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    median(values).toFixed(2),
    quantile(values, 0.99).toFixed(2),
    ratio(median(values), median(direct)),
  ];
  table(
    ['one call', 'p50, ms', 'p99, ms', 'to direct'],
    [row('stand-in directly', direct), row('through the proxy', through)],
  );
  process.stdout.write(
    `added at p50: ${(median(through) - median(direct)).toFixed(2)} ms (goal 3), durable writes included\n`,
  );
}

function triggerDirectly(agent: Agent, url: string, phone: string): Promise<void> {
  const { accountId, projectId, connectorId } = account;
  return new Promise((resolve, reject) => {
    const request = send(`${url}/api/v1/${accountId}/${projectId}/outbound-call/trigger`, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Connector-Id': connectorId },
    });
    request.on('error', reject).on('response', (response) => response.resume().on('end', resolve));
    request.end(JSON.stringify({ phone_number: phone }));
  });
}

interface Flooded {
  readonly port: number;
  readonly pid: number | undefined;
  readonly barePort: number;
  readonly folder: string;
}

async function refusals({ port, pid, barePort, folder }: Flooded): Promise<void> {
  const flood = startChild('flood');
  try {
    const once = (order: Pick<FloodOrder, 'port' | 'forMs'>): Promise<FloodCount> =>
      flood.ask<FloodCount>({ ...order, connections, request: aCall });
    // Uses the address's attempts up; from then on every answer is a refusal.
    await once({ port, forMs: 1_000 });
    await once({ port: barePort, forMs: 1_000 });
    const before = diskOf(folder, pid);
    const ours = await once({ port, forMs: floodMs });
    const after = diskOf(folder, pid);
    const theirs = await once({ port: barePort, forMs: floodMs });
    const row = (name: string, { perSecond, statuses }: FloodCount): string[] => [
      name,
      perSecond.toFixed(0),
      ratio(perSecond, theirs.perSecond),
      Object.keys(statuses).join(', '),
    ];
    table(
      [`refusals, ${String(connections)} connections`, 'a second', 'to bare', 'statuses'],
      [row('bare node:http', theirs), row('the proxy', ours)],
    );
    process.stdout.write(
      `the flood changed the database: ${before.files === after.files ? 'no' : 'YES'}; bytes written to the disk: ${String(after.bytes - before.bytes)}\n`,
    );
  } finally {
    await flood.stop();
  }
}

const body = JSON.stringify({
  phone: '+442079460000',
  international: true,
  country: 'GB',
  consent: { text: 'Example may call me with an AI voice now.', source: 'page' },
  locale: 'en-GB',
  widgetVersion: '0.1.0',
});
const aCall = [
  'POST /v1/calls HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  `Content-Length: ${String(Buffer.byteLength(body))}`,
  `Origin: ${origin}`,
  `Idempotency-Key: ${'k'.repeat(22)}`,
  '',
  body,
].join('\r\n');

/** Size and time of every file of the database, and what the kernel says the process sent to the disk (0 where it does not tell). */
function diskOf(folder: string, pid: number | undefined): { readonly files: string; readonly bytes: number } {
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
