// The route table and what all routes share: a request id, the client's address, CORS and one error format. What must hold
// before a phone may ring is in routes/create-call.ts.

import { Hono } from 'hono';
import { optOutPath, type ProblemCode, routes } from '../contract.js';
import type { AddressReader, VisitorAddress } from './http/client-address.js';
import type { AppContext, AppEnv, Handler, PeerAddressReader } from './http/context.js';
import type { Assets } from './static/assets.js';
import { type CallsDeps } from './routes/deps.js';
import { originCheckPath } from './configurator/origin-check.js';
import { createCalls } from './routes/create-call.js';
import type { Health } from './routes/health.js';
import type { Bookings } from './gates/bookings.js';
import type { Hours } from './hours/hours.js';
import type { OneCall } from './routes/call.js';
import type { PhoneMetadata } from './static/phone-metadata.js';
import type { CorsHeaders } from './gates/origin.js';
import { addHeaders, problemResponse } from './http/problem.js';
import type { ReadWebhook } from './http/webhook-request.js';
import { createIdSource, requestIdLetters } from './core/random-id.js';
import { type SandboxClock, sandboxClockPath } from './sandbox/sandbox-clock.js';
import { openApiPath } from './openapi/open-api-route.js';
import { outcomesPath } from './outcomes/outcomes-webhook.js';
import { createSlots } from './routes/slots.js';
import { fileResponse } from './static/static-file.js';
import { type Store, StoreUnavailable } from './store/store.js';
import type { ThrottledLog } from './core/throttled-log.js';
import { createSuppressions } from './routes/suppressions-webhook.js';

/** The app's dependencies. A route whose optional part is missing answers `404`. */
export interface AppDeps extends Omit<CallsDeps, 'store'> {
  readonly log: ThrottledLog;
  readonly store: Store;
  readonly readAddress: AddressReader;
  /** By default the address of the socket of Node's server. */
  readonly peerAddress?: PeerAddressReader | undefined;
  readonly hours: Hours | undefined;
  readonly bookings: Pick<Bookings, 'freeTimes'>;
  readonly site: Handler;
  readonly phoneMetadata: PhoneMetadata;
  readonly health: Health;
  readonly oneCall: OneCall;
  /** `GET /v1/calls/:id/events`. */
  readonly events?: Handler | undefined;
  /** `GET /v1/challenge`. */
  readonly challengeIssuer?: Handler | undefined;
  /** Reads the suppression webhook. */
  readonly readSuppression?: ReadWebhook | undefined;
  /** `POST /v1/webhooks/outcomes`. */
  readonly outcomes?: Handler | undefined;
  readonly assets?: Assets;
  /** `GET /openapi.json`. */
  readonly openApi?: Handler | undefined;
  /** Counts refusals, if metrics are on. */
  readonly onRefused?: ((code: ProblemCode) => void) | undefined;
  /** `/me`. */
  readonly optOut?: Readonly<Record<'GET' | 'POST', Handler>> | undefined;
  /** `GET /configurator/origin`. */
  readonly originCheck?: Handler | undefined;
  /** Only without a credential. */
  readonly sandboxClock?: Pick<SandboxClock, 'read' | 'set'> | undefined;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Handlers = Partial<Record<Method, Handler>>;

/** Creates the app. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { gates, health, log, phoneMetadata, assets, oneCall } = deps;
  const calls = createCalls(deps);
  const slots = createSlots(deps);
  const suppressions = createSuppressions({ ...deps, readWebhook: deps.readSuppression });
  const nextRequestId = createIdSource(requestIdLetters, deps.random);
  const { peerAddress } = deps;
  const addressOf = peerAddress
    ? (c: AppContext) => deps.readAddress(peerAddress(c), c.req.raw.headers.get('x-forwarded-for') ?? undefined)
    : createAddressCache(deps.readAddress);
  const missing: Handler = (c) => problemResponse(c, { code: 'not-found' });
  const app = new Hono<AppEnv>();

  pageRoute(routes.site, { GET: readable(deps.site) });
  pageRoute(routes.challenge, { GET: deps.challengeIssuer ?? missing });
  pageRoute(routes.slots, { POST: open(slots) });
  const events = readable(deps.events ?? missing);
  // One URL for everything about a call, so that the browser's cached preflight of the request that placed it covers all of it.
  pageRoute(
    routes.calls,
    {
      POST: open(calls),
      GET: (c) => (wantsEvents(c) ? events(c) : oneCall.read(c)),
      PATCH: open(oneCall.redialNow),
      DELETE: open(oneCall.cancel),
    },
    // A service worker that caches everything must not confuse one call, or one snapshot, with another.
    { Vary: 'Origin, Authorization, Accept' },
  );
  pageRoute(routes.call, { GET: oneCall.read, PATCH: open(oneCall.redialNow), DELETE: open(oneCall.cancel) });
  pageRoute(routes.events, { GET: events });
  route(routes.suppressions, { POST: open(suppressions) });
  if (deps.outcomes) route(outcomesPath, { POST: open(deps.outcomes) });
  route(phoneMetadata.path, { GET: (c) => fileResponse(phoneMetadata.file, c.req.raw.headers) });
  if (deps.optOut) route(optOutPath, { GET: deps.optOut.GET, POST: open(deps.optOut.POST) });
  if (deps.originCheck) route(originCheckPath, { GET: deps.originCheck });
  if (deps.sandboxClock) route(sandboxClockPath, { GET: deps.sandboxClock.read, POST: deps.sandboxClock.set });
  if (deps.openApi) route(openApiPath, { GET: deps.openApi });
  route(routes.health, { GET: health.alive });
  route(routes.ready, { GET: health.ready });

  // Routes rather than a lookup of the path, so that they also work where another app mounts this one below a path.
  for (const [path, file] of assets ?? []) route(path, { GET: (c) => fileResponse(file, c.req.raw.headers) });

  app.notFound(described(missing));
  app.onError((error, c) => failed(error, c));
  return app;

  /** Adds a route for pages of the allowed origins. */
  function pageRoute(path: string, handlers: Handlers, more?: Readonly<Record<string, string>>): void {
    const preflight = described(
      (c) => {
        const allowed = gates.origin.toChange(c.req.raw.headers);
        if (!allowed.allowed) return problemResponse(c, allowed.problem);
        // The page is about to request a call.
        if (path === routes.calls) deps.warmUp?.();
        return new Response(null, { status: 204 });
      },
      (c) => gates.origin.preflight(c.req.raw.headers),
    );
    const answer = described(logged(path, byMethod(handlers)), (c) => gates.origin.cors(c.req.raw.headers), more);
    app.all(path, (c) => (c.req.method === 'OPTIONS' ? preflight(c) : answer(c)));
  }

  function route(path: string, handlers: Handlers): void {
    app.all(path, described(byMethod(handlers)));
  }

  /** One handler per path: Hono calls a single handler directly, without a chain of promises. */
  function byMethod(handlers: Handlers): Handler {
    const table = new Map<string, Handler>(Object.entries(handlers));
    if (handlers.GET !== undefined) table.set('HEAD', handlers.GET);
    const allow = Object.keys(handlers).join(', ');
    return (c) => {
      const handler = table.get(c.req.method);
      if (handler !== undefined) return handler(c);
      const response = problemResponse(c, { code: 'method-not-allowed' });
      response.headers.set('Allow', allow);
      return response;
    };
  }

  /**
   * Fills in every handler's context and adds the common headers to its response. Not a middleware: that would make every
   * response wait for promises and set its headers afterwards, which doubles the cost of a refusal (measured).
   */
  function described(
    handler: Handler,
    cors?: (c: AppContext) => CorsHeaders,
    more?: Readonly<Record<string, string>>,
  ): Handler {
    return (c) => {
      const requestId = nextRequestId();
      const head: Record<string, string> = { 'X-Request-Id': requestId, 'X-Content-Type-Options': 'nosniff' };
      addHeaders(head, cors?.(c));
      addHeaders(head, more);
      c.set('requestId', requestId);
      c.set('address', addressOf(c));
      c.set('head', head);
      const response = handler(c);
      return response instanceof Promise ? response.then((settled) => headed(c, settled)) : headed(c, response);
    };
  }

  /** Logs every refusal with its request id, which the visitor sees as a reference. */
  function logged(path: string, handler: Handler): Handler {
    const event = path === routes.calls ? 'call-refused' : 'request-refused';
    const logRefusal = (c: AppContext): void => {
      const problem = c.get('problem');
      if (problem === undefined) return;
      const { code, reason } = problem;
      deps.onRefused?.(code);
      log.info(event, () => ({ requestId: c.get('requestId'), route: path, code, reason, ...c.get('refusal') }));
    };
    return (c) => {
      const response = handler(c);
      if (!(response instanceof Promise)) {
        logRefusal(c);
        return response;
      }
      return response.then((settled) => {
        logRefusal(c);
        return settled;
      });
    };
  }

  /** Refuses new work while the process drains. */
  function open(handler: Handler): Handler {
    return (c) =>
      health.isDraining() ? problemResponse(c, { code: 'shutting-down', retryAfterSeconds: 5 }) : handler(c);
  }

  function readable(handler: Handler): Handler {
    return (c) => {
      const allowed = gates.origin.toRead(c.req.raw.headers);
      return allowed.allowed ? handler(c) : problemResponse(c, allowed.problem);
    };
  }

  /** No call on any error. Store failures are reported as such, everything else without details. */
  function failed(error: Error, c: AppContext): Response {
    log.error('request-failed', { requestId: c.get('requestId'), path: c.req.routePath }, error);
    return problemResponse(
      c,
      error instanceof StoreUnavailable ? { code: 'store-unavailable', retryAfterSeconds: 10 } : { code: 'internal' },
    );
  }
}

/** True when the request accepts only an event stream, as `EventSource` does. */
const wantsEvents = (c: AppContext): boolean => c.req.raw.headers.get('accept')?.trim() === 'text/event-stream';

/** Adds the common headers to a response that was created without them. */
function headed(c: AppContext, response: Response): Response {
  if (c.get('complete') === response) return response;
  for (const [name, value] of Object.entries(c.get('head'))) response.headers.set(name, value);
  return response;
}

const addressOfSocket = Symbol('address');

/** Without X-Forwarded-For the address is the connection's, so it is parsed once for all its requests, and kept on the socket. */
function createAddressCache(readAddress: AddressReader): (c: AppContext) => VisitorAddress {
  return function addressOf(c) {
    const socket:
      | ({ [addressOfSocket]?: VisitorAddress } & { readonly remoteAddress?: string | undefined })
      | undefined = c.env?.incoming?.socket;
    const forwardedFor = c.req.raw.headers.get('x-forwarded-for') ?? undefined;
    if (socket === undefined || forwardedFor !== undefined) return readAddress(socket?.remoteAddress, forwardedFor);
    return (socket[addressOfSocket] ??= readAddress(socket.remoteAddress, undefined));
  };
}
