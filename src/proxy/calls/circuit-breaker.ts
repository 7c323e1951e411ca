// Stops placing calls when PolyAI's responses become unclear, because each unclear response may be a phone that rings for nobody,
// and while the credential is rejected. Per process.

import type { Clock } from '../core/clock.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { createHalfOpen, firstPauseMs } from './half-open.js';

/** Permission for one trigger. Exactly one of `report` and `release` must be called. */
export interface Pass {
  /** False when the breaker has opened since: nothing may be sent. */
  isValid(): boolean;
  /** Reports how placing ended. */
  report(outcome: PlaceOutcome): void;
  /** Returns the pass unused: nothing was sent. */
  release(): void;
}

/** The breaker. */
export interface CircuitBreaker {
  /** A pass, or when to try again. While half-open there is one pass at a time. */
  admit(): Verdict<Pass>;
}

/** Consecutive unclear results that open it. */
export const unclearToOpen = 5;

/** Creates a closed breaker. */
export function createCircuitBreaker(
  clock: Pick<Clock, 'now'>,
  credential: Pick<CredentialMonitor, 'tryAgainAt'>,
): CircuitBreaker {
  const pause = createHalfOpen(clock);
  let unclear = 0;
  /** The pass that tests whether PolyAI has recovered. */
  let trial: Pass | undefined;

  function open(): void {
    pause.open();
    unclear = 0;
  }

  function close(): void {
    pause.close();
    unclear = 0;
  }

  function record(outcome: PlaceOutcome): void {
    switch (outcome.kind) {
      case 'accepted':
      case 'rejected':
        return close();
      case 'not-sent':
        // Nothing rang, so it is not unclear, but it does not prove that PolyAI has recovered.
        return pause.isOpen() ? open() : undefined;
      case 'unknown':
        unclear += 1;
        return pause.isOpen() || unclear >= unclearToOpen ? open() : undefined;
    }
  }

  /** The end of the pause, epoch milliseconds. */
  function closedUntil(): number {
    return credential.tryAgainAt() ?? (pause.isOpen() ? pause.tryAt() : 0);
  }

  return {
    admit() {
      const waitMs = closedUntil() - clock.now();
      const isRefused = credential.tryAgainAt() !== undefined;
      if (waitMs > 0 || isRefused) return paused(Math.max(waitMs, 1_000));
      if (pause.isOpen() && trial !== undefined) return paused(firstPauseMs);
      const pass: Pass = {
        isValid: () => credential.tryAgainAt() === undefined && (!pause.isOpen() || trial === pass),
        report(outcome) {
          // Triggers that were in flight when it opened do not change the pause.
          if (pause.isOpen() && trial !== pass) return;
          trial = undefined;
          record(outcome);
        },
        release() {
          if (trial === pass) trial = undefined;
        },
      };
      if (pause.isOpen()) trial = pass;
      return allow(pass);
    },
  };
}

const paused = (waitMs: number): Verdict<never> =>
  refuse({ code: 'calls-paused', retryAfterSeconds: Math.ceil(waitMs / 1_000) });
