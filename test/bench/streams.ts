// Watchers of one call: what each weighs in the server, and when the last of them has an event; beside bare node:http.

import { startChild } from './child.js';
import { median, ratio, table } from './report.js';

const events = 5;
/** About the size of a snapshot. */
const text = JSON.stringify({ snapshot: 'x'.repeat(400) });

interface Weighed {
  readonly kb: number;
  readonly lastMs: number;
}

/** Measures and prints. */
export async function benchStreams(count: number): Promise<void> {
  const bare = await weigh('bare-server', count);
  const ours = await weigh('stream-server', count);
  const row = (name: string, { kb, lastMs }: Weighed): string[] => [
    name,
    kb.toFixed(1),
    ratio(kb, bare.kb),
    lastMs.toFixed(0),
    ratio(lastMs, bare.lastMs),
  ];
  table(
    [`${String(count)} watchers`, 'KB each', 'to bare', 'last has an event after, ms', 'to bare'],
    [row('bare node:http', bare), row('the proxy’s streams', ours)],
  );
}

async function weigh(name: string, count: number): Promise<Weighed> {
  const server = startChild(name);
  const watchers = startChild('watchers');
  try {
    const { port } = await server.ask<{ port: number }>();
    // The first readers compile the code; their weight is nobody's.
    await watchers.ask({ port, count: 200 });
    const before = await server.ask<{ bytes: number }>({ kind: 'memory' });
    const more = startChild('watchers');
    try {
      await more.ask({ port, count });
      await settled();
      const after = await server.ask<{ bytes: number }>({ kind: 'memory' });
      const lasts: number[] = [];
      for (let event = 0; event < events; event += 1) {
        await more.ask({ expect: true });
        const start = performance.timeOrigin + performance.now();
        const seen = more.ask<{ precise: number }>();
        await server.ask({ kind: 'event', text });
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

/** What was begun before has come to rest. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));
