// Runs the conformance suite on PostgreSQL.

import { openPostgresStore } from '../../../src/proxy/store/postgres/postgres-store.js';
import { startPostgres } from '../../fixtures/postgres-server.js';
import { runStoreConformance } from './conformance/store.js';

const server = await startPostgres();
const url = await server.createDatabase();

runStoreConformance('PostgreSQL', async () => ({
  open: async (clock, subscriptions) =>
    (await openPostgresStore({ url, clock, subscriptions, ignoresDatabaseTime: true, poolSize: 4 })).store,
  remove: () => server.clear(url),
}));
