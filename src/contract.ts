// The protocol between the widget and the proxy: paths, bodies, statuses, problem codes and the guards that check them. Both
// halves depend on this file, which imports nothing. Nothing else crosses the wire.

/**
 * Every route of the proxy, relative to its origin. `:id` is a call ID. Browsers use `calls` alone, also to read, follow and
 * cancel a call (`Authorization: Bearer <id>.<token>`, a stream with `Accept: text/event-stream`): one URL, one preflight.
 */
export const routes = {
  site: '/v1/site',
  phoneMetadata: '/v1/phone-metadata',
  challenge: '/v1/challenge',
  slots: '/v1/slots',
  calls: '/v1/calls',
  call: '/v1/calls/:id',
  events: '/v1/calls/:id/events',
  suppressions: '/v1/webhooks/suppressions',
  script: '/polyai-callback.js',
  health: '/healthz',
  ready: '/readyz',
} as const;

/** `routes.site` on its own: the only path in the widget's first load, where the whole table would cost 100 bytes. */
export const sitePath: typeof routes.site = '/v1/site';
/** The page on which people who were called can stop calls to their number, if the operator has it. */
export const optOutPath = '/me';

/** Statuses a call passes through before it ends, in the only possible order. */
export const openStatuses = [
  'scheduled',
  'requested',
  'created',
  'queued',
  'calling',
  'ringing',
  'in-progress',
] as const;

/** Statuses that end a call and never change. `unknown`: whether the call went through cannot be determined, and the page says so. `cancelled`: canceled by the visitor or upstream. */
export const terminalStatuses = ['completed', 'failed', 'no-answer', 'busy', 'cancelled', 'unknown'] as const;

/** A status of a call that has not ended. */
export type OpenStatus = (typeof openStatuses)[number];
/** A status that ends a call. */
export type TerminalStatus = (typeof terminalStatuses)[number];
/** Every status the page can see. */
export type CallStatus = OpenStatus | TerminalStatus;

/** All statuses, open ones first. */
// Marked as pure: a bundler must assume that a spread has side effects, and a page that uses none of the three lists would load
// them all.
export const callStatuses: readonly CallStatus[] = /* @__PURE__ */ ([] as CallStatus[]).concat(
  openStatuses,
  terminalStatuses,
);

/** True for a status that ends a call. */
export const isTerminal = (status: CallStatus): status is TerminalStatus =>
  (terminalStatuses as readonly string[]).includes(status);

/** True for one of the statuses listed here. */
export const isCallStatus = (value: unknown): value is CallStatus =>
  typeof value === 'string' && (callStatuses as readonly string[]).includes(value);

/** True when a call may go from status `from` to `to`: open statuses only move forward, terminal ones never change. */
export const canFollow = (from: CallStatus, to: CallStatus): boolean => {
  if (isTerminal(from)) return false;
  if (isTerminal(to)) return true;
  return callStatuses.indexOf(to) > callStatuses.indexOf(from);
};

/** One entry of a call's journal as the page sees it. `at`: RFC 3339 UTC, milliseconds. `seq` starts at 1 and grows by 1. */
export interface JournalItem {
  readonly seq: number;
  readonly status: CallStatus;
  readonly at: string;
}

/** Everything the page may know about a call. Every stream event is a complete snapshot, so that a gap does no harm. */
export interface CallSnapshot {
  readonly id: string;
  readonly status: CallStatus;
  /** Sequence number of the newest journal item, plus one for each report on the call once it has ended: the event id of the stream. */
  readonly seq: number;
  readonly history: readonly JournalItem[];
  /** The proxy's clock when this was written (RFC 3339), so that a page with a wrong clock still shows true durations. */
  readonly now: string;
  /** The chosen instant of a scheduled callback (RFC 3339), kept after it was placed. */
  readonly scheduledFor?: Slot;
  /** With a terminal status: another request before this time (RFC 3339) would be refused. Absent if none would be, as far as is known. */
  readonly tryAgainAt?: string;
  /** True while `DELETE` can cancel the call. */
  readonly canTakeBack?: boolean;
  /** After a call that did not reach the visitor and will be tried once more: the second call, with its token, and when it is due (RFC 3339). */
  readonly redial?: { readonly id: string; readonly token: string; readonly at: string };
  /** For such a second call: how the first one ended, or that it reached a voicemail. While it waits, `PATCH` places it at once. */
  readonly redialAfter?: 'no-answer' | 'busy' | 'voicemail' | 'message-left';
  /**
   * Two words that the agent says first. Only in the response to `POST /v1/calls`; a page keeps them in its snapshots. Absent unless
   * the operator turned them on.
   */
  readonly verificationPhrase?: readonly string[] | undefined;
  /** While the call waits in the queue, with status `scheduled`. It changes without a new `seq`. */
  readonly queue?: QueuePlace;
  /** Why a scheduled callback ended without being placed. Never says anything about a person. `not-sent`: also after 30 minutes in the queue. */
  readonly endedBecause?: 'taken-back' | 'slot-missed' | 'not-allowed-when-due' | 'not-sent';
  /** What the agent reported after the call. Only where the operator takes such reports. */
  readonly outcome?: CallOutcome;
  /** True while the agent's report on a call that has ended may still arrive: the stream stays open for it. */
  readonly outcomePending?: true;
}

/** A place in the queue of calls that wait until a limit allows them: first come, first served. */
export interface QueuePlace {
  /** 1: the next one. */
  readonly position: number;
  /** Expected wait from now, seconds, from recent calls; absent where too few show it. */
  readonly waitSeconds?: number;
}

/** Who answered a call, as the agent reported it. */
export const answerers = ['person', 'voicemail', 'unknown'] as const;
/** One of {@link answerers}. */
export type Answerer = (typeof answerers)[number];

/**
 * How a call turned out, as the agent reported it: a closed list. `message-left`: on a voicemail. `no-message`: a voicemail
 * answered, and no message was left. `no-conversation`: somebody answered and said nothing of use, or hung up.
 */
export const dispositions = [
  'resolved',
  'appointment-booked',
  'callback-requested',
  'information-sent',
  'transferred',
  'not-interested',
  'wrong-person',
  'message-left',
  'no-message',
  'no-conversation',
  'other',
] as const;
/** One of {@link dispositions}. */
export type Disposition = (typeof dispositions)[number];

/** The agent's report on a call. All text is plain text, without control characters and phone numbers. */
export interface CallOutcome {
  readonly answeredBy: Answerer;
  readonly disposition: Disposition;
  /** What was agreed, at most three sentences. */
  readonly agreed: readonly string[];
  readonly appointment?: Appointment;
  /** `https:` links to hosts that the operator allows. */
  readonly links: readonly OutcomeLink[];
  /** When the proxy received the report, RFC 3339. */
  readonly reportedAt: string;
}

/** An appointment that was made in a call. */
export interface Appointment {
  /** RFC 3339 UTC. */
  readonly start: string;
  /** RFC 3339 UTC. */
  readonly end?: string;
  /** IANA zone in which it was agreed. */
  readonly zone: string;
  readonly title: string;
}

/** A link in an outcome. */
export interface OutcomeLink {
  readonly url: string;
  /** Its text; the URL's host where the agent gave none. */
  readonly title: string;
}

/** Response of `POST /v1/calls` (`202`): the snapshot and the call's token. */
export interface CallAccepted extends CallSnapshot {
  /** 256-bit capability for this one call, base64url. Sent in `Authorization: Bearer`, never in a URL. */
  readonly token: string;
}

/** A time at which a callback can be placed. */
export interface Slot {
  /** The instant, RFC 3339 UTC. */
  readonly at: string;
  /** IANA zone of the wall time: the number's (or the visitor's where it is one of the number's). */
  readonly zone: string;
  /** Wall time in that zone, `YYYY-MM-DDTHH:mm`. */
  readonly wall: string;
}

/** What the visitor agreed to, as shown. */
export interface ConsentGiven {
  /** The text shown next to the checkbox, plain text. */
  readonly text: string;
  /** First 16 hex digits of the SHA-256 of the text's UTF-8; the proxy recomputes it. Omitted if the page cannot hash (no secure context). */
  readonly version?: string;
  /** `site` when the text came from `GET /v1/site` (then an outdated version is refused and the visitor must agree again), `page` when the page or the widget's own table supplied it. */
  readonly source: 'site' | 'page';
}

/** Solved challenge of the kind `GET /v1/site` names. */
export interface ChallengeAnswer {
  readonly kind: ChallengeKind;
  /** ALTCHA payload (base64) or Turnstile token; opaque here. */
  readonly payload: string;
}

/**
 * Response of `GET /v1/challenge`, only if the site's kind is `altcha`: an ALTCHA v2 challenge, bound to the requesting site
 * and address. It is solved by the counter whose PBKDF2-SHA-256 key begins with `keyPrefix`, and is sent back unchanged in the
 * payload of the solution: base64 of the JSON `{challenge, solution: {counter, derivedKey}}`. Never cached.
 */
export interface Challenge {
  readonly parameters: {
    readonly algorithm: 'PBKDF2/SHA-256';
    /** Hex. The password is the nonce and the counter as 32 bits, big-endian. */
    readonly nonce: string;
    /** Hex. */
    readonly salt: string;
    /** Iterations for one counter. */
    readonly cost: number;
    /** Bytes of a derived key. */
    readonly keyLength: 32;
    /** Hex. */
    readonly keyPrefix: string;
    readonly keySignature: string;
    /** `binding`: whom it was made for, as a keyed hash. `issuedAt`: epoch milliseconds. */
    readonly data: { readonly binding: string; readonly issuedAt: number };
  };
  /** Signature of the parameters: changing one invalidates the challenge. */
  readonly signature: string;
}

/** How the proxy distinguishes people from scripts. */
export type ChallengeKind = 'altcha' | 'turnstile' | 'none';

/** Body of `POST /v1/calls`. Header `Idempotency-Key`: 22–64 characters of `[A-Za-z0-9_-]`, new for every press, kept for retries of that press. */
export interface CallRequest {
  /** E.164 with `+`. */
  readonly phone: string;
  /** True when the visitor typed the calling code; without it the country is a guess that may need `countryConfirmed`. */
  readonly international: boolean;
  /** ISO 3166-1 alpha-2 of the number, as shown to the visitor. */
  readonly country: string;
  /** True once the visitor confirmed that country in answer to `confirm-country`. */
  readonly countryConfirmed?: boolean;
  /**
   * True when the typed text can only be read as one number: it started with the trunk prefix 0 or was grouped like a national
   * number. Without it the proxy requires confirmation where the same digits after a plus are another number.
   */
  readonly unambiguous?: boolean;
  readonly consent: ConsentGiven;
  readonly challenge?: ChallengeAnswer;
  /** BCP 47 tag of the language shown. */
  readonly locale: string;
  /** IANA zone of the browser; may narrow the hours, never widen them. */
  readonly timeZone?: string;
  /** Page address without query and fragment. */
  readonly page?: string;
  readonly widgetVersion: string;
  /** The `at` of an offered slot: place the call then instead of now. */
  readonly scheduleAt?: string;
  /** True to wait in the queue that a `busy` problem offered. Not together with `scheduleAt`. */
  readonly queue?: true;
  /** The page's {@link campaignParameters}. */
  readonly attribution?: Readonly<Record<string, string>>;
  /** Values for the agent, allow-listed and sanitized by the proxy (`METADATA_KEYS`). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Body of `POST /v1/slots`: requests the times at which a number may be called. Counts as one attempt of the address. */
export interface SlotsRequest {
  readonly phone: string;
  readonly timeZone?: string;
}

/** Response of `POST /v1/slots`. */
export interface SlotsOffered {
  /** True when a call may be placed right now. */
  readonly openNow: boolean;
  readonly slots: readonly Slot[];
}

/** Response of `GET /v1/site`: public, cacheable, the same for every visitor of one origin. */
export interface Site {
  /** True when the proxy uses the built-in fake PolyAI and no real phone can ring. */
  readonly sandbox: boolean;
  /** The business named in the consent sentence. */
  readonly business: string;
  /** ISO 3166-1 alpha-2 codes that may be called. */
  readonly countries: readonly string[];
  /** Calling code of each of `countries`, without `+`, so that the select can show them before any phone code is loaded. */
  readonly callingCodes?: Readonly<Record<string, string>>;
  /** The visitor's country according to a CDN's header, where one is configured. */
  readonly countryHint?: string;
  /** Consent text of the operator; absent: the widget's own table, in the visitor's language. */
  readonly consent?: { readonly text: string; readonly version: string };
  /** Number the agent calls from, E.164, for "answer your phone" and the contact card. */
  readonly callerId?: string;
  /** Number to call instead, E.164. */
  readonly phone?: string;
  /** `callerId` and `phone` as people write them, by their E.164, so that they can be recognized before any phone code is loaded. */
  readonly formattedNumbers?: Readonly<Record<string, string>>;
  readonly agentName?: string;
  readonly privacyUrl?: string;
  readonly termsUrl?: string;
  /** Path of the page on which people who were called can stop calls to their number; absent where there is none. */
  readonly optOutPath?: string;
  readonly challenge: { readonly kind: ChallengeKind; readonly siteKey?: string };
  /** URL path of the metadata slice for `countries` (immutable). */
  readonly phoneMetadata: string;
  /** Whether the business is open now. `hide`: show the page's own fallback. `message`: say so. `schedule`: offer times only. */
  readonly opening:
    | { readonly open: true }
    | { readonly open: false; readonly mode: 'hide' | 'message' | 'schedule'; readonly next?: string };
  /** True when a visitor may choose a later time. */
  readonly scheduling: boolean;
  /** The operator's own text, by the widget's string key. */
  readonly strings?: Readonly<Record<string, string>>;
  /** Test numbers of the fake PolyAI, only in the sandbox. */
  readonly testNumbers?: readonly { readonly number: string; readonly shows: string }[];
  /** Keys of `metadata` that the proxy passes on. */
  readonly metadataKeys: readonly string[];
  /** True where the proxy reports more about a call than its status: the page then loads what shows it. */
  readonly followUp?: true;
  /** How soon phones have usually been ringing lately, seconds; absent where that is slow, or where too few calls show it. */
  readonly usuallyRingsInSeconds?: number;
}

/** Why a number is refused; the widget has a message for each. */
export const numberReasons = [
  'required',
  'not-a-number',
  'country-required',
  'invalid-country-code',
  'too-short',
  'too-long',
  'invalid-length',
  'not-in-use',
  'premium-rate',
  'unsupported-type',
  'country-not-allowed',
  'extension-not-supported',
  'confirm-country',
  'several-numbers',
] as const;
/** One of {@link numberReasons}. */
export type NumberReason = (typeof numberReasons)[number];

/** A problem's code: the closed list. */
export type ProblemCode =
  | 'invalid-request'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | 'origin-not-allowed'
  | 'challenge-required'
  | 'challenge-failed'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'request-in-progress'
  | 'consent-outdated'
  | 'not-cancellable'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'number-refused'
  | 'consent-required'
  | 'idempotency-key-reused'
  | 'outside-hours'
  | 'slot-not-open'
  | 'visitor-limit'
  | 'try-later'
  | 'busy'
  | 'internal'
  | 'upstream-rejected'
  | 'upstream-unavailable'
  | 'challenge-unavailable'
  | 'store-unavailable'
  | 'calls-paused'
  | 'too-many-streams'
  | 'shutting-down';

/** Every problem code with its HTTP status: the closed list. The titles are in the proxy, the messages in the widget. */
export const problemStatuses: Readonly<Record<ProblemCode, number>> = {
  'invalid-request': 400,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  'origin-not-allowed': 403,
  'challenge-required': 403,
  'challenge-failed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'request-in-progress': 409,
  'consent-outdated': 409,
  'not-cancellable': 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'number-refused': 422,
  'consent-required': 422,
  'idempotency-key-reused': 422,
  'outside-hours': 422,
  'slot-not-open': 422,
  /** The caller's own address has used up its allowance; see the `RateLimit` headers. */
  'visitor-limit': 429,
  /** In flight, cooling down, at its daily cap or suppressed: one identical answer that reveals nothing about a person. */
  'try-later': 429,
  /** A site-wide or global allowance is used up. */
  busy: 429,
  internal: 500,
  'upstream-rejected': 502,
  'upstream-unavailable': 503,
  'challenge-unavailable': 503,
  'store-unavailable': 503,
  'calls-paused': 503,
  'too-many-streams': 503,
  'shutting-down': 503,
};

/** An error as it crosses the wire: RFC 9457 `application/problem+json`. */
export interface ProblemBody {
  /** `urn:polyai-callback:problem:<code>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** ID to quote to the operator; the log contains it too. */
  readonly requestId: string;
  /** With `number-refused`. */
  readonly reason?: NumberReason;
  /** With reason `confirm-country`: the country the number belongs to. */
  readonly country?: string;
  /** With reasons about length: how many national digits the country's numbers have. */
  readonly lengths?: readonly number[];
  /** Seconds until another try makes sense; the same as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** With `outside-hours` and `busy`: times that can be chosen instead. */
  readonly slots?: readonly Slot[];
  /** With `busy`, where the visitor can wait in the queue instead, with {@link CallRequest.queue}: the place to expect. */
  readonly queue?: QueuePlace;
}

/** True for a well-formed problem body. */
export const isProblemBody = (value: unknown): value is ProblemBody =>
  isRecord(value) &&
  typeof value['code'] === 'string' &&
  Object.hasOwn(problemStatuses, value['code']) &&
  typeof value['status'] === 'number';

/** True for a well-formed snapshot. Unknown statuses are refused: a page must not invent a phase. */
export const isCallSnapshot = (value: unknown): value is CallSnapshot =>
  isRecord(value) &&
  typeof value['id'] === 'string' &&
  isCallStatus(value['status']) &&
  typeof value['seq'] === 'number' &&
  typeof value['now'] === 'string' &&
  Array.isArray(value['history']) &&
  value['history'].every(isJournalItem);

/** True for a well-formed response of `POST /v1/calls`. */
export const isCallAccepted = (value: unknown): value is CallAccepted =>
  isCallSnapshot(value) && typeof (value as { token?: unknown }).token === 'string';

/** True for a well-formed response of `GET /v1/site`. */
export const isSite = (value: unknown): value is Site =>
  isRecord(value) &&
  typeof value['sandbox'] === 'boolean' &&
  typeof value['business'] === 'string' &&
  Array.isArray(value['countries']) &&
  value['countries'].every((code) => typeof code === 'string') &&
  isRecord(value['challenge']) &&
  isRecord(value['opening']) &&
  typeof value['phoneMetadata'] === 'string';

/** True for a challenge the widget can work on. */
export const isChallenge = (value: unknown): value is Challenge => {
  if (!isRecord(value) || typeof value['signature'] !== 'string' || !isRecord(value['parameters'])) return false;
  const { algorithm, nonce, salt, cost, keyLength, keyPrefix } = value['parameters'];
  return (
    algorithm === 'PBKDF2/SHA-256' &&
    keyLength === 32 &&
    Number.isInteger(cost) &&
    [nonce, salt, keyPrefix].every((hex) => typeof hex === 'string' && /^(?:[0-9a-f]{2}){1,32}$/.test(hex))
  );
};

/** True for a time that can be offered to a visitor. */
export const isSlot = (value: unknown): value is Slot =>
  isRecord(value) && [value['at'], value['zone'], value['wall']].every((part) => typeof part === 'string');

/** True for a well-formed response of `POST /v1/slots`. */
export const isSlotsOffered = (value: unknown): value is SlotsOffered =>
  isRecord(value) &&
  typeof value['openNow'] === 'boolean' &&
  Array.isArray(value['slots']) &&
  value['slots'].every(isSlot);

/** Campaign parameters and click ids of a page's address that are passed on: the widget sends exactly these, and the proxy accepts exactly these. */
export const campaignParameters: readonly string[] = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'li_fat_id',
  'twclid',
];

/** Header names both sides use. */
export const headers = {
  idempotencyKey: 'Idempotency-Key',
  idempotencyReplayed: 'Idempotency-Replayed',
  lastEventId: 'Last-Event-ID',
  requestId: 'X-Request-Id',
} as const;

/** Event names of the stream, the closed list: a snapshot, and a request to reconnect later. */
export const streamEvents = ['snapshot', 'goodbye'] as const;
/** One of {@link streamEvents}. */
export type StreamEventName = (typeof streamEvents)[number];

/** Heartbeat comments come this often, milliseconds. */
export const heartbeatMs = 15_000;
/** A reader that received no byte for this long treats the stream as dead, milliseconds. Two heartbeats and a margin. */
export const silenceMs = 35_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isJournalItem = (value: unknown): value is JournalItem =>
  isRecord(value) &&
  typeof value['seq'] === 'number' &&
  isCallStatus(value['status']) &&
  typeof value['at'] === 'string';
