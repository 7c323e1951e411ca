// Turns the errors of SQLite and of the file system at start into StoreOpenError.

import { StoreOpenError } from '../store-open-error.js';

/** The error code from SQLite or the system, or an empty string. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when another connection holds the lock. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

/** The message for an error that occurred while opening. */
export function openError(error: unknown, file: string): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  if (/CORRUPT|NOTADB/.test(code)) {
    return new StoreOpenError('STORE_CORRUPT', `${file} is damaged or not an SQLite file. Restore a backup`, cause);
  }
  if (isBusy(error)) return new StoreOpenError('STORE_LOCKED', `${file} is locked by another process`, cause);
  if (/READONLY|^(EACCES|EPERM|EROFS)$/.test(code))
    return new StoreOpenError('STORE_READ_ONLY', `${file} cannot be written`, cause);
  return new StoreOpenError('STORE_CANNOT_OPEN', `${file} cannot be opened (${code || 'fault'})`, cause);
}
