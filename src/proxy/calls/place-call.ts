// Places a reserved call, once, and records how that ended. It is not tied to the visitor's connection: hanging up changes
// nothing, and a shutdown waits for it.

import type { CircuitBreaker, Pass } from './circuit-breaker.js';
import type { Clock } from '../core/clock.js';
import type { Problem, Verdict } from '../core/verdict.js';
import { coolDownAfterUnknownMs } from '../gates/limits.js';
import type { Log } from '../core/log.js';
import type { PlaceOutcome, PolyAi } from '../polyai/polyai.js';
import type { AnswerToKeep, Settlement, Store, StoredAnswer, StoredCall } from '../store/store.js';

/** What is to be placed. */
export interface ToPlace {
  readonly call: StoredCall;
  /** E.164. */
  readonly number: string;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly pass: Pass;
  /** The visitor's request, whose answer is kept in the transaction that records how placing ended. */
  readonly answer?: { readonly idempotencyKey: string; readonly of: (placed: Placed) => StoredAnswer };
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
  /** True once PolyAI refused the credential. */
  isDenied(): boolean;
  /** Resolves when nothing is being placed. */
  idle(): Promise<void>;
}

/** What placing needs. */
export interface CallPlacerDeps {
  readonly store: Pick<Store, 'settle'>;
  readonly polyai: Pick<PolyAi, 'place'>;
  readonly breaker: CircuitBreaker;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Called when a call was accepted, so that watching starts at once. */
  readonly onAccepted?: () => void;
}

/** After this a call that is still `dispatching` is lost: placing takes 10 s at most, 26 s with the one resend an operator may allow. */
export const dispatchLifeMs = 40_000;
/** The first status request comes this soon after PolyAI's answer. */
const firstPollMs = 1_000;
const unreachableRetrySeconds = 30;
const longestRetrySeconds = 3_600;

/** Makes the placing. */
export function createCallPlacer({ store, polyai, breaker, clock, log, onAccepted }: CallPlacerDeps): CallPlacer {
  const running = new Set<Promise<PlacedAndAnswered>>();

  async function placeOnce({ call, number, metadata, pass, answer }: ToPlace): Promise<PlacedAndAnswered> {
    const outcome = await polyai
      .place(number, metadata === undefined ? {} : { metadata })
      // `place` never rejects; if it does, what was sent is unclear.
      .catch((): PlaceOutcome => ({ kind: 'unknown', reason: 'fault' }));
    pass.report(outcome);
    const fields = { callId: call.id, outcome: outcome.kind, ...('reason' in outcome && { reason: outcome.reason }) };
    log.info('call-placed', { ...fields, ...('httpStatus' in outcome && { httpStatus: outcome.httpStatus }) });
    let kept: StoredAnswer | undefined;
    const settled = await settle(
      call,
      outcome,
      answer && {
        idempotencyKey: answer.idempotencyKey,
        of: (after) => (kept = answer.of(resultOf(outcome, after))),
      },
    );
    if (outcome.kind === 'accepted') onAccepted?.();
    return { ...resultOf(outcome, settled.call), ...(kept !== undefined && settled.isKept && { answer: kept }) };
  }

  async function settle(
    call: StoredCall,
    outcome: PlaceOutcome,
    answer: AnswerToKeep | undefined,
  ): Promise<{ readonly call: StoredCall; readonly isKept: boolean }> {
    const now = clock.now();
    try {
      return { call: await store.settle(call.id, settlementOf(outcome, now), answer), isKept: true };
    } catch (error) {
      // The row stays `dispatching` and becomes `unknown`; the visitor is told the same now.
      log.error('settle-failed', { callId: call.id, outcome: outcome.kind }, error);
      const seq = (call.history.at(-1)?.seq ?? 0) + 1;
      const at = new Date(now).toISOString();
      const history = [...call.history, { seq, status: 'unknown', at } as const];
      const coolDownUntil = now + coolDownAfterUnknownMs;
      return { call: { ...call, stage: 'ended', status: 'unknown', history, coolDownUntil }, isKept: false };
    }
  }

  return {
    admit: () => breaker.admit(),
    isDenied: () => breaker.isDenied(),
    async place(toPlace) {
      const placing = placeOnce(toPlace);
      running.add(placing);
      try {
        return await placing;
      } finally {
        running.delete(placing);
      }
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
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
    case 'rejected': {
      const asked = outcome.retryAfterSeconds;
      const retry = asked === undefined ? {} : { retryAfterSeconds: Math.min(asked, longestRetrySeconds) };
      return { kind: 'refused', problem: { code: 'upstream-rejected', ...retry } };
    }
    case 'not-sent':
      return {
        kind: 'refused',
        problem: { code: 'upstream-unavailable', retryAfterSeconds: unreachableRetrySeconds },
      };
  }
}
