// The secrets as they are written down: parsing them, and what can be wrong with them. keyring.ts derives keys from them.

/** Why a key setting or file cannot be used. */
export type KeyringCode =
  | 'KEYS_EMPTY'
  | 'KEYS_MALFORMED'
  | 'KEYS_TOO_SHORT'
  | 'KEYS_REPEATED'
  | 'KEYS_TOO_MANY'
  | 'KEYS_FILE'
  | 'KEYS_IN_USE'
  | 'SEAL_BROKEN'
  | 'SEAL_KEY_GONE';

/** A key that cannot be used, or something sealed that cannot be opened. Never contains key material. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  readonly code: KeyringCode;
  constructor(code: KeyringCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** One live secret: its name and at least 32 bytes. */
export interface KeyVersion {
  readonly name: string;
  readonly secret: Uint8Array;
}

/** Shortest secret, bytes. */
export const shortestSecretBytes = 32;
/** The most secrets that can be live at once. */
export const mostVersions = 4;

/** Reads `v2:base64,v1:base64`, the current secret first. Throws {@link KeyringError} with the position of the mistake, never the value. */
export function parseKeys(setting: string): readonly KeyVersion[] {
  const entries = setting
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw new KeyringError('KEYS_EMPTY', 'no key is configured');
  return entries.map((entry, index) => {
    const match = /^([a-z][a-z0-9]{0,15}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry);
    const [, name, encoded] = match ?? [];
    if (name === undefined || encoded === undefined) {
      throw new KeyringError('KEYS_MALFORMED', `key ${index + 1} is not "<name>:<base64>", with a name like v1`);
    }
    const secret = Buffer.from(encoded, 'base64');
    if (secret.length < shortestSecretBytes) {
      throw new KeyringError(
        'KEYS_TOO_SHORT',
        `key ${index + 1} (${name}) has ${secret.length} bytes; it needs ${shortestSecretBytes} (openssl rand -base64 32)`,
      );
    }
    return { name, secret };
  });
}

/** How much data depends on secrets that are not live, by kind. */
export interface KeptUnderLostKeys {
  readonly suppressed: number;
  readonly scheduled: number;
  readonly inFlight: number;
  readonly coolingDown: number;
  readonly limited: number;
}

/** Refuses to continue without a secret that is still needed to recognize a number. Throws {@link KeyringError} `KEYS_IN_USE`. */
export function requireReachable(kept: KeptUnderLostKeys): void {
  const { suppressed, scheduled, inFlight, coolingDown, limited } = kept;
  const parts = [
    amount(suppressed, 'suppressed number'),
    amount(scheduled, 'scheduled callback'),
    amount(inFlight, 'call in flight', 'calls in flight'),
    amount(coolingDown, 'number in its cool-down', 'numbers in their cool-down'),
    amount(limited, 'allowance used in the last 24 hours', 'allowances used in the last 24 hours'),
  ].flatMap((part) => part ?? []);
  if (parts.length === 0) return;
  const lasts = suppressed + scheduled > 0;
  throw new KeyringError(
    'KEYS_IN_USE',
    `a key that is no longer configured is still needed for ${parts.join(', ')}. Without it, these numbers cannot be recognized: ` +
      `${lasts ? 'someone who opted out could be called, and ' : ''}a phone that is ringing could be called a second time. Put the ` +
      'key back, after the current one in SECRET_KEYS or as the key file next to the database. ' +
      (lasts
        ? 'If it is lost for good, start with a new database file'
        : 'It is needed until 24 hours after the last call that used it; if it is lost for good, wait that long before you start'),
  );
}

const amount = (count: number, one: string, many = `${one}s`): string | undefined =>
  count === 0 ? undefined : `${String(count)} ${count === 1 ? one : many}`;
