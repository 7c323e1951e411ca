// Runs the conformance suite on the embedded store.

import { join } from 'node:path';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import { runStoreConformance } from './conformance/store.js';
import { temporaryFolder } from './fixtures/stores.js';

runStoreConformance('SQLite', async () => {
  const folder = temporaryFolder();
  return {
    open: async (clock, subscriptions) =>
      createSqliteStore({ file: join(folder.path, 'calls.db'), clock, subscriptions }),
    remove: async () => folder.remove(),
  };
});
