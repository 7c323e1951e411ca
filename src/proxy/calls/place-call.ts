// Places a reserved call, once, and records how that ended. It is not tied to the visitor's connection: hanging up changes
// nothing, and a shutdown waits for it.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Problem, Verdict } from '../core/verdict.js';
import { coolDownAfterUnknownMs } from '../gates/limits.js';
import type { PlaceOutcome, PolyAi } from '../polyai/polyai.js';
import type { AnswerToKeep, Settlement, Store, StoredAnswer, StoredCall } from '../store/store.js';
import type { CircuitBreaker, Pass } from './circuit-breaker.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { dispatchLifeMs } from './dispatch-deadline.js';
import { createDispatchQueue } from './dispatch-queue.js';

/** What is to be placed. */
export interface ToPlace {
  readonly call: StoredCall;
  /** E.164. */
  readonly number: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly pass: Pass;
  /** The visitor's request, whose answer is kept in the transaction that records how placing ended. */
  readonly answer?: { readonly idempotencyKey: string; readonly of: (placed: Placed) => StoredAnswer };
  /** Who caused it: an address, or a word for all callbacks. Tells one visitor's trouble from everybody's; never stored. */
  readonly visitor: string;
}

/** How placing ended: with a call to watch (perhaps `unknown`), or with a refusal. */
export type Placed =
  | { readonly kind: 'placed'; readonly call: StoredCall }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The answer that was kept; undefined when the store was in doubt, or nobody waits for one. */
export type PlacedAndAnswered = Placed & { readonly answer?: StoredAnswer };

/** Places calls. */
export interface CallPlacer {
  /** A pass of the breaker, or when to come back. */
  admit(): Verdict<Pass>;
  /** Places and settles. Never rejects: a fault is an outcome. */
  place(toPlace: ToPlace): Promise<PlacedAndAnswered>;
  /** False while as many triggers as may be unanswered at one time are. */
  hasRoom(): boolean;
  /** True from the moment this process was given the call until how it ended is written down, or its deadline is over. */
  isPlacing(callId: string): boolean;
  /** Resolves when nothing is being placed. */
  idle(): Promise<void>;
}

/** What placing needs. */
export interface CallPlacerDeps {
  readonly store: Pick<Store, 'settle'>;
  readonly polyai: Pick<PolyAi, 'place'>;
  readonly breaker: CircuitBreaker;
  readonly credential: Pick<CredentialMonitor, 'recordTrigger'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a call was accepted, so that polling starts at once. */
  readonly onAccepted?: () => void;
}

/** The first status request comes this soon after PolyAI's answer. */
const firstPollMs = 1_000;
/** Between two attempts to write down how placing ended. */
const settleAgainMs = 1_000;
/** Reason of a trigger that was not sent because too many were unanswered, or the breaker had opened meanwhile. */
const heldBack = 'held-back';
const unreachableRetrySeconds = 30;
const longestRetrySeconds = 3_600;
/** When PolyAI has too much to do and does not say until when. */
const busyRetrySeconds = 60;

/** Makes the placer. */
export function createCallPlacer(deps: CallPlacerDeps): CallPlacer {
  const { store, polyai, breaker, credential, clock, log, onAccepted } = deps;
  const queue = createDispatchQueue(clock);
  const running = new Map<string, Promise<unknown>>();

  async function placeOnce(toPlace: ToPlace): Promise<PlacedAndAnswered> {
    const { call, visitor, answer } = toPlace;
    const deadline = clock.monotonic() + dispatchLifeMs;
    const outcome = await dispatch(toPlace);
    credential.recordTrigger(outcome, visitor);
    const fields = { callId: call.id, outcome: outcome.kind, ...('reason' in outcome && { reason: outcome.reason }) };
    const level = outcome.kind === 'accepted' ? 'info' : 'warn';
    log[level]('call-placed', {
      ...fields,
      ...('httpStatus' in outcome && { httpStatus: outcome.httpStatus }),
      ...('upstreamId' in outcome && { upstreamId: outcome.upstreamId }),
    });
    let kept: StoredAnswer | undefined;
    const settled = await settle(
      call,
      outcome,
      deadline,
      answer && {
        idempotencyKey: answer.idempotencyKey,
        of: (after) => (kept = answer.of(resultOf(outcome, after))),
      },
    );
    return { ...resultOf(outcome, settled.call), ...(kept !== undefined && settled.isKept && { answer: kept }) };
  }

  /** Sends the one request, when its turn comes while nothing speaks against it yet. */
  async function dispatch({ number, metadata, pass }: ToPlace): Promise<PlaceOutcome> {
    const leave = await queue.enter();
    if (leave === undefined || !pass.isValid()) {
      leave?.();
      pass.release();
      return { kind: 'not-sent', reason: heldBack };
    }
    const outcome = await polyai
      .place(number, metadata === undefined ? {} : { metadata })
      // `place` never rejects; if it does, what was sent is unclear.
      .catch((): PlaceOutcome => ({ kind: 'unknown', reason: 'fault' }));
    leave();
    pass.report(outcome);
    return outcome;
  }

  /** Writes down how it ended; when the store does not take it now, goes on trying behind the visitor's back until the deadline. */
  async function settle(
    call: StoredCall,
    outcome: PlaceOutcome,
    deadline: number,
    answer: AnswerToKeep | undefined,
  ): Promise<{ readonly call: StoredCall; readonly isKept: boolean }> {
    const now = clock.now();
    const settlement = settlementOf(outcome, now);
    try {
      const settled = await store.settle(call.id, settlement, answer);
      if (outcome.kind === 'accepted') onAccepted?.();
      return { call: settled, isKept: true };
    } catch (error) {
      log.error('settle-failed', { callId: call.id, outcome: outcome.kind }, error);
      track(call.id, settleLater(call.id, settlement, deadline, answer));
      // An accepted call is shown as it stands: if it cannot be written down in time it becomes `unknown` then.
      return { call: outcome.kind === 'accepted' ? call : asUnknown(call, now), isKept: false };
    }
  }

  async function settleLater(
    callId: string,
    settlement: Settlement,
    deadline: number,
    answer: AnswerToKeep | undefined,
  ): Promise<void> {
    while (clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => clock.after(settleAgainMs, resolve));
      try {
        await store.settle(callId, settlement, answer);
        log.info('settled-late', { callId, outcome: settlement.kind });
        if (settlement.kind === 'accepted') onAccepted?.();
        return;
      } catch {
        // Said once already; the row becomes `unknown` when its deadline is over.
      }
    }
  }

  /** Remembers what is under way for one call; the newest counts. */
  function track(callId: string, work: Promise<unknown>): void {
    running.set(callId, work);
    const forget = (): void => {
      if (running.get(callId) === work) running.delete(callId);
    };
    work.then(forget, forget);
  }

  return {
    admit: () => breaker.admit(),
    hasRoom: () => queue.hasRoom(),
    isPlacing: (callId) => running.has(callId),
    place(toPlace) {
      const placing = placeOnce(toPlace);
      if (!running.has(toPlace.call.id)) track(toPlace.call.id, placing);
      return placing;
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  };
}

/** The call as it will be when nothing can be written down: `unknown`, and its number cools down. */
function asUnknown(call: StoredCall, now: number): StoredCall {
  const seq = (call.history.at(-1)?.seq ?? 0) + 1;
  const history = [...call.history, { seq, status: 'unknown', at: new Date(now).toISOString() } as const];
  return { ...call, stage: 'ended', status: 'unknown', history, coolDownUntil: now + coolDownAfterUnknownMs };
}

function settlementOf(outcome: PlaceOutcome, now: number): Settlement {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', upstreamId: outcome.upstreamId, nextPollAt: now + firstPollMs };
    case 'rejected':
      return { kind: 'rejected' };
    case 'not-sent':
      return { kind: 'not-sent' };
    case 'unknown':
      return { kind: 'unknown', coolDownUntil: now + coolDownAfterUnknownMs };
  }
}

function resultOf(outcome: PlaceOutcome, call: StoredCall): Placed {
  switch (outcome.kind) {
    case 'accepted':
    case 'unknown':
      return { kind: 'placed', call };
    case 'rejected':
      return { kind: 'refused', problem: rejection(outcome) };
    case 'not-sent':
      return {
        kind: 'refused',
        problem: {
          code: outcome.reason === heldBack ? 'calls-paused' : 'upstream-unavailable',
          retryAfterSeconds: unreachableRetrySeconds,
        },
      };
  }
}

/** A refusal of PolyAI in words the visitor can act on: wait, use another number, or neither. */
function rejection({ httpStatus, retryAfterSeconds }: PlaceOutcome & { readonly kind: 'rejected' }): Problem {
  const retry =
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds: Math.min(retryAfterSeconds, longestRetrySeconds) };
  if (httpStatus === 429) return { code: 'busy', retryAfterSeconds: busyRetrySeconds, ...retry };
  if (httpStatus === 400) return { code: 'number-refused', reason: 'unsupported-type' };
  return { code: 'upstream-rejected', ...retry };
}
