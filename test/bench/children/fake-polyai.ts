// The fake PolyAI in its own process. Calls end immediately, so that polling them costs little.

import { createFakePolyAi } from '../../../src/proxy/sandbox/fake-polyai.js';

const [accountId = '', projectId = '', connectorId = ''] = process.argv.slice(2);
const fakePolyAi = await createFakePolyAi({ accountId, projectId, connectorId, timeScale: 1_000 });
process.send?.({ url: fakePolyAi.url });
