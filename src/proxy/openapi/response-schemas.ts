// The shape of the proxy's responses, as schemas typed by the contract: a field that is added only to the contract does not compile. They
// do not validate responses at run time; the API description is generated from them, and the conformance suite compares every
// response with it.

import * as v from 'valibot';
import {
  type CallAccepted,
  type CallSnapshot,
  callStatuses,
  type Challenge,
  answerers,
  type Appointment,
  type CallOutcome,
  dispositions,
  type OutcomeLink,
  type JournalItem,
  numberReasons,
  type ProblemBody,
  type ProblemCode,
  problemStatuses,
  type Site,
  type Slot,
  type QueuePlace,
  type SlotsOffered,
} from '../../contract.js';

/** An object with an entry for each field of `T`, including optional ones. */
const fieldsOf =
  <T>() =>
  <const Entries extends Readonly<Record<keyof T, v.GenericSchema>>>(
    entries: Entries,
  ): v.ObjectSchema<Entries, undefined> =>
    v.object(entries);

const text = v.string();
const instant = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));
const texts = v.record(v.string(), v.string());
const hex = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})+$/));
const challengeKind = v.picklist(['altcha', 'turnstile', 'none']);

const slot: v.GenericSchema<unknown, Slot> = fieldsOf<Slot>()({ at: instant, zone: text, wall: text });

const queuePlace: v.GenericSchema<unknown, QueuePlace> = fieldsOf<QueuePlace>()({
  position: count,
  waitSeconds: v.exactOptional(count),
});

const journalItem: v.GenericSchema<unknown, JournalItem> = fieldsOf<JournalItem>()({
  seq: count,
  status: v.picklist(callStatuses),
  at: instant,
});

const outcome: v.GenericSchema<unknown, CallOutcome> = fieldsOf<CallOutcome>()({
  answeredBy: v.picklist(answerers),
  disposition: v.picklist(dispositions),
  agreed: v.array(text),
  appointment: v.exactOptional(
    fieldsOf<Appointment>()({ start: instant, end: v.exactOptional(instant), zone: text, title: text }),
  ),
  links: v.array(fieldsOf<OutcomeLink>()({ url: text, title: text })),
  reportedAt: instant,
});

const snapshotFields = {
  id: text,
  status: v.picklist(callStatuses),
  seq: count,
  history: v.array(journalItem),
  now: instant,
  scheduledFor: v.exactOptional(slot),
  tryAgainAt: v.exactOptional(instant),
  canTakeBack: v.exactOptional(v.boolean()),
  redial: v.exactOptional(v.object({ id: text, token: text, at: instant })),
  redialAfter: v.exactOptional(v.picklist(['no-answer', 'busy', 'voicemail', 'message-left'])),
  verificationPhrase: v.exactOptional(v.array(text)),
  queue: v.exactOptional(queuePlace),
  endedBecause: v.exactOptional(v.picklist(['taken-back', 'slot-missed', 'not-allowed-when-due', 'not-sent'])),
  outcome: v.exactOptional(outcome),
  outcomePending: v.exactOptional(v.literal(true)),
};

/** `200` of `GET` and `DELETE /v1/calls`, and the data of every stream event `snapshot`. */
export const snapshotSchema: v.GenericSchema<unknown, CallSnapshot> = fieldsOf<CallSnapshot>()(snapshotFields);

/** `202` of `POST /v1/calls`. */
export const acceptedSchema: v.GenericSchema<unknown, CallAccepted> = fieldsOf<CallAccepted>()({
  ...snapshotFields,
  token: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
});

/** `200` of `POST /v1/slots`. */
export const slotsOfferedSchema: v.GenericSchema<unknown, SlotsOffered> = fieldsOf<SlotsOffered>()({
  openNow: v.boolean(),
  slots: v.array(slot),
});

/** `200` of `GET /v1/challenge`. */
export const challengeSchema: v.GenericSchema<unknown, Challenge> = fieldsOf<Challenge>()({
  parameters: fieldsOf<Challenge['parameters']>()({
    algorithm: v.literal('PBKDF2/SHA-256'),
    nonce: hex,
    salt: hex,
    cost: count,
    keyLength: v.literal(32),
    keyPrefix: hex,
    keySignature: hex,
    data: fieldsOf<Challenge['parameters']['data']>()({ binding: hex, issuedAt: count }),
  }),
  signature: hex,
});

/** `200` of `GET /v1/site`. */
export const siteSchema: v.GenericSchema<unknown, Site> = fieldsOf<Site>()({
  sandbox: v.boolean(),
  business: text,
  countries: v.array(country),
  callingCodes: v.exactOptional(texts),
  countryHint: v.exactOptional(country),
  consent: v.exactOptional(v.object({ text, version: text })),
  callerId: v.exactOptional(text),
  phone: v.exactOptional(text),
  formattedNumbers: v.exactOptional(texts),
  agentName: v.exactOptional(text),
  privacyUrl: v.exactOptional(text),
  termsUrl: v.exactOptional(text),
  optOutPath: v.exactOptional(text),
  challenge: v.object({ kind: challengeKind, siteKey: v.exactOptional(text) }),
  phoneMetadata: text,
  opening: v.union([
    v.object({ open: v.literal(true) }),
    v.object({
      open: v.literal(false),
      mode: v.picklist(['hide', 'message', 'schedule']),
      next: v.exactOptional(instant),
    }),
  ]),
  scheduling: v.boolean(),
  strings: v.exactOptional(texts),
  testNumbers: v.exactOptional(v.array(v.object({ number: text, shows: text }))),
  metadataKeys: v.array(text),
  followUp: v.exactOptional(v.literal(true)),
  usuallyRingsInSeconds: v.exactOptional(count),
});

const problemCodes = Object.keys(problemStatuses) as readonly ProblemCode[];

/** Every error: RFC 9457. */
export const problemSchema: v.GenericSchema<unknown, ProblemBody> = fieldsOf<ProblemBody>()({
  type: v.pipe(v.string(), v.startsWith('urn:polyai-callback:problem:')),
  title: text,
  status: count,
  code: v.picklist(problemCodes),
  requestId: text,
  reason: v.exactOptional(v.picklist(numberReasons)),
  country: v.exactOptional(country),
  lengths: v.exactOptional(v.array(count)),
  retryAfterSeconds: v.exactOptional(count),
  slots: v.exactOptional(v.array(slot)),
  queue: v.exactOptional(queuePlace),
});
