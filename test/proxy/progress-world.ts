// What the tests of streams are made of: a store that says what it is told, a server around the handler, a reader on a real socket.

import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { Hono } from 'hono';
import type { CallSnapshot, CallStatus } from '../../src/contract.js';
import type { Progress } from '../../src/proxy/progress.js';
import type { Store, StoredCall } from '../../src/proxy/store/store.js';
import { soon, startOfTime } from './store-worlds.js';

/** A call with these statuses behind it. */
export function callWith(statuses: readonly CallStatus[], over: Partial<StoredCall> = {}): StoredCall {
  const history = statuses.map((status, index) => ({
    seq: index + 1,
    status,
    at: new Date(startOfTime).toISOString(),
  }));
  return {
    id: 'call-1',
    stage: 'accepted',
    status: statuses.at(-1) ?? 'requested',
    history,
    origin: 'https://site.example',
    createdAt: startOfTime,
    upstreamId: 'OUT-secret',
    ...over,
  };
}

/** A store that can only be followed. Followers get what is pushed; one that does not pull keeps the newest alone, as the contract of `follow` has it. */
export function scriptedStore(): Pick<Store, 'follow'> & {
  push(call: StoredCall): void;
  fail(error: Error): void;
  followers(): number;
} {
  const followers = new Set<{ give: (call: StoredCall) => void; fail: (error: Error) => void }>();
  return {
    push: (call) => followers.forEach(({ give }) => give(call)),
    fail: (error) => followers.forEach(({ fail }) => fail(error)),
    followers: () => followers.size,
    async *follow(_callId, _afterSeq, signal) {
      let newest: StoredCall | undefined;
      let error: Error | undefined;
      let wake = (): void => {};
      const follower = {
        give: (call: StoredCall) => ((newest = call), wake()),
        fail: (fault: Error) => ((error = fault), wake()),
      };
      followers.add(follower);
      signal.addEventListener('abort', () => wake());
      try {
        while (!signal.aborted) {
          const call = newest;
          newest = undefined;
          if (error !== undefined) throw error;
          if (call === undefined) await new Promise<void>((resolve) => (wake = resolve));
          else yield call;
        }
      } finally {
        followers.delete(follower);
      }
    },
  };
}

/** Serves `GET /events/:address` on loopback, with middleware of the shape the proxy has. */
export async function serveProgress(
  progress: Progress,
  find: () => Promise<StoredCall | undefined>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (c, next) => {
    c.env.outgoing.setHeader('Access-Control-Allow-Origin', 'https://site.example');
    await next();
    c.res.headers.set('X-Request-Id', 'r1');
  });
  app.get('/events/:address', async (c) => {
    const call = await find();
    if (call === undefined) return c.notFound();
    const following = progress.follow({
      call,
      address: c.req.param('address'),
      lastEventId: c.req.header('last-event-id'),
      outgoing: c.env.outgoing,
    });
    return following.kind === 'open' ? following.response : c.json(following, 503);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }) as Server;
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A reader on a real socket. */
export interface SocketReader {
  readonly response: IncomingMessage;
  /** The next event; undefined when the stream has ended. */
  next(): Promise<EventSourceMessage | undefined>;
  /** Resolves when the connection is over, in whatever way. */
  readonly closed: Promise<unknown>;
  /** Comments and retries so far. */
  readonly comments: string[];
  readonly retries: number[];
  destroy(): void;
}

export async function connectReader(url: string, headers: Record<string, string> = {}): Promise<SocketReader> {
  const outgoing = request(url, { headers, agent: false });
  outgoing.on('error', () => {}).end();
  const [response] = (await soon(once(outgoing, 'response'))) as [IncomingMessage];
  const events: (EventSourceMessage | undefined)[] = [];
  let wake = (): void => {};
  const comments: string[] = [];
  const retries: number[] = [];
  const parser = createParser({
    onEvent: (event) => (events.push(event), wake()),
    onComment: (comment) => comments.push(comment),
    onRetry: (retry) => retries.push(retry),
  });
  const closed = new Promise((resolve) => response.once('close', resolve));
  response.on('error', () => {}).setEncoding('utf8');
  let isReading = false;
  return {
    response,
    closed,
    comments,
    retries,
    next: async () => {
      if (!isReading) {
        isReading = true;
        response.on('data', (text: string) => parser.feed(text)).on('close', () => (events.push(undefined), wake()));
      }
      while (events.length === 0) await soon(new Promise<void>((resolve) => (wake = resolve)));
      return events[0] === undefined ? undefined : events.shift();
    },
    destroy: () => response.destroy(),
  };
}

export const snapshotIn = (event: EventSourceMessage | undefined): CallSnapshot =>
  JSON.parse(event?.data ?? '') as CallSnapshot;

/** Waits until something holds, with a generous deadline. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
