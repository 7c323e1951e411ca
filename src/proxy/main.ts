// The program: the proxy with its server, which drains on SIGTERM, or a command (cli/, loaded only then). The only file besides config.ts that
// reads the environment. What a proxy consists of is open-proxy.ts.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createPeerReader } from './http/client-address.js';
import type { Clock } from './core/clock.js';
import type { Environment } from './config/read-settings.js';
import { readConfig } from './config/config.js';
import { openProxy } from './open-proxy.js';
import { type ServerLimits, serverLimits } from './process/server-limits.js';
import { listen } from './process/http-server.js';
import { logToStandardOutput } from './process/standard-output.js';
import { explainStartError } from './process/start-error.js';
import { logLine, startupReport, textOf } from './process/startup-report.js';

// The library's entry is in the same bundle (scripts/packages/).
export { createProxy } from './create-proxy.js';

/** Replacements for tests. */
export interface ProxyOverrides {
  readonly clock?: Clock;
  readonly limits?: Partial<ServerLimits>;
  /** Receives the log's lines; default standard output. */
  readonly writeLog?: (line: string) => void;
  /** Receives the startup report as text; default standard output where it is a terminal, otherwise the log. */
  readonly print?: (line: string) => void;
}

/** A running proxy. */
export interface RunningProxy {
  /** Its URL, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Drains and closes everything; resolves within about twelve seconds. */
  close(): Promise<void>;
}

/** Starts the proxy. Rejects with ConfigError, StoreOpenError or KeyringError when it must not start. */
export async function startProxy(env: Environment, overrides: ProxyOverrides = {}): Promise<RunningProxy> {
  const { clock, writeLog = logToStandardOutput, print = process.stdout.isTTY ? toStdout : undefined } = overrides;
  const configured = readConfig(env);
  const { port, host, trustedProxies } = configured;
  const { connections, connectionsPerAddress } = configured.limits.values;
  const limits = { ...serverLimits, connections, connectionsPerAddress, ...overrides.limits };
  const { config, server, log, close, reportCredential } = await openProxy(configured, {
    clock,
    writeLog,
    listen: () => listen(port, host, limits, createPeerReader(trustedProxies)),
  });
  if (server === undefined) throw new Error('no server');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${String(server.port)}`;
  for (const line of startupReport(config, url))
    if (print === undefined) logLine(line, log);
    else print(textOf(line));
  if (!config.sandbox) void reportCredential();
  return { url, port: server.port, close };
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The program: a command, or the proxy. Exits when it cannot start. */
export async function main(): Promise<void> {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${explainStartError(error)}\n`);
    process.exit(1);
  }
}

async function run(words: readonly string[]): Promise<void> {
  if (words.length === 0) return serve(process.env);
  const { runCli } = await import('./cli/cli.js');
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const code = await runCli(words, { env: process.env, print: toStdout, note, serve });
  if (code !== undefined) process.exitCode = code;
}

/** Runs the proxy until a signal. */
async function serve(env: Environment): Promise<void> {
  const proxy = await startProxy(env);
  let isStopping = false;
  const stop = (): void => {
    // A second signal means: do not wait.
    if (isStopping) process.exit(1);
    isStopping = true;
    void proxy.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) void main();
