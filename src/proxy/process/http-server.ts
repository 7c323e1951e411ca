// The Node server: created with its limits, listening before the app exists (its port may decide which origins are its own), and
// closed without waiting for idle connections.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { createPeerReader, type Peer } from '../http/client-address.js';
import { hardenServer, screenRequests, type ServerLimits, serverOptions } from './server-limits.js';

/** Answers one request. */
export type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /** Sets the app's handler; until then, requests get a `503`. */
  answerWith(fetch: Fetch): void;
  /** Accepts no more connections and drops the idle ones. Resolves when the last is closed. */
  close(): Promise<void>;
  /** Drops every connection. */
  drop(): void;
}

/** Starts listening. `readPeer` decides which bucket a connection counts toward; by default the peer's own. Rejects when the port is taken. */
export async function listen(
  port: number,
  host: string,
  limits: ServerLimits,
  readPeer: (address: string | undefined) => Peer = createPeerReader({ kind: 'none' }),
): Promise<HttpServer> {
  let answer: Fetch = () => new Response(null, { status: 503, headers: { 'Retry-After': '1' } });
  // The adapter's own Request and Response: with Node's, it reads every body back as a web stream, which doubles the CPU time of a refusal (measured).
  const adapter = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: true,
  });
  const server = createServer(
    serverOptions(limits),
    screenRequests(limits, (incoming, outgoing) => void adapter(incoming, outgoing)),
  );
  hardenServer(server, limits, readPeer);
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
