// When the write-ahead log is moved into the database file: never inside a request (a checkpoint takes up to 100 ms), but when nothing
// has been written for a moment. Also the mark by which a copy of the database file without its log is recognized.

import type Libsql from 'libsql';

/** What checkpoints need. */
export interface CheckpointDeps {
  readonly db: Libsql.Database;
  /** Runs a task later, see `Clock.after`. */
  readonly after: (delayMs: number, task: () => void, signal?: AbortSignal) => void;
  /** Called when nothing was written for a moment, and after every checkpoint. */
  readonly onQuiet: () => void;
}

/** Checkpoints of one connection. */
export interface Checkpoints {
  /** Something was committed. */
  committed(): void;
  /** The next checkpoint also empties the log: it holds what was to be forgotten. */
  emptySoon(): void;
  /** Moves everything now, as far as other processes allow, and empties the log. Throws when it is locked. */
  emptyNow(): void;
  /** Makes the database file by itself say that it needs its log. Throws when it is locked. */
  begin(): void;
  /** The last one, unless another process goes on using the file: from then on it is whole by itself. */
  end(): void;
}

/** Nothing was written for this long: nobody waits for a commit. */
const idleMs = 250;
/** Commits until it is worth it. */
const commitsToMove = 50;
/** Under a load that never pauses it is done all the same: the log is about 30 MB then. */
const mostCommits = 2_000;

/**
 * Makes them. The mark: the database file by itself says that it needs its log, and the first entry of every log says that it does
 * not. So whoever reads both (a restart, `.backup`, `VACUUM INTO`) sees a whole database, and a copy of the file alone shows itself.
 */
export function createCheckpoints({ db, after, onQuiet }: CheckpointDeps): Checkpoints {
  const stopped = new AbortController();
  let commits = 0;
  let seen = 0;
  let isTimerSet = false;
  let mustEmpty = false;

  const mark = (value: 0 | 1): void =>
    void db.prepare(`UPDATE meta SET value = ? WHERE name = 'log_is_needed'`).run([value]);

  // Never PASSIVE: while another process reads, that may move an older "not needed" and stop before the mark.
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
        // Another process has the lock: the next one moves more.
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
        // Only the last process gets this lock: a process that goes on still needs its log.
        db.pragma('busy_timeout=0');
        db.pragma('locking_mode=EXCLUSIVE');
        mark(0);
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // Another process is using the file, or it cannot be written: the log is kept, and whoever opens the file next reads it.
      }
      try {
        db.pragma('locking_mode=NORMAL');
        // The lock is let go with the next access, not before.
        db.prepare('SELECT 1 FROM meta LIMIT 1').get();
      } catch {
        // Closing lets go of it as well.
      }
    },
  };
}
