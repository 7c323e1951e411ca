// A challenge for the page to solve. Types only.

import type { ChallengeKind } from '../../contract.js';

/** The challenge. */
export interface ChallengeTask {
  readonly kind: ChallengeKind;
  /** With `turnstile`. */
  readonly siteKey?: string;
  /** With `altcha`: the body of `GET /v1/challenge`. */
  readonly puzzle?: unknown;
}
