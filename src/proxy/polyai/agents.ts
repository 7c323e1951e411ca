// The `agents` generation of PolyAI's API, which PolyAI recommends for new work: its URLs, the credential's header and the
// meaning of its responses.

import type { AgentsAccess } from './api-access.js';
import { type ClientOptions, createApiClient, fieldOf, type Generation } from './api-client.js';
import { metadataFault } from './metadata-rules.js';
import type { PolyAi } from './polyai.js';
import { readShortStatus } from './short-status.js';

/** Options of the agents generation. */
export interface AgentsOptions extends AgentsAccess, ClientOptions {}

/** Creates the {@link PolyAi} of the agents generation. */
export const createAgentsApi = (options: AgentsOptions): PolyAi => createApiClient(agentsGeneration(options), options);

const agentsGeneration = ({ agentId, apiKey, environment, variantId, encryption }: AgentsAccess): Generation => {
  const root = `/v1/agents/${encodeURIComponent(agentId)}/telephony/outbound-calls`;
  return {
    headers: { 'X-API-KEY': apiKey },
    triggerPath: root,
    triggerBody: (number, metadata) => ({
      toNumber: number,
      environment,
      ...(variantId !== undefined && { variantId }),
      ...(encryption !== undefined && { encryption: 'tls_srtp' }),
      ...(metadata && { metadata }),
    }),
    idOf: (body) => fieldOf(body, 'callSid'),
    statusPath: (upstreamId) => `${root}/${upstreamId}/status?environment=${environment}`,
    readStatus: (body, upstreamId, now) =>
      readShortStatus({ sid: fieldOf(body, 'callSid'), word: fieldOf(body, 'status'), body, upstreamId, now }),
    isOwnError: (body) =>
      fieldOf(body, 'success') === false &&
      ['error_id', 'error_code'].some((name) => typeof fieldOf(body, name) === 'string'),
    ownFailure: 502,
    // No 404 is documented for a status request, nor what a request for an old call returns.
    unknownCall: [400],
    errorIdOf: (body) => fieldOf(body, 'error_id'),
    // 400 also means "outbound calling not configured for this environment", 404 "no connector for that environment".
    mayConcern: (httpStatus) => (httpStatus === 400 || httpStatus === 404 ? 'configuration' : undefined),
    metadataFault,
  };
};
