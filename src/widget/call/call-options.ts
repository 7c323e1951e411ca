// What a call controller needs from its element. Types alone.

import type { SolveChallenge } from './call-submission.js';
import type { CallContext } from '../api/call-request.js';
import type { Browser } from '../internal/browser.js';

/** What a controller needs from its element. Functions are asked at each use, because attributes are reactive. */
export interface CallControllerOptions {
  /** The proxy's origin or base URL. */
  readonly endpoint: () => string | undefined;
  readonly context: () => CallContext;
  /** Narrows the countries the proxy allows, ISO 3166-1 alpha-2 in capitals; absent or empty: all of them. */
  readonly countries?: () => readonly string[];
  readonly widgetVersion: string;
  /** Default: `solveChallenge` of challenge.ts, loaded when first needed. */
  readonly solve?: SolveChallenge;
  /** Default: the browser. */
  readonly browser?: Browser;
}
