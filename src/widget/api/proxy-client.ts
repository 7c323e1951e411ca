// The proxy's routes as methods. Expected outcomes are values; a malformed response is `unreachable`. site-cache.ts caches the
// site, follow-call.ts follows a call over its stream.

import {
  type CallAccepted,
  type CallRequest,
  type CallSnapshot,
  headers,
  isCallAccepted,
  isCallSnapshot,
  isProblemBody,
  isSlot,
  isSlotsOffered,
  routes,
  type SlotsOffered,
  type SlotsRequest,
} from '../../contract.js';
import type { Problem, Result } from './result.js';
import { addressOf, fetchJson, noAnswer, request } from './fetch-json.js';
import { hexOf } from '../internal/hex.js';
import { toJson } from '../internal/json.js';
import { sleep, type Browser } from '../internal/browser.js';

/** The id and token of one call. */
export interface CallKey {
  readonly id: string;
  readonly token: string;
}

/** The routes of one proxy. When its signal aborts, a method ends with a result that nobody reads. */
export interface ProxyClient {
  challenge(signal: AbortSignal): Promise<Result<unknown>>;
  slots(request: SlotsRequest, signal: AbortSignal): Promise<Result<SlotsOffered>>;
  /** Requests a call under one idempotency key; resends under the same key when the request may not have arrived. */
  createCall(request: CallRequest, idempotencyKey: string, signal: AbortSignal): Promise<Result<CallAccepted>>;
  snapshot(key: CallKey, signal: AbortSignal): Promise<Result<CallSnapshot>>;
  cancelCall(key: CallKey, signal: AbortSignal): Promise<Result<CallSnapshot>>;
  /** Places a second attempt that waits now. */
  redialNow(key: CallKey, signal: AbortSignal): Promise<Result<CallSnapshot>>;
  /** Opens the event stream: a response to read (200), or null once the call has ended (204). */
  stream(key: CallKey, lastSeq: number, signal: AbortSignal): Promise<Result<Response | null>>;
}

/** How often one press is sent without a response, and polled while its first request is in progress. */
const mostSends = 4;
const maxPolls = 15;
const eventStream = 'text/event-stream';
/** Snapshots requested by this page. */
let snapshots = 0;

/** A client of the proxy at `endpoint` (an origin, or a base URL with a path). */
export function createProxyClient(endpoint: string, browser: Browser): ProxyClient {
  const url = (path: string): string => addressOf(endpoint, path);

  /** One request with a response body of a known shape. */
  async function get<T>(
    path: string,
    signal: AbortSignal,
    isShape: (body: unknown) => body is T,
    init: RequestInit = { cache: 'no-store' },
  ): Promise<Result<T>> {
    const answer = await fetchJson(browser, url(path), signal, init);
    if (typeof answer === 'string') return { ok: false, problem: { code: answer } };
    const { ok, body } = answer;
    if (!ok) return { ok, problem: refusalOf(body, browser) };
    return isShape(body) ? { ok, value: body } : { ok: false, problem: { code: 'unreachable' } };
  }

  // Everything about calls has one URL, so that the browser asks once whether this page may use it (CORS preflights are kept by URL).
  // Without `cache: 'no-store'`, for which Chromium asks each time; every response of the proxy says it itself.
  const bearer = ({ id, token }: CallKey): Record<string, string> => ({ Authorization: `Bearer ${id}.${token}` });
  const post = (body: unknown, more?: Record<string, string>): RequestInit => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...more },
    body: toJson(body),
  });

  const change =
    (method: string) =>
    (key: CallKey, signal: AbortSignal): Promise<Result<CallSnapshot>> =>
      get(routes.calls, signal, isSnapshotOf(key), { method, headers: bearer(key) });

  return {
    challenge: (signal) => get(routes.challenge, signal, isObject),
    // As text, which needs no preflight.
    slots: (callRequest, signal) =>
      get(routes.slots, signal, isSlotsOffered, { method: 'POST', body: toJson(callRequest) }),
    snapshot: (key, signal) =>
      get(routes.calls, signal, isSnapshotOf(key), {
        // Each one differs, because a service worker that caches everything ignores `no-store`; the proxy's `Vary` includes this header.
        headers: { ...bearer(key), Accept: `application/json;n=${(snapshots += 1)}` },
      }),
    cancelCall: change('DELETE'),
    redialNow: change('PATCH'),

    async createCall(callRequest, idempotencyKey, signal) {
      const init = post(callRequest, { [headers.idempotencyKey]: idempotencyKey });
      for (let sends = 1, polls = 1; ; ) {
        const answer = await get(routes.calls, signal, isCallAccepted, init);
        if (answer.ok || signal.aborted) return answer;
        const { code, retryAt } = answer.problem;
        let waitMs: number;
        if (code === 'request-in-progress' && polls++ < maxPolls) {
          waitMs = retryAt === undefined ? 1000 : retryAt - browser.now();
        } else if ((code === 'unreachable' || code === 'offline') && sends++ < mostSends) {
          // It may have arrived: only the same key makes resending safe.
          waitMs = 500 + browser.random() * 500 * 2 ** sends;
        } else {
          return answer;
        }
        await sleep(browser, waitMs, signal);
      }
    },

    async stream(key, lastSeq, signal) {
      try {
        const response = await request(browser, url(routes.calls), signal, {
          headers: { ...bearer(key), Accept: eventStream, [headers.lastEventId]: String(lastSeq) },
        });
        // A cache that goes by URL alone may hold a snapshot of it.
        if (response.status === 200 && !response.headers.get('content-type')?.startsWith(eventStream))
          return { ok: false, problem: { code: 'unreachable' } };
        if (response.ok) return { ok: true, value: response.status === 204 ? null : response };
        return { ok: false, problem: refusalOf(await response.json().catch(() => undefined), browser) };
      } catch {
        return { ok: false, problem: { code: noAnswer(browser) } };
      }
    },
  };
}

/** Converts a problem body; anything else comes from somewhere else (a captive portal, a gateway). */
function refusalOf(body: unknown, browser: Browser): Problem {
  if (!isProblemBody(body)) return { code: 'unreachable' };
  const { code, reason, country, lengths, slots, queue, requestId, retryAfterSeconds } = body;
  return {
    code,
    ...(typeof requestId === 'string' && { requestId }),
    ...(typeof reason === 'string' && { reason }),
    ...(typeof country === 'string' && { country }),
    ...(Array.isArray(lengths) && { lengths }),
    ...(Array.isArray(slots) && { slots: slots.filter(isSlot) }),
    // Whether it is a place is decided where it is shown (queue/queue-place.ts).
    ...(queue && { queue }),
    ...(typeof retryAfterSeconds === 'number' && { retryAt: browser.now() + retryAfterSeconds * 1000 }),
  };
}

/** A new key for one press: 128 random bits as hex. Works outside secure contexts too. */
export const newIdempotencyKey = (): string => hexOf(crypto.getRandomValues(new Uint8Array(16)));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isSnapshotOf =
  ({ id }: CallKey) =>
  (value: unknown): value is CallSnapshot =>
    isCallSnapshot(value) && value.id === id;
