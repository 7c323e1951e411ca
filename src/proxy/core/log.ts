// One JSON line per event. The redaction here is the last defense against a number, token, credential or secret in the log; the
// first is that no caller passes one.

import type { Clock } from './clock.js';

/**
 * Fields of a log event. Strings are our own short words, ids and truncated addresses. Only `upstreamId` may contain PolyAI's id of
 * a call, and `errorId` its id of an error, so that the operator can quote them to PolyAI's support.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Levels, least important first. */
export const logLevels = ['info', 'warn', 'error'] as const;
/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** The proxy's log. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** Logs the name and message of `error`, both redacted, never its stack. */
  error(event: string, fields?: LogFields & { readonly error?: never }, error?: unknown): void;
}

/** Options of a log. `secrets` are redacted wherever they occur; one shorter than 6 characters is ignored, as it would match words. */
export interface LogOptions {
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, 'now'>;
  readonly secrets?: readonly string[];
  /** The least important level to write; `info` by default, which writes everything. */
  readonly level?: LogLevel;
}

const longest = 300;
/** A sentence of the startup report may list origins. */
const longestMessage = 1_000;
// A plus and 7 digits in any grouping, or 7 digits in a row: matches every phone number. IP addresses have shorter runs.
const number = /\+[\d ().-]{6,}\d|\d{7,}/g;
// 256 bits take 43 characters in base64url; except for setting names, nothing else we log is that long.
const capability = /[\w-]{40,}/g;
const settingName = /^[A-Z]+(?:_[A-Z0-9]+)+$/;
const upstreamId = /OUT-[\w-]+/g;
/** PolyAI's own format: only `OUT-` and a UUID is certain to contain no phone number. */
const wellFormedUpstreamId = /^OUT-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** PolyAI's id of an error: a UUID, or its digits alone. No phone number has that length. */
const wellFormedErrorId = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32})$/i;

/** The only fields in which an id of PolyAI's is written as it is, so that the operator can quote it. */
const quotable: Readonly<Record<string, RegExp>> = { upstreamId: wellFormedUpstreamId, errorId: wellFormedErrorId };

/** Creates a log. */
export function createLog({ write, clock, secrets = [], level: least = 'info' }: LogOptions): Log {
  const known = secrets.filter((secret) => secret.length >= 6);

  function guarded(key: string, value: string | number | boolean): string | number | boolean {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return Math.abs(value) < 1_000_000 ? value : '[number]';
    if (quotable[key]?.test(value) === true && !known.some((secret) => value.includes(secret))) return value;
    let text = value;
    for (const secret of known) text = text.replaceAll(secret, '[secret]');
    return text
      .replace(upstreamId, '[upstream-id]')
      .replace(capability, (found) => (settingName.test(found) ? found : '[token]'))
      .replace(number, '[number]')
      .slice(0, key === 'message' ? longestMessage : longest);
  }

  function line(level: LogLevel, event: string, fields: LogFields): void {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return;
    const entry: Record<string, unknown> = { at: new Date(clock.now()).toISOString(), level, event };
    for (const [key, value] of Object.entries(fields)) if (value !== undefined) entry[key] = guarded(key, value);
    // JSON escapes CR, LF and NUL: a value cannot start a new line.
    write(JSON.stringify(entry));
  }

  return {
    info: (event, fields = {}) => line('info', event, fields),
    warn: (event, fields = {}) => line('warn', event, fields),
    error: (event, fields = {}, error) => line('error', event, { ...fields, ...describe(error) }),
  };
}

function describe(error: unknown): LogFields {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return { error: error.name, message: error.message, ...(cause !== undefined && { cause }) };
}

/** Logs nothing; for tests and commands. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
