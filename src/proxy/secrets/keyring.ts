// What is derived from the proxy's own secrets: keys of numbers, capabilities, sealed requests. Two or more secrets can be
// live, so that one can be rotated without forgetting anybody. PolyAI's credential is not handled here.

import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { readOrCreateKeyFile } from './key-file.js';
import { canonicalNumber, formerSpellings } from './canonical-number.js';
import { KeyringError, type KeyVersion, mostVersions, parseKeys } from './keys.js';

/** What is derived from the live secrets. The current one is first wherever there is a list. */
export interface Keyring {
  /** Names of the live secrets, each with a checksum of its material (`v2-1a2b3c4d`): the prefix of every number key. */
  readonly versions: readonly string[];
  /** Keyed HMACs of a number (E.164, in whichever of its forms) or of the beginning of one, `<version>:<base64url>`, one for every live secret, the current one's first; then those of the forms in which an earlier build stored it. */
  numberKeys(e164: string): readonly string[];
  /** The capability for one call: 256 bits, base64url. Never stored: a replay derives it again. */
  token(callId: string): string;
  /** True when `token` is the capability of `callId` under any live secret. Constant time, whatever is wrong. */
  isToken(callId: string, token: string): boolean;
  /** Encrypts text (AES-256-GCM) under the current secret. */
  seal(text: string): string;
  /** Decrypts what `seal` made under any live secret. Throws {@link KeyringError} `SEAL_BROKEN` or `SEAL_KEY_GONE`. */
  open(sealed: string): string;
}

/** Where the secrets come from. */
export interface KeyringSource {
  /** `v2:base64,v1:base64`, the current secret first. Takes precedence over the file. */
  readonly setting?: string | undefined;
  /** Path of the key file next to the embedded database; created if missing (0600). Absent if several machines share a database. */
  readonly fileBesideDatabase?: string | undefined;
}

/** Loads the keyring, creating the key file if it is missing. Throws {@link KeyringError}. */
export function loadKeyring({ setting, fileBesideDatabase }: KeyringSource): Keyring {
  if (setting !== undefined && setting.trim() !== '') return createKeyring(parseKeys(setting));
  if (fileBesideDatabase === undefined) {
    throw new KeyringError('KEYS_EMPTY', 'no key is configured, and there is no embedded database to keep one beside');
  }
  return createKeyring(parseKeys(readOrCreateKeyFile(fileBesideDatabase)));
}

interface Derived {
  readonly version: string;
  readonly numbers: KeyObject;
  readonly tokens: KeyObject;
  readonly seals: KeyObject;
}

/** Creates a keyring from these secrets, the current one first. Throws {@link KeyringError}. */
export function createKeyring(keys: readonly KeyVersion[]): Keyring {
  const derived = keys.map(derive);
  const [current] = derived;
  if (current === undefined) throw new KeyringError('KEYS_EMPTY', 'no key is configured');
  if (keys.length > mostVersions) throw new KeyringError('KEYS_TOO_MANY', `at most ${mostVersions} keys can be live`);
  const names = new Set([...keys.map(({ name }) => name), ...derived.map(({ version }) => version.split('-')[1])]);
  if (names.size !== 2 * keys.length) throw new KeyringError('KEYS_REPEATED', 'a key or its name is listed twice');

  return {
    versions: derived.map(({ version }) => version),
    numberKeys: (e164) => {
      const canonical = canonicalNumber(e164);
      return [canonical, ...formerSpellings(canonical)].flatMap((form) =>
        derived.map(({ version, numbers }) => `${version}:${mac(numbers, form)}`),
      );
    },
    token: (callId) => mac(current.tokens, callId),
    isToken: (callId, token) => {
      // Every version is compared, so that the time does not reveal which secret a token was derived from.
      let isOne = false;
      for (const { tokens } of derived) isOne = isSame(tokens, mac(tokens, callId), token) || isOne;
      return isOne;
    },
    seal: (text) => seal(current, text),
    open: (sealed) => {
      const [version, body = ''] = sealed.split('.');
      const key = derived.find((one) => one.version === version);
      if (key === undefined)
        throw new KeyringError('SEAL_KEY_GONE', 'the key it was sealed with is no longer configured');
      return unseal(key, body);
    },
  };
}

// One key per purpose: what is derived for one use is worthless in another (RFC 5869 `info`).
function derive({ name, secret }: KeyVersion): Derived {
  const bytes = (purpose: string, size: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `polyai-callback/${purpose}/v1`, size));
  const key = (purpose: string): KeyObject => createSecretKey(bytes(purpose, 32));
  return {
    version: `${name}-${bytes('check', 4).toString('hex')}`,
    numbers: key('numbers'),
    tokens: key('tokens'),
    seals: key('seals'),
  };
}

const mac = (key: KeyObject, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

// Both are hashed first: timingSafeEqual requires equal lengths, and the length of a guess must not matter.
const isSame = (key: KeyObject, expected: string, seen: string): boolean =>
  timingSafeEqual(createHmac('sha256', key).update(expected).digest(), createHmac('sha256', key).update(seen).digest());

const nonceBytes = 12;
const tagBytes = 16;

function seal({ version, seals }: Derived, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', seals, nonce).setAAD(Buffer.from(version));
  const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${body.toString('base64url')}`;
}

function unseal({ version, seals }: Derived, encoded: string): string {
  const body = Buffer.from(encoded, 'base64url');
  if (body.length < nonceBytes + tagBytes) throw new KeyringError('SEAL_BROKEN', 'sealed text is too short');
  try {
    const decipher = createDecipheriv('aes-256-gcm', seals, body.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(version))
      .setAuthTag(body.subarray(-tagBytes));
    const text = decipher.update(body.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    throw new KeyringError('SEAL_BROKEN', 'sealed text was changed or cut');
  }
}
