// How this process connects to PostgreSQL: the driver, which is loaded only here; TLS, timeouts and types; and errors in words.

import { readFileSync } from 'node:fs';
import type Pg from 'pg';
import type { Client, ClientBase, ClientConfig, Pool } from 'pg';
import { StoreUnavailable } from '../store.js';
import { StoreOpenError } from '../store-open-error.js';
import { schemaName } from './schema.js';

/** How to connect. */
export interface ConnectionOptions {
  /** `postgres://user:password@host:5432/database?sslmode=…`. */
  readonly url: string;
  /** Most connections of this process, besides the one that listens. */
  readonly poolSize?: number;
  /** How long a statement may take, milliseconds; also how long a connection may take to be established or to become free. */
  readonly timeoutMs?: number;
}

/** The driver's connections. */
export interface Connections {
  readonly pool: Pool;
  /** A connection of its own, which the caller closes. */
  dedicated(): Client;
  /** How long a statement may take, milliseconds. */
  readonly timeoutMs: number;
}

const defaultPoolSize = 10;
const defaultTimeoutMs = 5_000;

/** How much longer than the server this process waits before it gives a connection up, milliseconds. */
const serverMarginMs = 2_000;

/** Loads the driver and opens a pool, which connects when it is first used. `onFault`: a connection that was idle failed. */
export async function openConnections(
  options: ConnectionOptions,
  onFault: (error: unknown) => void,
): Promise<Connections> {
  const { default: pg } = await loadDriver();
  const { poolSize = defaultPoolSize, timeoutMs = defaultTimeoutMs } = options;
  const settings = {
    ...clientConfig(options.url),
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs + serverMarginMs,
    keepAlive: true,
    application_name: 'polyai-callback',
    types: { getTypeParser: (oid: number) => (oid === bigint ? Number : pg.types.getTypeParser(oid)) },
  } as const satisfies ClientConfig;
  const pool = new pg.Pool({
    ...settings,
    max: poolSize,
    idleTimeoutMillis: 60_000,
    // Several statements of one step are sent without waiting for each other.
    pipeline: true,
    onConnect: (client: ClientBase) => {
      // The pool listens only while a connection is idle; one that ends between two statements must not end the process.
      client.on('error', () => {});
      return client.query(sessionSettings(timeoutMs)) as unknown as void;
    },
  });
  pool.on('error', onFault);
  return { pool, dedicated: () => new pg.Client(settings), timeoutMs };
}

/** PostgreSQL's type number of BIGINT. Times and counters are far below 2⁵³. */
const bigint = 20;

// Set by a statement, not as start-up parameters, which connection poolers refuse.
const sessionSettings = (timeoutMs: number): string =>
  [
    `SET search_path = ${schemaName}`,
    `SET statement_timeout = ${String(timeoutMs)}`,
    `SET lock_timeout = ${String(timeoutMs)}`,
    // A process that hangs between two statements must not keep others waiting.
    `SET idle_in_transaction_session_timeout = ${String(timeoutMs + serverMarginMs)}`,
    'SET jit = off',
  ].join('; ');

async function loadDriver(): Promise<{ readonly default: typeof Pg }> {
  try {
    return await import('pg');
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StoreOpenError(
      'STORE_DRIVER_MISSING',
      'DATABASE_URL names a PostgreSQL database, whose driver is not installed. Run `npm install pg`',
      { cause: error },
    );
  }
}

/**
 * The URL for the driver, with TLS as in libpq: `sslmode=verify-full` (also `verify-ca`) checks the server's certificate, against
 * `sslrootcert` if given; `require` only encrypts; `disable` does not. Unless it says, a server on this machine is not encrypted, and any
 * other one is checked.
 */
export function clientConfig(text: string): ClientConfig {
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  const isHere = host === '' || host.startsWith('/') || ['localhost', '127.0.0.1', '[::1]'].includes(host);
  const mode = url.searchParams.get('sslmode') ?? (isHere ? 'disable' : 'verify-full');
  const rootCertificate = url.searchParams.get('sslrootcert');
  for (const name of ['ssl', 'sslmode', 'sslrootcert']) url.searchParams.delete(name);
  const connectionString = url.href;
  switch (mode) {
    case 'disable':
      return { connectionString, ssl: false };
    case 'require':
      if (rootCertificate === null) return { connectionString, ssl: { rejectUnauthorized: false } };
      return { connectionString, ssl: { ca: certificate(rootCertificate), checkServerIdentity: () => undefined } };
    case 'verify-ca':
    case 'verify-full':
      return {
        connectionString,
        ssl: {
          ...(rootCertificate !== null && { ca: certificate(rootCertificate) }),
          ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
        },
      };
    default:
      throw new StoreOpenError(
        'STORE_CANNOT_OPEN',
        'sslmode in DATABASE_URL must be disable, require, verify-ca or verify-full',
      );
  }
}

function certificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StoreOpenError('STORE_CANNOT_OPEN', `sslrootcert in DATABASE_URL cannot be read (${codeOf(error)})`, {
      cause: error,
    });
  }
}

/** The code of PostgreSQL (five characters), of the system, or an empty string. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when the server undid the transaction because of another one: it may run again. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

/** Only the code goes into the message: PostgreSQL's text may quote a value. */
export const unavailable = (error: unknown): StoreUnavailable =>
  error instanceof StoreUnavailable
    ? error
    : new StoreUnavailable(`the database is not responding (${codeOf(error) || 'connection'})`, { cause: error });

/** The message for an error that occurred while opening. Contains neither the URL nor its password. */
export function openError(error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  const denied = (what: string) => new StoreOpenError('STORE_DENIED', `PostgreSQL ${what}`, cause);
  switch (code) {
    case '28P01':
    case '28000':
      return denied('refused the user or the password in DATABASE_URL, or a connection without TLS');
    case '3D000':
      return denied('has no database with the name in DATABASE_URL');
    case '42501':
      return denied(
        `does not let this user create or use the schema ${schemaName}. Grant CREATE on the database, or create the schema for this user`,
      );
    case '53300':
      return new StoreOpenError(
        'STORE_UNREACHABLE',
        'PostgreSQL has no connection left for this user. Each instance opens up to DATABASE_CONNECTIONS and one more: lower it, or raise the limit of the server or of the user',
        cause,
      );
    case '25006':
      return new StoreOpenError(
        'STORE_READ_ONLY',
        'PostgreSQL is read-only: DATABASE_URL must name the primary',
        cause,
      );
    default:
      break;
  }
  // Node's codes of certificates: https://nodejs.org/api/tls.html#x509-certificate-error-codes.
  const isTls =
    /CERT|CRL|TLS|SSL|VERIFY|PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|INVALID_CA/.test(code) ||
    (error instanceof Error && /SSL/.test(error.message));
  if (isTls)
    return new StoreOpenError(
      'STORE_UNREACHABLE',
      `the TLS connection to PostgreSQL failed (${code || 'no TLS'}). Give its authority's certificate as sslrootcert in DATABASE_URL, or, on a network of your own, set sslmode=disable`,
      cause,
    );
  if (code === '' || /^(?:E[A-Z]+|08|57P)/.test(code))
    return new StoreOpenError('STORE_UNREACHABLE', `PostgreSQL does not answer (${code || 'no connection'})`, cause);
  return new StoreOpenError('STORE_CANNOT_OPEN', `PostgreSQL cannot be used (${code})`, cause);
}
