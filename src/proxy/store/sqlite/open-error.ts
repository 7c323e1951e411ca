// Turns the errors of SQLite and of the file system at start into StoreOpenError.

import { StoreOpenError } from '../store-open-error.js';

/**
 * SQLite's result codes by number (https://sqlite.org/rescode.html). Errors of node:sqlite have only the number, as `errcode`; those of libsql
 * have it as `rawCode`, besides a name that does not exist for every number.
 */
const resultCodes: readonly (string | undefined)[] = [
  undefined,
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
];

/** The error code from SQLite (`SQLITE_BUSY`) or the system (`EACCES`), or an empty string. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { errcode, rawCode = errcode } = error as { readonly errcode?: unknown; readonly rawCode?: unknown };
  // The lowest byte; the others say more precisely why.
  const name = typeof rawCode === 'number' ? resultCodes[rawCode & 0xff] : undefined;
  if (name !== undefined) return `SQLITE_${name}`;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True when another connection holds the lock. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

/** The message for an error that occurred while opening. */
export function openError(error: unknown, file: string): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  // The last one: node:sqlite refuses to read an integer that a number cannot hold, and none that we write is so large.
  if (/CORRUPT|NOTADB|ERR_OUT_OF_RANGE/.test(code)) {
    return new StoreOpenError('STORE_CORRUPT', `${file} is damaged or not an SQLite file. Restore a backup`, cause);
  }
  if (isBusy(error)) return new StoreOpenError('STORE_LOCKED', `${file} is locked by another process`, cause);
  if (/READONLY|^(EACCES|EPERM|EROFS)$/.test(code))
    return new StoreOpenError('STORE_READ_ONLY', `${file} cannot be written`, cause);
  return new StoreOpenError('STORE_CANNOT_OPEN', `${file} cannot be opened (${code || 'fault'})`, cause);
}
