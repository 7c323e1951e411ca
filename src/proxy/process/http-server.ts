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
  /** Sets the app's handler; until then, requests wait, so that a restart behind a load balancer refuses none. */
  answerWith(fetch: Fetch): void;
  /** Accepts no more connections, drops the idle ones, and closes each of the others after its response. Resolves when the last is closed. */
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
  let answer: Fetch | undefined;
  let begin = (_answer: Fetch): void => {};
  const begun = new Promise<Fetch>((resolve) => (begin = resolve));
  // The adapter's own Request and Response: with Node's, it reads every body back as a web stream, which doubles the CPU time of a refusal (measured).
  const adapter = getRequestListener(
    (request, env) =>
      answer === undefined
        ? begun.then((first) => first(request, env as HttpBindings))
        : answer(request, env as HttpBindings),
    { overrideGlobalObjects: true },
  );
  const server = createServer(
    serverOptions(limits),
    screenRequests(limits, (incoming, outgoing) => void adapter(incoming, outgoing)),
  );
  const retireConnections = hardenServer(server, limits, readPeer);
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
      begin(fetch);
    },
    close() {
      // It could not start: whoever waits learns so, and the connections can end.
      begin(() => new Response(null, { status: 503, headers: { 'Retry-After': '1' } }));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      retireConnections();
      return closed;
    },
    drop: () => server.closeAllConnections(),
  };
}
