// The only place where a Problem becomes RFC 9457 JSON with a fixed title. It never contains upstream text, an exception's message
// or anything about a person.

import { type ProblemBody, type ProblemCode, problemStatuses } from '../../contract.js';
import type { Problem } from '../core/verdict.js';
import type { AppContext } from './context.js';

/** Copies headers. A loop, because a spread costs forty times as much here (measured), and refusals must cost next to nothing. */
export function addHeaders(headers: Record<string, string>, more: Readonly<Record<string, string>> = {}): void {
  for (const name in more) headers[name] = more[name] ?? '';
}

/** The fixed English title of every code, for people who read a log or a console; the widget has its own messages. */
const titles: Readonly<Record<ProblemCode, string>> = {
  'invalid-request': 'The request is malformed',
  'idempotency-key-missing': 'The Idempotency-Key header is missing',
  'idempotency-key-invalid': 'The Idempotency-Key header is malformed',
  'origin-not-allowed': 'This origin is not allowed to request calls',
  'challenge-required': 'A solved challenge is required',
  'challenge-failed': 'The challenge was not solved correctly',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  'request-timeout': 'The request took too long to arrive',
  'request-in-progress': 'The same request is already being processed',
  'consent-outdated': 'The consent text has changed',
  'not-cancellable': 'The call can no longer be canceled',
  'body-too-large': 'The request body is too large',
  'unsupported-media-type': 'The request body must be JSON',
  'number-refused': 'This number cannot be called',
  'consent-required': 'Consent is required',
  'idempotency-key-reused': 'The Idempotency-Key was already used for a different request',
  'outside-hours': 'This number cannot be called at this hour',
  'slot-not-open': 'The chosen time is no longer available',
  'visitor-limit': 'Too many requests from this network',
  'try-later': 'No call can be placed right now',
  busy: 'Too many calls at the moment',
  internal: 'Something went wrong',
  'upstream-rejected': 'The call was not accepted',
  'upstream-unavailable': 'The calling service cannot be reached',
  'challenge-unavailable': 'The challenge cannot be checked right now',
  'store-unavailable': 'Calls cannot be recorded right now',
  'calls-paused': 'Calls are paused',
  'too-many-streams': 'Too many streams are open',
  'shutting-down': 'The service is restarting',
};

const typePrefix = 'urn:polyai-callback:problem:';

/** A problem as its body. */
export function problemBody(problem: Problem, requestId: string): ProblemBody {
  const { code, ...details } = problem;
  return {
    type: `${typePrefix}${code}`,
    title: titles[code],
    status: problemStatuses[code],
    code,
    requestId,
    ...details,
  };
}

/** The beginning of every code's body, which never changes. */
const beginnings = new Map(
  Object.entries(titles).map(([code, title]) => {
    const status = problemStatuses[code as ProblemCode];
    return [code, JSON.stringify({ type: `${typePrefix}${code}`, title, status, code }).slice(0, -1)];
  }),
);

/** {@link problemBody} as JSON text. Put together from its parts, because a flood of refusals must cost next to nothing (a fifth of `JSON.stringify`, measured). */
export function problemText(problem: Problem, requestId: string): string {
  let text = `${beginnings.get(problem.code) ?? ''},"requestId":${JSON.stringify(requestId)}`;
  for (const name in problem) {
    const value = problem[name as keyof Problem];
    if (name === 'code' || value === undefined) continue;
    text += typeof value === 'number' ? `,"${name}":${String(value)}` : `,"${name}":${JSON.stringify(value)}`;
  }
  return `${text}}`;
}

/** A problem as a response. `RateLimit` headers appear only with `visitor-limit`: they describe only the caller's own address. */
export function problemResponse(c: AppContext, problem: Problem): Response {
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  addHeaders(headers, c.get('head'));
  if (problem.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(problem.retryAfterSeconds);
    if (problem.code === 'visitor-limit') headers['RateLimit'] = `"address";r=0;t=${String(problem.retryAfterSeconds)}`;
  }
  // A request refused before its body was read must not leave the rest of the body on the connection.
  if (problem.code === 'body-too-large') headers['Connection'] = 'close';
  const response = new Response(problemText(problem, c.get('requestId')), {
    status: problemStatuses[problem.code],
    headers,
  });
  c.set('complete', response);
  c.set('problem', problem);
  return response;
}
