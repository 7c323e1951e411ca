// Why a database cannot be used, in a sentence that explains what to do.

/** Why a database cannot be used. */
export type StoreOpenCode =
  | 'STORE_CANNOT_OPEN'
  | 'STORE_CORRUPT'
  | 'STORE_NEWER_SCHEMA'
  | 'STORE_FOREIGN_FILE'
  | 'STORE_INCOMPLETE_COPY'
  | 'STORE_OLDER_COPY'
  | 'STORE_LOCKED'
  | 'STORE_READ_ONLY'
  | 'STORE_DRIVER_MISSING'
  | 'STORE_NOT_DURABLE'
  | 'STORE_POOLED'
  | 'STORE_UNREACHABLE'
  | 'STORE_DENIED';

/** Thrown at start when the database cannot be used; the message explains what to do. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly code: StoreOpenCode;
  constructor(code: StoreOpenCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}
