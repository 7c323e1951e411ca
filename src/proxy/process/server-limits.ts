// Limits of the HTTP server itself, below every route. Node's defaults keep a slow header 89 s and a slow body 110 s
// (measured on Node 20); nothing here waits longer than 10.

import type { Server, ServerOptions } from 'node:http';

/** The limits, milliseconds and counts. Tests set tiny ones instead of waiting. */
export interface ServerLimits {
  /** All headers must have come by then. */
  readonly headersMs: number;
  /** The whole request, body included. Streams are answers and not affected. */
  readonly requestMs: number;
  /** How long a connection may idle between two requests. */
  readonly keepAliveMs: number;
  /** How often the two above are looked at: what a slow client gains at most. */
  readonly checkMs: number;
  readonly connections: number;
  readonly headerCount: number;
  readonly headerBytes: number;
}

/** 5 s and 8 s, looked at each second. Connections: 5,000 streams and as many short requests as a burst brings. */
export const serverLimits: ServerLimits = {
  headersMs: 5_000,
  requestMs: 8_000,
  keepAliveMs: 5_000,
  checkMs: 1_000,
  connections: 8_000,
  headerCount: 60,
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

/** What is set on the made server. */
export function hardenServer(server: Server, limits: ServerLimits): void {
  server.maxConnections = limits.connections;
  server.maxHeadersCount = limits.headerCount;
  server.on('upgrade', (_request, socket) => socket.destroy());
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (!socket.writable || socket.destroyed) return;
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : statusOf(error.code);
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
}

const statusOf = (code: string | undefined): string =>
  code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
