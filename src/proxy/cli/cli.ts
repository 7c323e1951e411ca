// Runs one command and returns its exit code: 0 done, 1 failed, 2 a mistake on the command line. Loaded only when there is a command
// line. Each command's file is loaded when it is used.

import { parseEnv } from 'node:util';
import { readOutboxConfig, readStoreConfig } from '../config/config.js';
import type { Environment } from '../config/read-settings.js';
import { readTextFile } from '../config/parse.js';
import { settingsHelp } from '../config/settings-reference.js';
import { systemClock } from '../core/clock.js';
import { proxyVersion } from '../core/version.js';
import { openKeyring } from '../open-proxy.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import { commandHelp, commandsHelp, type CommandLine, parseCommandLine } from './command-line.js';

/** What the commands need from the process. */
export interface CliDeps {
  readonly env: Environment;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error: progress, advice and errors, which must not end up in an exported file. */
  readonly note: (line: string) => void;
  /** Runs the proxy; the process then keeps running. */
  readonly serve: (env: Environment) => Promise<void>;
}

type Run = Extract<CommandLine, { kind: 'run' }>;

/** Runs the command in `words`. Resolves with undefined when the proxy is running. */
export async function runCli(words: readonly string[], deps: CliDeps): Promise<number | undefined> {
  const line = parseCommandLine(words);
  switch (line.kind) {
    case 'help':
      deps.print(line.command === undefined ? usage() : commandHelp(line.command));
      return 0;
    case 'version':
      deps.print(proxyVersion);
      return 0;
    case 'wrong':
      deps.note(`${line.message}\n\n${commandsHelp()}`);
      return 2;
    case 'run': {
      const env = line.envFile === undefined ? deps.env : withFile(line.envFile, deps);
      return env === undefined ? 2 : run(line, { ...deps, env });
    }
  }
}

/** The settings of the file, overridden by those of the environment, as with `node --env-file`. */
function withFile(path: string, { env, note }: CliDeps): Environment | undefined {
  try {
    return { ...parseEnv(readTextFile(path)), ...env };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault';
    note(`--env-file ${path} cannot be read (${code}).`);
    return undefined;
  }
}

async function run({ command, args, options }: Run, deps: CliDeps): Promise<number | undefined> {
  const { env, print, note } = deps;
  switch (command) {
    case 'serve':
      await deps.serve(env);
      return undefined;
    case 'doctor': {
      const { runDoctor } = await import('./doctor.js');
      return runDoctor({ env, print, options });
    }
    case 'calls': {
      const { listCalls } = await import('./call-listing.js');
      return listCalls({ config: readStoreConfig(env), options, print, note });
    }
    case 'migrate': {
      const { migrateDatabase } = await import('./migrate.js');
      return migrateDatabase({ database: readStoreConfig(env).database, isCheck: options['check'] === true, print });
    }
    case 'backup': {
      const { backUp } = await import('./backup.js');
      return backUp({ config: readStoreConfig(env), folder: args[0], print, note });
    }
    case 'import': {
      const { importDatabase } = await import('./import.js');
      return importDatabase({ config: readStoreConfig(env), file: args[0], print, note });
    }
    case 'webhooks': {
      const { runWebhookCommand } = await import('./webhook-commands.js');
      return withStore(env, (store) => runWebhookCommand(args, { store, options, print, note }));
    }
    case 'export': {
      if (args.length > 0) return runForNumber(command, args[0], deps);
      const { exportCalls } = await import('./call-listing.js');
      return exportCalls({ config: readStoreConfig(env), options, print, note });
    }
    case 'erase':
    case 'suppress':
    case 'unsuppress':
      return runForNumber(command, args[0], deps);
  }
}

async function runForNumber(
  command: 'suppress' | 'unsuppress' | 'export' | 'erase',
  number: string | undefined,
  { env, print, note }: CliDeps,
): Promise<number> {
  const { runNumberCommand } = await import('./number-commands.js');
  return withStore(env, (store, config) => {
    const sealsNumbers = config.webhooks.some((endpoint) => endpoint.number);
    return runNumberCommand(command, number, { store, keyring: openKeyring(config), sealsNumbers, print, note });
  });
}

/** Runs a command on the store, whose changes are reported to the configured endpoints. */
async function withStore<Code>(
  env: Environment,
  work: (store: Store, config: ReturnType<typeof readOutboxConfig>) => Promise<Code>,
): Promise<Code> {
  const config = readOutboxConfig(env);
  const { store } = await openStore(config.database, systemClock, { subscriptions: config.webhooks });
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

const usage =
  (): string => `Usage: polyai-callback-proxy [command] [options]   (or: node dist/proxy/main.js [command] [options])

${commandsHelp()}

Options: --help (also of a command), --version, --env-file <file>. Commands work whether or not a proxy is running; exit code 0: done,
1: failed, 2: a mistake on the command line.

Settings are environment variables; without a credential the proxy is a sandbox.

${settingsHelp()}`;
