// Signing in to the admin listener with a browser, which cannot send a bearer token by itself: the token is exchanged for a cookie.
// A session is a signed time of expiry, so it survives a restart and ends when the token changes. Nothing is stored.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import { createPeerReader } from '../http/client-address.js';

/** Sessions of one token. */
export interface AdminSessions {
  /** True when a `Cookie` header contains a valid session. */
  isSignedIn(cookies: string | undefined): boolean;
  /** Exchanges the token for the value of `Set-Cookie`. `later`: too many wrong tokens from this address in the last minute. */
  signIn(token: string, isSecure: boolean, address: string): { readonly cookie: string } | 'wrong' | 'later';
  /** The value of `Set-Cookie` that removes the session. */
  readonly signedOut: string;
}

const name = 'polyai-callback-admin';
const lifeMs = 12 * 3_600_000;
/** Wrong tokens per minute and address: one that guesses keeps nobody else from signing in. A token has at least 16 characters. */
const mostWrong = 10;
const minuteMs = 60_000;
/** An IPv4 address, or an IPv6 /64, from which somebody may use any address. */
const peerOf = createPeerReader({ kind: 'none' });

/** Creates the sessions of a token. */
export function createAdminSessions(token: string, clock: Pick<Clock, 'now'>): AdminSessions {
  const key = createHash('sha256').update(`polyai-callback admin session ${token}`).digest();
  const signatureOf = (expires: string): string => createHmac('sha256', key).update(expires).digest('base64url');
  /** When wrong tokens were given in the last minute, by address. */
  const wrong = new Map<string, readonly number[]>();

  function isSession(value: string): boolean {
    const [, expires = '', signature = ''] = /^([0-9a-z]{1,12})\.([\w-]{43})$/.exec(value) ?? [];
    return isSame(signature, signatureOf(expires)) && Number.parseInt(expires, 36) > clock.now();
  }

  const cookieOf = (value: string, seconds: number): string =>
    `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${String(seconds)}`;

  return {
    isSignedIn: (cookies = '') =>
      cookies.split(';').some((pair) => {
        const [before = '', value = ''] = pair.trim().split('=');
        return before === name && isSession(value);
      }),
    signIn(given, isSecure, address) {
      const now = clock.now();
      // A time in the future means that the clock was set back.
      for (const [from, times] of wrong) if (!times.some((at) => at > now - minuteMs && at <= now)) wrong.delete(from);
      const from = peerOf(address).bucket;
      const recent = (wrong.get(from) ?? []).filter((at) => at > now - minuteMs && at <= now);
      if (recent.length >= mostWrong) return 'later';
      if (!isSame(given, token)) {
        wrong.set(from, [...recent, now]);
        return 'wrong';
      }
      const expires = (now + lifeMs).toString(36);
      const cookie = cookieOf(`${expires}.${signatureOf(expires)}`, lifeMs / 1_000);
      return { cookie: isSecure ? `${cookie}; Secure` : cookie };
    },
    signedOut: cookieOf('', 0),
  };
}

/** Compares hashes: neither the length of a guess nor the time it takes reveals anything. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
