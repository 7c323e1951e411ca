// One HTTP exchange with PolyAI, sent at most once: pooled connections, hard time-outs, no redirects, no retries, a body of limited
// size. It knows nothing of calls; it says how an exchange ended and whether the request can have left this machine.

import type { LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';

/** How one exchange ended. Reasons are our own words, never upstream text. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      readonly retryAfter?: string;
      /** The body as text; absent when it was not asked for, too long or cut off. Never decompressed. */
      readonly body?: string;
    }
  /** Provably never sent: no connection came about. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** Nobody can tell whether the request was acted on. */
  | { readonly kind: 'broken'; readonly reason: string };

/** What a channel is set up with. */
export interface ChannelOptions {
  /** Scheme and host; a path is ignored. */
  readonly origin: string;
  /** Time for name resolution, TCP and TLS together; default 3,000. */
  readonly connectMs?: number;
  /** Time for the whole exchange; default 10,000. */
  readonly wholeMs?: number;
  /** Bytes of an answer that are read before it counts as unreadable; default 65,536. */
  readonly maxBytes?: number;
  /** Connections kept at most; default 64. */
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
  /** Whether an answer of that status is worth reading. */
  readonly reads: (httpStatus: number) => boolean;
}

/** A pool of connections to one origin. */
export interface Channel {
  /** Sends once. Never rejects. */
  send(sending: Sending): Promise<Exchange>;
  /** Waits for exchanges under way (bounded by their time-out), then closes. */
  close(): Promise<void>;
  /** Breaks exchanges under way off and closes. */
  drop(): Promise<void>;
}

/** Makes a channel. */
export const createChannel = (options: ChannelOptions): Channel => {
  const { origin, connectMs = 3_000, wholeMs = 10_000, maxBytes = 65_536, connections = 64, lookup } = options;
  // An error that came out of the connector is the proof that nothing was written: the same ECONNRESET later proves nothing.
  const unconnected = new WeakSet<Error>();
  const connector = buildConnector({ timeout: connectMs, allowH2: false, ...(lookup === undefined ? {} : { lookup }) });
  const pool = new Pool(new URL(origin).origin, {
    connections,
    // Two requests on one connection could share its fate; undici would send the second one again.
    pipelining: 1,
    headersTimeout: wholeMs,
    bodyTimeout: wholeMs,
    connect: (target, done) => {
      connector(target, (...result) => {
        const [error] = result;
        if (error !== null) unconnected.add(error);
        done(...result);
      });
    },
  });

  let closing: Promise<void> | undefined;

  const send = async ({ method, path, headers, body, reads }: Sending): Promise<Exchange> => {
    if (closing !== undefined) return { kind: 'not-sent', reason: 'closing' };
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), wholeMs);
    try {
      const answer = await pool.request({
        method,
        path,
        headers: { Accept: 'application/json', 'Accept-Encoding': 'identity', ...headers },
        body: body ?? null,
        signal: deadline.signal,
      });
      const retryAfter = single(answer.headers['retry-after']);
      const isRead = reads(answer.statusCode);
      const text = isRead ? await textOf(answer.body, maxBytes) : undefined;
      if (!isRead) answer.body.on('error', () => {}).destroy();
      return {
        kind: 'answered',
        httpStatus: answer.statusCode,
        ...(retryAfter === undefined ? {} : { retryAfter }),
        ...(text === undefined ? {} : { body: text }),
      };
    } catch (error) {
      if (error instanceof Error && unconnected.has(error)) return { kind: 'not-sent', reason: reasonOf(error) };
      return { kind: 'broken', reason: deadline.signal.aborted ? 'timed-out' : 'connection-broken' };
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    send,
    close: () => (closing ??= pool.close()),
    drop: () => (closing ??= pool.destroy()),
  };
};

/** The body as text, or undefined when it is longer than `maxBytes` or cut off. Leaving the loop closes the connection. */
const textOf = async (body: AsyncIterable<unknown>, maxBytes: number): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const buffer = chunk as Buffer;
      bytes += buffer.length;
      if (bytes > maxBytes) return undefined;
      chunks.push(buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    // The status line has arrived, so the exchange is answered; what the answer says is lost.
    return undefined;
  }
};

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

const codeOf = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
};

const reasonOf = (error: Error): string => {
  // A host with several addresses fails with one error for all of them.
  const code = codeOf(error instanceof AggregateError ? error.errors.at(-1) : error) || codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name-not-found';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'connect-timed-out';
  if (/^(?:ERR_(?:TLS|SSL)|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls-failed';
  return 'unreachable';
};
