// GET /v1/challenge: a proof of work for this site and this address. Judging it is the gate's.

import type { AppContext } from './app-context.js';
import type { Altcha } from './challenge/altcha.js';
import type { OriginGate } from './gates/origin.js';
import { problemResponse } from './problem.js';

/** What the handler needs. */
export interface ChallengeIssuerDeps {
  readonly altcha: Pick<Altcha, 'issue'>;
  readonly origin: OriginGate;
}

/** Makes the handler. */
export function createChallengeIssuer({ altcha, origin }: ChallengeIssuerDeps): (c: AppContext) => Promise<Response> {
  return async function issueChallenge(c) {
    const { requestId, address } = c.var;
    const site = origin.siteOf(c.req.raw.headers);
    if (!site.allowed) return problemResponse(site.problem, requestId);
    const challenge = await altcha.issue({ site: site.value, action: 'call', addressBucket: address.bucket });
    if (challenge === undefined)
      return problemResponse({ code: 'challenge-unavailable', retryAfterSeconds: 10 }, requestId);
    return Response.json(challenge, { headers: { 'Cache-Control': 'no-store' } });
  };
}
