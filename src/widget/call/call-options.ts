// What a call controller needs from its element. Types alone.

import type { ChallengeAnswer } from '../../contract.js';
import type { CallContext } from '../api/call-request.js';
import type { ChallengeTask } from '../challenge/lazy-challenge.js';
import type { Browser } from '../internal/browser.js';

/** Solves a challenge; rejects when it cannot or when `signal` aborts. `host`: where Turnstile is shown. */
export type SolveChallenge = (task: ChallengeTask, signal: AbortSignal, host: HTMLElement) => Promise<ChallengeAnswer>;

/** What a controller needs from its element. Functions are called at each use, because attributes are reactive. */
export interface CallControllerOptions {
  /** The proxy's origin or base URL. */
  readonly endpoint: () => string | undefined;
  /** What the page contributes to a call besides the number. */
  readonly context: () => CallContext;
  /** Narrows the countries the proxy allows, ISO 3166-1 alpha-2 in capitals; absent or empty: all of them. */
  readonly countries?: () => readonly string[];
  /** Default: `solveChallenge` of the challenge chunk, loaded when first needed. */
  readonly solve?: SolveChallenge;
  /** Default: `import()` of the challenge chunk. */
  readonly loadChallenge?: () => Promise<{ readonly solveChallenge: SolveChallenge }>;
  /** Default: the real one. */
  readonly browser?: Browser;
}
