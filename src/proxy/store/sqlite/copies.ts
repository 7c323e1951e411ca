// Whether the database file is the one that was used last: not a copy without its log, not an older backup, and not one that was
// deleted or replaced under the running process. Each would lose the record of who was called, and the same request could ring a phone twice.

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { StoreOpenError } from './open-error.js';

/** The files that belong to a database. */
export const filesOf = (file: string) => ({
  log: `${file}-wal`,
  /** Holds the number of changes committed so far; see {@link Copies.note}. */
  changes: `${file}.changes`,
  /** Created by the operator to use a copy anyway. */
  acceptCopy: `${file}.accept-copy`,
});

/** The state before the file was opened: SQLite creates a log when it opens it. */
export interface BeforeOpening {
  readonly hadLog: boolean;
  /** The last shutdown was not clean, or another process is using the file. */
  readonly isUnclean: boolean;
  readonly changes: number;
}

/** Inspects the files. */
export function lookBeforeOpening(file: string): BeforeOpening {
  const { log, changes } = filesOf(file);
  const size = existsSync(log) ? statSync(log).size : undefined;
  return { hadLog: size !== undefined, isUnclean: (size ?? 0) > 0, changes: readChanges(changes) };
}

/** Refuses a copy that has lost changes. Throws {@link StoreOpenError} `STORE_INCOMPLETE_COPY` or `STORE_OLDER_COPY`. */
export function refuseForgetfulCopy(
  file: string,
  before: BeforeOpening,
  now: { readonly logIsNeeded: boolean; readonly changes: number },
): void {
  const { log, changes, acceptCopy } = filesOf(file);
  // A log that has content by now was written by another process that opened the file at the same moment: with it, the file is
  // complete.
  const isLogEmpty = (statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0;
  const isIncomplete = now.logIsNeeded && !before.hadLog && isLogEmpty;
  const isOlder = now.changes < before.changes;
  if (!isIncomplete && !isOlder) return;
  if (existsSync(acceptCopy)) {
    rmSync(acceptCopy, { force: true });
    rmSync(changes, { force: true });
    return;
  }
  const proceed =
    `Restore the latest complete backup (README, "Backups"). To use this file anyway, create the empty file ${acceptCopy} ` +
    'and start again. What is missing is then lost: a repeated request could ring a phone a second time, and everyone who ' +
    'has opted out since must be suppressed again';
  if (isIncomplete) {
    throw new StoreOpenError(
      'STORE_INCOMPLETE_COPY',
      `${file} was copied while it was in use, without ${log}, so the latest calls are missing. ${proceed}`,
    );
  }
  throw new StoreOpenError(
    'STORE_OLDER_COPY',
    `${file} is a new file or an older copy: it has ${String(now.changes)} changes, but according to ${changes} it had ` +
      `${String(before.changes)}. ${proceed}`,
  );
}

/** Watches the files of an open database. */
export interface Copies {
  /** False once the database or its log has been deleted, moved or replaced: anything written now would be lost. */
  areInPlace(): boolean;
  /** Records how many changes have been committed, for {@link refuseForgetfulCopy}; never fails. */
  note(changes: number): void;
}

/** Starts watching; both files must exist. */
export function watchFiles(file: string): Copies {
  const { log, changes } = filesOf(file);
  const identityOf = (path: string): string => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? 'gone' : `${String(found.dev)} ${String(found.ino)}`;
  };
  const opened = [identityOf(file), identityOf(log)];
  let noted = -1;
  return {
    areInPlace: () => identityOf(file) === opened[0] && identityOf(log) === opened[1],
    note: (count) => {
      if (count === noted) return;
      try {
        writeWhole(changes, `${String(count)}\n`);
        noted = count;
      } catch {
        // Only makes an older copy harder to recognize; a full disk makes every method fail anyway.
      }
    },
  };
}

function readChanges(path: string): number {
  try {
    const count = Number(readFileSync(path, 'utf8').trim());
    return Number.isSafeInteger(count) ? count : 0;
  } catch {
    return 0;
  }
}

// Written under another name and renamed: the file is either complete or unchanged.
function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}
