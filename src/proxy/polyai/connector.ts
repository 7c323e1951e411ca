// PolyAI's `connector` generation of the outbound calling API: its URLs, its credential's header and the meaning of its responses.
// For "at most once", only an explicit refusal or a connection that was never established counts as "no phone rings".

import type { Clock } from '../core/clock.js';
import { type ChannelOptions, createChannel, type Exchange } from './channel.js';
import { readConnectorStatus } from './connector-status.js';
import type { StatusOutcome, PlaceOutcome, PolyAi } from './polyai.js';
import { parseRetryAfter } from './retry-after.js';

/** What the connector generation needs. */
export interface ConnectorOptions extends Omit<ChannelOptions, 'origin'> {
  /** `https://api.us-1.platform.polyai.app` and the like; a path, if any, is kept in front. */
  readonly baseUrl: string;
  readonly accountId: string;
  readonly projectId: string;
  /** The credential. Anyone who has it can place paid calls. */
  readonly connectorId: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** One more trigger after 2–6 s when PolyAI answers `500` with its own JSON error. Only for operators who know that their 500 means "not queued". Default false. */
  readonly resendOn500?: boolean;
}

/** Statuses with which PolyAI reports that it did not place the call. */
const refusals = [400, 401, 403, 404, 413, 422, 429];

/** A well-formed id. It becomes part of a path, so nothing that could leave its segment. */
const idPattern = /^OUT-[A-Za-z0-9-]{1,80}$/;

/** Resends wait this long at least, and that much longer at most, milliseconds. */
const resendAfterMs = 2_000;
const resendSpreadMs = 4_000;

/** Longest time `place` can take, milliseconds: until then a call that is being placed must not be given up as lost. */
export const longestPlaceMs = (options: Pick<ConnectorOptions, 'wholeMs' | 'resendOn500'>): number => {
  const { wholeMs = 10_000, resendOn500 = false } = options;
  return resendOn500 ? 2 * wholeMs + resendAfterMs + resendSpreadMs : wholeMs;
};

/** Makes the connector generation's {@link PolyAi}. */
export const createConnector = (options: ConnectorOptions): PolyAi => {
  const { connectorId, clock, random, resendOn500 = false } = options;
  const base = new URL(options.baseUrl);
  const root = `${base.pathname.replace(/\/+$/, '')}/api/v1/${encodeURIComponent(options.accountId)}/${encodeURIComponent(options.projectId)}/outbound-call`;
  // Two pools: status requests that hang must not keep a call from being placed.
  const triggers = createChannel({ ...options, origin: base.origin });
  const statusRequests = createChannel({ ...options, origin: base.origin });

  const trigger = (body: string): Promise<Exchange> =>
    triggers.send({
      method: 'POST',
      path: `${root}/trigger`,
      headers: { 'X-CONNECTOR-ID': connectorId, 'Content-Type': 'application/json' },
      body,
      reads: (httpStatus) => httpStatus === 403 || !refusals.includes(httpStatus),
    });

  return {
    place: async (number, { metadata }) => {
      const body = JSON.stringify({ phone_number: number, ...(metadata === undefined ? {} : { metadata }) });
      const exchange = await trigger(body);
      if (!resendOn500 || !isOwn500(exchange)) return placed(exchange, clock.now());
      await new Promise<void>((resolve) => clock.after(resendAfterMs + random() * resendSpreadMs, resolve));
      return placed(await trigger(body), clock.now());
    },
    status: async (upstreamId) => {
      if (!idPattern.test(upstreamId)) return { kind: 'failed', reason: 'malformed-id' };
      const exchange = await statusRequests.send({
        method: 'GET',
        path: `${root}/status/${upstreamId}`,
        headers: { 'X-CONNECTOR-ID': connectorId },
        reads: (httpStatus) => httpStatus === 200 || httpStatus === 403,
      });
      return statusOf(exchange, upstreamId, clock.now());
    },
    close: async () => {
      // A trigger under way is waited for; a status request is not worth it, another one will be made.
      await Promise.all([triggers.close(), statusRequests.drop()]);
    },
  };
};

const placed = (exchange: Exchange, now: number): PlaceOutcome => {
  if (exchange.kind === 'not-sent') return exchange;
  if (exchange.kind === 'broken') return { kind: 'unknown', reason: exchange.reason };
  const { httpStatus, body } = exchange;
  if (refusals.includes(httpStatus)) {
    return { kind: 'rejected', httpStatus, ...retryAfterOf(exchange, now), ...credentialOf(exchange) };
  }
  if (httpStatus < 200 || httpStatus > 299) return { kind: 'unknown', reason: `http-${httpStatus}` };
  const id = fieldOf(parse(body), 'conversation_id');
  return typeof id === 'string' && idPattern.test(id)
    ? { kind: 'accepted', upstreamId: id }
    : { kind: 'unknown', reason: 'unreadable-answer' };
};

const statusOf = (exchange: Exchange, upstreamId: string, now: number): StatusOutcome => {
  if (exchange.kind !== 'answered') return { kind: 'failed', reason: exchange.reason };
  const { httpStatus, body } = exchange;
  if (httpStatus === 200) return readConnectorStatus(parse(body), upstreamId, now);
  if (httpStatus === 404) return { kind: 'missing' };
  if (credentialOf(exchange).credential === 'refused') return { kind: 'denied' };
  return { kind: 'failed', reason: `http-${httpStatus}`, ...retryAfterOf(exchange, now) };
};

const retryAfterOf = (exchange: { readonly retryAfter?: string }, now: number): { retryAfterSeconds?: number } => {
  const seconds = parseRetryAfter(exchange.retryAfter, now);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
};

/** What a response says about the credential: a firewall's 403 concerns one request, PolyAI's own concerns the credential. */
const credentialOf = (answer: {
  readonly httpStatus: number;
  readonly body?: string;
}): { credential?: 'refused' | 'doubtful' } => {
  if (answer.httpStatus === 401) return { credential: 'refused' };
  if (answer.httpStatus !== 403) return {};
  return { credential: isOwnError(answer.body) ? 'refused' : 'doubtful' };
};

const isOwn500 = (exchange: Exchange): boolean =>
  exchange.kind === 'answered' && exchange.httpStatus === 500 && isOwnError(exchange.body);

/** An error that PolyAI itself wrote, not something between it and us. */
const isOwnError = (body: string | undefined): boolean => typeof fieldOf(parse(body), 'error') === 'string';

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
