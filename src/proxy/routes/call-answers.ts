// The answers of `POST /v1/calls` that place no call: a key that is known, a refusal by the store; and what every `202` contains for its page
// alone.

import type { Problem } from '../core/verdict.js';
import { type Counted, problemOf } from '../gates/rate-limit.js';
import type { RequestedCall } from '../http/request-schemas.js';
import type { Recall, ReserveOutcome } from '../store/store.js';
import type { CallsDeps } from './deps.js';
import { acceptedAnswer, type OnlyForThePage, respond } from './idempotent-response.js';

type Refuse = (problem: Problem) => Response;

/** The answers. */
export interface Answers {
  /** What only the page that requested the call gets; derived again for a replay, never stored. */
  ownOf(callId: string, callRequest: RequestedCall): Promise<OnlyForThePage>;
  /** The key is known: never a second call, whatever the outcome of the first. */
  repeated(known: Exclude<Recall, { kind: 'new' }>, callRequest: RequestedCall, refuse: Refuse): Promise<Response>;
  /** The store did not reserve. */
  refused(
    outcome: Exclude<ReserveOutcome, { kind: 'reserved' }>,
    counted: Counted,
    callRequest: RequestedCall,
    refuse: Refuse,
  ): Promise<Response>;
}

/** Creates them. */
export function createAnswers(deps: CallsDeps): Answers {
  const { store, keyring, clock } = deps;

  async function ownOf(callId: string, { locale, queue: isJoining }: RequestedCall): Promise<OnlyForThePage> {
    const verificationPhrase = deps.verificationPhrase?.(callId, locale);
    const queue = isJoining && (await deps.places.read(callId));
    return { token: keyring.token(callId), ...(verificationPhrase && { verificationPhrase }), ...(queue && { queue }) };
  }

  const repeated: Answers['repeated'] = async (known, callRequest, refuse) => {
    switch (known.kind) {
      case 'in-progress':
        return refuse({ code: 'request-in-progress', retryAfterSeconds: 1 });
      case 'key-reused':
        return refuse({ code: 'idempotency-key-reused' });
      case 'unanswered': {
        const call = await store.read(known.callId);
        if (call === undefined) return refuse({ code: 'request-in-progress', retryAfterSeconds: 1 });
        return respond(acceptedAnswer(call, clock.now()), await ownOf(call.id, callRequest), true);
      }
      case 'answered':
        return respond(known.answer, await ownOf(known.callId, callRequest), true);
    }
  };

  return {
    ownOf,
    repeated,
    async refused(outcome, counted, callRequest, refuse) {
      switch (outcome.kind) {
        case 'refused': {
          const problem = problemOf(outcome.refusal, callRequest.scheduleAt !== undefined);
          const { timeZone } = callRequest;
          return refuse(await deps.offers(problem, outcome.refusals, { ...counted, timeZone }));
        }
        case 'challenge-used':
          return refuse({ code: 'challenge-failed' });
        case 'in-progress':
        case 'key-reused':
        case 'unanswered':
        case 'answered':
          return repeated(outcome, callRequest, refuse);
      }
    },
  };
}
