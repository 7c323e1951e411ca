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
    note(`The file ${file} does not exist.`);
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
        `Imported calls: ${String(outcome.counts.get('calls') ?? 0)}; consent records: ${String(outcome.counts.get('consents') ?? 0)}; ` +
          `opt-outs: ${String(outcome.counts.get('suppressions') ?? 0)}; and used allowances. Start the proxy with this DATABASE_URL. ` +
          'Keep the file as a backup, and never start the proxy with it again.',
      );
      return 0;
    case 'file-in-use':
      note(
        `${file} is in use, or its proxy was killed. Stop every proxy that uses it. If the proxy was killed, start it once more and stop it.`,
      );
      return 1;
    case 'open-calls':
      note(
        `Calls in progress or scheduled in ${file}: ${String(outcome.count)}. Run the proxy with the file until they have ended or are canceled, then import it: a call in two databases could ring a phone twice.`,
      );
      return 1;
    case 'not-empty':
      note('The PostgreSQL database already has calls, consent records or opt-outs. Import into an empty one.');
      return 1;
  }
}
