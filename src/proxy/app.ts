// The table of routes and what holds for all of them: a request id, the visitor's address, CORS of our own, one form of
// error. What must hold before a phone may ring is in calls.ts.

import { type Context, Hono } from 'hono';
import { routes } from '../contract.js';
import type { AddressReader } from './http/client-address.js';
import type { AppEnv, Handler } from './http/context.js';
import type { Assets } from './static/assets.js';
import { type CallsDeps } from './routes/deps.js';
import { createCalls } from './routes/create-call.js';
import type { Health } from './routes/health.js';
import type { Hours } from './hours/hours.js';
import type { OneCall } from './routes/call.js';
import type { PhoneMetadata } from './static/phone-metadata.js';
import { problemResponse } from './http/problem.js';
import { randomId, requestIdLetters } from './core/random-id.js';
import { type SandboxClock, sandboxClockPath } from './sandbox/sandbox-clock.js';
import { createSlots } from './routes/slots.js';
import { fileResponse } from './static/static-file.js';
import { type Store, StoreUnavailable } from './store/store.js';
import { createSuppressions } from './routes/suppressions-webhook.js';

/** Everything the app is made of. Optional parts answer `404` when they are left out. */
export interface AppDeps extends Omit<CallsDeps, 'store'> {
  readonly store: Store;
  readonly readAddress: AddressReader;
  readonly hours: Hours | undefined;
  readonly site: Handler;
  readonly phoneMetadata: PhoneMetadata;
  readonly health: Health;
  readonly oneCall: OneCall;
  /** `GET /v1/calls/:id/events`. */
  readonly events?: Handler | undefined;
  /** `GET /v1/challenge`. */
  readonly challengeIssuer?: Handler | undefined;
  readonly webhookSecret?: string | undefined;
  readonly assets?: Assets;
  /** Only without a credential. */
  readonly sandboxClock?: Pick<SandboxClock, 'read' | 'set'> | undefined;
}

type Method = 'GET' | 'POST' | 'DELETE';

/** Makes the app. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { gates, health, log, random, readAddress, phoneMetadata, assets, oneCall } = deps;
  const calls = createCalls(deps);
  const slots = createSlots(deps);
  const suppressions = createSuppressions({ ...deps, secret: deps.webhookSecret });
  const missing: Handler = (c) => problemResponse({ code: 'not-found' }, c.var.requestId);
  const app = new Hono<AppEnv>();

  app.use(async function describeRequest(c, next) {
    c.set('requestId', randomId(requestIdLetters, random));
    c.set('address', readAddress(c.env?.incoming?.socket.remoteAddress, c.req.header('x-forwarded-for')));
    await next();
    c.res.headers.set('X-Request-Id', c.var.requestId);
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });

  /** A route for pages of the allowed origins. */
  function pageRoute(path: string, handlers: Partial<Record<Method, Handler>>): void {
    app.use(path, async function cors(c, next) {
      const headers =
        c.req.method === 'OPTIONS' ? gates.origin.preflight(c.req.raw.headers) : gates.origin.cors(c.req.raw.headers);
      // A stream writes to the socket itself: what it must carry is put there before.
      if (path === routes.events)
        for (const [name, value] of Object.entries(headers)) c.env?.outgoing?.setHeader(name, value);
      await next();
      for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    });
    app.options(path, (c) => {
      const allowed = gates.origin.toChange(c.req.raw.headers);
      return allowed.allowed ? new Response(null, { status: 204 }) : problemResponse(allowed.problem, c.var.requestId);
    });
    route(path, handlers);
  }

  function route(path: string, handlers: Partial<Record<Method, Handler>>): void {
    for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
    const allow = Object.keys(handlers).join(', ');
    app.all(path, (c) => {
      const response = problemResponse({ code: 'method-not-allowed' }, c.var.requestId);
      response.headers.set('Allow', allow);
      return response;
    });
  }

  pageRoute(routes.site, { GET: readable(deps.site) });
  pageRoute(routes.challenge, { GET: deps.challengeIssuer ?? missing });
  pageRoute(routes.slots, { POST: open(slots) });
  pageRoute(routes.calls, { POST: open(calls) });
  pageRoute(routes.call, { GET: oneCall.read, DELETE: open(oneCall.takeBack) });
  pageRoute(routes.events, { GET: readable(deps.events ?? missing) });
  route(routes.suppressions, { POST: open(suppressions) });
  route(phoneMetadata.path, { GET: (c) => fileResponse(phoneMetadata.file, c.req.raw.headers) });
  if (deps.sandboxClock) route(sandboxClockPath, { GET: deps.sandboxClock.read, POST: deps.sandboxClock.set });
  route(routes.health, { GET: health.alive });
  route(routes.ready, { GET: health.ready });

  app.notFound((c) => {
    const file = c.req.method === 'GET' || c.req.method === 'HEAD' ? assets?.get(c.req.path) : undefined;
    return file === undefined ? missing(c) : fileResponse(file, c.req.raw.headers);
  });
  app.onError((error, c) => failed(error, c));
  return app;

  /** While the process drains, nothing new begins. */
  function open(handler: Handler): Handler {
    return (c) =>
      health.isDraining()
        ? problemResponse({ code: 'shutting-down', retryAfterSeconds: 5 }, c.var.requestId)
        : handler(c);
  }

  function readable(handler: Handler): Handler {
    return (c) => {
      const allowed = gates.origin.toRead(c.req.raw.headers);
      return allowed.allowed ? handler(c) : problemResponse(allowed.problem, c.var.requestId);
    };
  }

  /** In doubt no call: the store's doubt is said as such, everything else without a word of what it was. */
  function failed(error: Error, c: Context<AppEnv>): Response {
    const { requestId } = c.var;
    log.error('request-failed', { requestId, path: c.req.routePath }, error);
    if (error instanceof StoreUnavailable)
      return problemResponse({ code: 'store-unavailable', retryAfterSeconds: 10 }, requestId);
    return problemResponse({ code: 'internal' }, requestId);
  }
}
