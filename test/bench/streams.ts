// Many readers of one call: the memory each takes in the server, and when the last of them gets an event, compared with bare node:http.

import { startChild } from './child.js';
import { median, ratio, table } from './report.js';

const events = 5;
/** About the size of a snapshot. */
const text = JSON.stringify({ snapshot: 'x'.repeat(400) });

interface Measured {
  readonly kb: number;
  readonly lastMs: number;
}

/** Measures and prints. */
export async function benchStreams(count: number): Promise<void> {
  const bare = await measure('bare-server', count);
  const ours = await measure('stream-server', count);
  const row = (name: string, { kb, lastMs }: Measured): string[] => [
    name,
    kb.toFixed(1),
    ratio(kb, bare.kb),
    lastMs.toFixed(0),
    ratio(lastMs, bare.lastMs),
  ];
  table(
    [`${String(count)} readers`, 'KB each', 'vs. bare', 'last event received after, ms', 'vs. bare'],
    [row('bare node:http', bare), row('the proxy’s streams', ours)],
  );
}

async function measure(name: string, count: number): Promise<Measured> {
  const server = startChild(name);
  const watchers = startChild('watchers');
  try {
    const { port } = await server.request<{ port: number }>();
    // The first readers warm up the JIT and are not measured.
    await watchers.request({ port, count: 200 });
    const before = await server.request<{ bytes: number }>({ kind: 'memory' });
    const more = startChild('watchers');
    try {
      await more.request({ port, count });
      await settled();
      const after = await server.request<{ bytes: number }>({ kind: 'memory' });
      const lasts: number[] = [];
      for (let event = 0; event < events; event += 1) {
        await more.request({ expect: true });
        const start = performance.timeOrigin + performance.now();
        const seen = more.request<{ precise: number }>();
        await server.request({ kind: 'event', text });
        lasts.push((await seen).precise - start);
        await settled();
      }
      return { kb: (after.bytes - before.bytes) / count / 1_024, lastMs: median(lasts) };
    } finally {
      await more.stop();
    }
  } finally {
    await watchers.stop();
    await server.stop();
  }
}

/** Lets pending work finish. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));
