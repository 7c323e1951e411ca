// The chunk that solves the proxy's challenge: loaded when the visitor starts typing, used when the call is submitted.
// proxy-client.ts fetches the challenge; the proxy verifies the response.

import { type ChallengeAnswer, isChallenge } from '../../contract.js';
import type { ChallengeTask } from '../challenge/lazy-challenge.js';
import { toJson } from '../internal/json.js';
import { solve } from '../challenge/solve-in-worker.js';
import { renderTurnstile } from '../challenge/turnstile.js';

/**
 * Solves a challenge. `host` is the element, in whose light DOM Turnstile is shown.
 * Rejects with the signal's reason when it aborts, and with an `Error` when the challenge cannot be solved here.
 */
export async function solveChallenge(
  { kind, siteKey, puzzle }: ChallengeTask,
  signal: AbortSignal,
  host?: HTMLElement,
): Promise<ChallengeAnswer> {
  switch (kind) {
    case 'altcha': {
      if (!isChallenge(puzzle)) throw new Error('not a challenge');
      const solution = await solve(puzzle, signal);
      return { kind, payload: btoa(toJson({ challenge: puzzle, solution })) };
    }
    case 'turnstile': {
      if (host === undefined || siteKey === undefined) throw new Error('Turnstile needs a site key and an element');
      return { kind, payload: await renderTurnstile(host, siteKey, signal) };
    }
    case 'none':
      return { kind, payload: '' };
  }
}
