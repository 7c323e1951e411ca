// Stops placing calls when PolyAI's responses become unclear, because each unclear response may be a phone that rings for nobody,
// and while the credential is rejected. Several instances share what they learn, so that together they place no more unclear calls than one
// would.

import type { Clock } from '../core/clock.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';
import type { PlaceOutcome } from '../polyai/polyai.js';
import type { CredentialMonitor } from './credential-monitor.js';
import { dispatchLifeMs } from './dispatch-deadline.js';
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

/**
 * What one instance sends to the others. `unclear`: PolyAI's response was unclear. `clear`: it was clear. `trial`: a call is being placed to
 * test whether PolyAI has recovered; `trial-failed`: it has not; `trial-unused`: that call was not sent.
 */
export const breakerMessages = ['unclear', 'clear', 'trial', 'trial-failed', 'trial-unused'] as const;
/** One of {@link breakerMessages}. */
export type BreakerMessage = (typeof breakerMessages)[number];

/** The breakers of the other instances. A message can be lost: each breaker also works alone. */
export interface OtherBreakers {
  send(message: BreakerMessage): void;
  /** Sets the receiver of what the others send. */
  onMessage(listener: (message: BreakerMessage) => void): void;
}

const nobodyElse: OtherBreakers = { send: () => {}, onMessage: () => {} };

/** Creates a closed breaker. */
export function createCircuitBreaker(
  clock: Pick<Clock, 'now'>,
  credential: Pick<CredentialMonitor, 'tryAgainAt'>,
  others: OtherBreakers = nobodyElse,
): CircuitBreaker {
  const pause = createHalfOpen(clock);
  let unclear = 0;
  /** The pass that tests whether PolyAI has recovered. */
  let trial: Pass | undefined;
  /** When another instance began such a test; it ends within a call's deadline even if that instance dies. */
  let othersTrialAt = Number.NEGATIVE_INFINITY;

  function open(): void {
    pause.open();
    unclear = 0;
    othersTrialAt = Number.NEGATIVE_INFINITY;
  }

  function close(): void {
    pause.close();
    unclear = 0;
    othersTrialAt = Number.NEGATIVE_INFINITY;
  }

  others.onMessage((message) => {
    switch (message) {
      case 'unclear':
        // Triggers that were in flight when it opened do not change the pause.
        if (pause.isOpen()) return;
        unclear += 1;
        return unclear >= unclearToOpen ? open() : undefined;
      case 'clear':
        return close();
      case 'trial':
        othersTrialAt = clock.now();
        return;
      case 'trial-failed':
        return open();
      case 'trial-unused':
        othersTrialAt = Number.NEGATIVE_INFINITY;
        return;
    }
  });

  /** True while another instance tests whether PolyAI has recovered. */
  function isTriedElsewhere(): boolean {
    const ageMs = clock.now() - othersTrialAt;
    return ageMs >= 0 && ageMs < dispatchLifeMs;
  }

  function record(outcome: PlaceOutcome): void {
    switch (outcome.kind) {
      case 'accepted':
      case 'rejected':
        if (unclear > 0 || pause.isOpen()) others.send('clear');
        return close();
      case 'not-sent':
        // Nothing rang, so it is not unclear, but it does not prove that PolyAI has recovered.
        if (!pause.isOpen()) return;
        others.send('trial-failed');
        return open();
      case 'unknown':
        others.send(pause.isOpen() ? 'trial-failed' : 'unclear');
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
      if (pause.isOpen() && (trial !== undefined || isTriedElsewhere())) return paused(firstPauseMs);
      const pass: Pass = {
        isValid: () => credential.tryAgainAt() === undefined && (!pause.isOpen() || trial === pass),
        report(outcome) {
          // Triggers that were in flight when it opened do not change the pause.
          if (pause.isOpen() && trial !== pass) return;
          trial = undefined;
          record(outcome);
        },
        release() {
          if (trial !== pass) return;
          trial = undefined;
          others.send('trial-unused');
        },
      };
      if (pause.isOpen()) {
        trial = pass;
        others.send('trial');
      }
      return allow(pass);
    },
  };
}

const paused = (waitMs: number): Verdict<never> =>
  refuse({ code: 'calls-paused', retryAfterSeconds: Math.ceil(waitMs / 1_000) });
