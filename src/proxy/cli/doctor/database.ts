// Whether the database will last: the file, its folder, the kind of file system, its keys.

import { accessSync, constants, existsSync, readFileSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ProxyConfig } from '../../config/config.js';
import { systemClock } from '../../core/clock.js';
import { openKeyring } from '../../open-proxy.js';
import { KeyringError, requireReachable } from '../../secrets/keys.js';
import { type DatabaseLocation, openStore } from '../../store/open-store.js';
import { bad, fine, type Finding, risky } from './finding.js';

/** Kinds of file systems on which a database does not last, or cannot be locked. */
const fleeting = ['tmpfs', 'ramfs'];
const layered = ['overlay', 'aufs', 'overlayfs'];
const remote = ['nfs', 'nfs4', 'cifs', 'smb3', 'fuse.sshfs', '9p', 'glusterfs', 'ceph'];

const enoughBytes = 200 * 1_048_576;

/** Everything about the database. `mounts`: the content of /proc/mounts, for tests. */
export async function checkDatabase(
  { database, keys, sandbox }: Pick<ProxyConfig, 'database' | 'keys' | 'sandbox'>,
  mounts: string = readMounts(),
): Promise<readonly Finding[]> {
  if (database.kind !== 'file') return checkContent(database, keys);
  const databasePath = database.path;
  const file = resolve(databasePath);
  const folder = existing(dirname(file));
  const findings: Finding[] = [...checkFileSystem(folder, mounts, sandbox), ...checkSpace(folder)];
  if (!canWrite(folder))
    return [
      ...findings,
      bad(
        'database',
        `this user may not write to ${folder}`,
        'Let the proxy’s user write to it, or change DATABASE_URL.',
      ),
    ];
  if (!existsSync(file)) return [...findings, fine('database', `${file} will be created at the first start`)];
  if ((statSync(file).mode & 0o077) !== 0)
    findings.push(risky('database', `others on this machine may read ${file}`, `chmod 600 ${file}`));
  const keyFile = `${databasePath}.keys`;
  if (keys === undefined && !existsSync(keyFile))
    return [
      ...findings,
      bad(
        'keys',
        `${keyFile} is missing, and SECRET_KEYS is not set`,
        'Restore the keys from the same backup as the database: without them, people who opted out are not recognized.',
      ),
    ];
  return [...findings, ...(await checkContent(database, keys))];
}

async function checkContent(database: DatabaseLocation, keys: string | undefined): Promise<readonly Finding[]> {
  const name = database.kind === 'file' ? database.path : 'the PostgreSQL database';
  try {
    const { store } = await openStore(database, systemClock);
    try {
      await store.ping();
      const keyring = openKeyring({ database, keys });
      requireReachable(await store.unreachable(keyring.versions));
    } finally {
      await store.close();
    }
    return [fine('database', `${name} is whole and takes durable writes, and its keys fit`)];
  } catch (error) {
    if (error instanceof KeyringError) return [bad('keys', error.message, 'See docs/operations/backup.md.')];
    const message = error instanceof Error ? error.message : String(error);
    return [bad('database', message, 'Restore a backup, or give the proxy’s user the permissions that it needs.')];
  }
}

function checkFileSystem(folder: string, mounts: string, sandbox: boolean): readonly Finding[] {
  const kind = kindOf(folder, mounts);
  if (kind === undefined) return [];
  const fix = 'Put DATABASE_URL on a disk or volume that outlives the machine or container.';
  // A sandbox contains nothing that must last.
  const lost = sandbox ? risky : bad;
  if (fleeting.includes(kind)) return [lost('durability', `${folder} is in memory (${kind})`, fix)];
  if (layered.includes(kind))
    return [lost('durability', `${folder} belongs to the container’s own layer (${kind}), which is lost with it`, fix)];
  if (remote.includes(kind))
    return [bad('durability', `${folder} is on a network drive (${kind}), which SQLite cannot lock reliably`, fix)];
  return [fine('durability', `${folder} is on ${kind}`)];
}

function checkSpace(folder: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const megabytes = `${String(Math.floor(free / 1_048_576))} MB free`;
  if (free < enoughBytes / 10)
    return [bad('disk', megabytes, 'Free up space: no call can be recorded without it, so none is placed.')];
  return free < enoughBytes
    ? [risky('disk', megabytes, 'Free up space soon: a full disk stops all calls.')]
    : [fine('disk', megabytes)];
}

/** The kind of the file system: the longest mount point that the folder is in. */
export function kindOf(folder: string, mounts: string): string | undefined {
  const points = mounts.split('\n').flatMap((line) => {
    const [, point, kind] = line.split(' ');
    return point === undefined || kind === undefined ? [] : [{ point: point.replaceAll('\\040', ' '), kind }];
  });
  const inside = points.filter(({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`));
  return inside.sort((a, b) => a.point.length - b.point.length).at(-1)?.kind;
}

function readMounts(): string {
  try {
    return readFileSync('/proc/mounts', 'utf8');
  } catch {
    return '';
  }
}

/** The nearest folder that exists, without links. */
function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? realpathSync(folder) : existing(dirname(folder));
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
