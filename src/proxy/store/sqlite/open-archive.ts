// A database file opened by the command line, to list its calls or to copy it as a whole.

import type { Clock } from '../../core/clock.js';
import { type CallArchive, createCallArchive } from '../sql/call-archive.js';
import { run } from '../sql/operation.js';
import { openDatabase } from './database.js';

/** The calls of one file. */
export interface FileArchive extends CallArchive {
  /** Writes a complete copy to a new file, as of one instant. */
  copyTo(path: string): Promise<void>;
  close(): void;
}

/** Opens the file, as the store does: a damaged or foreign file is refused. Throws {@link StoreOpenError}. */
export function openFileArchive(file: string, clock: Pick<Clock, 'now' | 'after'>): FileArchive {
  const database = openDatabase({
    file,
    now: () => clock.now(),
    after: (delayMs, task, signal) => clock.after(delayMs, task, signal),
  });
  return {
    ...createCallArchive(database),
    copyTo: async (path) => {
      await database.read(function* copy() {
        return yield* run('VACUUM INTO ?', [path]);
      });
    },
    close: () => database.close(),
  };
}
