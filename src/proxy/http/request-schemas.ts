// The shape of what the page sends: strict objects, every string bounded. The gates check the values.

import * as v from 'valibot';
import { type CallRequest, type ConsentGiven, headers, type SlotsRequest } from '../../contract.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** A request with everything the gates need; consent may be absent, so that its gate can report it. */
export type RequestedCall = Omit<CallRequest, 'consent'> & { readonly consent?: ConsentGiven };

const text = (min: number, max: number) => v.pipe(v.string(), v.minLength(min), v.maxLength(max));
const pattern = (max: number, regex: RegExp) => v.pipe(v.string(), v.maxLength(max), v.regex(regex));
// Line breaks and tabs may be part of a sentence; no other control character is part of anything a visitor read.
// oxlint-disable-next-line no-control-regex
const printable = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;

const zone = pattern(64, /^[A-Za-z][A-Za-z0-9_+/-]*$/);
const values = v.pipe(
  v.record(pattern(40, /^[A-Za-z][A-Za-z0-9_.-]*$/), text(0, 512)),
  v.check((record) => Object.keys(record).length <= 20),
);
const pageAddress = v.pipe(
  text(1, 2_048),
  v.check((page) => URL.canParse(page) && /^https?:$/.test(new URL(page).protocol)),
  // The page's query and fragment may contain personal data, so they are left out of the record.
  v.transform((page) => {
    const { origin, pathname } = new URL(page);
    return (origin + pathname).slice(0, 1_024);
  }),
);
const consent = v.strictObject({
  text: v.pipe(text(0, 4_000), v.regex(printable)),
  version: v.exactOptional(pattern(16, /^[0-9a-f]{16}$/)),
  source: v.picklist(['site', 'page']),
});
const challenge = v.strictObject({
  kind: v.picklist(['altcha', 'turnstile', 'none']),
  payload: pattern(4_096, /^[\x21-\x7e]*$/),
});

const callFields = v.strictObject({
  phone: text(0, 64),
  international: v.boolean(),
  country: pattern(2, /^[A-Z]{2}$/),
  countryConfirmed: v.exactOptional(v.boolean()),
  unambiguous: v.exactOptional(v.boolean()),
  consent: v.exactOptional(consent),
  challenge: v.exactOptional(challenge),
  locale: pattern(35, /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/),
  timeZone: v.exactOptional(zone),
  page: v.exactOptional(pageAddress),
  widgetVersion: pattern(32, /^[0-9A-Za-z.+-]+$/),
  scheduleAt: v.exactOptional(pattern(30, /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/)),
  queue: v.exactOptional(v.literal(true)),
  attribution: v.exactOptional(values),
  metadata: v.exactOptional(values),
});

/** Body of `POST /v1/calls`: a call waits for a time or in the queue, not both. */
export const callSchema: v.GenericSchema<unknown, RequestedCall> = v.pipe(
  callFields,
  v.check(({ queue, scheduleAt }) => queue === undefined || scheduleAt === undefined),
);

/** Body of `POST /v1/slots`. */
export const slotsSchema: v.GenericSchema<unknown, SlotsRequest> = v.strictObject({
  phone: text(0, 64),
  timeZone: v.exactOptional(zone),
});

/** Body of the suppression webhook: a Standard Webhooks event. */
export const suppressionSchema: v.GenericSchema<unknown, { type: string; data: { number: string } }> = v.object({
  type: v.literal('number.suppressed'),
  data: v.object({ number: text(1, 64) }),
});

/** The `Idempotency-Key` of a request, or its problem. */
export function idempotencyKeyOf(requestHeaders: Headers): Verdict<string> {
  const key = requestHeaders.get(headers.idempotencyKey);
  if (key === null) return refuse({ code: 'idempotency-key-missing' });
  return /^[\w-]{22,64}$/.test(key) ? allow(key) : refuse({ code: 'idempotency-key-invalid' });
}
