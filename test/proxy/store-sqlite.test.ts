// The embedded store against the conformance suite.

import { join } from 'node:path';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { runStoreConformance } from './store-conformance.js';
import { temporaryFolder } from './store-worlds.js';

runStoreConformance('SQLite', async () => {
  const folder = temporaryFolder();
  return {
    open: async (clock) => createSqliteStore({ file: join(folder.path, 'calls.db'), clock }),
    remove: async () => folder.remove(),
  };
});
