// The response of `POST /v1/calls` in the form stored for replays: a status and a body without the token and the verification
// phrase, which are derived again each time and never stored.

import { type CallAccepted, headers } from '../../contract.js';
import type { Problem } from '../core/verdict.js';
import { problemBody } from '../http/problem.js';
import { snapshotOf } from '../calls/snapshot.js';
import type { StoredAnswer, StoredCall } from '../store/store.js';

/** `202` with the call in its current state. */
export const acceptedAnswer = (call: StoredCall, now: number): StoredAnswer => ({
  httpStatus: 202,
  body: JSON.stringify(snapshotOf(call, now)),
});

/** A failed placement in its stored form: the same key gets the same response again. */
export function problemAnswer(problem: Problem, requestId: string): StoredAnswer {
  const body = problemBody(problem, requestId);
  return {
    httpStatus: body.status,
    body: JSON.stringify(body),
    ...(problem.retryAfterSeconds !== undefined && { retryAfterSeconds: problem.retryAfterSeconds }),
  };
}

/** What a `202` contains beside what is stored. */
export type OnlyForThePage = Pick<CallAccepted, 'token' | 'verificationPhrase' | 'queue'>;

/** The stored form as a response; `own` is added to a `202`. */
export function respond(answer: StoredAnswer, own: OnlyForThePage, isReplay: boolean): Response {
  const isAccepted = answer.httpStatus === 202;
  // The stored body is an object of our own making: two JSON texts are joined without parsing them.
  const body = isAccepted ? `${answer.body.slice(0, -1)},${JSON.stringify(own).slice(1)}` : answer.body;
  const responseHeaders: Record<string, string> = {
    'Content-Type': isAccepted ? 'application/json' : 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  if (answer.retryAfterSeconds !== undefined) responseHeaders['Retry-After'] = String(answer.retryAfterSeconds);
  if (isReplay) responseHeaders[headers.idempotencyReplayed] = 'true';
  return new Response(body, { status: answer.httpStatus, headers: responseHeaders });
}
