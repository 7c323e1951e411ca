// `migrate`: brings the database to this release's schema without starting the proxy, or only reports what would be done.

import { existsSync } from 'node:fs';
import { systemClock } from '../core/clock.js';
import { readSchemaVersion, schemaVersion } from '../store/sqlite/schema-version.js';
import { createSqliteStore } from '../store/sqlite/sqlite-store.js';

/** Dependencies of the command. */
export interface MigrateDeps {
  readonly file: string;
  readonly isCheck: boolean;
  readonly print: (line: string) => void;
}

/** Migrates. Rejects with StoreOpenError. */
export async function migrateDatabase({ file, isCheck, print }: MigrateDeps): Promise<0 | 1> {
  const before = existsSync(file) ? readSchemaVersion(file) : undefined;
  if (isCheck && (before === undefined || before < schemaVersion)) {
    const found = before === undefined ? `There is no ${file} yet` : `${file} has schema ${String(before)}`;
    print(
      `${found}; this release needs ${String(schemaVersion)}. Back it up, stop every proxy that uses it, and run migrate.`,
    );
    return before === undefined ? 0 : 1;
  }
  // Opening migrates, checks the file, and refuses one of a newer release.
  const store = createSqliteStore({ file, clock: systemClock });
  await store.close();
  const now = `schema ${String(schemaVersion)}`;
  if (before === undefined) print(`Created ${file} with ${now}.`);
  else if (before < schemaVersion) print(`Migrated ${file} from schema ${String(before)} to ${now}.`);
  else print(`${file} has ${now}: nothing to do.`);
  return 0;
}
