// Limits of the HTTP server itself, below every route: timeouts, sizes, connections, and pending requests per connection. Node's
// defaults wait 89 s for a slow header and 110 s for a slow body (measured on Node 20); nothing here waits longer than 10 s.

import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer } from '../http/client-address.js';

/** The limits, in milliseconds and counts. Tests set tiny ones instead of waiting. */
export interface ServerLimits {
  /** Until all headers must have arrived. */
  readonly headersMs: number;
  /** Until the whole request must have arrived, including its body. Streams are responses, so they are not affected. */
  readonly requestMs: number;
  /** How long a connection may idle between two requests. */
  readonly keepAliveMs: number;
  /** Interval of the checks of the first two: the most a slow client gains. */
  readonly checkMs: number;
  readonly connections: number;
  /** Connections per client address; trusted proxies are exempt. */
  readonly connectionsPerAddress: number;
  /** Unanswered requests per connection. Browsers and proxies do not pipeline: they have one. */
  readonly unanswered: number;
  readonly headerCount: number;
  readonly headerBytes: number;
}

/** 5 s and 8 s, checked every second. Connections: 5,000 streams plus the short requests of a burst. */
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

/** Options for creating the server. */
export const serverOptions = (limits: ServerLimits): ServerOptions => ({
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: limits.checkMs,
  maxHeaderSize: limits.headerBytes,
});

/** Answers one request. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** A connection's unfinished responses, oldest first. Stored on the socket: a property costs less than a map of thousands. */
const unansweredOf = Symbol('unanswered');
type Connection = Socket & { [unansweredOf]?: ServerResponse[]; readonly parser?: { onIncoming?: unknown } };

/** Tells Node's parser that what follows is not HTTP. Undocumented: if a version ignores it, the rest costs some memory until it is collected. */
const stopParsing = (): number => 2;

/**
 * Applies the limits to a created server. `readPeer` decides which bucket a connection counts toward. Returns how to retire the
 * connections: each is closed after its last response, those without a request at once.
 */
export function hardenServer(
  server: Server,
  limits: ServerLimits,
  readPeer: (address: string | undefined) => Peer,
): () => void {
  // Node silently drops headers beyond the count, including a trusted X-Forwarded-For that the front appends last. So none is
  // dropped: `screenRequests` counts them, and the parser limits their bytes.
  server.maxHeadersCount = 0;
  const open = capConnections(server, limits, readPeer);
  // No listener for `upgrade`: Node then ignores the header, as RFC 9110 §7.8 allows (`curl --http2` and Java offer h2c).
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (error: Error & { code?: string }, socket) => refuseBytes(error.code, socket as Connection));
  return () => {
    for (const connection of open) retire(connection);
  };
}

/** A load balancer must not send another request on it: this process answers none anymore. */
function retire(connection: Connection): void {
  const unfinished = connection[unansweredOf]?.filter((response) => !response.writableFinished) ?? [];
  if (unfinished.length === 0) connection.destroy();
  for (const response of unfinished) {
    if (!response.headersSent) response.shouldKeepAlive = false;
    response.once('finish', () => {
      if (isBusy(connection)) return;
      connection.end(() => connection.destroy());
    });
  }
}

/** Wraps a listener with the checks that Node and the adapter omit. */
export function screenRequests(limits: ServerLimits, listener: Listener): Listener {
  return function screened(incoming, outgoing) {
    const connection: Connection = incoming.socket;
    if (connection.destroyed) return;
    const unanswered = (connection[unansweredOf] ??= []);
    while (unanswered[0]?.writableFinished === true) unanswered.shift();
    // A read of 64 KB can contain a thousand pipelined requests: a client that does not read its responses gets no more of them.
    if (unanswered.push(outgoing) > limits.unanswered) {
      // Node would go on creating objects for the requests that it has already read: 30 KB of memory for each KB.
      if (connection.parser !== undefined) connection.parser.onIncoming = stopParsing;
      connection.destroy();
      return;
    }
    const status = faultOf(incoming, limits.headerCount);
    if (status === undefined) listener(incoming, outgoing);
    else outgoing.writeHead(status, { Connection: 'close', 'Content-Length': '0' }).end();
  };
}

/** The status with which a request is refused before any route sees it. */
function faultOf(incoming: IncomingMessage, headerCount: number): 400 | 431 | undefined {
  const { rawHeaders, headers } = incoming;
  if (rawHeaders.length > 2 * headerCount) return 431;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  // RFC 9112 §3.2: exactly one Host. HTTP/1.0 needs none (HAProxy's and many other health checks send none).
  if (hosts > 1) return 400;
  if (hosts === 0 && incoming.httpVersionMajor === 1 && incoming.httpVersionMinor === 0) headers.host = 'localhost';
  return undefined;
}

/**
 * Counts connections. A peer at its limit gets no more; at the total limit, the connection that has been idle longest is
 * dropped, so that idle ones lock nobody out.
 */
function capConnections(
  server: Server,
  { connections, connectionsPerAddress }: ServerLimits,
  readPeer: (address: string | undefined) => Peer,
): ReadonlySet<Connection> {
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
  return open;

  /** Drops an idle connection; true on success. Busy ones found on the way move to the end, so that the next search skips them. */
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

/** Connections examined to make room for one more. */
const longestSearch = 256;

const isBusy = (connection: Connection): boolean =>
  connection[unansweredOf]?.some((response) => !response.writableFinished) === true;

/** Answers bytes that are not a request, or a request that took too long, and closes the connection whatever its peer does. */
function refuseBytes(code: string | undefined, connection: Connection): void {
  // Never writes into a pending response or one that has begun, such as an open stream.
  const isAnswering = connection[unansweredOf]?.some(({ req, writableFinished }) => req.complete && !writableFinished);
  if (!connection.writable || connection.writableLength > 0 || isAnswering === true) {
    connection.destroy();
    return;
  }
  connection.write(`HTTP/1.1 ${statusOf(code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // Not `end()`: the server allows half-open sockets, and a peer that never closes its side would keep the connection forever.
  connection.destroySoon();
}

function statusOf(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
}
