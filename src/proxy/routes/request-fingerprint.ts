// A fingerprint of a request's meaning, to detect an idempotency key that is reused for another request.

import { createHash } from 'node:crypto';
import type { RequestedCall } from '../http/request-schemas.js';

/**
 * SHA-256 of what was requested: which number to call, when, with which metadata, on which site. The number is included as its
 * keyed HMAC: a plain hash could be turned back into the number within hours. Challenge, consent and page are left out: a retry
 * of the same press may contain a fresh solution.
 */
export function fingerprintOf(callRequest: RequestedCall, numberKey: string, origin: string): string {
  const metadata = Object.entries(callRequest.metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const when = callRequest.scheduleAt ?? callRequest.queue ?? null;
  const meaning = [numberKey, callRequest.country, when, metadata, origin];
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex');
}
