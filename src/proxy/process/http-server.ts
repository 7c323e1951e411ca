// The Node server: made with its limits, listening before the app is known (its port may decide which origins are its own),
// closed without waiting for idle connections.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { hardenServer, type ServerLimits, serverOptions } from './server-limits.js';

/** Answers one request. */
export type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /** From now on requests are answered; before, with `503`. */
  answerWith(fetch: Fetch): void;
  /** Takes no more connections and drops the idle ones. Resolves when the last is closed. */
  close(): Promise<void>;
  /** Drops every connection. */
  drop(): void;
}

/** Listens. Rejects when the port is taken. */
export async function listen(port: number, host: string, limits: ServerLimits): Promise<HttpServer> {
  let answer: Fetch = () => new Response(null, { status: 503, headers: { 'Retry-After': '1' } });
  const server = createAdaptorServer({
    fetch: (request, env) => answer(request, env as HttpBindings),
    serverOptions: serverOptions(limits),
    overrideGlobalObjects: false,
  }) as Server;
  hardenServer(server, limits);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    answerWith(fetch) {
      answer = fetch;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      return closed;
    },
    drop: () => server.closeAllConnections(),
  };
}
