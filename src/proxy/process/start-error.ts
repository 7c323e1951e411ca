// Why the proxy did not start, in a sentence that says what to do. A bug of our own shows its stack instead.

import { ConfigError } from '../config/mistake.js';
import { KeyringError } from '../secrets/keys.js';

/** The message for standard error. */
export function explainStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return error.message;
  if (error instanceof KeyringError || error.name === 'StoreOpenError') return error.message + ownerAdvice(error.cause);
  return explainListening(error) ?? String(error.stack);
}

/** Advice when a file or folder cannot be created or written by the proxy's user. */
function ownerAdvice(cause: unknown): string {
  const code = codeOf(cause);
  if (!/^(?:EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EINVAL|ENOSYS|ENOTSUP|EOPNOTSUPP)$|READONLY/.test(code)) return '';
  if (code === 'EROFS')
    return '. Its file system is mounted read-only: set DATABASE_URL to a folder that can be written.';
  return `. The proxy runs as ${user()}: let that user write to the folder and its files, or set DATABASE_URL to another folder.`;
}

function explainListening(error: Error): string | undefined {
  const {
    port,
    address,
    hostname,
    setting = 'PORT',
  } = error as Partial<Record<'address' | 'hostname' | 'setting', string>> & {
    port?: number;
  };
  const host = address ?? hostname ?? '';
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${String(port)} on ${host} is in use by another process. Stop that process, or set ${setting} to a free port.`;
    case 'EACCES':
      return `The proxy runs as ${user()} and may not listen on port ${String(port)}. Set ${setting} to 1024 or above.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST=${host} is not an address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 to listen on all addresses.`;
    default:
      return undefined;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const user = (): string => (process.getuid === undefined ? 'another user' : `uid ${String(process.getuid())}`);
