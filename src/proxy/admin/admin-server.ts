// The admin listener: a separate server for operators, on a port that visitors cannot reach. On loopback it needs no token;
// anywhere else, every request does: as a bearer token, or as the session of a browser that has signed in.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { ownerPaths } from '../../owner-contract.js';
import type { Clock } from '../core/clock.js';
import { type AdminSessions, createAdminSessions, isSame } from './admin-sessions.js';
import { signInPage } from './sign-in-page.js';

/** The response of one of the listener's pages. */
export interface AdminAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly contentType: string;
  readonly body: string | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One of the listener's pages. */
export type AdminPage = (query: URLSearchParams) => Promise<AdminAnswer>;

/** Options of the listener. */
export interface AdminServerOptions {
  readonly host: string;
  readonly port: number;
  /** If set, required in `Authorization: Bearer`, or to sign in. */
  readonly token: string | undefined;
  /** Its pages by path; all respond to GET and change nothing. */
  readonly pages: Readonly<Record<string, AdminPage>>;
  /** The policy of the page for signing in; without one, no browser can. */
  readonly signInPolicy?: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Called with the reason when a request is refused. */
  readonly onRefused: (reason: 'token' | 'host' | 'site') => void;
  /** Called with the error that a page threw. */
  readonly onFault: (error: unknown) => void;
}

/** A listening admin server. */
export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Bytes of the form for signing in: a token has at most 512 characters. */
const longestForm = 2_048;

/** Starts listening. Rejects when the port is taken. */
export async function listenAdmin({ host, port, ...options }: AdminServerOptions): Promise<AdminServer> {
  const { token, signInPolicy, clock } = options;
  const sessions = token === undefined || signInPolicy === undefined ? undefined : createAdminSessions(token, clock);
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 8_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => void answer(request, response, { ...options, sessions }),
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

type Answering = Omit<AdminServerOptions, 'host' | 'port'> & { readonly sessions: AdminSessions | undefined };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token, pages, sessions, signInPolicy = '', onRefused, onFault }: Answering,
): Promise<void> {
  const head = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
  };
  const refuse = (status: number, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { ...head, ...headers, 'Content-Length': '0', Connection: 'close' }).end();
  const send = (status: number, contentType: string, body: string, headers: Record<string, string> = {}): void =>
    void response
      .writeHead(status, {
        ...head,
        'Content-Type': contentType,
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      })
      .end(request.method === 'HEAD' ? undefined : body);
  const askToSignIn = (status: number, problem?: 'wrong' | 'later'): void =>
    send(status, 'text/html; charset=utf-8', signInPage(problem), {
      'Content-Security-Policy': signInPolicy,
      'WWW-Authenticate': 'Bearer',
      'Referrer-Policy': 'same-origin',
    });
  const { headers } = request;
  const [path = '', search = ''] = (request.url ?? '').split('?');

  // A page in a browser on this machine could reach the port under its own name (DNS rebinding).
  if (token === undefined && !isLoopbackHost(headers.host)) {
    onRefused('host');
    return refuse(403);
  }
  // No other site may load anything from here or send the form, whatever cookies the browser has. Opening the page is harmless.
  const isLink = path === ownerPaths.page && headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if (!isFromHere(request) && !isLink) {
    onRefused('site');
    return refuse(403);
  }
  if (token !== undefined) {
    const { authorization } = headers;
    if (sessions !== undefined && path === ownerPaths.signIn)
      return request.method === 'POST' ? signIn(sessions) : refuse(303, { Location: ownerPaths.page });
    if (sessions !== undefined && path === ownerPaths.signOut && request.method === 'POST')
      return refuse(303, { Location: ownerPaths.page, 'Set-Cookie': sessions.signedOut });
    const isAllowed = isBearer(authorization, token) || sessions?.isSignedIn(headers.cookie) === true;
    if (!isAllowed) {
      const isPage = sessions !== undefined && path === ownerPaths.page && authorization === undefined;
      // The style of the page for signing in contains nothing to protect.
      if (isPage) return askToSignIn(401);
      if (sessions === undefined || path !== ownerPaths.style) {
        onRefused('token');
        return refuse(401, { 'WWW-Authenticate': 'Bearer' });
      }
    }
  }
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET' });
  try {
    const { status = 200, contentType, body, headers: own = {} } = await page(new URLSearchParams(search));
    if (typeof body === 'string') return send(status, contentType, body, { ...own });
    response.writeHead(status, { ...head, 'Content-Type': contentType, ...own });
    if (request.method === 'HEAD') response.end();
    else await pipeline(body, response);
  } catch (error) {
    // Whoever stopped reading a long response knows that it is incomplete.
    if (isHangUp(error)) return;
    onFault(error);
    if (response.headersSent) response.destroy();
    else refuse(500);
  }

  async function signIn(known: AdminSessions): Promise<void> {
    const form = await readForm(request).catch(() => undefined);
    if (form === undefined) return refuse(400);
    const isSecure = headers['x-forwarded-proto'] === 'https';
    const signedIn = known.signIn(form.get('token') ?? '', isSecure, request.socket.remoteAddress ?? '');
    if (typeof signedIn === 'object') return refuse(303, { Location: ownerPaths.page, 'Set-Cookie': signedIn.cookie });
    onRefused('token');
    askToSignIn(signedIn === 'wrong' ? 401 : 429, signedIn);
  }
}

/** Undefined for a body that is not a short form. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return undefined;
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > longestForm) return undefined;
  }
  return new URLSearchParams(text);
}

/** Browsers say where a request comes from; another port of this machine is another site. Other clients send no such header. */
function isFromHere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  const { origin, host = '' } = headers;
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  return (site === 'none' || site === 'same-origin') && isOwn;
}

const isHangUp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

const isLoopbackHost = (host: string | undefined): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host ?? '');

const isBearer = (header: string | undefined, token: string): boolean => isSame(header ?? '', `Bearer ${token}`);
