// The admin listener: a separate server for operators, on a port that visitors cannot reach. On loopback it needs no token;
// anywhere else, every request does.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The response of one of the listener's pages. */
export interface AdminAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** Options of the listener. */
export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** If set, required in `Authorization: Bearer`. */
  readonly token: string | undefined;
  /** Its pages by path; all respond to GET. */
  readonly pages: Readonly<Record<string, () => Promise<AdminAnswer>>>;
  /** Called with the reason when a request is refused. */
  readonly onRefused: (reason: 'token' | 'host') => void;
  /** Called with the error that a page threw. */
  readonly onFault: (error: unknown) => void;
}

/** A listening admin server. */
export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts listening. Rejects when the port is taken. */
export async function listenAdmin({ host, port, ...options }: AdminServerOptions): Promise<AdminServer> {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 8_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => void answer(request, response, options),
  );
  server.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    // The message about a port that is in use must name the setting to change.
    const refused = (error: Error): void => reject(Object.assign(error, { setting: 'ADMIN_LISTEN' }));
    server.once('error', refused).listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, pages, onRefused, onFault }: Omit<AdminServerOptions, 'host' | 'port'>,
): Promise<void> {
  const head = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  const refuse = (status: number, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { ...head, ...headers, 'Content-Length': '0', Connection: 'close' }).end();
  // A page in a browser on this machine could reach the port under its own name (DNS rebinding).
  if (token === undefined && !isLoopbackHost(request.headers.host)) {
    onRefused('host');
    return refuse(403);
  }
  if (token !== undefined && !isToken(request.headers.authorization, token)) {
    onRefused('token');
    return refuse(401, { 'WWW-Authenticate': 'Bearer' });
  }
  const path = (request.url ?? '').split('?')[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET' });
  try {
    const { contentType, body } = await page();
    response
      .writeHead(200, { ...head, 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) })
      .end(body);
  } catch (error) {
    onFault(error);
    refuse(500);
  }
}

const isLoopbackHost = (host: string | undefined): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');

/** Compares hashes: neither their length nor the time it takes reveals anything about the token. */
const isToken = (header: string | undefined, token: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
};
