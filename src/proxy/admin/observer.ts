// What can be observed of a running proxy, and the wrappers that observe it: around PolyAI, the store and the server's handler.
// The proxy does not depend on it: without ADMIN_LISTEN and traces, nothing is wrapped and this folder is not loaded.

import type { HttpBindings } from '@hono/node-server';
import { isTerminal, type ProblemCode, routes, type TerminalStatus } from '../../contract.js';
import type { Clock } from '../core/clock.js';
import type { PolyAi } from '../polyai/polyai.js';
import type { ConcurrencySlot, Refusal, Scope, Store } from '../store/store.js';

/** One operation. Every value in it comes from a closed list, except the call's ID, which is ours. */
export type Operation =
  | { readonly kind: 'request'; readonly method: Method; readonly route: Route }
  | { readonly kind: 'trigger' }
  | { readonly kind: 'status' }
  | { readonly kind: 'store'; readonly verb: StoreVerb; readonly callId?: string };

/** HTTP methods that are distinguished. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS' | 'other';
/** Routes that are distinguished: those of the contract, the served files, and everything else. */
export type Route = (typeof routes)[keyof typeof routes] | 'file' | 'other';
/** Store methods that are observed. */
export type StoreVerb = 'reserve' | 'settle' | 'recordPolls' | 'claimDue' | 'startScheduled' | 'recall';

/** How an operation ended: a value from a closed list for its kind, or an HTTP status. */
export type Ending = string;

/** An observer. */
export type Occurrence =
  | { readonly kind: 'refused'; readonly code: ProblemCode }
  | { readonly kind: 'reserved'; readonly site: string; readonly when: 'now' | 'scheduled' | 'queued' }
  | {
      readonly kind: 'limited';
      readonly scope: Scope | Exclude<Refusal['kind'], 'rate-limited' | 'at-capacity'> | ConcurrencySlot['scope'];
    }
  | { readonly kind: 'ended'; readonly status: TerminalStatus }
  | { readonly kind: 'polled-late'; readonly seconds: number };

/** Receives operations. Neither method may throw or block. */
export interface Observer {
  /** Runs an operation inside an observation. `endingOf`: how it ended; a rejection ends it as `failed`. */
  around<Result>(
    operation: Operation,
    work: () => Promise<Result>,
    endingOf: (result: Result) => Ending,
  ): Promise<Result>;
  note(occurrence: Occurrence): void;
}

/** Several observers as one. */
export const allOf = (observers: readonly Observer[]): Observer => ({
  around: (operation, work, endingOf) =>
    observers.reduceRight<() => ReturnType<typeof work>>(
      (inner, observer) => () => observer.around(operation, inner, endingOf),
      work,
    )(),
  note: (occurrence) => {
    for (const observer of observers) observer.note(occurrence);
  },
});

/** PolyAI, observed. */
export const observePolyAi = (polyai: PolyAi, observer: Observer): PolyAi => ({
  place: (number, context) =>
    observer.around(
      { kind: 'trigger' },
      () => polyai.place(number, context),
      ({ kind }) => kind,
    ),
  status: (upstreamId) =>
    observer.around(
      { kind: 'status' },
      () => polyai.status(upstreamId),
      ({ kind }) => kind,
    ),
  warmUp: () => polyai.warmUp?.(),
  close: () => polyai.close(),
});

/** The store, observed. */
export const observeStore = (store: Store, observer: Observer, clock: Pick<Clock, 'now'>): Store => {
  const around = <Result>(verb: StoreVerb, work: () => Promise<Result>, callId?: string): Promise<Result> =>
    observer.around({ kind: 'store', verb, ...(callId !== undefined && { callId }) }, work, () => 'done');
  return {
    ...store,
    recall: (key, fingerprint) => around('recall', () => store.recall(key, fingerprint)),
    reserve: async (reservation) => {
      const outcome = await around('reserve', () => store.reserve(reservation), reservation.callId);
      if (outcome.kind === 'reserved')
        observer.note({
          kind: 'reserved',
          site: reservation.origin,
          when: outcome.call.isQueued ? 'queued' : reservation.scheduled === undefined ? 'now' : 'scheduled',
        });
      if (outcome.kind === 'refused') {
        const { refusal } = outcome;
        observer.note({ kind: 'limited', scope: 'scope' in refusal ? refusal.scope : refusal.kind });
      }
      return outcome;
    },
    settle: async (callId, settlement, answer) => {
      const call = await around('settle', () => store.settle(callId, settlement, answer), callId);
      if (settlement.kind !== 'accepted' && isTerminal(call.status))
        observer.note({ kind: 'ended', status: call.status });
      return call;
    },
    recordPolls: async (results) => {
      const calls = await around('recordPolls', () => store.recordPolls(results));
      for (const [index, call] of calls.entries()) {
        const hasEnded = results[index]?.items.some(({ status }) => isTerminal(status)) === true;
        if (hasEnded && call !== undefined && isTerminal(call.status))
          observer.note({ kind: 'ended', status: call.status });
      }
      return calls;
    },
    claimDue: async (limit, leaseMs) => {
      const due = await around('claimDue', () => store.claimDue(limit, leaseMs));
      const now = clock.now();
      for (const { why, dueAt, call } of due)
        if (why === 'poll' && call.status !== 'in-progress' && dueAt !== undefined)
          observer.note({ kind: 'polled-late', seconds: Math.max(0, now - dueAt) / 1_000 });
      return due;
    },
    startScheduled: (callId, lease, checks) =>
      around('startScheduled', () => store.startScheduled(callId, lease, checks), callId),
    cancelScheduled: async (callId, because) => {
      const isCanceled = await store.cancelScheduled(callId, because);
      if (isCanceled) observer.note({ kind: 'ended', status: because === 'taken-back' ? 'cancelled' : 'failed' });
      return isCanceled;
    },
  };
};

type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** The server's handler, observed. */
export const observeFetch =
  (fetch: Fetch, observer: Observer): Fetch =>
  (request, env) =>
    observer.around(
      { kind: 'request', method: methodOf(request.method), route: routeOf(request.url) },
      async () => fetch(request, env),
      ({ status }) => String(status),
    );

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);
const methodOf = (method: string): Method => (methods.has(method) ? (method as Method) : 'other');

const exact: ReadonlyMap<string, Route> = new Map(
  Object.values(routes).flatMap((route) => (route.includes(':') ? [] : [[route, route] as const])),
);

/** The route of a URL. Whatever path a client sends, no other value can result. */
export function routeOf(url: string): Route {
  const path = /^[a-z]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
  const known = exact.get(path);
  if (known !== undefined) return known;
  if (/^\/v1\/calls\/[^/]+$/.test(path)) return routes.call;
  if (/^\/v1\/calls\/[^/]+\/events$/.test(path)) return routes.events;
  if (path.startsWith(`${routes.phoneMetadata}/`)) return routes.phoneMetadata;
  return path === '/' || /\.(?:js|mjs|css|html|png|svg|json|ico)$/.test(path) ? 'file' : 'other';
}
