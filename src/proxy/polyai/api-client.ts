// The two operations over HTTP, for every generation of the API: sends at most once and reports the outcome. A generation adds
// its URLs, its credential's header and the meaning of its responses. For "at most once", only an explicit refusal or a
// connection that was never established counts as "no phone rings".

import type { Clock } from '../core/clock.js';
import { type ChannelOptions, createChannel, type Exchange } from './channel.js';
import type { MayConcern, PlaceOutcome, PolyAi, StatusOutcome } from './polyai.js';
import { parseRetryAfter } from './retry-after.js';

/** What a client needs in addition to its access to PolyAI. */
export interface ClientOptions extends Omit<ChannelOptions, 'origin'> {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Values for the agent. */
export type Metadata = Readonly<Record<string, string>>;

/** What differs between generations. Bodies are parsed JSON, or undefined if they are not JSON. */
export interface Generation {
  /** The credential's header. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the trigger, below the base URL. */
  readonly triggerPath: string;
  /** The trigger's body. */
  triggerBody(number: string, metadata: Metadata | undefined): object;
  /** The call's ID in the response to a trigger. */
  idOf(body: unknown): unknown;
  /** Path of a status request, below the base URL. The id is well-formed. */
  statusPath(upstreamId: string): string;
  /** The meaning of a `200` to a status request. `now`: the time assigned to a status that upstream does not date. */
  readStatus(body: unknown, upstreamId: string, now: number): StatusOutcome;
  /** True for an error that PolyAI itself wrote, not something between it and us. */
  isOwnError(body: unknown): boolean;
  /** The HTTP status with which PolyAI reports its own failure. */
  readonly ownFailure: 500 | 502;
  /** Further HTTP statuses that, with PolyAI's own JSON, mean that it does not know the call; `404` always does. */
  readonly unknownCall: readonly number[];
  /** The ID of an error, to quote to PolyAI's support. In a generation without one, bodies of refusals are not read. */
  errorIdOf?(body: unknown): unknown;
  /** What a refusal may concern besides the number. */
  mayConcern?(httpStatus: number, hasMetadata: boolean): MayConcern | undefined;
  /** Why metadata cannot be sent, as one of our own reasons. */
  metadataFault?(metadata: Metadata): string | undefined;
}

/** Statuses with which PolyAI reports that it did not place the call. */
const refusals = [400, 401, 403, 404, 413, 422, 429];

/** A well-formed id. It becomes part of a path, so nothing that could leave its segment. */
const idPattern = /^OUT-[A-Za-z0-9-]{1,80}$/;

/** Minimum wait before a resend, and the most that is added to it, milliseconds. */
const resendAfterMs = 2_000;
const resendSpreadMs = 4_000;

/** Longest time `place` can take, milliseconds: a call that is being placed must not count as lost before that. */
export const longestPlaceMs = (options: { readonly wholeMs?: number; readonly resendOn500?: boolean }): number => {
  const { wholeMs = 10_000, resendOn500 = false } = options;
  return resendOn500 ? 2 * wholeMs + resendAfterMs + resendSpreadMs : wholeMs;
};

/** Creates the {@link PolyAi} of one generation. */
export const createApiClient = (
  generation: Generation,
  options: ClientOptions & { readonly baseUrl: string; readonly resendOn500?: boolean },
): PolyAi => {
  const { clock, random, resendOn500 = false } = options;
  const base = new URL(options.baseUrl);
  const root = base.pathname.replace(/\/+$/, '');
  const hasErrorIds = generation.errorIdOf !== undefined;
  // Two pools: status requests that hang must not keep a call from being placed.
  const triggers = createChannel({ ...options, origin: base.origin });
  const statusRequests = createChannel({ ...options, origin: base.origin });

  const trigger = (body: string): Promise<Exchange> =>
    triggers.send({
      method: 'POST',
      path: root + generation.triggerPath,
      headers: { ...generation.headers, 'Content-Type': 'application/json' },
      body,
      reads: (httpStatus) => hasErrorIds || httpStatus === 403 || !refusals.includes(httpStatus),
    });

  const placed = (exchange: Exchange, hasMetadata: boolean): PlaceOutcome => {
    if (exchange.kind === 'not-sent') return exchange;
    if (exchange.kind === 'broken') return { kind: 'unknown', reason: exchange.reason };
    const { httpStatus } = exchange;
    const body = parse(exchange.body);
    if (refusals.includes(httpStatus)) {
      const mayConcern = generation.mayConcern?.(httpStatus, hasMetadata);
      return {
        kind: 'rejected',
        httpStatus,
        ...retryAfterOf(exchange, clock.now()),
        ...credentialOf(httpStatus, body),
        ...errorIdOf(body),
        ...(mayConcern !== undefined && { mayConcern }),
      };
    }
    if (httpStatus < 200 || httpStatus > 299)
      return { kind: 'unknown', reason: `http-${httpStatus}`, ...errorIdOf(body) };
    const id = generation.idOf(body);
    return typeof id === 'string' && idPattern.test(id)
      ? { kind: 'accepted', upstreamId: id }
      : { kind: 'unknown', reason: 'unreadable-answer' };
  };

  const seen = (exchange: Exchange, upstreamId: string): StatusOutcome => {
    if (exchange.kind !== 'answered') return { kind: 'failed', reason: exchange.reason };
    const { httpStatus } = exchange;
    const body = parse(exchange.body);
    if (httpStatus === 200) return generation.readStatus(body, upstreamId, clock.now());
    if (httpStatus === 404) return { kind: 'missing' };
    if (generation.unknownCall.includes(httpStatus) && generation.isOwnError(body)) return { kind: 'missing' };
    if (credentialOf(httpStatus, body).credential === 'refused') return { kind: 'denied' };
    return {
      kind: 'failed',
      reason: `http-${httpStatus}`,
      ...retryAfterOf(exchange, clock.now()),
      ...errorIdOf(body),
    };
  };

  /** What a response says about the credential: a firewall's 403 concerns one request, PolyAI's own concerns the credential. */
  const credentialOf = (httpStatus: number, body: unknown): { credential?: 'refused' | 'doubtful' } => {
    if (httpStatus === 401) return { credential: 'refused' };
    if (httpStatus !== 403) return {};
    return { credential: generation.isOwnError(body) ? 'refused' : 'doubtful' };
  };

  const isOwnFailure = (exchange: Exchange): boolean =>
    exchange.kind === 'answered' &&
    exchange.httpStatus === generation.ownFailure &&
    generation.isOwnError(parse(exchange.body));

  const errorIdOf = (body: unknown): { errorId?: string } => {
    const id = generation.errorIdOf?.(body);
    return typeof id === 'string' && /^[\w-]{1,80}$/.test(id) ? { errorId: id } : {};
  };

  return {
    place: async (number, { metadata }) => {
      const fault = metadata && generation.metadataFault?.(metadata);
      if (fault !== undefined) return { kind: 'not-sent', reason: fault };
      const hasMetadata = metadata !== undefined;
      const body = JSON.stringify(generation.triggerBody(number, metadata));
      const exchange = await trigger(body);
      if (!resendOn500 || !isOwnFailure(exchange)) return placed(exchange, hasMetadata);
      await new Promise<void>((resolve) => clock.after(resendAfterMs + random() * resendSpreadMs, resolve));
      return placed(await trigger(body), hasMetadata);
    },
    status: async (upstreamId) => {
      if (!idPattern.test(upstreamId)) return { kind: 'failed', reason: 'malformed-id' };
      const exchange = await statusRequests.send({
        method: 'GET',
        path: root + generation.statusPath(upstreamId),
        headers: generation.headers,
        reads: (httpStatus) => hasErrorIds || httpStatus === 200 || httpStatus === 403,
      });
      return seen(exchange, upstreamId);
    },
    warmUp: () => triggers.warmUp(),
    close: async () => {
      // Waits for a trigger in progress, but not for status requests: others will be made.
      await Promise.all([triggers.close(), statusRequests.drop()]);
    },
  };
};

const retryAfterOf = (exchange: { readonly retryAfter?: string }, now: number): { retryAfterSeconds?: number } => {
  const seconds = parseRetryAfter(exchange.retryAfter, now);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
};

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One field of a parsed body; undefined if it has none. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
