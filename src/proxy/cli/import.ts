// `import`: from a SQLite file to PostgreSQL, so that nobody who opted out can be called by the new installation.

import { existsSync } from 'node:fs';
import type { ProxyConfig } from '../config/config.js';
import { systemClock } from '../core/clock.js';
import { openKeyring } from '../open-proxy.js';
import { requireReachable } from '../secrets/keys.js';

/** Dependencies of the command. */
export interface ImportDeps {
  readonly config: Pick<ProxyConfig, 'database' | 'keys'>;
  readonly file: string | undefined;
  readonly print: (line: string) => void;
  readonly note: (line: string) => void;
}

/** Imports the file. Rejects with StoreOpenError or KeyringError. */
export async function importDatabase({ config, file, print, note }: ImportDeps): Promise<0 | 1 | 2> {
  if (file === undefined) {
    note('Usage: import <file>, with the SQLite file of a proxy that is stopped.');
    return 2;
  }
  const { database } = config;
  if (database.kind !== 'postgres') {
    note('DATABASE_URL must name the PostgreSQL database to import into: postgres://….');
    return 1;
  }
  if (!existsSync(file)) {
    note(`There is no ${file}.`);
    return 1;
  }
  const { importFile } = await import('../store/import-file.js');
  const { versions } = openKeyring(config);
  const outcome = await importFile({
    file,
    url: database.url,
    clock: systemClock,
    versions,
    requireKeys: requireReachable,
  });
  switch (outcome.kind) {
    case 'imported':
      print(
        `Imported ${String(outcome.counts.get('calls') ?? 0)} calls, ${String(outcome.counts.get('consents') ?? 0)} consent records, ` +
          `${String(outcome.counts.get('suppressions') ?? 0)} entries of opt-outs, and what limits remember. Start the proxy with this ` +
          'DATABASE_URL, and never again with the file: keep it as a backup.',
      );
      return 0;
    case 'file-in-use':
      note(
        `${file} is in use, or its proxy was killed. Stop every proxy that uses it (start it once more if it was killed), so that nothing changes while it is copied.`,
      );
      return 1;
    case 'open-calls':
      note(
        `${String(outcome.count)} calls in ${file} are in progress or scheduled. Run the proxy with the file until they have ended or are canceled, and import then: a call that two databases know could ring a phone twice.`,
      );
      return 1;
    case 'not-empty':
      note('The PostgreSQL database has calls already. Import only into an empty one.');
      return 1;
  }
}
