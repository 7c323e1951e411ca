// The `connector` generation of PolyAI's API: its URLs, the credential's header and the meaning of its responses.

import type { ConnectorAccess } from './api-access.js';
import { type ClientOptions, createApiClient, fieldOf, type Generation } from './api-client.js';
import { readConnectorStatus } from './connector-status.js';
import type { PolyAi } from './polyai.js';

/** Options of the connector generation. */
export interface ConnectorOptions extends ConnectorAccess, ClientOptions {}

/** Creates the {@link PolyAi} of the connector generation. */
export const createConnector = (options: ConnectorOptions): PolyAi =>
  createApiClient(connectorGeneration(options), options);

const connectorGeneration = ({ accountId, projectId, connectorId }: ConnectorAccess): Generation => {
  const root = `/api/v1/${encodeURIComponent(accountId)}/${encodeURIComponent(projectId)}/outbound-call`;
  return {
    headers: { 'X-CONNECTOR-ID': connectorId },
    triggerPath: `${root}/trigger`,
    triggerBody: (number, metadata) => ({ phone_number: number, ...(metadata && { metadata }) }),
    idOf: (body) => fieldOf(body, 'conversation_id'),
    statusPath: (upstreamId) => `${root}/status/${upstreamId}`,
    readStatus: readConnectorStatus,
    isOwnError: (body) => typeof fieldOf(body, 'error') === 'string',
    ownFailure: 500,
    unknownCall: [],
    // The reference page lists only the number; metadata is mentioned only in one of PolyAI's quick starts.
    mayConcern: (httpStatus, hasMetadata) => (httpStatus === 400 && hasMetadata ? 'metadata' : undefined),
  };
};
