// Connections to one origin: opened, kept and checked. A request is given a connection only once that is established (with TLS: once
// its certificate has been verified), so whatever fails before has sent nothing. What is sent on them is not decided here.

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What connections are set up with. */
export interface ConnectionsOptions {
  readonly origin: URL;
  /** Time for name resolution, TCP and TLS together, milliseconds. */
  readonly connectMs: number;
  /** Connections kept open between two requests, at most. */
  readonly kept: number;
  /** Name resolution, for tests. */
  readonly lookup?: LookupFunction;
}

/** Connections to one origin. */
export interface Connections {
  readonly agent: HttpAgent;
  /** Resolves when every kept connection has had the time to hear that its peer closes it after all. To be awaited before a request is made. */
  ready(): Promise<void>;
  /** Tells that a request was given this connection. */
  inUse(socket: Socket): void;
  /** Closes all of them, also those that are still being established. */
  close(): void;
}

/** A connection that nobody uses is closed after this long, or sooner where the peer says so: the longer it lies idle, the likelier it is dead. */
const idleMs = 4_000;

/** Makes them. */
export function createConnections({ origin, connectMs, kept, lookup }: ConnectionsOptions): Connections {
  const isTls = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port) || (isTls ? 443 : 80);
  const opening = new Set<Socket>();
  let session: Buffer | undefined;

  const open = (): Socket => {
    const target = { host, port, noDelay: true, ...(lookup !== undefined && { lookup }) };
    if (!isTls) return connectTcp(target);
    const servername = isIP(host) === 0 ? host : '';
    return connectTls({ ...target, servername, ALPNProtocols: ['http/1.1'], ...(session && { session }) }).on(
      'session',
      (next: Buffer) => (session = next),
    );
  };

  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true, maxFreeSockets: kept, timeout: idleMs });
  agent.createConnection = (_options, done) => {
    const socket = open();
    opening.add(socket);
    const settle = (error: Error | null): void => {
      if (!opening.delete(socket)) return;
      clearTimeout(timer);
      if (error !== null) {
        session = undefined;
        socket.destroy();
      }
      done?.(error, socket);
    };
    const timer = setTimeout(
      () => settle(Object.assign(new Error('connecting took too long'), { code: 'ETIMEDOUT' })),
      connectMs,
    );
    socket
      .once(isTls ? 'secureConnect' : 'connect', () => settle(null))
      .on('error', settle)
      .once('close', () => settle(new Error('closed while connecting')));
    return undefined;
  };

  let heard: Promise<void> | undefined;
  agent.on('free', (socket: Socket) => {
    socket.on('data', destroyIdle).on('end', destroyIdle);
    const now = turnOfEventLoop().then(() => {
      if (heard === now) heard = undefined;
    });
    heard = now;
  });

  const ready = (): Promise<void> => heard?.then(ready) ?? Promise.resolve();

  return {
    agent,
    ready,
    inUse: (socket) => void socket.off('data', destroyIdle).off('end', destroyIdle),
    close() {
      for (const socket of opening) socket.destroy();
      agent.destroy();
    },
  };
}

/** Sockets are read between two immediates: the end of a connection often comes right behind the answer. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Bytes on an idle connection would be taken for the answer to the next request: another call's. After its end nothing is heard at all. */
function destroyIdle(this: Socket): void {
  this.destroy();
}
