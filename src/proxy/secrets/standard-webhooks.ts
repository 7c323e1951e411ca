// Signatures of Standard Webhooks (specification 1.0.0, "v1": HMAC-SHA256 over `id.timestamp.body`), made and checked. Knows neither
// requests nor what a message says.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The three headers of a signed message. */
export const webhookHeaders = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** How far a timestamp may be from now, in either direction, seconds. */
export const toleranceSeconds: number = 5 * 60;

/** Shortest secret, bytes (the specification's lower bound). */
const shortestSecretBytes = 24;

/** A message as it is signed. */
export interface SignedMessage {
  readonly id: string;
  /** Whole seconds since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array | string;
}

/** True for `whsec_` and at least 24 bytes as base64; the prefix may be missing. */
export const isWebhookSecret = (text: string): boolean =>
  /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(text) && keyOf(text).byteLength >= shortestSecretBytes;

/** The signature header of a message: one signature for each secret, so that receivers can rotate theirs. */
export const signatureOf = (secrets: readonly string[], message: SignedMessage): string =>
  secrets.map((secret) => `v1,${sign(keyOf(secret), message)}`).join(' ');

/** The headers as received. */
export interface ReceivedHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** The message's id if it is signed with one of the secrets and not older or newer than the tolerance; undefined otherwise. `now`: epoch milliseconds. */
export function verifiedId(
  secrets: readonly string[],
  { id, timestamp, signature }: ReceivedHeaders,
  body: Uint8Array,
  now: number,
): string | undefined {
  if (id === undefined || !isMessageId(id)) return undefined;
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return undefined;
  if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) return undefined;
  const expected = secrets.map((secret) => sign(keyOf(secret), { id, timestamp: Number(timestamp), body }));
  // Every pair is compared, so that the time does not reveal which secret or signature matched.
  let isSigned = false;
  for (const part of (signature ?? '').split(' ').slice(0, mostSignatures)) {
    const [version, given = ''] = part.split(',');
    for (const right of expected) isSigned = (isSame(right, given) && version === 'v1') || isSigned;
  }
  return isSigned ? id : undefined;
}

/** A message's id, printable ASCII. */
export const isMessageId = (id: string): boolean => /^[\x21-\x7e]{1,256}$/.test(id);

/** Compares two texts in constant time. Both are hashed first, because `timingSafeEqual` requires equal lengths. */
export const isSame = (expected: string, given: string): boolean => timingSafeEqual(hashOf(expected), hashOf(given));

/** A sender that rotates its secret sends two. */
const mostSignatures = 8;

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

const sign = (key: Buffer, { id, timestamp, body }: SignedMessage): string =>
  createHmac('sha256', key)
    .update(`${id}.${String(timestamp)}.`)
    .update(body)
    .digest('base64');
