// The schema of a database file, read without changing the file.

import { openConnection, type SqliteConnection } from './driver.js';
import { openError } from './open-error.js';
import { migrations } from './schema.js';

/** The schema that this release writes. */
export const schemaVersion: number = migrations.length;

/** The schema of an existing file. Throws {@link StoreOpenError}. */
export function readSchemaVersion(file: string): number {
  let db: SqliteConnection | undefined;
  try {
    db = openConnection(file, { lockTimeoutMs: 5_000 });
    const [row] = db.pragma('user_version') as { user_version: number }[];
    return row?.user_version ?? 0;
  } catch (error) {
    throw openError(error, file);
  } finally {
    db?.close();
  }
}
