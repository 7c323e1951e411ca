// The path model on SQLite.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { testPathModel } from './path-model.js';

testPathModel(
  'SQLite',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-model-'));
    return {
      open: async (clock) => createSqliteStore({ file: join(folder, 'model.db'), clock }),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  25,
);
