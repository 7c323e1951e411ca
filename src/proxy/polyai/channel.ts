// One HTTP exchange with PolyAI, sent at most once: pooled connections, hard timeouts, no redirects, no retries, a body of
// limited size. It knows nothing about calls; it reports how an exchange ended and whether the request may have left this
// machine.

import { type ClientRequest, type IncomingMessage, request as open } from 'node:http';
import type { LookupFunction } from 'node:net';
import { createConnections } from './connections.js';

/** How one exchange ended. Reasons are our own words, never upstream text. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      readonly retryAfter?: string;
      /** The body as text; absent when it was not needed, too long or truncated. Never decompressed. */
      readonly body?: string;
    }
  /** Provably never sent: the request was never given an established connection. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It is unknown whether the request was acted on. */
  | { readonly kind: 'broken'; readonly reason: string };

/** Options of a channel. */
export interface ChannelOptions {
  /** Scheme and host; a path is ignored. */
  readonly origin: string;
  /** Time for name resolution, TCP and TLS together; default 3,000. */
  readonly connectMs?: number;
  /** Time for the whole exchange; default 10,000. */
  readonly wholeMs?: number;
  /** Most bytes of a response; a longer one counts as unreadable. Default 65,536. */
  readonly maxBytes?: number;
  /** Most connections, and so concurrent exchanges; default 64. Further ones wait, within their own timeout. */
  readonly connections?: number;
  /** Name resolution, for tests. */
  readonly lookup?: LookupFunction;
}

/** One request. */
export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the body of a response with that status is needed. */
  readonly reads: (httpStatus: number) => boolean;
}

/** A pool of connections to one origin. */
export interface Channel {
  /** Sends once. Never rejects. */
  send(sending: Sending): Promise<Exchange>;
  /** Opens a connection for a request that is likely to come soon, unless one is idle or being opened. */
  warmUp(): void;
  /** Waits for exchanges in progress (bounded by their timeout), then closes. */
  close(): Promise<void>;
  /** Aborts exchanges in progress and closes. */
  drop(): Promise<void>;
}

/** Most bytes in the head of a response, or of an interim response before it. */
const maxHeaderBytes = 16_384;

/** Creates a channel. */
export const createChannel = (options: ChannelOptions): Channel => {
  const { connectMs = 3_000, wholeMs = 10_000, maxBytes = 65_536, connections: most = 64, lookup } = options;
  const origin = new URL(options.origin);
  const connections = createConnections({ origin, connectMs, kept: most, ...(lookup !== undefined && { lookup }) });
  const places = createPlaces(most);
  const underWay = new Map<AbortController, Promise<Exchange>>();
  let closing: Promise<void> | undefined;

  const exchange = async (sending: Sending, deadline: AbortController): Promise<Exchange> => {
    // Only a request with an established connection can have been written: an ECONNRESET by itself proves nothing.
    let isConnected = false;
    const timer = setTimeout(() => deadline.abort('timed-out'), wholeMs);
    const leave = await places.enter(deadline.signal);
    try {
      await connections.ready();
      deadline.signal.throwIfAborted();
      const { method, path, headers, body, reads } = sending;
      const request = open({
        agent: connections.agent,
        protocol: origin.protocol,
        host: origin.hostname.replace(/^\[|\]$/g, ''),
        port: origin.port,
        method,
        path,
        headers: { Accept: 'application/json', 'Accept-Encoding': 'identity', ...headers },
        maxHeaderSize: maxHeaderBytes,
      });
      request.once('socket', (socket) => {
        isConnected = true;
        connections.inUse(socket);
      });
      const answer = await answerTo(request.end(body), deadline.signal);
      const httpStatus = answer.statusCode ?? 0;
      const retryAfter = answer.headers['retry-after'];
      const isRead = reads(httpStatus);
      const text = isRead ? await textOf(answer, maxBytes) : undefined;
      if (!isRead) answer.on('error', () => {}).destroy();
      return {
        kind: 'answered',
        httpStatus,
        ...(retryAfter === undefined ? {} : { retryAfter }),
        ...(text === undefined ? {} : { body: text }),
      };
    } catch (error) {
      const ended: unknown = deadline.signal.reason;
      if (!isConnected) return { kind: 'not-sent', reason: typeof ended === 'string' ? ended : reasonOf(error) };
      return { kind: 'broken', reason: typeof ended === 'string' ? ended : 'connection-broken' };
    } finally {
      clearTimeout(timer);
      leave();
    }
  };

  const end = async (): Promise<void> => {
    await Promise.all(underWay.values());
    connections.close();
  };

  return {
    send(sending) {
      if (closing !== undefined) return Promise.resolve({ kind: 'not-sent', reason: 'closing' });
      const deadline = new AbortController();
      const ended = exchange(sending, deadline).finally(() => underWay.delete(deadline));
      underWay.set(deadline, ended);
      return ended;
    },
    warmUp() {
      if (closing === undefined) connections.warmUp();
    },
    close: () => (closing ??= end()),
    drop() {
      if (closing === undefined) for (const deadline of underWay.keys()) deadline.abort('closing');
      return (closing ??= end());
    },
  };
};

/** The final response: interim ones (`100`, `103` and so on) are skipped, however many there are. */
const answerTo = (request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // A request aborted while its connection is being established reports that only once there is a connection.
    signal.addEventListener('abort', () => {
      request.destroy();
      reject(new Error('broken off'));
    });
    request
      .on('response', resolve)
      .on('error', reject)
      // No other protocol was requested. Without a listener, only the timeout would end the exchange.
      .on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new Error('switched protocols'));
      });
  });

/** A semaphore for concurrent exchanges. */
const createPlaces = (
  most: number,
): {
  /** Waits for a slot or for the signal; resolves with the function that releases the slot. */
  enter(signal: AbortSignal): Promise<() => void>;
} => {
  let taken = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    taken -= 1;
    const [next] = waiting;
    next?.();
  };
  return {
    enter: (signal) =>
      new Promise((resolve) => {
        const give = (): void => {
          if (taken >= most && !signal.aborted) return;
          waiting.delete(give);
          signal.removeEventListener('abort', give);
          taken += 1;
          resolve(leave);
        };
        waiting.add(give);
        signal.addEventListener('abort', give);
        give();
      }),
  };
};

/** The body as text, or undefined when it is longer than `maxBytes` or truncated. Not `for await`, which takes several turns of the event loop. */
const textOf = (body: IncomingMessage, maxBytes: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) body.destroy();
        else chunks.push(chunk);
      })
      .on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
      // The status line has arrived, so the request was answered, but the body is lost.
      .on('error', () => resolve(undefined))
      .on('close', () => resolve(undefined));
  });

const codeOf = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
};

const reasonOf = (error: unknown): string => {
  // A host with several addresses fails with one error for all of them.
  const code = codeOf(error instanceof AggregateError ? error.errors.at(-1) : error) || codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name-not-found';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ETIMEDOUT') return 'connect-timed-out';
  if (/^(?:ERR_(?:TLS|SSL)|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls-failed';
  return 'unreachable';
};
