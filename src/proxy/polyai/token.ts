// The `token` generation of PolyAI's API ("legacy outbound calling"): its URLs, the credential's header and the meaning of its
// responses.

import type { TokenAccess } from './api-access.js';
import { type ClientOptions, createApiClient, fieldOf, type Generation } from './api-client.js';
import { metadataFault } from './metadata-rules.js';
import type { PolyAi } from './polyai.js';
import { readShortStatus } from './short-status.js';

/** Options of the token generation. */
export interface TokenOptions extends TokenAccess, ClientOptions {}

/** Creates the {@link PolyAi} of the token generation. */
export const createTokenApi = (options: TokenOptions): PolyAi => createApiClient(tokenGeneration(options), options);

const root = '/v1/outbound-calling';

const tokenGeneration = ({ authToken, encryption }: TokenAccess): Generation => ({
  headers: { 'X-PolyAi-Auth-Token': authToken },
  triggerPath: root,
  triggerBody: (number, metadata) => ({
    to_number: number,
    ...(metadata && { metadata }),
    ...(encryption !== undefined && { encryption }),
  }),
  idOf: (body) => fieldOf(body, 'call_sid'),
  statusPath: (upstreamId) => `${root}/${upstreamId}/status`,
  readStatus: (body, upstreamId, now) =>
    readShortStatus({ sid: fieldOf(body, 'call_sid'), word: fieldOf(body, 'status'), body, upstreamId, now }),
  isOwnError: (body) => typeof fieldOf(body, 'error') === 'string',
  ownFailure: 500,
  unknownCall: [],
  metadataFault,
});
