// Places a reserved call, once, and records how that ended. Independent of the visitor's connection: closing it changes nothing,
// and a shutdown waits.

import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Problem, Verdict } from '../core/verdict.js';
import { coolDownAfterUnknownMs } from '../gates/limits.js';
import type { MayConcern, PlaceOutcome, PolyAi } from '../polyai/polyai.js';
import type { AnswerToKeep, Settlement, Store, StoredAnswer, StoredCall } from '../store/store.js';
import type { CircuitBreaker, Pass } from './circuit-breaker.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { dispatchLifeMs } from './dispatch-deadline.js';
import { shareOf } from '../core/share.js';
import { createDispatchQueue, maxUnanswered } from './dispatch-queue.js';

/** The call to place. */
export interface ToPlace {
  readonly call: StoredCall;
  /** E.164. */
  readonly number: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly pass: Pass;
  /** The visitor's request; its answer is stored in the transaction that records how placing ended. */
  readonly answer?: { readonly idempotencyKey: string; readonly of: (placed: Placed) => StoredAnswer };
  /** Who caused it: an address, or one constant for all callbacks. Tells one visitor's failures from everyone's; never stored. */
  readonly visitor: string;
}

/** How placing ended: with a call to follow (perhaps `unknown`), or with a refusal. */
export type Placed =
  | { readonly kind: 'placed'; readonly call: StoredCall }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** The stored answer; undefined when it could not be stored, or nobody waits for one. */
export type PlacedAndAnswered = Placed & { readonly answer?: StoredAnswer };

/** Places calls. */
export interface CallPlacer {
  /** A pass of the breaker, or when to try again. */
  admit(): Verdict<Pass>;
  /** Places the call and records the outcome. Never rejects: a fault is an outcome. */
  place(toPlace: ToPlace): Promise<PlacedAndAnswered>;
  /** False while the maximum number of triggers is unanswered. */
  hasRoom(): boolean;
  /** True from the start of placing in this process until the outcome is recorded or the deadline has passed. */
  isPlacing(callId: string): boolean;
  /** Resolves when nothing is being placed. */
  idle(): Promise<void>;
}

/** Dependencies of placing. */
export interface CallPlacerDeps {
  readonly store: Pick<Store, 'settle'>;
  readonly polyai: Pick<PolyAi, 'place'>;
  readonly breaker: CircuitBreaker;
  readonly credential: Pick<CredentialMonitor, 'recordTrigger'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How many instances place calls; default 1. Each may have its share of the unanswered triggers. */
  readonly instances?: number;
  /** Called when a call was accepted: it is to be polled at `nextPollAt`, epoch milliseconds. */
  readonly onAccepted?: (nextPollAt: number) => void;
}

/** Delay of the first status request after PolyAI's response. */
const firstPollMs = 1_000;
/** Delay between two attempts to record the outcome. */
const settleAgainMs = 1_000;
/** Reason for a trigger that was not sent because too many were unanswered, or the breaker had opened in the meantime. */
const heldBack = 'held-back';
const unreachableRetrySeconds = 30;
const longestRetrySeconds = 3_600;
/** Used when PolyAI is overloaded and sends no Retry-After. */
const busyRetrySeconds = 60;

/** What the operator can do about a refusal that may not concern the number. */
const advice: Readonly<Record<MayConcern, string>> = {
  metadata:
    'The number, or the metadata that was sent with it: metadata is not documented for this API. If calls without it are accepted, remove METADATA_KEYS, VERIFICATION_PHRASE, and OUTCOMES_SECRET and OUTCOMES_TOKEN, with which the call ID is sent',
  configuration:
    'The number, or the agent: check at PolyAI that outbound calling and a connector are set up for POLYAI_ENVIRONMENT and POLYAI_AGENT_ID',
};

/** Creates the placer. */
export function createCallPlacer(deps: CallPlacerDeps): CallPlacer {
  const { store, polyai, breaker, credential, clock, log, instances = 1, onAccepted } = deps;
  const queue = createDispatchQueue(clock, shareOf(maxUnanswered, instances));
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
      ...('errorId' in outcome && { errorId: outcome.errorId }),
      ...('mayConcern' in outcome && outcome.mayConcern !== undefined && { advice: advice[outcome.mayConcern] }),
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

  /** Sends the one request when its turn comes, unless the breaker has opened by then. */
  async function dispatch({ number, metadata, pass }: ToPlace): Promise<PlaceOutcome> {
    const leave = await queue.enter();
    if (leave === undefined || !pass.isValid()) {
      leave?.();
      pass.release();
      return { kind: 'not-sent', reason: heldBack };
    }
    const outcome = await polyai
      .place(number, metadata === undefined ? {} : { metadata })
      // `place` never rejects; if it did, it would be unclear what was sent.
      .catch((): PlaceOutcome => ({ kind: 'unknown', reason: 'fault' }));
    leave();
    pass.report(outcome);
    return outcome;
  }

  /** Records the outcome; when the store is unavailable, keeps trying in the background until the deadline. */
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
      if (settlement.kind === 'accepted') onAccepted?.(settlement.nextPollAt);
      return { call: settled, isKept: true };
    } catch (error) {
      log.error('settle-failed', { callId: call.id, outcome: outcome.kind }, error);
      track(call.id, settleLater(call.id, settlement, deadline, answer));
      // An accepted call is shown as accepted: it becomes `unknown` later if it cannot be recorded in time.
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
        if (settlement.kind === 'accepted') onAccepted?.(settlement.nextPollAt);
        return;
      } catch {
        // Logged already; the row becomes `unknown` after its deadline.
      }
    }
  }

  /** Tracks the pending work of one call; the newest replaces the previous. */
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

/** The call as it will be if nothing can be recorded: `unknown`, with a cool-down for its number. */
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

/** PolyAI's rejection as a problem the visitor can act on: wait, use another number, or neither. */
function rejection({
  httpStatus,
  retryAfterSeconds,
  mayConcern,
}: PlaceOutcome & { readonly kind: 'rejected' }): Problem {
  const retry =
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds: Math.min(retryAfterSeconds, longestRetrySeconds) };
  if (httpStatus === 429) return { code: 'busy', retryAfterSeconds: busyRetrySeconds, ...retry };
  if (httpStatus === 400 && mayConcern === undefined) return { code: 'number-refused', reason: 'unsupported-type' };
  return { code: 'upstream-rejected', ...retry };
}
