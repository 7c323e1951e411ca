// The library: the proxy as a Hono app that another server mounts. It does not listen, read the environment or install signal
// handlers; main.ts is the program that does.

import type { Context, Hono } from 'hono';
import { readConfig } from './config/config.js';
import type { Clock } from './core/clock.js';
import { openProxy } from './open-proxy.js';
import type { PolyAi } from './polyai/polyai.js';
import { logToStandardOutput } from './process/standard-output.js';
import { logLine, startupReport } from './process/startup-report.js';
import type { Store } from './store/store.js';

/** Options of {@link createProxy}. */
export interface CreateProxyOptions {
  /**
   * The settings by name, as in docs/settings.md; usually `process.env`. Those of the program's own server (`HOST`, `PORT` and the caps on
   * connections) have no effect. Without a credential and without `polyai`, the proxy is a sandbox in which no phone rings.
   */
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** Where calls, consent records and limits are stored; by default the SQLite file of `DATABASE_URL`. Requires `SECRET_KEYS`. The proxy does not close it. */
  readonly store?: Store;
  /**
   * Places calls and reads their status; by default PolyAI's API with the credential of the settings. These are real calls, so
   * the allowlists are required. The proxy does not close it.
   */
  readonly polyai?: PolyAi;
  /**
   * The address of the connection a request came from, by which limits per visitor count. By default, that of the socket under
   * `@hono/node-server`; required anywhere else, because visitors without an address share one allowance.
   */
  readonly peerAddress?: (c: Context) => string | undefined;
  /** Receives the log, one JSON line per event; by default standard output. */
  readonly writeLog?: (line: string) => void;
  /** The source of time; for tests. */
  readonly clock?: Clock;
}

/** A running proxy as a Hono app. */
export interface CallbackProxy extends Hono {
  /** Stops taking requests, waits for calls that are being placed, and closes what it opened; resolves within about twelve seconds. */
  close(): Promise<void>;
}

/**
 * Opens a proxy and returns it as a Hono app, for `app.route(path, proxy)` or on its own.
 *
 * Rejects when a setting is missing or invalid, or when the store or its keys cannot be used; the message says what to do.
 *
 * @example
 * ```ts
 * const proxy = await createProxy({ settings: process.env });
 * const app = new Hono().route('/calls', proxy);
 * serve(app);
 * process.on('SIGTERM', () => void proxy.close());
 * ```
 */
export async function createProxy(options: CreateProxyOptions): Promise<CallbackProxy> {
  const { settings, store, polyai, peerAddress, clock, writeLog = logToStandardOutput } = options;
  const provided = { store: store !== undefined, polyai: polyai !== undefined };
  const configured = readConfig(settings, undefined, provided);
  const { app, config, log, close, reportCredential } = await openProxy(configured, {
    store,
    polyai,
    peerAddress,
    clock,
    writeLog,
  });
  for (const line of startupReport(config)) logLine(line, log);
  if (!config.sandbox) void reportCredential();
  return Object.assign(app as unknown as Hono, { close });
}

export type { Clock } from './core/clock.js';
export type { PolyAi } from './polyai/polyai.js';
export type { Store } from './store/store.js';
