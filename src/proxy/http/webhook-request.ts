// Reads an incoming webhook: authenticates the bytes before anything in them is parsed. Signed according to Standard Webhooks, or, where the
// operator allows it, with a bearer token. Whether an id was used before is decided by the store, in the transaction of the change.

import type * as v from 'valibot';
import { allow, refuse, type Verdict } from '../core/verdict.js';
import type { Clock } from '../core/clock.js';
import { isMessageId, isSame, verifiedId, webhookHeaders } from '../secrets/standard-webhooks.js';
import { readBytes } from './bounded-body.js';
import type { AppContext } from './context.js';
import { isJsonRequest, maxBodyBytes, parseBody } from './json-body.js';

/** What a sender may authenticate with. Several of each, so that they can be rotated. */
export interface WebhookCredentials {
  /** `whsec_…`. */
  readonly secrets: readonly string[];
  readonly tokens?: readonly string[];
}

/** An authentic message. */
export interface WebhookMessage<T> {
  /** Marks the message as used; absent where a sender with a token gives none. */
  readonly message?: { readonly id: string; readonly expiresAt: number };
  readonly value: T;
}

/** Reads a request. Every failure to authenticate is the same `invalid-request`. */
export type ReadWebhook = <S extends v.GenericSchema>(
  c: AppContext,
  schema: S,
) => Promise<Verdict<WebhookMessage<v.InferOutput<S>>>>;

/** An id is remembered for longer than its signature is valid, whichever way the clocks differ, milliseconds. */
const idLifeMs = 60 * 60_000;

/**
 * Creates a reader. `clock` dates the ids; `signingClock` is the one that timestamps are compared with, which is the machine's even where
 * the sandbox has another.
 */
export function createWebhookReader(
  { secrets, tokens = [] }: WebhookCredentials,
  clock: Pick<Clock, 'now'>,
  signingClock: Pick<Clock, 'now'> = clock,
): ReadWebhook {
  return async function readWebhook(c, schema) {
    if (!isJsonRequest(c.req.raw.headers)) return refuse({ code: 'unsupported-media-type' });
    const bytes = await readBytes(c.req.raw, c.env?.incoming, maxBodyBytes);
    if (!bytes.allowed) return bytes;
    const sender = authenticate(c, bytes.value);
    if (sender === undefined) return refuse({ code: 'invalid-request' });
    const body = parseBody(bytes.value, schema);
    if (!body.allowed) return body;
    const { id } = sender;
    return allow({
      value: body.value,
      ...(id !== undefined && { message: { id, expiresAt: clock.now() + idLifeMs } }),
    });
  };

  function authenticate(c: AppContext, bytes: Uint8Array): { readonly id?: string } | undefined {
    const { headers } = c.req.raw;
    const id = headers.get(webhookHeaders.id) ?? undefined;
    const signature = headers.get(webhookHeaders.signature) ?? undefined;
    if (signature !== undefined || tokens.length === 0) {
      const timestamp = headers.get(webhookHeaders.timestamp) ?? undefined;
      const verified = verifiedId(secrets, { id, timestamp, signature }, bytes, signingClock.now());
      return verified === undefined ? undefined : { id: verified };
    }
    const given = /^Bearer ([\x21-\x7e]{1,1024})$/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
    let isKnown = false;
    for (const token of tokens) isKnown = isSame(token, given) || isKnown;
    if (!isKnown || (id !== undefined && !isMessageId(id))) return undefined;
    return id === undefined ? {} : { id };
  }
}
