// Cloudflare Turnstile as the challenge: verifies a token with its service. Both the store and the service ensure single use.
// Source of the wire format: developers.cloudflare.com/turnstile/get-started/server-side-validation.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '../core/clock.js';
import {
  type ChallengeBinding,
  challengeLifeMs,
  failed,
  isAlive,
  keepMarkMs,
  unavailable,
  type Verification,
} from './verification.js';

/** Options of Turnstile. */
export interface TurnstileOptions {
  readonly secret: string;
  readonly siteKey: string;
  /** Hostnames of the pages that may use it. */
  readonly hostnames: readonly string[];
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Allows Cloudflare's test keys, which accept everyone. */
  readonly allowTestKeys?: boolean;
}

/** Turnstile. */
export interface Turnstile {
  /** Public; `GET /v1/site` passes it to the widget. */
  readonly siteKey: string;
  /** Verifies a token. */
  verify(token: string, binding: ChallengeBinding): Promise<Verification>;
}

/** The service. */
export const siteverifyUrl = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';

/** How long the service may take, milliseconds. A visitor is waiting. */
export const siteverifyTimeoutMs = 3_000;

/** Cloudflare's maximum length of a token, characters. */
const longestToken = 2_048;
const longestAnswerBytes = 16_384;

const answerSchema = v.object({
  success: v.boolean(),
  challenge_ts: v.optional(v.string()),
  hostname: v.optional(v.string()),
  action: v.optional(v.string()),
  'error-codes': v.optional(v.array(v.string()), []),
});

/** These codes mean that the token is bad; any other means that our request or the service is. */
const tokenErrors = ['missing-input-response', 'invalid-input-response', 'timeout-or-duplicate'];

/**
 * True for the keys Cloudflare publishes for tests (`1x…AA` passes everybody, `2x…` nobody, `3x…` says used or asks for a click).
 * Source: developers.cloudflare.com/turnstile/troubleshooting/testing.
 */
export const isTurnstileTestKey = (key: string): boolean => /^[123]x0{8,}[0-9A-F]{2}$/i.test(key.trim());

/** Creates it. Throws when a key is missing, when a test key is not allowed, or when there is no hostname. */
export function createTurnstile(options: TurnstileOptions): Turnstile {
  const { secret, siteKey, fetch, clock, allowTestKeys = false } = options;
  if (secret === '' || siteKey === '') throw new Error('Turnstile needs a secret and a site key');
  if (!allowTestKeys && (isTurnstileTestKey(secret) || isTurnstileTestKey(siteKey)))
    throw new Error('a Turnstile test key lets everybody or nobody through; set the keys of your own widget');
  const hostnames = options.hostnames.map((name) => name.toLowerCase());
  if (hostnames.length === 0) throw new Error('Turnstile needs the hostnames of the pages that use it');

  async function ask(token: string): Promise<v.InferOutput<typeof answerSchema>> {
    const timeout = new AbortController();
    const answered = new AbortController();
    clock.after(siteverifyTimeoutMs, () => timeout.abort(new Error('timed out')), answered.signal);
    try {
      // Raced, so that a transport that ignores the signal cannot keep the visitor waiting.
      return await Promise.race([answerOf(token, timeout.signal), aborted(timeout.signal)]);
    } finally {
      answered.abort();
      timeout.abort();
    }
  }

  async function answerOf(token: string, signal: AbortSignal): Promise<v.InferOutput<typeof answerSchema>> {
    const response = await fetch(siteverifyUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ secret, response: token }),
      redirect: 'error',
      signal,
    });
    // Client errors come as 4xx with the same JSON; only non-responses are excluded here.
    if (response.status >= 500) throw new Error(`answered ${String(response.status)}`);
    return v.parse(answerSchema, JSON.parse(await textOf(response)));
  }

  return {
    siteKey,
    async verify(token, { site, action }) {
      if (token === '' || token.length > longestToken) return failed('malformed');
      let answer: v.InferOutput<typeof answerSchema>;
      try {
        answer = await ask(token);
      } catch {
        return unavailable('the service gave no answer');
      }
      if (!answer.success) {
        const codes = answer['error-codes'];
        const isTokensFault = codes.length > 0 && codes.every((code) => tokenErrors.includes(code));
        return isTokensFault ? failed('refused by the service') : unavailable('the service refused to judge');
      }
      const hostname = answer.hostname?.toLowerCase() ?? '';
      if (!hostnames.includes(hostname) || hostname !== hostnameOf(site)) return failed('solved on another site');
      if (answer.action !== action) return failed('solved for another action');
      const solvedAt = Date.parse(answer.challenge_ts ?? '');
      if (!isAlive(solvedAt, clock.now())) return failed('expired');
      const id = createHash('sha256').update(token).digest('hex');
      return { ok: true, challengeId: `turnstile:${id}`, expiresAt: solvedAt + challengeLifeMs + keepMarkMs };
    },
  };
}

function hostnameOf(site: string): string | undefined {
  return URL.canParse(site) ? new URL(site).hostname : undefined;
}

/** The body's text, bounded. */
async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    if (length > longestAnswerBytes) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
