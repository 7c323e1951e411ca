// The only part of the challenge in the first load: it fetches the rest when the visitor starts typing.

import type { ChallengeKind } from '../../contract.js';
import type * as ChallengePiece from '../chunks/challenge.js';

/** Loads `solveChallenge`; the browser keeps it, so a second call costs nothing. */
export const loadChallenge = (): Promise<typeof ChallengePiece> => import('../chunks/challenge.js');

/** Preloads it at the visitor's first typed character. Never rejects: the caller that needs it loads it again and gets the error. */
export const prepareChallenge = async (kind: ChallengeKind): Promise<void> => {
  if (kind !== 'none') await loadChallenge().catch(() => {});
};
