// The challenge as a gate: is somebody there who paid with work? Whether the same answer was used before is decided in the reservation's
// transaction, with the id this gate hands on.

import type { ChallengeAnswer, ChallengeKind } from '../../contract.js';
import type { Altcha } from '../challenge/altcha.js';
import type { Turnstile } from '../challenge/turnstile.js';
import type { ChallengeBinding, Verification } from '../challenge/verification.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** The kind that is configured and what it needs. */
export interface ChallengeGateOptions {
  readonly kind: ChallengeKind;
  /** With `altcha`. */
  readonly altcha?: Pick<Altcha, 'verify'>;
  /** With `turnstile`. */
  readonly turnstile?: Pick<Turnstile, 'verify'>;
  /** Told why an answer was refused, and what was thrown: for the log. Holds nothing of the visitor. */
  readonly onRefused?: (because: 'required' | 'failed' | 'unavailable', why: string, error?: unknown) => void;
}

/** What the reservation marks as used; undefined where no challenge is asked. */
export type PassedChallenge = { readonly id: string; readonly expiresAt: number } | undefined;

/** Judges the answer of a request. */
export type ChallengeGate = (
  answer: ChallengeAnswer | undefined,
  binding: ChallengeBinding,
) => Promise<Verdict<PassedChallenge>>;

/** Seconds until another try makes sense when it cannot be told whether the answer is right. */
const retryAfterSeconds = 10;

/** Makes the gate. Throws when the kind lacks what it needs: a gate that cannot check must not come into being. */
export function createChallengeGate({ kind, altcha, turnstile, onRefused }: ChallengeGateOptions): ChallengeGate {
  const verify = verifierOf(kind, altcha, turnstile);

  return async function challengeGate(answer, binding) {
    if (verify === undefined) return allow(undefined);
    if (answer === undefined || answer.kind !== kind) {
      onRefused?.('required', answer === undefined ? 'no answer' : 'answer of another kind');
      return refuse({ code: 'challenge-required' });
    }
    let result: Verification;
    try {
      result = await verify(answer.payload, binding);
    } catch (error) {
      onRefused?.('unavailable', 'thrown', error);
      return refuse({ code: 'challenge-unavailable', retryAfterSeconds });
    }
    if (result.ok) return allow({ id: result.challengeId, expiresAt: result.expiresAt });
    onRefused?.(result.because, result.why);
    switch (result.because) {
      case 'failed':
        return refuse({ code: 'challenge-failed' });
      case 'unavailable':
        return refuse({ code: 'challenge-unavailable', retryAfterSeconds });
    }
  };
}

/** Undefined only where the operator asked for no challenge. */
function verifierOf(
  kind: ChallengeKind,
  altcha: ChallengeGateOptions['altcha'],
  turnstile: ChallengeGateOptions['turnstile'],
): Altcha['verify'] | undefined {
  switch (kind) {
    case 'altcha':
      if (altcha === undefined) throw new Error('the challenge is altcha, but there is none');
      return (payload, binding) => altcha.verify(payload, binding);
    case 'turnstile':
      if (turnstile === undefined) throw new Error('the challenge is turnstile, but there is none');
      return (token, binding) => turnstile.verify(token, binding);
    case 'none':
      return undefined;
  }
}
