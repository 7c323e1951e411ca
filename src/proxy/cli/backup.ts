// `backup`: a consistent copy of the database with its keys, made while the proxy runs. Without the keys, no number in the copy
// could be recognized, suppressed or scheduled.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ProxyConfig } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import { proxyVersion } from '../core/version.js';
import { openKeyring } from '../open-proxy.js';
import { requireReachable } from '../secrets/keys.js';
import { schemaVersion } from '../store/sqlite/schema-version.js';
import { openFileArchive } from '../store/sqlite/open-archive.js';
import { createSqliteStore } from '../store/sqlite/sqlite-store.js';

/** Dependencies of the command. */
export interface BackupDeps {
  readonly config: Pick<ProxyConfig, 'database' | 'keys'>;
  readonly folder: string | undefined;
  readonly print: (line: string) => void;
  readonly note: (line: string) => void;
}

/** Names of the files in a backup. */
export const backupFiles = {
  database: 'polyai-callback.db',
  keys: 'polyai-callback.db.keys',
  manifest: 'backup.json',
} as const;

/** Copies the database and its keys, and opens the copy to make sure that it can be used. Rejects with StoreOpenError or KeyringError. */
export async function backUp({ config, folder, print, note }: BackupDeps): Promise<0 | 1 | 2> {
  if (folder === undefined) {
    note('Usage: backup <folder>, with a folder that does not exist yet or is empty.');
    return 2;
  }
  const { database, keys } = config;
  if (database.kind !== 'file') {
    note(
      'DATABASE_URL names a PostgreSQL database: back it up with pg_dump (or your provider’s backups), and keep SECRET_KEYS with the backup. See docs/operations/postgresql.md.',
    );
    return 1;
  }
  const databasePath = database.path;
  const keyFile = `${databasePath}.keys`;
  if (!existsSync(databasePath)) {
    note(`There is no ${databasePath}: nothing to back up.`);
    return 1;
  }
  if (keys === undefined && !existsSync(keyFile)) {
    note(`${keyFile} is missing, and SECRET_KEYS is not set: a backup without its keys would be worth nothing.`);
    return 1;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) {
    note(`${folder} is not empty; choose a new folder.`);
    return 1;
  }
  chmodSync(folder, 0o700);
  const copy = join(folder, backupFiles.database);
  try {
    const archive = openFileArchive(databasePath, systemClock);
    try {
      await archive.copyTo(copy);
    } finally {
      archive.close();
    }
    chmodSync(copy, 0o600);
    if (keys === undefined) {
      copyFileSync(keyFile, join(folder, backupFiles.keys));
      chmodSync(join(folder, backupFiles.keys), 0o600);
    }
    const calls = await checkCopy(copy, keys);
    writeManifest(folder, keys === undefined ? [backupFiles.database, backupFiles.keys] : [backupFiles.database]);
    for (const name of readdirSync(folder)) flush(join(folder, name));
    print(`Backed up ${String(calls)} calls to ${folder} (${String(Math.ceil(statSync(copy).size / 1_024))} KB).`);
    if (keys !== undefined)
      print(
        'The keys are in SECRET_KEYS, not in this folder. Keep them with the backup: it cannot be used without them.',
      );
    return 0;
  } catch (error) {
    // A partial backup must not be mistaken for a complete one.
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
    throw error;
  }
}

/**
 * Opens a second copy with its keys, as the proxy does at startup: opening marks a file as in use, and the backup itself must
 * stay unchanged. Returns the number of calls in it.
 */
async function checkCopy(copy: string, keys: string | undefined): Promise<number> {
  const opened = `${copy}.check`;
  try {
    copyFileSync(copy, opened);
    if (keys === undefined) copyFileSync(`${copy}.keys`, `${opened}.keys`);
    const store = createSqliteStore({ file: opened, clock: systemClock });
    try {
      const keyring = openKeyring({ database: { kind: 'file', path: opened }, keys });
      requireReachable(await store.unreachable(keyring.versions));
    } finally {
      await store.close();
    }
    const archive = openFileArchive(opened, systemClock);
    try {
      return await archive.count({});
    } finally {
      archive.close();
    }
  } finally {
    for (const ending of ['', '-wal', '-shm', '.changes', '.keys']) rmSync(opened + ending, { force: true });
  }
}

function writeManifest(folder: string, names: readonly string[]): void {
  const files = Object.fromEntries(
    names.map((name) => [
      name,
      {
        sha256: createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      },
    ]),
  );
  const manifest = { createdAt: new Date().toISOString(), version: proxyVersion, schema: schemaVersion, files };
  writeFileSync(join(folder, backupFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
