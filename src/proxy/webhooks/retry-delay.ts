// When a message that was not accepted is sent again: after 5 s, then three times as long each time up to two hours, spread by a quarter in
// both directions, for a day. An endpoint's Retry-After can only lengthen a pause.

import type { DeliveryResult } from '../store/outbox.js';

const shortestMs = 5_000;
const longestMs = 2 * 3_600_000;
const spread = 0.25;

/** What follows from a failed attempt. `attempts`: failures before this one. */
export function afterFailure(
  { attempts, retryUntil }: { readonly attempts: number; readonly retryUntil: number },
  error: string,
  now: number,
  random: () => number,
  retryAfterSeconds = 0,
): DeliveryResult {
  if (now >= retryUntil) return { kind: 'dead', error };
  const backOffMs =
    Math.min(longestMs, shortestMs * 3 ** Math.min(attempts, 20)) * (1 - spread + 2 * spread * random());
  const waitMs = Math.max(backOffMs, Math.min(retryAfterSeconds * 1_000, longestMs));
  // The last attempt is made when the time is over, not before.
  return { kind: 'failed', error, dueAt: Math.min(now + Math.round(waitMs), retryUntil) };
}
