// The body of an outcome: a Standard Webhooks event in strict objects, every text bounded and cleaned. What the store keeps of it, and
// who sees it, is decided elsewhere.

import * as v from 'valibot';
import { answerers, type CallOutcome, dispositions } from '../../contract.js';
import { isCallId } from '../core/random-id.js';
import { withoutNumbers } from './without-numbers.js';

/** A report as the agent sent it, cleaned. */
export interface OutcomeReport {
  /** Our id of the call. */
  readonly callId?: string;
  /** PolyAI's id of the call. */
  readonly upstreamId?: string;
  readonly doNotCall: boolean;
  readonly outcome: Omit<CallOutcome, 'reportedAt'>;
}

/** The most points and links that an outcome can have. */
export const mostPoints = 3;
const mostLinks = 3;
/** Longest text of a point, characters. */
export const longestPoint = 200;
const longestTitle = 80;
const longestUrl = 512;

/** An appointment cannot last longer than this, milliseconds. */
const longestAppointmentMs = 7 * 24 * 3_600_000;

// Control and format characters (including bidi), line and paragraph separators, private use and unassigned characters.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Plain text of 1 to `max` characters after it has been cleaned. The raw text may be somewhat longer. */
const plainText = (max: number) =>
  v.pipe(
    v.string(),
    v.maxLength(max + 100),
    v.transform((text) => withoutNumbers(text.replace(/\s+/gu, ' ').replace(unprintable, '').trim())),
    v.minLength(1),
    v.maxLength(max),
  );

/** False for February 30, which `Date` reads as a day in March: nobody agreed to that one. */
const isDay = (date: string): boolean => {
  const at = Date.parse(date);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
};

/** An instant with a UTC offset, so that it does not depend on anybody's zone. */
const instant = v.pipe(
  v.string(),
  v.maxLength(35),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/),
  v.check((text) => !Number.isNaN(Date.parse(text)) && isDay(text.slice(0, 10))),
  v.transform((text) => new Date(text).toISOString()),
);

const zone = v.pipe(
  v.string(),
  v.maxLength(64),
  v.regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/),
  v.check((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  }),
);

const appointment = v.pipe(
  v.strictObject({ start: instant, end: v.exactOptional(instant), time_zone: zone, title: plainText(longestTitle) }),
  v.check(({ start, end }) => {
    if (end === undefined) return true;
    const lastsMs = Date.parse(end) - Date.parse(start);
    return lastsMs > 0 && lastsMs <= longestAppointmentMs;
  }),
);

/** A link with https, to one of the hosts exactly, without a name or a password in it. */
const linkTo = (hosts: ReadonlySet<string>) =>
  v.strictObject({
    url: v.pipe(
      v.string(),
      v.maxLength(longestUrl),
      v.regex(/^https:\/\/[\x21-\x7e]+$/),
      v.check((text) => {
        if (!URL.canParse(text) || text.includes('\\')) return false;
        const { protocol, host, username, password } = new URL(text);
        return protocol === 'https:' && hosts.has(host) && username === '' && password === '';
      }),
      v.transform((text) => new URL(text).href),
    ),
    title: v.exactOptional(plainText(longestTitle)),
  });

/** The schema of a report, for these hosts of links. */
export function outcomeSchema(linkHosts: readonly string[]): v.GenericSchema<unknown, OutcomeReport> {
  const data = v.pipe(
    v.strictObject({
      call_id: v.exactOptional(v.pipe(v.string(), v.check(isCallId))),
      polyai_call_id: v.exactOptional(v.pipe(v.string(), v.regex(/^OUT-[A-Za-z0-9-]{1,80}$/))),
      answered_by: v.picklist(answerers),
      disposition: v.picklist(dispositions),
      agreed: v.exactOptional(v.pipe(v.array(plainText(longestPoint)), v.maxLength(mostPoints)), []),
      appointment: v.exactOptional(appointment),
      links: v.exactOptional(v.pipe(v.array(linkTo(new Set(linkHosts))), v.maxLength(mostLinks)), []),
      do_not_call: v.exactOptional(v.boolean(), false),
    }),
    v.check(({ call_id, polyai_call_id }) => call_id !== undefined || polyai_call_id !== undefined),
  );
  return v.pipe(
    v.strictObject({
      type: v.literal('call.outcome'),
      timestamp: v.exactOptional(v.pipe(v.string(), v.maxLength(40))),
      data,
    }),
    v.transform(({ data: { call_id, polyai_call_id, do_not_call, answered_by, agreed, disposition, ...rest } }) => ({
      ...(call_id !== undefined && { callId: call_id }),
      ...(polyai_call_id !== undefined && { upstreamId: polyai_call_id }),
      doNotCall: do_not_call,
      outcome: {
        answeredBy: answered_by,
        disposition,
        agreed,
        ...(rest.appointment && { appointment: appointmentOf(rest.appointment) }),
        links: rest.links.map(({ url, title }) => ({ url, title: title ?? new URL(url).host })),
      },
    })),
  );
}

const appointmentOf = ({
  start,
  end,
  time_zone: agreedZone,
  title,
}: v.InferOutput<typeof appointment>): NonNullable<CallOutcome['appointment']> => ({
  start,
  ...(end !== undefined && { end }),
  zone: agreedZone,
  title,
});
