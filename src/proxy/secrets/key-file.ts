// The key file next to the embedded database, created once. An existing file that cannot be used is an error and never replaced:
// with a new secret, nobody who opted out would be recognized.

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../core/make-folder.js';
import { KeyringError, shortestSecretBytes } from './keys.js';

/** Content of the file, which is created (0600, with one new secret) if it is missing. Throws {@link KeyringError} `KEYS_FILE`. */
export const readOrCreateKeyFile = (file: string): string => readFile(file) ?? createFile(file);

function readFile(file: string): string | undefined {
  try {
    // Reading a pipe would wait for ever, and a device may have no end.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
      throw new KeyringError('KEYS_FILE', `${file} is not a regular file`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof KeyringError) throw error;
    if (isCode(error, 'ENOENT')) return undefined;
    throw fileError(file, 'cannot be read', error);
  }
}

// Written and flushed under another name, then linked: the file is complete or does not exist. When two processes start
// together, the second one's link fails, and it uses the first one's key.
function createFile(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    makeFolder(dirname(file));
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, `v1:${randomBytes(shortestSecretBytes).toString('base64')}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw fileError(file, 'cannot be created', error);
  } finally {
    rmSync(draft, { force: true });
  }
  const created = readFile(file);
  if (created === undefined) throw new KeyringError('KEYS_FILE', `${file} disappeared while it was being created`);
  flushFolder(dirname(file));
  return created;
}

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const fileError = (file: string, what: string, error: unknown): KeyringError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault';
  return new KeyringError('KEYS_FILE', `${file} ${what} (${code})`, { cause: error });
};
