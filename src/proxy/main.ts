// The composition root: environment → config → store → app + poller → listen; drains on SIGTERM. The only file besides config.ts
// that reads the environment, and the only one that picks the store, the API generation and the fake PolyAI.

import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCircuitBreaker } from './calls/circuit-breaker.js';
import { createCredentialMonitor } from './calls/credential-monitor.js';
import { buildApp } from './compose.js';
import { createPeerReader } from './http/client-address.js';
import { type Clock, systemClock } from './core/clock.js';
import type { Environment } from './config/read-settings.js';
import type { Credential } from './config/credential.js';
import { type ProxyConfig, readConfig, readStoreConfig } from './config/config.js';
import { settingsHelp } from './config/settings-reference.js';
import { drain } from './process/graceful-shutdown.js';
import { createScheduledCallPlacer } from './calls/place-scheduled-call.js';
import { createCallEvents } from './routes/call-events.js';
import { type ServerLimits, serverLimits } from './process/server-limits.js';
import { listen } from './process/http-server.js';
import { type Keyring, loadKeyring } from './secrets/keyring.js';
import { requireReachable } from './secrets/keys.js';
import { createLog } from './core/log.js';
import { commandsHelp, isOperatorCommand, runOperator } from './process/operator-cli.js';
import { createThrottledLog } from './core/throttled-log.js';
import { createCallPlacer } from './calls/place-call.js';
import { createConnector } from './polyai/connector.js';
import { probeCredential } from './polyai/probe-credential.js';
import { createCallStreams } from './streams/call-streams.js';
import { createSandboxClock, type SandboxClock } from './sandbox/sandbox-clock.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { ownOrigins, readServedFiles } from './static/locate-assets.js';
import { explainStartError } from './process/start-error.js';
import { logLine, startupReport, textOf } from './process/startup-report.js';
import { createSqliteStore } from './store/sqlite/sqlite-store.js';
import { startRetentionJob } from './process/retention-job.js';
import { createStatusPoller } from './calls/status-poller.js';

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
  const {
    clock: machine = systemClock,
    writeLog = toStdout,
    print = process.stdout.isTTY ? toStdout : undefined,
  } = overrides;
  const configured = readConfig(env);
  const sandboxClock = configured.sandbox
    ? createSandboxClock(machine, configured.hours, configured.sandboxClock)
    : undefined;
  const clock = sandboxClock?.clock ?? machine;
  const log = createLog({ write: writeLog, clock, secrets: secretsOf(configured) });
  const file = createSqliteStore({
    file: configured.databasePath,
    clock,
    onDamage: (error) => log.error('store-damaged', {}, error),
  });
  const store = sandboxClock?.forgetting(file) ?? file;
  const opened: (() => Promise<void>)[] = [() => store.close()];
  try {
    const keyring = openKeyring(configured);
    requireReachable(await store.unreachable(keyring.versions));
    const standIn = sandboxClock && (await startStandIn(configured.sandboxTimeScale, sandboxClock));
    if (standIn) opened.unshift(standIn.close);
    const { connections, connectionsPerAddress, ...caps } = configured.limits.values;
    const limits = { ...serverLimits, connections, connectionsPerAddress, ...overrides.limits };
    const server = await listen(configured.port, configured.host, limits, createPeerReader(configured.trustedProxies));
    opened.unshift(server.close);
    const config = completed(configured, server.port, standIn?.sandbox);
    const credential = config.credential ?? standIn?.credential;
    if (credential === undefined) throw new Error('neither a credential nor a fake PolyAI');

    const random = Math.random;
    const polyai = createConnector({ ...credential, clock, random });
    opened.unshift(() => polyai.close());
    const credentialMonitor = createCredentialMonitor({ probe: () => probeCredential(polyai), clock, log });
    const placer = createCallPlacer({
      store,
      polyai,
      breaker: createCircuitBreaker(clock, credentialMonitor),
      credential: credentialMonitor,
      clock,
      log,
      // After the response to the visitor.
      onAccepted: () => void setImmediate(() => poller.wake()),
    });
    const streamLog = createThrottledLog(log, clock);
    const callStreams = createCallStreams({
      caps: { perProcess: caps.streams, perCall: caps.streamsPerCall, perAddress: caps.streamsPerAddress },
      store,
      clock,
      random,
      onFault: (error) => streamLog.error('stream-failed', {}, error),
    });
    const { app, health, gates, hours } = buildApp({
      config,
      store,
      placer,
      credential: credentialMonitor,
      keyring,
      clock,
      log,
      random: randomBytes,
      fetch,
      events: createCallEvents(callStreams),
      sandbox: standIn?.sandbox,
      assets: readServedFiles(import.meta.url, config, server.port, log),
    });
    const placeScheduledCall = createScheduledCallPlacer({ ...gates, store, placer, keyring, hours, clock, log });
    const { pollsPerSecond } = config.limits.values;
    const poller = createStatusPoller({
      store,
      polyai,
      clock,
      random,
      log,
      placeScheduled: placeScheduledCall,
      credential: credentialMonitor,
      isPlacing: (callId) => placer.isPlacing(callId),
      pollsPerSecond,
    });
    poller.start();
    opened.unshift(startRetentionJob(store, clock, log));
    server.answerWith(app.fetch);

    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${String(server.port)}`;
    for (const line of startupReport(config, url))
      if (print === undefined) logLine(line, log);
      else print(textOf(line));
    let closing: Promise<void> | undefined;
    if (config.credential !== undefined)
      void credentialMonitor.check().then((verdict) => {
        if (closing !== undefined) return;
        if (verdict === 'works') log.info('credential-works', {});
        if (verdict === 'unclear')
          log.warn('credential-unchecked', {
            advice: 'PolyAI did not answer as expected: check POLYAI_REGION and the network',
          });
      });
    return {
      url,
      port: server.port,
      close: () => (closing ??= drain({ health, server, placer, callStreams, poller, clock, log, opened })),
    };
  } catch (error) {
    for (const close of opened) await close();
    throw error;
  }
}

const usage = (): string => `Usage: node dist/proxy/main.js [command]

Without a command, the proxy starts. Settings are environment variables; without a credential it is a sandbox.

${commandsHelp}

${settingsHelp()}`;

/** Runs one CLI command, whether or not a proxy is running. */
async function runCommand(words: readonly string[], env: Environment): Promise<number> {
  const [command, number] = words;
  if (!isOperatorCommand(command)) {
    process.stderr.write(`Unknown command ${JSON.stringify(command)}.\n\n${commandsHelp}\n`);
    return 2;
  }
  const config = readStoreConfig(env);
  const store = createSqliteStore({ file: config.databasePath, clock: systemClock });
  try {
    return await runOperator(command, number, { store, keyring: openKeyring(config), print: toStdout });
  } finally {
    await store.close();
  }
}

const openKeyring = ({ keys, databasePath }: Pick<ProxyConfig, 'keys' | 'databasePath'>): Keyring =>
  loadKeyring({ setting: keys, fileBesideDatabase: `${databasePath}.keys` });

/** Allows the sandbox's own pages, and the countries of its test numbers unless some are configured. */
function completed(config: ProxyConfig, port: number, sandbox: Sandbox | undefined): ProxyConfig {
  if (sandbox === undefined) return config;
  const countries = config.countries.length > 0 ? config.countries : sandbox.countries;
  const origins = [...new Set([...config.origins, ...ownOrigins(port, config.host)])];
  return { ...config, countries, origins, homeCountry: config.homeCountry ?? countries[0] };
}

/** Everything that must never appear in the log. */
function secretsOf({ credential, webhookSecret, challenge, keys }: ProxyConfig): string[] {
  const turnstile = challenge.kind === 'turnstile' ? challenge.secret : undefined;
  return [credential?.connectorId, webhookSecret, turnstile, ...(keys?.split(/[:,]/) ?? [])].filter(
    (secret) => secret !== undefined,
  );
}

interface StandIn {
  readonly sandbox: Sandbox;
  readonly credential: Credential;
  close(): Promise<void>;
}

/** The fake PolyAI is loaded only here and only without a credential. */
async function startStandIn(timeScale: number, clock: SandboxClock): Promise<StandIn> {
  const { createFakePolyAi, limitTestNumber, testNumbers } = await import('./sandbox/fake-polyai.js');
  const account = { accountId: 'sandbox', projectId: 'sandbox', connectorId: randomBytes(16).toString('hex') };
  const standIn = await createFakePolyAi({ ...account, timeScale, now: clock.clock.now });
  return {
    credential: { ...account, baseUrl: standIn.url, resendOn500: false },
    sandbox: {
      clock,
      testNumbers: testNumbers.map(({ number, shows }) => ({ number, shows })),
      limitedNumber: limitTestNumber,
      countries: [...new Set(testNumbers.map(({ country }) => country))],
    },
    close: () => standIn.close(),
  };
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The program: `--help`, a CLI command, or the proxy. Exits when it cannot start. */
export async function main(): Promise<void> {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${explainStartError(error)}\n`);
    process.exit(1);
  }
}

async function run(words: readonly string[]): Promise<void> {
  if (words[0] === '--help' || words[0] === '-h' || words[0] === 'help') {
    toStdout(usage());
    return;
  }
  if (words.length > 0) {
    process.exitCode = await runCommand(words, process.env);
    return;
  }
  const proxy = await startProxy(process.env);
  let isStopping = false;
  const stop = (): void => {
    // A second signal means: do not wait.
    if (isStopping) process.exit(1);
    isStopping = true;
    void proxy.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
