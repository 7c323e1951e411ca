// Limits of the HTTP server itself, below every route: times, sizes, how many connections, how much one connection may have
// under way. Node's defaults keep a slow header 89 s and a slow body 110 s (measured on Node 20); nothing here waits longer than 10.

import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer } from '../http/client-address.js';

/** The limits, milliseconds and counts. Tests set tiny ones instead of waiting. */
export interface ServerLimits {
  /** All headers must have come by then. */
  readonly headersMs: number;
  /** The whole request, body included. Streams are responses and not affected. */
  readonly requestMs: number;
  /** How long a connection may idle between two requests. */
  readonly keepAliveMs: number;
  /** How often the two above are checked: what a slow client gains at most. */
  readonly checkMs: number;
  readonly connections: number;
  /** Connections of one client address; trusted proxies are exempt. */
  readonly connectionsPerAddress: number;
  /** Requests of one connection that were received and not yet answered. Browsers and proxies do not pipeline: they have one. */
  readonly unanswered: number;
  readonly headerCount: number;
  readonly headerBytes: number;
}

/** 5 s and 8 s, checked each second. Connections: 5,000 streams and as many short requests as a burst brings. */
export const serverLimits: ServerLimits = {
  headersMs: 5_000,
  requestMs: 8_000,
  keepAliveMs: 5_000,
  checkMs: 1_000,
  connections: 8_000,
  connectionsPerAddress: 256,
  unanswered: 4,
  headerCount: 250,
  headerBytes: 12_288,
};

/** What must be known when the server is made. */
export const serverOptions = (limits: ServerLimits): ServerOptions => ({
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: limits.checkMs,
  maxHeaderSize: limits.headerBytes,
});

/** Answers one request. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Responses of a connection that are not finished, oldest first. On the socket: one property costs less than a map of thousands. */
const unansweredOf = Symbol('unanswered');
type Connection = Socket & { [unansweredOf]?: ServerResponse[]; readonly parser?: { pause?(): void } };

/** What is set on the made server. `readPeer` decides whom a connection counts for. */
export function hardenServer(
  server: Server,
  limits: ServerLimits,
  readPeer: (address: string | undefined) => Peer,
): void {
  // Node drops headers beyond the count without a word, the trusted X-Forwarded-For of a front that adds it last among them.
  // None is dropped: `screenRequests` counts them, and the parser bounds their bytes.
  server.maxHeadersCount = 0;
  capConnections(server, limits, readPeer);
  // No listener for `upgrade`: Node then ignores the header, as RFC 9110 §7.8 allows (`curl --http2` and Java offer h2c).
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (error: Error & { code?: string }, socket) => refuseBytes(error.code, socket as Connection));
}

/** Puts a listener behind the checks of a request that Node and the adapter leave out. */
export function screenRequests(limits: ServerLimits, listener: Listener): Listener {
  return function screened(incoming, outgoing) {
    const connection: Connection = incoming.socket;
    if (connection.destroyed) return;
    const unanswered = (connection[unansweredOf] ??= []);
    while (unanswered[0]?.writableFinished === true) unanswered.shift();
    // A read of 64 KB holds a thousand pipelined requests: whoever does not take his answers gets no more of them.
    if (unanswered.push(outgoing) > limits.unanswered) {
      // Node would go on and make a request of everything it has read; where its parser cannot be paused, that is garbage at worst.
      connection.parser?.pause?.();
      connection.destroy();
      return;
    }
    const status = faultOf(incoming, limits.headerCount);
    if (status === undefined) listener(incoming, outgoing);
    else outgoing.writeHead(status, { Connection: 'close', 'Content-Length': '0' }).end();
  };
}

/** The status a request is refused with before any route sees it. */
function faultOf(incoming: IncomingMessage, headerCount: number): 400 | 431 | undefined {
  const { rawHeaders, headers } = incoming;
  if (rawHeaders.length > 2 * headerCount) return 431;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  // RFC 9112 §3.2: one Host and no more. HTTP/1.0 needs none (HAProxy's and many other health checks send none).
  if (hosts > 1) return 400;
  if (hosts === 0 && incoming.httpVersionMajor === 1 && incoming.httpVersionMinor === 0) headers.host = 'localhost';
  return undefined;
}

/**
 * Counts connections. A peer that holds as many as one may have gets no more; when all places are taken, the connection goes
 * that has waited longest without a request of its own under way, so that silent ones lock nobody out.
 */
function capConnections(
  server: Server,
  { connections, connectionsPerAddress }: ServerLimits,
  readPeer: (address: string | undefined) => Peer,
): void {
  const open = new Set<Connection>();
  const counts = new Map<string, number>();

  server.on('connection', (connection: Connection) => {
    const { bucket, isTrustedProxy } = readPeer(connection.remoteAddress);
    const count = counts.get(bucket) ?? 0;
    if ((!isTrustedProxy && count >= connectionsPerAddress) || (open.size >= connections && !dropIdle())) {
      connection.destroy();
      return;
    }
    counts.set(bucket, count + 1);
    open.add(connection);
    connection.once('close', () => {
      open.delete(connection);
      const left = (counts.get(bucket) ?? 1) - 1;
      if (left > 0) counts.set(bucket, left);
      else counts.delete(bucket);
    });
  });

  /** True when a place became free. Busy ones that are met go to the end, so that the next search does not meet them again. */
  function dropIdle(): boolean {
    let searched = 0;
    for (const connection of open) {
      open.delete(connection);
      if (!isBusy(connection)) {
        connection.destroy();
        return true;
      }
      open.add(connection);
      searched += 1;
      if (searched === longestSearch) return false;
    }
    return false;
  }
}

/** Connections looked at to make room for one more. */
const longestSearch = 256;

const isBusy = (connection: Connection): boolean =>
  connection[unansweredOf]?.some((response) => !response.writableFinished) === true;

/** Answers bytes that are no request, or one that took too long, and lets go of the connection whatever its peer does. */
function refuseBytes(code: string | undefined, connection: Connection): void {
  // Nothing is ever written where an answer is owed or has begun, an open stream above all.
  const isAnswering = connection[unansweredOf]?.some(({ req, writableFinished }) => req.complete && !writableFinished);
  if (!connection.writable || connection.writableLength > 0 || isAnswering === true) {
    connection.destroy();
    return;
  }
  connection.write(`HTTP/1.1 ${statusOf(code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Not `end()`: the server's sockets are half-open ones, and a peer that never closes its side would keep its place for ever.
  connection.destroySoon();
}

function statusOf(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
}
