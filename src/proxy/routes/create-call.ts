// POST /v1/calls: the trigger path, top to bottom. Each step has its own file; this file owns their order: cheapest first, and
// nothing that depends on a person's number before the attempt is counted.

import { createAnswers } from './call-answers.js';
import { acceptedAnswer, problemAnswer, respond } from './idempotent-response.js';
import type { AppContext, Handler } from '../http/context.js';
import type { CallsDeps } from './deps.js';
import { fingerprintOf } from './request-fingerprint.js';
import { limitOf } from '../gates/rate-limit.js';
import type { Problem } from '../core/verdict.js';
import { cleanAttribution, sealAttribution } from '../calls/attribution.js';
import { dispatchLifeMs } from '../calls/dispatch-deadline.js';
import type { Placed } from '../calls/place-call.js';
import { problemResponse } from '../http/problem.js';
import { callIdLetters, randomId } from '../core/random-id.js';
import { readBody } from '../http/json-body.js';
import { callSchema, idempotencyKeyOf } from '../http/request-schemas.js';
import { scheduledAt, sealRequest } from '../calls/sealed-request.js';
import type { StoredAnswer, StoredCall } from '../store/store.js';

/** A request whose body may be read. */
interface Admitted {
  readonly origin: string;
  readonly key: string;
  readonly refuse: (problem: Problem) => Response;
}

/** Creates the handler of `POST /v1/calls`. */
export function createCalls(deps: CallsDeps): Handler {
  const { gates, store, placer, keyring, clock, log, random, agentMetadata, keepsAttribution, sealsNumbers, urgent } =
    deps;
  const answers = createAnswers(deps);

  // Checks that need no body run synchronously: a promise would add half to the cost of a refusal (measured).
  return function createCall(c) {
    const address = c.get('address');
    const { headers } = c.req.raw;
    const refuse = (problem: Problem): Response => {
      // The store's refusals set their own limit: what remains is the attempts.
      if (problem.code === 'visitor-limit' && c.get('refusal') === undefined) c.set('refusal', { limit: 'attempts' });
      return problemResponse(c, problem);
    };

    const origin = gates.origin.toChange(headers);
    if (!origin.allowed) return refuse(origin.problem);
    const key = idempotencyKeyOf(headers);
    if (!key.allowed) return refuse(key.problem);
    // An address without attempts left is refused before any of the body is read.
    const exhausted = gates.visitor.check(address);
    if (!exhausted.allowed) return refuse(exhausted.problem);
    const end = urgent?.begin();
    return admitted(c, { origin: origin.value, key: key.value, refuse }).finally(end);
  };

  async function admitted(c: AppContext, { origin, key, refuse }: Admitted): Promise<Response> {
    const requestId = c.get('requestId');
    const address = c.get('address');
    const body = await readBody(c, callSchema);
    if (!body.allowed) return refuse(body.problem);
    const callRequest = body.value;

    const attempt = gates.visitor.consume(address);
    if (!attempt.allowed) return refuse(attempt.problem);
    // Connects while the checks run.
    deps.warmUp?.();

    const keysAsSent = keyring.numberKeys(callRequest.phone);
    const fingerprint = fingerprintOf(callRequest, keysAsSent[0] ?? '', origin);
    const known = await store.recall(key, fingerprint);
    if (known.kind !== 'new') return answers.repeated(known, callRequest, refuse);

    const number = gates.number({ ...callRequest, ...deps.hintOf(c.req.raw.headers) });
    if (!number.allowed) return refuse(number.problem);
    const now = clock.now();
    const circumstances = { origin, addressTruncated: address.networkPrefix, at: now };
    const consent = gates.consent(callRequest, circumstances, number.value.e164);
    if (!consent.allowed) return refuse(consent.problem);
    const slot = await gates.hours({ ...callRequest, number: number.value, now, origin, address });
    if (!slot.allowed) return refuse(slot.problem);
    const binding = { site: origin, action: 'call', addressBucket: address.bucket } as const;
    const challenge = await gates.challenge(callRequest.challenge, binding);
    if (!challenge.allowed) return refuse(challenge.problem);
    const { e164 } = number.value;
    const numberKeys = e164 === callRequest.phone ? keysAsSent : keyring.numberKeys(e164);
    const counted = { number: number.value, numberKeys, address, origin };
    const allowances = slot.value
      ? gates.allowance.forScheduling({ ...counted, at: Date.parse(slot.value.at) })
      : await gates.allowance.forCall({ ...counted, now });
    const pass = placer.admit();
    if (!pass.allowed) return refuse(pass.problem);

    const callId = randomId(callIdLetters, random);
    const metadata = agentMetadata(callId, callRequest);
    const attribution = cleanAttribution(callRequest.attribution, e164);
    const keptAttribution = keepsAttribution ? sealAttribution(keyring, attribution) : undefined;
    const toSeal = { callRequest, number: number.value, metadata };
    const redial = slot.value ? undefined : deps.planRedial?.({ callId, ...toSeal, now });
    const scheduledAnswer = (call: StoredCall): StoredAnswer => acceptedAnswer(call, now);
    const outcome = await store
      .reserve({
        callId,
        idempotencyKey: key,
        fingerprint,
        origin,
        country: number.value.country,
        numberKeys,
        ...(challenge.value && { challenge: challenge.value }),
        ...allowances,
        consent: consent.value,
        ...(keptAttribution && { attribution: keptAttribution }),
        ...(sealsNumbers && { sealedNumber: keyring.seal(e164) }),
        ...(slot.value && {
          scheduled: scheduledAt(keyring, slot.value, toSeal),
          answer: scheduledAnswer,
        }),
        ...(callRequest.queue &&
          deps.hasQueue && {
            queue: {
              ...gates.allowance.forJoining(counted),
              sealedRequest: sealRequest(keyring, toSeal),
              answer: scheduledAnswer,
            },
          }),
        ...(redial && { redial }),
        dispatchDeadline: clock.now() + dispatchLifeMs,
      })
      .catch((error: unknown) => {
        pass.value.release();
        throw error;
      });
    const isPlacedNow = outcome.kind === 'reserved' && outcome.call.stage === 'dispatching';
    if (!isPlacedNow) pass.value.release();
    if (outcome.kind === 'refused') c.set('refusal', limitOf(outcome.refusal));
    if (outcome.kind !== 'reserved') return answers.refused(outcome, counted, callRequest, refuse);
    const { call } = outcome;
    log.info('call-reserved', {
      requestId,
      callId: call.id,
      country: number.value.country,
      ...attribution.campaign,
    });

    if (!isPlacedNow) return respond(scheduledAnswer(call), await answers.ownOf(call.id, callRequest), false);
    const answerOf = (placed: Placed): StoredAnswer =>
      placed.kind === 'placed' ? acceptedAnswer(placed.call, clock.now()) : problemAnswer(placed.problem, requestId);
    const placed = await placer.place({
      call,
      number: e164,
      metadata,
      pass: pass.value,
      visitor: address.bucket,
      answer: { idempotencyKey: key, of: answerOf },
    });
    // Sent even if it could not be stored: a replay then finds the call, not this response.
    return respond(placed.answer ?? answerOf(placed), await answers.ownOf(call.id, callRequest), false);
  }
}
