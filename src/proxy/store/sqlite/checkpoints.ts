// When the write-ahead log is checkpointed into the database file: never inside a request (a checkpoint takes up to 100 ms), but when
// nothing has been written for a moment. Also the mark that identifies a copy of the database file without its log.

import type Libsql from 'libsql';

/** What checkpoints depend on. */
export interface CheckpointDeps {
  readonly db: Libsql.Database;
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
  /** Checkpoints everything now, as far as other processes allow, and empties the log. Throws when it is locked. */
  emptyNow(): void;
  /** Marks the database file by itself as incomplete without its log. Throws when it is locked. */
  begin(): void;
  /** The final checkpoint, unless another process is still using the file: after it, the file is complete by itself. */
  end(): void;
}

/** How long nothing must have been written, milliseconds: then nobody waits for a commit. */
const idleMs = 250;
/** The fewest commits that are worth a checkpoint. */
const commitsToMove = 50;
/** Commits after which a checkpoint runs even under constant load; the log is then about 30 MB. */
const mostCommits = 2_000;

/**
 * Creates the checkpoints of a connection. The mark: the database file by itself states that it requires its log, and the first entry
 * of every log states that it does not. So a reader of both (a restart, `.backup`, `VACUUM INTO`) sees a complete database, and a copy
 * of the file alone is recognized.
 */
export function createCheckpoints({ db, after, onQuiet }: CheckpointDeps): Checkpoints {
  const stopped = new AbortController();
  let commits = 0;
  let seen = 0;
  let isTimerSet = false;
  let mustEmpty = false;

  const mark = (value: 0 | 1): void =>
    void db.prepare(`UPDATE meta SET value = ? WHERE name = 'log_is_needed'`).run([value]);

  // Never PASSIVE: while another process reads, that may checkpoint an older "not required" and stop before the mark.
  const move = (mode: 'FULL' | 'TRUNCATE'): void => {
    mark(1);
    try {
      db.pragma(`wal_checkpoint(${mode})`);
    } finally {
      mark(0);
    }
    commits = 0;
    mustEmpty = false;
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
    emptyNow: () => move('TRUNCATE'),
    begin: () => move('FULL'),
    end: () => {
      stopped.abort();
      try {
        // Only the last process gets this lock: a process that is still running requires its log.
        db.pragma('busy_timeout=0');
        db.pragma('locking_mode=EXCLUSIVE');
        mark(0);
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // Another process is using the file, or it cannot be written: the log is kept, and whoever opens the file next reads it.
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
