// Stops placing when PolyAI's answers have become unclear: each unclear answer may be a phone that rings for nobody. And while
// the credential is refused. In this process alone.

import type { Clock } from '../core/clock.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { createHalfOpen, firstPauseMs } from './half-open.js';

/** A pass for one trigger. Exactly one of `report` and `release` must be called. */
export interface Pass {
  /** False when the breaker opened since it was given out: nothing may be sent any more. */
  isValid(): boolean;
  /** Says how placing ended. */
  report(outcome: PlaceOutcome): void;
  /** Hands the pass back unused: nothing was sent. */
  release(): void;
}

/** The breaker. */
export interface CircuitBreaker {
  /** A pass, or when to come back. While it is half-open one pass is out at a time. */
  admit(): Verdict<Pass>;
}

/** Unclear results in a row that open it. */
export const unclearToOpen = 5;

/** Makes a closed breaker. */
export function createCircuitBreaker(
  clock: Pick<Clock, 'now'>,
  credential: Pick<CredentialMonitor, 'tryAgainAt'>,
): CircuitBreaker {
  const pause = createHalfOpen(clock);
  let unclear = 0;
  /** The pass that tries whether PolyAI is well again. */
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
        // Nothing rang, so it is not unclear; but it is no proof that PolyAI is well again.
        return pause.isOpen() ? open() : undefined;
      case 'unknown':
        unclear += 1;
        return pause.isOpen() || unclear >= unclearToOpen ? open() : undefined;
    }
  }

  /** Until when nothing may be sent, epoch milliseconds. */
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
          // What was under way when it opened makes the pause neither longer nor shorter.
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
