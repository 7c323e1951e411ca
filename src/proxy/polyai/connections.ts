// Connections to one origin: opened, kept and checked. A request gets a connection only once it is established (with TLS, once
// the certificate has been verified), so nothing has been sent if anything fails before. What is sent on them is not decided
// here.

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Options of the connections. */
export interface ConnectionsOptions {
  readonly origin: URL;
  /** Time for name resolution, TCP and TLS together, milliseconds. */
  readonly connectMs: number;
  /** Most connections kept open between requests. */
  readonly kept: number;
  /** Name resolution, for tests. */
  readonly lookup?: LookupFunction;
}

/** Connections to one origin. */
export interface Connections {
  readonly agent: HttpAgent;
  /** Resolves when every idle connection has had time to notice that its peer has closed it. Await it before making a request. */
  ready(): Promise<void>;
  /** Marks a connection as used by a request. */
  inUse(socket: Socket): void;
  /** Opens a connection for a request that is likely to come soon, unless one is idle or being opened. It is closed again when it is not used within four seconds. */
  warmUp(): void;
  /** Closes all of them, including those that are still being established. */
  close(): void;
}

/** An unused connection is closed after this long, or sooner if the peer says so: the longer it is idle, the likelier it is dead. */
const idleMs = 4_000;
/** Between two connections that are opened in advance: whoever causes them (a preflight) must not make the proxy flood PolyAI. */
const warmUpPauseMs = 1_000;

interface Spare {
  readonly socket: Socket;
  readonly isEstablished: () => boolean;
  /** Hands the connection over: from then on, whoever takes it closes it. */
  readonly take: () => Socket;
}

/** Creates them. */
export function createConnections({ origin, connectMs, kept, lookup }: ConnectionsOptions): Connections {
  const isTls = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = Number(origin.port) || (isTls ? 443 : 80);
  const connected = isTls ? 'secureConnect' : 'connect';
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
  /** An unused connection that was opened in advance. */
  let spare: Spare | undefined;
  let warmedAt = Number.NEGATIVE_INFINITY;

  const warmUp = (): void => {
    const now = performance.now();
    if (spare !== undefined || opening.size > 0 || now - warmedAt < warmUpPauseMs) return;
    if (Object.keys(agent.freeSockets).length > 0) return;
    warmedAt = now;
    const socket = open();
    const drop = (): void => {
      if (spare?.socket === socket) spare = undefined;
      clearTimeout(timer);
      socket.destroy();
    };
    const timer = setTimeout(drop, idleMs).unref();
    const established = (): void => {
      isEstablished = true;
    };
    let isEstablished = false;
    // Like every idle connection, see `destroyIdle`.
    const events = { [connected]: established, data: drop, end: drop, error: drop, close: drop };
    for (const [event, listener] of Object.entries(events)) socket.on(event, listener);
    spare = {
      socket,
      isEstablished: () => isEstablished,
      take() {
        spare = undefined;
        clearTimeout(timer);
        for (const [event, listener] of Object.entries(events)) socket.off(event, listener);
        return socket;
      },
    };
  };

  agent.createConnection = (_options, done) => {
    if (spare?.isEstablished() === true) return spare.take().on('error', () => {});
    const socket = spare?.take() ?? open();
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
      .once(connected, () => settle(null))
      .on('error', settle)
      .once('close', () => settle(new Error('closed while connecting')));
    return undefined;
  };

  let noticed: Promise<void> | undefined;
  agent.on('free', (socket: Socket) => {
    socket.on('data', destroyIdle).on('end', destroyIdle);
    const now = turnOfEventLoop().then(() => {
      if (noticed === now) noticed = undefined;
    });
    noticed = now;
  });

  const ready = (): Promise<void> => noticed?.then(ready) ?? Promise.resolve();

  return {
    agent,
    ready,
    warmUp,
    inUse: (socket) => void socket.off('data', destroyIdle).off('end', destroyIdle),
    close() {
      for (const socket of opening) socket.destroy();
      spare?.take().destroy();
      agent.destroy();
    },
  };
}

/** Sockets are read between two immediates: the end of a connection often follows right after the response. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Bytes on an idle connection would be taken for the response to the next request, which may be about another call. */
function destroyIdle(this: Socket): void {
  this.destroy();
}
