// The faults of a soak. Each begins, lasts a while and is over by itself; none needs rights beyond those of the user who runs it.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Fault as UpstreamFault } from '../../src/proxy/sandbox/fake-polyai.js';

/** What the faults act on. */
export interface Stage {
  readonly port: number;
  readonly relay: Relay;
  failNext(request: 'trigger' | 'status', fault: UpstreamFault): void;
  /** Cuts every stream. */
  cutStreams(): void;
  /** Ends the process and starts the next one. */
  restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** A TCP relay in front of the fake PolyAI: its network. */
export interface Relay {
  readonly url: string;
  /** Refuses connections, and cuts those that are open. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

/** Starts a relay to an address such as `http://127.0.0.1:4010`. */
export async function createRelay(target: string): Promise<Relay> {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  let isDown = false;
  const server: Server = createServer((client) => {
    if (isDown) return void client.resetAndDestroy();
    const upstream = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => (open.delete(one), other.destroy()));
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    down: () => {
      isDown = true;
      cut();
    },
    up: () => (isDown = false),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const answer = (status: number, body: string): UpstreamFault => ({ kind: 'answer', status, body, headers: {} });

/** Opens connections that do what `write` does and never read. */
async function unread(port: number, count: number, forMs: number, write: (socket: Socket) => void): Promise<void> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1', () => write(socket));
    socket.on('error', () => {});
    socket.pause();
    return socket;
  });
  await after(forMs);
  for (const socket of sockets) socket.destroy();
}

/** One fault. `ends`: the process is replaced. */
export interface Fault {
  readonly name: string;
  readonly ends?: true;
  run(stage: Stage): Promise<void>;
}

/** The faults that do not depend on the database. */
export const faults: readonly Fault[] = [
  {
    name: 'PolyAI answers 500, garbage, nothing and half a response',
    run: async ({ failNext }) => {
      failNext('trigger', answer(500, '{"error":"failed to queue call","code":"internal_error"}'));
      failNext('trigger', answer(200, '\u0000{'));
      failNext('trigger', { kind: 'hang' });
      failNext('trigger', { kind: 'truncate' });
    },
  },
  {
    name: 'PolyAI resets connections, before and after it has read the request',
    run: async ({ failNext }) => {
      failNext('trigger', { kind: 'reset' });
      failNext('trigger', { kind: 'reset-unread' });
      for (let n = 0; n < 10; n += 1) failNext('status', { kind: 'reset' });
    },
  },
  {
    name: 'status requests fail for a while',
    run: async ({ failNext }) => {
      for (let n = 0; n < 60; n += 1) failNext('status', answer(n % 2 === 0 ? 503 : 200, '<html>'));
    },
  },
  {
    name: 'PolyAI is unreachable for 10 seconds',
    run: async ({ relay }) => {
      relay.down();
      await after(10_000);
      relay.up();
    },
  },
  { name: 'every stream is cut', run: async ({ cutStreams }) => cutStreams() },
  {
    name: 'streams are cut every 3 seconds for 30 seconds',
    run: async ({ cutStreams }) => {
      for (let n = 0; n < 10; n += 1) {
        cutStreams();
        await after(3_000);
      }
    },
  },
  {
    name: '200 connections that send nothing, for 20 seconds',
    run: ({ port }) => unread(port, 200, 20_000, () => {}),
  },
  {
    name: '50 readers that request files and never read, for 20 seconds',
    run: ({ port }) =>
      unread(port, 50, 20_000, (socket) => {
        for (let n = 0; n < 4; n += 1) socket.write('GET /polyai-callback.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
      }),
  },
  { name: 'kill -9 and a restart', ends: true, run: ({ restart }) => restart('SIGKILL') },
  { name: 'SIGTERM and a restart', ends: true, run: ({ restart }) => restart('SIGTERM') },
];
