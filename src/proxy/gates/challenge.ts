// The challenge as a gate: verifies the response to a challenge. Whether it was used before is decided in the reservation's
// transaction, with the id this gate returns.

import type { ChallengeAnswer, ChallengeKind } from '../../contract.js';
import type { Altcha } from '../challenge/altcha.js';
import type { Turnstile } from '../challenge/turnstile.js';
import type { ChallengeBinding, Verification } from '../challenge/verification.js';
import { allow, refuse, type Verdict } from '../core/verdict.js';

/** The configured kind and its verifier. */
export interface ChallengeGateOptions {
  readonly kind: ChallengeKind;
  /** With `altcha`. */
  readonly altcha?: Pick<Altcha, 'verify'>;
  /** With `turnstile`. */
  readonly turnstile?: Pick<Turnstile, 'verify'>;
  /** Called with the reason for a refusal and any error, for the log. Contains nothing about the visitor. */
  readonly onRefused?: (because: 'required' | 'failed' | 'unavailable', why: string, error?: unknown) => void;
}

/** What the reservation marks as used; undefined if no challenge is required. */
export type PassedChallenge = { readonly id: string; readonly expiresAt: number } | undefined;

/** Verifies the response in a request. */
export type ChallengeGate = (
  answer: ChallengeAnswer | undefined,
  binding: ChallengeBinding,
) => Promise<Verdict<PassedChallenge>>;

/** Seconds until another try makes sense when the response cannot be verified. */
const retryAfterSeconds = 10;

/** Creates the gate. Throws when the kind's verifier is missing: a gate that cannot check must not exist. */
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

/** Undefined only where the operator turned the challenge off. */
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
