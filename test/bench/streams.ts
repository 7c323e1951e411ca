// Many readers of one call: the memory each takes in the server, idle and after traffic, the CPU time of an event and of an opening,
// and when the first and the last of them get an event; beside nginx with nchan and bare node:http in the same run. Then whether
// the heartbeats of thousands of streams hold up other requests.

import { Agent, request as send } from 'node:http';
import { type Child, startChild } from './child.js';
import type { WatchersReport } from './children/watchers.js';
import { cpuMicroseconds, memoryBytes } from './process-use.js';
import { startNchan } from './nchan.js';
import { median, quantile, ratio, table } from './report.js';

const events = 5;
/** About the size of a snapshot. */
const filler = 'x'.repeat(400);
/** Readers that warm up a server. Not measured. */
const warmUp = 300;

/** A server of streams. */
interface StreamServer {
  readonly port: number;
  readonly path: string;
  readonly pids: readonly number[];
  publish(text: string): Promise<void>;
  /** Collects garbage, where there is any. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

interface Measured {
  readonly name: string;
  readonly idleKb: number;
  readonly afterKb: number;
  readonly openMs: number;
  readonly eventMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Measures and prints. Resolves to false when a target was missed. */
export async function benchStreams(count: number): Promise<boolean> {
  const nchan = await startNchan(count + warmUp);
  const rows = [await measure('node:http', await childServer('bare-server'), count)];
  if (nchan !== undefined)
    rows.push(await measure('nginx + nchan', { ...nchan, path: '/events', settle: () => Promise.resolve() }, count));
  const ours = await measure('the proxy’s streams', await childServer('stream-server'), count);
  rows.push(ours);
  table(
    [
      `${shown(count)} readers of one call`,
      'KB each, idle',
      'KB each, after traffic',
      'CPU ms to open one',
      'CPU ms of an event to all',
      'first reader after, ms',
      'last reader after, ms',
    ],
    rows.map((one) => [
      one.name,
      one.idleKb.toFixed(1),
      one.afterKb.toFixed(1),
      one.openMs.toFixed(3),
      one.eventMs.toFixed(0),
      one.firstMs.toFixed(0),
      one.lastMs.toFixed(0),
    ]),
  );
  const anchor = rows.find(({ name }) => name === 'nginx + nchan');
  if (anchor === undefined) process.stdout.write('nginx with nchan is not installed: nothing to compare with\n');
  else
    process.stdout.write(
      `the proxy to nchan (target ≤ 1.1×): idle ${ratio(ours.idleKb, anchor.idleKb)}, after traffic ${ratio(ours.afterKb, anchor.afterKb)}, ` +
        `CPU of an event ${ratio(ours.eventMs, anchor.eventMs)}, last reader ${ratio(ours.lastMs, anchor.lastMs)}\n`,
    );
  return benchHeartbeats(Math.min(count, 5_000));
}

async function measure(name: string, server: StreamServer, count: number): Promise<Measured> {
  const groups: Child[] = [];
  const open = async (readers: number): Promise<void> => {
    const group = startChild('watchers');
    groups.push(group);
    await group.request({ port: server.port, path: server.path, count: readers });
  };
  try {
    await open(warmUp);
    for (let index = 0; index < 30; index += 1) await server.publish(`warm-${String(index)}-${filler}`);
    await settled();
    await server.settle();
    const before = memoryBytes(server.pids);
    const cpuBefore = cpuMicroseconds(server.pids);
    // Two processes, so that the readers are not what is measured.
    await Promise.all([open(Math.ceil(count / 2)), open(Math.floor(count / 2))]);
    progress(`${name}: ${shown(count)} open`);
    const openMs = (cpuMicroseconds(server.pids) - cpuBefore) / count / 1_000;
    await settled();
    await server.settle();
    const idle = memoryBytes(server.pids);
    const [firsts, lasts, cpus]: [number[], number[], number[]] = [[], [], []];
    for (let event = 0; event < events; event += 1) {
      const text = `event-${String(event)}-${filler}`;
      for (const group of groups) await group.request({ expect: text });
      const seen = groups.map((group) => group.request<WatchersReport>());
      const cpu = cpuMicroseconds(server.pids);
      const start = performance.timeOrigin + performance.now();
      await server.publish(text);
      const reports = await Promise.all(seen);
      progress(`${name}: event ${String(event + 1)} received by all`);
      firsts.push(Math.min(...reports.map(({ first }) => first)) - start);
      lasts.push(Math.max(...reports.map(({ last }) => last)) - start);
      await settled();
      cpus.push((cpuMicroseconds(server.pids) - cpu) / 1_000);
    }
    await server.settle();
    const after = memoryBytes(server.pids);
    return {
      name,
      idleKb: (idle - before) / count / 1_024,
      afterKb: (after - before) / count / 1_024,
      openMs,
      eventMs: median(cpus),
      firstMs: median(firsts),
      lastMs: median(lasts),
    };
  } finally {
    await Promise.all(groups.map((group) => group.stop()));
    await server.stop();
  }
}

async function childServer(name: string): Promise<StreamServer> {
  const child = startChild(name);
  const { port, pids } = await child.request<{ port: number; pids: number[] }>();
  return {
    port,
    path: '/',
    pids,
    publish: async (text) => void (await child.request({ kind: 'event', text })),
    settle: async () => void (await child.request({ kind: 'collect' })),
    stop: () => child.stop(),
  };
}

/** Milliseconds in which every stream gets a heartbeat, and a little more. */
const heartbeatsMs = 17_000;

async function benchHeartbeats(count: number): Promise<boolean> {
  const server = await childServer('stream-server');
  const watchers = startChild('watchers');
  try {
    for (let index = 0; index < 200; index += 1) await healthMs(server.port);
    const alone = await probe(server.port, 4_000);
    await watchers.request({ port: server.port, path: '/', count });
    await settled();
    const beside = await probe(server.port, heartbeatsMs);
    const row = (name: string, values: readonly number[]): string[] => [
      name,
      median(values).toFixed(1),
      quantile(values, 0.99).toFixed(1),
      Math.max(...values).toFixed(1),
    ];
    table(
      ['a short request', 'p50, ms', 'p99, ms', 'worst, ms'],
      [row('without streams', alone), row(`beside the heartbeats of ${shown(count)} streams`, beside)],
    );
    const isMet = quantile(beside, 0.99) <= 50;
    if (!isMet) process.stdout.write('MISSED: p99 above 50 ms\n');
    return isMet;
  } finally {
    await watchers.stop();
    await server.stop();
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function probe(port: number, forMs: number): Promise<number[]> {
  const values: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    values.push(await healthMs(port));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return values;
}

function healthMs(port: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    send({ port, path: '/healthz', agent }, (response) =>
      response.resume().on('end', () => resolve(performance.now() - start)),
    )
      .on('error', reject)
      .end();
  });
}

/** Shows progress on a terminal, because opening ten thousand streams takes a while. */
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const shown = (value: number): string => value.toLocaleString('en');

/** Lets pending work finish. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));
