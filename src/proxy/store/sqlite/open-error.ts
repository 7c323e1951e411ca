// Why a database file cannot be used, in a sentence that explains what to do.

/** Why a database file cannot be used. */
export type StoreOpenCode =
  | 'STORE_CANNOT_OPEN'
  | 'STORE_CORRUPT'
  | 'STORE_NEWER_SCHEMA'
  | 'STORE_FOREIGN_FILE'
  | 'STORE_INCOMPLETE_COPY'
  | 'STORE_OLDER_COPY'
  | 'STORE_LOCKED'
  | 'STORE_READ_ONLY';

/** Thrown at start when the database file cannot be used; the message explains what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly code: StoreOpenCode;
  constructor(code: StoreOpenCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

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
