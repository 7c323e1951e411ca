// The database of a run of trials, on either engine: how the proxy's processes reach it, and how the trials read it. It is read through
// the proxy's own list of calls, so that no driver is named here.

import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callStatuses, isTerminal } from '../../src/contract.js';
import { type Clock, systemClock } from '../../src/proxy/core/clock.js';
import { type Keyring, loadKeyring } from '../../src/proxy/secrets/keyring.js';
import { type DatabaseLocation, openArchive } from '../../src/proxy/store/open-store.js';
import type { CallDetails } from '../../src/proxy/store/store.js';
import type { PostgresServer } from '../fixtures/postgres-server.js';

/** A database that is empty at first. */
export interface TrialStore {
  /** For the settings of every process. */
  readonly settings: Readonly<Record<string, string>>;
  /** The keys of the proxy; made by its first start. */
  keyring(): Keyring;
  /** How many calls have not ended; of those with `status`, if given. */
  openCalls(status?: 'scheduled'): Promise<number>;
  calls(): Promise<readonly CallDetails[]>;
  /** Lets an hour pass for calls that are being placed; returns the clock of the process that finds out. */
  passAnHour(): Promise<Clock>;
  remove(): Promise<void>;
}

const openStatuses = callStatuses.filter((status) => !isTerminal(status));

function readThrough(location: DatabaseLocation): Pick<TrialStore, 'openCalls' | 'calls'> & { close(): Promise<void> } {
  let opening: ReturnType<typeof openArchive> | undefined;
  const open = async (): Promise<Awaited<ReturnType<typeof openArchive>>['archive']> =>
    (await (opening ??= openArchive(location, systemClock))).archive;
  return {
    openCalls: async (status) => (await open()).count({ statuses: status === undefined ? openStatuses : [status] }),
    calls: async () => {
      const calls: CallDetails[] = [];
      for await (const page of (await open()).pages({})) calls.push(...page);
      return calls;
    },
    close: async () => (await opening)?.close(),
  };
}

/** A SQLite file in a folder of its own, with the keys that the proxy keeps beside it. */
export function sqliteTrials(): TrialStore {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-trials-'));
  const path = join(folder, 'trials.db');
  const { close, ...reads } = readThrough({ kind: 'file', path });
  return {
    ...reads,
    settings: { DATABASE_URL: `file:${path}` },
    keyring: () => loadKeyring({ fileBesideDatabase: `${path}.keys` }),
    passAnHour: async () => ({ ...systemClock, now: () => Date.now() + 3_600_000 }),
    remove: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database of its own on a server, which the caller stops. */
export async function postgresTrials(server: PostgresServer): Promise<TrialStore & { readonly url: string }> {
  const url = await server.createDatabase();
  const setting = `v1:${randomBytes(32).toString('base64')}`;
  const { close, ...reads } = readThrough({ kind: 'postgres', url, connections: 2 });
  return {
    ...reads,
    url,
    settings: { DATABASE_URL: url, SECRET_KEYS: setting },
    keyring: () => loadKeyring({ setting }),
    passAnHour: async () => {
      // The time is the database's: the deadlines move instead.
      await server.query(url, `UPDATE polyai_callback.calls SET ready_at = ready_at - 3600000 WHERE stage <> 'ended'`);
      return systemClock;
    },
    remove: close,
  };
}
