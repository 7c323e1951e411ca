// GET /v1/challenge: a proof of work for this site and this address. The gate verifies its solution.

import type { AppContext } from '../http/context.js';
import type { Altcha } from '../challenge/altcha.js';
import type { OriginGate } from '../gates/origin.js';
import type { VisitorGate } from '../gates/visitor.js';
import { problemResponse } from '../http/problem.js';

/** Dependencies of the handler. */
export interface ChallengeIssuerDeps {
  readonly altcha: Pick<Altcha, 'issue'>;
  readonly origin: OriginGate;
  /**
   * Counts challenges like attempts, but separately. Each attempt needs one; more than that would be useless within the five
   * minutes they are valid.
   */
  readonly visitor: VisitorGate;
}

/** Creates the handler. */
export function createChallengeIssuer({
  altcha,
  origin,
  visitor,
}: ChallengeIssuerDeps): (c: AppContext) => Promise<Response> {
  return async function issueChallenge(c) {
    const address = c.get('address');
    const site = origin.siteOf(c.req.raw.headers);
    if (!site.allowed) return problemResponse(c, site.problem);
    const allowed = visitor.consume(address);
    if (!allowed.allowed) return problemResponse(c, allowed.problem);
    const challenge = await altcha.issue({ site: site.value, action: 'call', addressBucket: address.bucket });
    if (challenge === undefined) return problemResponse(c, { code: 'challenge-unavailable', retryAfterSeconds: 10 });
    return Response.json(challenge, { headers: { 'Cache-Control': 'no-store' } });
  };
}
