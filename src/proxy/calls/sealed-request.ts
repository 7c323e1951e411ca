// What is stored of a request until its chosen time: the encrypted number, and what is needed to check again when it is due.

import * as v from 'valibot';
import type { Slot } from '../../contract.js';
import type { Keyring } from '../secrets/keyring.js';
import type { AllowedNumber } from '../gates/number.js';
import type { RequestedCall } from '../http/request-schemas.js';
import type { Reservation } from '../store/store.js';

/** A scheduled request. */
export interface ScheduledRequest {
  readonly number: AllowedNumber;
  readonly timeZone?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The request at the time of booking. */
export interface ToSeal {
  readonly callRequest: Pick<RequestedCall, 'timeZone'>;
  readonly number: AllowedNumber;
  readonly metadata: ScheduledRequest['metadata'] | undefined;
}

const schema: v.GenericSchema<unknown, ScheduledRequest> = v.strictObject({
  number: v.strictObject({ e164: v.string(), country: v.string(), type: v.exactOptional(v.string()) }),
  timeZone: v.exactOptional(v.string()),
  metadata: v.exactOptional(v.record(v.string(), v.string())),
});

/** The part of a reservation that makes it a scheduled one. */
export const scheduledAt = (
  keyring: Pick<Keyring, 'seal'>,
  slot: Slot,
  toSeal: ToSeal,
): NonNullable<Reservation['scheduled']> => ({
  slot,
  dueAt: Date.parse(slot.at),
  sealedRequest: sealRequest(keyring, toSeal),
});

/** Encrypts a request. */
export function sealRequest(
  keyring: Pick<Keyring, 'seal'>,
  { callRequest: { timeZone }, number, metadata }: ToSeal,
): string {
  const request: ScheduledRequest = {
    number,
    ...(timeZone !== undefined && { timeZone }),
    ...(metadata !== undefined && { metadata }),
  };
  return keyring.seal(JSON.stringify(request));
}

/** Decrypts and parses the request; throws when it cannot be decrypted or is malformed. */
export function openRequest(keyring: Pick<Keyring, 'open'>, sealed: string): ScheduledRequest {
  return v.parse(schema, JSON.parse(keyring.open(sealed)));
}
