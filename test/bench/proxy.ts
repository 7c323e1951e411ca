// The proxy's own cost of an accepted call: how much longer it takes than a direct trigger to PolyAI, compared with a minimal Node
// program in between and with what a flush costs on this disk, in the same run.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../crash/proxy-process.js';
import { startChild } from './child.js';
import { createDisk } from './disk.js';
import { median, quantile, ratio, table } from './report.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'bench-connector' } as const;
const calls = 300;
/** Each way. They warm up the JIT, open the connections and give the database's log its length: afterwards it is written over, as on a site in use, which needs about half the time of a flush. */
const warmUpCalls = 1_000;
/** Until the log has been checkpointed. */
const pauseMs = 1_500;

/** Measures triggers, and prints. */
export async function benchTrigger(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-bench-'));
  const fakePolyAi = startChild('fake-polyai', Object.values(account));
  const { url } = await fakePolyAi.request<{ url: string }>();
  const hop = startChild('hop', [url, triggerPath, account.connectorId]);
  const { port: hopPort } = await hop.request<{ port: number }>();
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
    await latency({ proxy: wide, url, hopUrl: `http://127.0.0.1:${String(hopPort)}`, folder });
  } finally {
    wide.kill('SIGKILL');
    await Promise.all([fakePolyAi.stop(), hop.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Latency {
  readonly proxy: ReturnType<typeof startProcess>;
  readonly url: string;
  readonly hopUrl: string;
  readonly folder: string;
}

/** Interleaved, so that a busy moment of the machine affects all alike. */
async function latency({ proxy, url, hopUrl, folder }: Latency): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const disk = createDisk(join(folder, 'flush'));
  const direct: number[] = [];
  const hop: number[] = [];
  const through: number[] = [];
  const flushes: number[] = [];
  for (let index = 0; index < warmUpCalls + calls; index += 1) {
    if (index === warmUpCalls) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const phone = `+44203${String(1_000_000 + ((index * 10_007) % 8_900_000))}`;
    const start = performance.now();
    await trigger(agent, `${url}${triggerPath}`, phone);
    const afterDirect = performance.now();
    await trigger(agent, hopUrl, phone);
    const afterHop = performance.now();
    disk.flush();
    const middle = performance.now();
    const answer = await proxy.requestCall(randomBytes(16).toString('base64url'), phone);
    const end = performance.now();
    if (answer?.status !== 202) throw new Error(`the proxy answered ${JSON.stringify(answer)}`);
    if (index < warmUpCalls) continue;
    direct.push(afterDirect - start);
    hop.push(afterHop - afterDirect);
    flushes.push(middle - afterHop);
    through.push(end - middle);
  }
  agent.destroy();
  disk.close();
  const added = (values: readonly number[]): number => median(values) - median(direct);
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    median(values).toFixed(2),
    quantile(values, 0.99).toFixed(2),
    ratio(median(values), median(direct)),
  ];
  table(
    ['one call', 'p50, ms', 'p99, ms', 'vs. direct'],
    [
      row('fake PolyAI directly', direct),
      row('a bare hop (node:http both ways)', hop),
      row('through the proxy', through),
      row('one flush of 4 KB to this disk', flushes),
    ],
  );
  process.stdout.write(
    `added at p50: ${added(through).toFixed(2)} ms (target 3), including two durable commits; a bare hop adds ${added(hop).toFixed(2)} ms, ` +
      `the floor is that plus two flushes: ${(added(hop) + 2 * median(flushes)).toFixed(2)} ms, ` +
      `so ${ratio(added(through), added(hop) + 2 * median(flushes))} the floor\n`,
  );
}

const triggerPath = `/api/v1/${account.accountId}/${account.projectId}/outbound-call/trigger`;

function trigger(agent: Agent, url: string, phone: string): Promise<void> {
  const { connectorId } = account;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Connector-Id': connectorId },
    });
    request.on('error', reject).on('response', (response) => response.resume().on('end', resolve));
    request.end(JSON.stringify({ phone_number: phone }));
  });
}
