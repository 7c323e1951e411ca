// `migrate`: brings the database to this release's schema without starting the proxy, or only reports what would be done.

import { existsSync } from 'node:fs';
import { systemClock } from '../core/clock.js';
import { type DatabaseLocation, openStore } from '../store/open-store.js';

/** Dependencies of the command. */
export interface MigrateDeps {
  readonly database: DatabaseLocation;
  readonly isCheck: boolean;
  readonly print: (line: string) => void;
}

/** Migrates. Rejects with StoreOpenError. */
export async function migrateDatabase({ database, isCheck, print }: MigrateDeps): Promise<0 | 1> {
  const { name, before, needed } = await versionsOf(database);
  if (isCheck && (before === undefined || before < needed)) {
    const found = before === undefined ? `There is no ${name} yet` : `${name} has schema ${String(before)}`;
    print(
      `${found}; this release needs ${String(needed)}. Back it up, stop every proxy that uses it, and run migrate.`,
    );
    return before === undefined ? 0 : 1;
  }
  // Opening migrates, checks the database, and refuses one of a newer release.
  const { store } = await openStore(database, systemClock);
  await store.close();
  const now = `schema ${String(needed)}`;
  if (before === undefined) print(`Created ${name} with ${now}.`);
  else if (before < needed) print(`Migrated ${name} from schema ${String(before)} to ${now}.`);
  else print(`${name} has ${now}: nothing to do.`);
  return 0;
}

interface Versions {
  /** What the database is called in messages, without a password. */
  readonly name: string;
  /** The schema it has; undefined when there is none. */
  readonly before: number | undefined;
  readonly needed: number;
}

async function versionsOf(database: DatabaseLocation): Promise<Versions> {
  if (database.kind === 'file') {
    const { readSchemaVersion, schemaVersion } = await import('../store/sqlite/schema-version.js');
    const before = existsSync(database.path) ? readSchemaVersion(database.path) : undefined;
    return { name: database.path, before, needed: schemaVersion };
  }
  const { readPostgresSchema, schemaVersion } = await import('../store/postgres/postgres-store.js');
  return { name: 'schema polyai_callback', before: await readPostgresSchema(database), needed: schemaVersion };
}
