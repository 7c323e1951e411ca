// Repeats one request to one port over a number of connections, for a given time or number of responses, and counts them by status.

import { connect } from 'node:net';

/** What to send. */
export interface FloodOrder {
  readonly port: number;
  readonly connections: number;
  /** When to stop, whichever comes first. */
  readonly forMs?: number;
  readonly requests?: number;
  /** How many to send per second over all connections; by default as many as are answered. */
  readonly perSecond?: number;
  /** The whole request as sent over the wire. `{64}` is replaced with one of `networks` hexadecimal groups, a different one each time. */
  readonly request: string;
  readonly networks?: number;
}

/** The responses. */
export interface FloodCount {
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
}

let stop = (): void => {};

process.on('message', (order: FloodOrder | { readonly stop: true }) => {
  if ('stop' in order) return stop();
  const { port, connections, forMs, requests = Infinity, perSecond, request, networks = 1 } = order;
  // Prepared in advance, so that sending costs the same whatever is sent.
  const variants = Array.from({ length: networks }, (_, index) =>
    Buffer.from(request.replace('{64}', (index + 4_096).toString(16))),
  );
  let sent = 0;
  const next = (): Buffer => variants[(sent += 1) % networks] ?? Buffer.alloc(0);
  const statuses: Record<string, number> = {};
  const start = performance.now();
  let isOver = false;
  stop = () => {
    isOver = true;
  };
  let open = connections;
  let seen = 0;
  const done = (): void => {
    open -= 1;
    if (open > 0) return;
    clearTimeout(timer);
    process.send?.({ perSecond: (seen / (performance.now() - start)) * 1_000, statuses } satisfies FloodCount);
  };
  const timer = forMs === undefined ? undefined : setTimeout(stop, forMs);
  for (let index = 0; index < connections; index += 1) {
    let dueAt = performance.now();
    const socket = connect(port, '127.0.0.1', () => socket.write(next()));
    socket
      .setNoDelay(true)
      .on('error', () => {})
      .on('close', done);
    // One request at a time per connection: any response head belongs to it.
    socket.setEncoding('latin1').on('data', (text: string) => {
      const status = /HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      if (status === undefined) return;
      statuses[status] = (statuses[status] ?? 0) + 1;
      seen += 1;
      if (isOver || seen >= requests) socket.destroy();
      else if (perSecond === undefined) socket.write(next());
      else {
        dueAt = Math.max(dueAt + (connections / perSecond) * 1_000, performance.now() - 100);
        setTimeout(() => socket.write(next()), dueAt - performance.now());
      }
    });
  }
});
