// What one check found, and what to do about it.

/** One finding. Never contains a secret. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  /** What to do; absent if nothing has to be done. */
  readonly fix?: string;
}

/** Nothing to do. */
export const fine = (subject: string, found: string): Finding => ({ level: 'ok', subject, found });
/** Works, with a risk. */
export const risky = (subject: string, found: string, fix: string): Finding => ({ level: 'warn', subject, found, fix });
/** Does not work, or loses something. */
export const bad = (subject: string, found: string, fix: string): Finding => ({ level: 'fail', subject, found, fix });
