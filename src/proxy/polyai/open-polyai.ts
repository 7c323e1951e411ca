// Picks the implementation for the API generation that is configured. Only the default one is loaded with the proxy.

import type { ApiAccess } from './api-access.js';
import type { ClientOptions } from './api-client.js';
import { createConnector } from './connector.js';
import type { PolyAi } from './polyai.js';

/** Creates the {@link PolyAi} of the generation that `access` names. */
export const openPolyAi = async (access: ApiAccess, options: ClientOptions): Promise<PolyAi> => {
  switch (access.api) {
    case 'connector':
      return createConnector({ ...access, ...options });
    case 'token': {
      const { createTokenApi } = await import('./token.js');
      return createTokenApi({ ...access, ...options });
    }
    case 'agents': {
      const { createAgentsApi } = await import('./agents.js');
      return createAgentsApi({ ...access, ...options });
    }
  }
};
