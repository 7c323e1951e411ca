// Sends one signed message to one endpoint, once: to a checked and pinned address, without following redirects, in a bounded time, and
// without keeping what the endpoint answers.

import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Clock } from '../core/clock.js';
import { proxyVersion } from '../core/version.js';
import { parseRetryAfter } from '../polyai/retry-after.js';
import { signatureOf, webhookHeaders } from '../secrets/standard-webhooks.js';
import type { WebhookEndpoint } from './endpoint.js';
import { pinAddress, type Resolve, type ResolvedAddress, systemResolve } from './public-address.js';

/** A message to send. */
export interface MessageToSend {
  readonly id: string;
  readonly body: string;
}

/** How it went. `error`: one of our own short words. */
export type Sent =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly error: string; readonly retryAfterSeconds?: number }
  /** 410: the endpoint wants no more of it. */
  | { readonly kind: 'gone' };

/** Sends a message. Never rejects. */
export type SendMessage = (endpoint: WebhookEndpoint, message: MessageToSend) => Promise<Sent>;

/** The longest an attempt may take, from the connection to the end of the response, milliseconds. */
export const attemptMs = 15_000;
/** The most that is read of a response, which is then dropped. */
const mostResponseBytes = 65_536;

/** Creates a sender. */
export function createSender(clock: Clock, resolve: Resolve = systemResolve): SendMessage {
  return async function sendMessage(endpoint, message) {
    const url = new URL(endpoint.url);
    const pinned = await pinAddress(url.hostname, endpoint.private, resolve);
    if (pinned.kind === 'refused') return { kind: 'failed', error: pinned.reason };
    const timestamp = Math.floor(clock.now() / 1_000);
    const headers = {
      'User-Agent': `polyai-callback-proxy/${proxyVersion}`,
      ...endpoint.headers,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(message.body)),
      [webhookHeaders.id]: message.id,
      [webhookHeaders.timestamp]: String(timestamp),
      [webhookHeaders.signature]: signatureOf(endpoint.secrets, { ...message, timestamp }),
    };
    return post(url, pinned.address, headers, message.body);
  };

  function post(
    url: URL,
    { address, family }: ResolvedAddress,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Sent> {
    return new Promise((resolveSent) => {
      const late = new AbortController();
      const finish = (sent: Sent): void => {
        late.abort();
        outgoing.destroy();
        resolveSent(sent);
      };
      const send = url.protocol === 'https:' ? requestTls : requestPlain;
      const outgoing = send(url, {
        method: 'POST',
        headers,
        // A connection of its own: one from a pool could lead elsewhere.
        agent: false,
        lookup: (_hostname, { all }, callback) =>
          // Node asks for all addresses where it tries several; there is only the one that was checked.
          all === true ? callback(null, [{ address, family }]) : callback(null, address, family),
      });
      outgoing.on('error', () => finish({ kind: 'failed', error: 'connection-failed' }));
      outgoing.on('response', (response) => {
        const result = resultOf(response.statusCode ?? 0, response.headers['retry-after'], clock.now());
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.byteLength;
          if (size > mostResponseBytes) finish(result);
        });
        response.on('end', () => finish(result));
        response.on('error', () => finish(result));
      });
      clock.after(attemptMs, () => finish({ kind: 'failed', error: 'timeout' }), late.signal);
      outgoing.end(body);
    });
  }
}

function resultOf(status: number, retryAfter: string | undefined, now: number): Sent {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 410) return { kind: 'gone' };
  const error = status >= 300 && status < 400 ? 'redirect' : `http-${String(status)}`;
  const retryAfterSeconds = parseRetryAfter(retryAfter, now);
  return { kind: 'failed', error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}
