// What a challenge asks the page to do. Types alone.

import type { ChallengeKind } from '../../contract.js';

/** What is to be answered. */
export interface ChallengeTask {
  readonly kind: ChallengeKind;
  /** With `turnstile`. */
  readonly siteKey?: string;
  /** With `altcha`: the body of `GET /v1/challenge`. */
  readonly puzzle?: unknown;
}
