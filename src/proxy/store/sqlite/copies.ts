// Whether the database file is the one that was used last: not a copy without its log, not an older backup, and not one that was
// deleted or replaced under the running process. Each would lose the record of who was called, and the same request could ring a phone twice.

import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { StoreOpenError } from '../store-open-error.js';

/** The files that belong to a database. */
export const filesOf = (file: string) => ({
  log: `${file}-wal`,
  /** Holds the number of changes committed so far; see {@link Copies.note}. */
  changes: `${file}.changes`,
  /** Created by the operator to use a copy anyway. */
  acceptCopy: `${file}.accept-copy`,
});

/** What was noted when the file was last in use. */
interface Noted {
  /** At least this many changes had been committed. */
  readonly changes: number;
  /** The very file that had them, see {@link identityOf}; a copy is another one. */
  readonly identity: string;
}

/** The state before the file was opened: SQLite creates a log when it opens it. */
export interface BeforeOpening {
  /** The last shutdown was not clean, or another process is using the file. */
  readonly isUnclean: boolean;
  readonly noted: Noted;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Tells a file from every copy of it. */
function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? 'gone' : `${String(found.dev)} ${String(found.ino)}`;
}

/** Inspects the files. */
export function lookBeforeOpening(file: string): BeforeOpening {
  const { log, changes } = filesOf(file);
  return { isUnclean: sizeOf(log) > 0, noted: readNote(changes) };
}

/**
 * Refuses a copy that has lost changes. Called with the connection open, so that no other process can complete the file at this moment,
 * and before anything is written. Throws {@link StoreOpenError} `STORE_INCOMPLETE_COPY` or `STORE_OLDER_COPY`.
 */
export function refuseForgetfulCopy(
  file: string,
  { noted }: BeforeOpening,
  now: { readonly isMarkedInUse: boolean; readonly changes: number },
): void {
  const { log, changes, acceptCopy } = filesOf(file);
  // The log of a database in use is never empty; an empty one may come from an earlier attempt to open a copy.
  const isLogMissing = sizeOf(log) === 0;
  // Another program (the `sqlite3` shell) that closes the file last removes its log as well: then nothing is missing.
  const isKnownComplete = noted.identity === identityOf(file) && noted.changes <= now.changes;
  const isIncomplete = now.isMarkedInUse && isLogMissing && !isKnownComplete;
  const isOlder = now.changes < noted.changes;
  if (!isIncomplete && !isOlder) return;
  if (existsSync(acceptCopy)) {
    rmSync(acceptCopy, { force: true });
    rmSync(changes, { force: true });
    return;
  }
  const proceed =
    `Restore the latest complete backup (docs/operations/backup.md). To use this file anyway, create the empty file ${acceptCopy} ` +
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
      `${String(noted.changes)}. ${proceed}`,
  );
}

/** Watches the files of an open database. */
export interface Copies {
  /** False once the database or its log has been deleted, moved or replaced: anything written now would be lost. */
  areInPlace(): boolean;
  /** Notes how many changes have been committed, for {@link refuseForgetfulCopy}: after every commit, so without waiting for the disk. Never fails. */
  note(changes: number): void;
  /** Waits until the note is on the disk. Never fails. */
  flush(): void;
  close(): void;
}

/** Starts watching; both files must exist. */
export function watchFiles(file: string): Copies {
  const { log, changes } = filesOf(file);
  const identity = identityOf(file);
  const logIdentity = identityOf(log);
  let note: { readonly handle: number; readonly identity: string } | undefined;
  let noted = -1;
  let isFlushed = true;

  // The note is written in place: every process that uses the file has it open.
  const open = (): number => {
    if (note !== undefined && identityOf(changes) === note.identity) return note.handle;
    if (note !== undefined) closeSync(note.handle);
    note = undefined;
    const handle = openSync(changes, constants.O_RDWR | constants.O_CREAT, 0o600);
    fchmodSync(handle, 0o600);
    note = { handle, identity: identityOf(changes) };
    noted = -1;
    return handle;
  };

  return {
    areInPlace: () => identityOf(file) === identity && identityOf(log) === logIdentity,
    note: (count) => {
      if (count === noted) return;
      try {
        writeSync(note?.handle ?? open(), `${String(count)} ${identity}`.padEnd(noteLength - 1).concat('\n'), 0);
        noted = count;
        isFlushed = false;
      } catch {
        // Only makes a copy harder to recognize; a full disk makes every method fail anyway.
      }
    },
    flush: () => {
      try {
        const handle = open();
        if (isFlushed) return;
        fsyncSync(handle);
        isFlushed = true;
      } catch {
        // As above.
      }
    },
    close: () => {
      if (note !== undefined) closeSync(note.handle);
      note = undefined;
    },
  };
}

/** Longer than two counters and a device number of 64 bits each, and within one sector: it is either written or not. */
const noteLength = 80;

function readNote(path: string): Noted {
  try {
    const [count = '', ...identity] = readFileSync(path, 'utf8').trim().split(' ');
    const changes = Number(count);
    return { changes: Number.isSafeInteger(changes) ? changes : 0, identity: identity.join(' ') };
  } catch {
    return { changes: 0, identity: '' };
  }
}
