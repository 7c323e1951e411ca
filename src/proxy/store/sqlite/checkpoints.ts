// When the write-ahead log is checkpointed into the database file: never inside a request (a checkpoint takes up to 100 ms), but when
// nothing has been written for a moment. Also the mark that identifies a copy of the database file without its log.

import { randomInt } from 'node:crypto';
import { StoreOpenError } from '../store-open-error.js';
import type { SqliteConnection } from './driver.js';

/** What checkpoints depend on. */
export interface CheckpointDeps {
  readonly db: SqliteConnection;
  /** Runs a task later, see `Clock.after`. */
  readonly after: (delayMs: number, task: () => void, signal?: AbortSignal) => void;
  /** Called when nothing has been written for a moment, and after every checkpoint. */
  readonly onQuiet: () => void;
}

/** Checkpoints of one connection. */
export interface Checkpoints {
  /** Something was committed. */
  committed(): void;
  /** Makes the next checkpoint also empty the log, because it contains data that must be erased. */
  emptySoon(): void;
  /** Checkpoints what can be without waiting for anybody. After each of many transactions, so that the log does not grow to a size whose checkpoint takes seconds. Never throws. */
  moveSome(): void;
  /** Checkpoints everything now, as far as other processes allow, and empties the log. Throws when it is locked. */
  emptyNow(): void;
  /**
   * Marks the database file by itself as incomplete without its log. Nothing may be written before it returns. Throws when the file is
   * locked, and {@link StoreOpenError} `STORE_LOCKED` when another program reads it for longer than `timeoutMs`.
   */
  begin(file: string, timeoutMs: number): void;
  /** The final checkpoint, unless another process is still using the file: after it, the file is complete by itself. */
  end(): void;
}

/** How long nothing must have been written, milliseconds: then nobody waits for a commit. */
const idleMs = 250;
/** The fewest commits that are worth a checkpoint. */
const commitsToMove = 50;
/** Commits after which a checkpoint runs even under constant load. The log is then about 40 MB, and the checkpoint takes some 12 ms (measured on a quiet disk). */
const mostCommits = 500;
/** Pause between two attempts to mark the database file, milliseconds. */
const pauseMs = 10;
/** Schema cookies from here on are ours; SQLite counts those of a new file from 0. */
const leastCookie = 1 << 20;

const cookieOf = (db: SqliteConnection): number => {
  const [row] = db.pragma('schema_version') as { schema_version: number }[];
  return row?.schema_version ?? 0;
};

/**
 * Whether a file with this `logIsNeeded` (in `meta`) is incomplete without its log. The mark is the file's own schema cookie: a file that SQLite
 * wrote from another one (`.backup`, `VACUUM INTO`) has a different cookie and is complete. It is negative once a checkpoint has brought
 * it into the file. 1 was the mark of earlier releases, 0 is a file that was closed.
 */
export function isMarkedInUse(db: SqliteConnection, logIsNeeded: number): boolean {
  const mark = Math.abs(logIsNeeded);
  return mark === 1 || (mark !== 0 && mark === cookieOf(db));
}

/**
 * Creates the checkpoints of a connection. The mark is in the database file before the first commit and in every commit after it, so it
 * does not matter how far a checkpoint gets, whose it is, or where a process is killed: the file itself always has it. Only a process
 * that is alone with the file removes it, with the last commit of its log.
 */
export function createCheckpoints({ db, after, onQuiet }: CheckpointDeps): Checkpoints {
  const stopped = new AbortController();
  let commits = 0;
  let seen = 0;
  let isTimerSet = false;
  let mustEmpty = false;

  /** Marks the database as in use; whether the mark has yet to reach the file by itself is the sign, see {@link isMarkedInUse}. */
  const mark = (): { readonly isPending: boolean } => {
    const cookie = cookieOf(db);
    db.prepare(`UPDATE meta SET value = ? WHERE name = 'log_is_needed' AND abs(value) <> ?`).run([cookie, cookie]);
    const row = db.prepare(`SELECT value FROM meta WHERE name = 'log_is_needed'`).get([]) as { value: number };
    return { isPending: row.value > 0 };
  };
  const confirm = (): void =>
    void db.prepare(`UPDATE meta SET value = -value WHERE name = 'log_is_needed' AND value > 0`).run([]);
  // So that the log of a database in use is never empty: an empty one proves nothing.
  const touchLog = (): void => void db.prepare(`UPDATE meta SET value = value + 1 WHERE name = 'changes'`).run([]);

  const checkpoint = (mode: 'PASSIVE' | 'FULL' | 'TRUNCATE') => {
    const [result] = db.pragma(`wal_checkpoint(${mode})`) as { busy: number; log: number; checkpointed: number }[];
    return { isBusy: result?.busy !== 0, isComplete: result !== undefined && result.log === result.checkpointed };
  };

  const move = (mode: 'FULL' | 'TRUNCATE'): void => {
    // An operator's VACUUM or index changes the cookie.
    const { isPending } = mark();
    const { isBusy, isComplete } = checkpoint(mode);
    if (isPending && isComplete) confirm();
    if (mode === 'TRUNCATE') {
      touchLog();
      mustEmpty = isBusy;
    }
    commits = 0;
    onQuiet();
  };

  const check = (): void => {
    isTimerSet = false;
    if (stopped.signal.aborted) return;
    const isIdle = seen === commits;
    seen = commits;
    if ((isIdle && (mustEmpty || commits >= commitsToMove)) || commits >= mostCommits) {
      try {
        move(mustEmpty ? 'TRUNCATE' : 'FULL');
      } catch {
        // Another process has the lock: the next checkpoint continues.
      }
    } else if (isIdle) onQuiet();
    if (!isIdle || mustEmpty) setTimer();
  };

  const setTimer = (): void => {
    if (isTimerSet || stopped.signal.aborted) return;
    isTimerSet = true;
    after(idleMs, check, stopped.signal);
  };

  return {
    committed: () => {
      commits += 1;
      setTimer();
    },
    emptySoon: () => {
      mustEmpty = true;
      setTimer();
    },
    moveSome: () => {
      if (commits === 0) return;
      try {
        if (checkpoint('PASSIVE').isComplete) commits = 0;
      } catch {
        // The next checkpoint continues.
      }
    },
    emptyNow: () => move('TRUNCATE'),
    begin: (file, timeoutMs) => {
      db.exec('BEGIN IMMEDIATE');
      let isPending;
      try {
        if (cookieOf(db) < leastCookie) db.pragma(`schema_version=${String(randomInt(leastCookie, 1 << 30))}`);
        ({ isPending } = mark());
        touchLog();
        db.exec('COMMIT');
      } catch (error) {
        db.rollback();
        throw error;
      }
      if (!isPending) return;
      const deadline = performance.now() + timeoutMs;
      // PASSIVE never waits for another process's commits; it only stops at a reader that began before the mark.
      while (!checkpoint('PASSIVE').isComplete) {
        if (performance.now() >= deadline) {
          throw new StoreOpenError(
            'STORE_LOCKED',
            `another program has been reading ${file} for more than ${String(Math.round(timeoutMs / 1_000))} seconds (a backup?): start again when it has finished`,
          );
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      }
      confirm();
    },
    end: () => {
      stopped.abort();
      try {
        // A write in this mode needs a lock that nobody else may have: it fails while any other connection is open.
        db.pragma('busy_timeout=0');
        db.pragma('locking_mode=EXCLUSIVE');
        db.prepare(`UPDATE meta SET value = 0 WHERE name = 'log_is_needed'`).run([]);
      } catch {
        // Another process is using the file, or it cannot be written: the log is kept, and whoever opens the file next reads it. Nothing
        // may be read after a failed attempt: SQLite would keep a read lock in this mode, and no checkpoint could get past it.
        return;
      }
      try {
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // The file cannot be written: as above.
      }
      try {
        db.pragma('locking_mode=NORMAL');
        // The lock is only released with the next access.
        db.prepare('SELECT 1 FROM meta LIMIT 1').get();
      } catch {
        // Closing releases it as well.
      }
    },
  };
}
