// The challenge that the proxy requires. The code that solves it is loaded when the visitor starts typing.

import type { ChallengeKind } from '../../contract.js';
import type * as ChallengeChunk from '../chunks/challenge.js';

/** The challenge. */
export interface ChallengeTask {
  readonly kind: ChallengeKind;
  /** With `turnstile`. */
  readonly siteKey?: string;
  /** With `altcha`: the body of `GET /v1/challenge`. */
  readonly puzzle?: unknown;
}

/** Loads `solveChallenge`; the browser keeps it, so a second call costs nothing. */
export const loadChallenge = (): Promise<typeof ChallengeChunk> => import('../chunks/challenge.js');

/** Preloads it at the visitor's first typed character. Never rejects: the caller that needs it loads it again and gets the error. */
export const prepareChallenge = async (kind: ChallengeKind): Promise<void> => {
  if (kind !== 'none') await loadChallenge().catch(() => {});
};
