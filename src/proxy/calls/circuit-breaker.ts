// Stops placing when PolyAI's answers have become unclear: each unclear answer may be a phone that rings for nobody.
// In this process alone; polling has its own back-off.

import type { Clock } from '../core/clock.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** A pass for one placing. Exactly one of its two must be called. */
export interface Pass {
  /** Says how placing ended. */
  report(outcome: PlaceOutcome): void;
  /** Hands the pass back unused: the request was refused before anything was sent. */
  release(): void;
}

/** The breaker. */
export interface CircuitBreaker {
  /** A pass, or when to come back. While it is half-open one pass is out at a time. */
  admit(): Verdict<Pass>;
  /** True once the credential was refused: nothing but a restart with another one helps. */
  isDenied(): boolean;
}

/** Unclear results in a row that open it. */
export const unclearToOpen = 5;
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;
const deniedRetrySeconds = 300;

/** Makes a closed breaker. */
export function createCircuitBreaker(clock: Pick<Clock, 'now'>): CircuitBreaker {
  let unclear = 0;
  let pauseMs = firstPauseMs;
  let openUntil = 0;
  let isHalfOpen = false;
  let isTrying = false;
  let isDenied = false;

  function open(): void {
    openUntil = clock.now() + pauseMs;
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    isHalfOpen = true;
    unclear = 0;
  }

  function close(): void {
    unclear = 0;
    pauseMs = firstPauseMs;
    isHalfOpen = false;
  }

  function record(outcome: PlaceOutcome): void {
    switch (outcome.kind) {
      case 'accepted':
        return close();
      case 'rejected':
        if (outcome.httpStatus === 401 || outcome.httpStatus === 403) isDenied = true;
        return close();
      case 'not-sent':
        // Nothing rang, so it is not unclear; but it is no proof that PolyAI is well again.
        return isHalfOpen ? open() : undefined;
      case 'unknown':
        unclear += 1;
        return isHalfOpen || unclear >= unclearToOpen ? open() : undefined;
    }
  }

  return {
    isDenied: () => isDenied,
    admit() {
      if (isDenied) return refuse({ code: 'calls-paused', retryAfterSeconds: deniedRetrySeconds });
      const waitMs = openUntil - clock.now();
      if (waitMs > 0) return refuse({ code: 'calls-paused', retryAfterSeconds: Math.ceil(waitMs / 1_000) });
      if (isHalfOpen && isTrying) return refuse({ code: 'calls-paused', retryAfterSeconds: firstPauseMs / 1_000 });
      isTrying = true;
      return allow({
        report(outcome) {
          isTrying = false;
          record(outcome);
        },
        release() {
          isTrying = false;
        },
      });
    },
  };
}
