// GET /v1/challenge: a proof of work for this site and this address. Judging it is the gate's.

import type { AppContext } from '../http/context.js';
import type { Altcha } from '../challenge/altcha.js';
import { createRecentChallenges } from '../challenge/recent-challenges.js';
import type { Clock } from '../core/clock.js';
import type { OriginGate } from '../gates/origin.js';
import { problemResponse } from '../http/problem.js';

/** What the handler needs. */
export interface ChallengeIssuerDeps {
  readonly altcha: Pick<Altcha, 'issue'>;
  readonly origin: OriginGate;
  readonly clock: Pick<Clock, 'now'>;
}

/** Challenges an address gets in ten minutes. Making one costs us about half a millisecond, asking costs nothing. */
export const challengesPerAddress = 200;

/** Makes the handler. */
export function createChallengeIssuer({
  altcha,
  origin,
  clock,
}: ChallengeIssuerDeps): (c: AppContext) => Promise<Response> {
  const recent = createRecentChallenges({ clock });

  return async function issueChallenge(c) {
    const address = c.get('address');
    const site = origin.siteOf(c.req.raw.headers);
    if (!site.allowed) return problemResponse(c, site.problem);
    if (recent.count(address.bucket) >= challengesPerAddress)
      return problemResponse(c, { code: 'visitor-limit', retryAfterSeconds: 600 });
    const challenge = await altcha.issue({ site: site.value, action: 'call', addressBucket: address.bucket });
    if (challenge === undefined) return problemResponse(c, { code: 'challenge-unavailable', retryAfterSeconds: 10 });
    return Response.json(challenge, { headers: { 'Cache-Control': 'no-store' } });
  };
}
