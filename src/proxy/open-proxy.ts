// Opens a proxy: settings → store → app and poller, with or without the program's server. The only file that chooses the store,
// the API generation and the fake PolyAI; main.ts is the program, create-proxy.ts the library.

import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import type { Admin } from './admin/admin.js';
import { breakerMessages, createCircuitBreaker, type OtherBreakers } from './calls/circuit-breaker.js';
import { createCredentialMonitor } from './calls/credential-monitor.js';
import { createCallPlacer } from './calls/place-call.js';
import { createScheduledCallPlacer } from './calls/place-scheduled-call.js';
import { createStatusPoller } from './calls/status-poller.js';
import { buildApp } from './compose.js';
import type { ProxyConfig } from './config/config.js';
import { settingsToCheck } from './config/credential.js';
import { limitsOfInstance } from './config/limits.js';
import { type Clock, systemClock } from './core/clock.js';
import { createLog, type Log } from './core/log.js';
import { createThrottledLog } from './core/throttled-log.js';
import type { AppEnv, PeerAddressReader } from './http/context.js';
import { createOutcomesShown, openOutcome } from './outcomes/stored-outcome.js';
import { type ApiAccess, secretOf } from './polyai/api-access.js';
import { openPolyAi } from './polyai/open-polyai.js';
import type { PolyAi } from './polyai/polyai.js';
import { probeCredential } from './polyai/probe-credential.js';
import { createUrgentWork } from './core/urgent-work.js';
import { drain } from './process/graceful-shutdown.js';
import type { HttpServer } from './process/http-server.js';
import { answerRefusalsInTurns } from './process/refusal-turns.js';
import { startRedialExpiryJob, startRetentionJob } from './process/retention-job.js';
import { createCallEvents } from './routes/call-events.js';
import { createSandboxClock, type SandboxClock } from './sandbox/sandbox-clock.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { type Keyring, loadKeyring } from './secrets/keyring.js';
import { requireReachable } from './secrets/keys.js';
import { type Assets, jsonAsset } from './static/assets.js';
import { createQueuePlaces } from './queue/places.js';
import { createQueueTurns } from './queue/turns.js';
import { ownOrigins, readServedFiles } from './static/locate-assets.js';
import type { Announcements } from './store/announcements.js';
import { openStore } from './store/open-store.js';
import type { Store } from './store/store.js';
import { createCallStreams } from './streams/call-streams.js';
import type { OpenOutcome } from './webhooks/message.js';

/** What the program, the library and tests can replace. */
export interface ProxyParts {
  readonly clock?: Clock | undefined;
  /** Receives the log's lines. */
  readonly writeLog: (line: string) => void;
  /** Default: the SQLite file. A store that is passed in is not closed here. */
  readonly store?: Store | undefined;
  /** Default: PolyAI's API with the configured credential, or the fake without one. A client that is passed in is not closed here. */
  readonly polyai?: PolyAi | undefined;
  /** The address of the connection, where requests do not come from Node's own server. */
  readonly peerAddress?: PeerAddressReader | undefined;
  /** Opens the program's server, before anything depends on its port; without it the app is mounted in another one. */
  readonly listen?: () => Promise<HttpServer>;
}

/** A proxy that is running. */
export interface OpenProxy {
  readonly app: Hono<AppEnv>;
  /** The configuration in force, with the limits of all instances together. */
  readonly config: ProxyConfig;
  readonly log: Log;
  readonly server: HttpServer | undefined;
  /** Drains and closes everything; resolves within about twelve seconds. */
  close(): Promise<void>;
  /** Checks the credential with one status request, and logs the verdict. */
  reportCredential(): Promise<void>;
}

/** Opens everything. Rejects with StoreOpenError or KeyringError when it must not start. */
export async function openProxy(given: ProxyConfig, parts: ProxyParts): Promise<OpenProxy> {
  const configured = {
    ...given,
    limits: { ...given.limits, values: limitsOfInstance(given.limits.values, given.instances) },
  };
  const { clock: machine = systemClock, writeLog, peerAddress, listen } = parts;
  const sandboxClock = configured.sandbox
    ? createSandboxClock(machine, configured.hours, configured.sandboxClock)
    : undefined;
  let clock = sandboxClock?.clock ?? machine;
  let announcements: Announcements | undefined;
  const log = createLog({ write: writeLog, clock, secrets: secretsOf(configured), level: configured.logLevel });
  const opened: (() => Promise<void>)[] = [];
  const closeLater = (close: () => Promise<void>): void => void opened.unshift(close);
  try {
    const lasting = parts.store ?? (await openOwnStore());
    const whole = sandboxClock?.forgetting(lasting) ?? lasting;
    const keyring = openKeyring(configured);
    requireReachable(await whole.unreachable(keyring.versions));
    const sandbox = sandboxClock && (await startSandbox(configured, sandboxClock));
    if (sandbox) closeLater(sandbox.close);
    const server = await listen?.();
    if (server) closeLater(server.close);
    const config = completed(configured, server?.port, sandbox?.sandbox);

    const random = Math.random;
    const admin = await openAdminIfWanted(config, whole, keyring);
    const store = admin?.observeStore(whole) ?? whole;
    const client = parts.polyai ?? (await connect(config.credential ?? sandbox?.credential));
    const polyai = admin?.observePolyAi(client) ?? client;
    const credentialMonitor = createCredentialMonitor({
      probe: () => probeCredential(polyai),
      clock,
      log,
      settings: settingsToCheck[config.api],
    });
    const urgent = createUrgentWork(clock);
    const placer = createCallPlacer({
      store,
      polyai,
      breaker: createCircuitBreaker(clock, credentialMonitor, announcements && breakersOf(announcements)),
      credential: credentialMonitor,
      clock,
      log,
      instances: config.instances,
      onAccepted: (nextPollAt) => poller.wakeBy(nextPollAt),
    });
    const streamLog = createThrottledLog(log, clock, config.instances);
    const caps = config.limits.values;
    const places = createQueuePlaces({ store, clock, limits: caps, homeCountry: config.homeCountry ?? '' });
    const view = {
      queue: places,
      outcomes: config.outcomes && createOutcomesShown(keyring, config.outcomes.linkHosts, streamLog),
      tokenOf: keyring.token,
    };
    const callStreams = createCallStreams({
      caps: { perProcess: caps.streams, perCall: caps.streamsPerCall, perAddress: caps.streamsPerAddress },
      store,
      clock,
      random,
      view,
      onFault: (error) => streamLog.error('stream-failed', {}, error),
    });
    const { app, health, gates, hours, planRedial } = buildApp({
      config,
      store,
      placer,
      credential: credentialMonitor,
      keyring,
      clock,
      machineClock: machine,
      log,
      random: randomBytes,
      urgent,
      warmUp: () => polyai.warmUp?.(),
      fetch,
      events: createCallEvents(callStreams),
      view,
      places,
      sandbox: sandbox?.sandbox,
      assets: new Map([
        ...readServedFiles(import.meta.url, config, server?.port, log),
        ...(await numbersForPreview(config)),
        ...(await hosted(config)),
      ]),
      peerAddress,
      onRefused: admin && ((code) => admin.note({ kind: 'refused', code })),
    });
    const placing = { ...gates, store, placer, keyring, hours, planRedial, clock, log };
    const placeScheduledCall = createScheduledCallPlacer(placing);
    const queue = createQueueTurns({
      ...placing,
      places,
      onMoved: (callIds) => callStreams.showAgain(callIds),
    });
    const poller = createStatusPoller({
      store,
      polyai,
      clock,
      random,
      log,
      placeScheduled: placeScheduledCall,
      queue,
      credential: credentialMonitor,
      isPlacing: (callId) => placer.isPlacing(callId),
      urgent,
      pollsPerSecond: caps.pollsPerSecond,
    });
    await admin?.listen({
      openStreams: () => callStreams.open(),
      isCredentialRefused: () => credentialMonitor.isRefused(),
      isDraining: () => health.isDraining(),
    });
    poller.start();
    await openWebhooksIfWanted(config, store, keyring);
    closeLater(startRetentionJob(store, clock, log));
    if (planRedial !== undefined) closeLater(startRedialExpiryJob(store, clock, log));
    server?.answerWith(answerRefusalsInTurns(admin?.observeFetch(app.fetch) ?? app.fetch, urgent));

    let closing: Promise<void> | undefined;
    const close = (): Promise<void> =>
      (closing ??= drain({ health, server, placer, callStreams, poller, queue, clock, log, opened }));
    const reportCredential = async (): Promise<void> => {
      const verdict = await credentialMonitor.check();
      if (closing !== undefined) return;
      if (verdict === 'works') log.info('credential-works', {});
      if (verdict === 'unclear')
        log.warn('credential-unchecked', {
          advice: 'PolyAI did not answer as expected: check POLYAI_REGION and the network',
        });
    };
    return { app, config: { ...config, limits: given.limits }, log, server, close, reportCredential };
  } catch (error) {
    for (const close of opened) await close();
    throw error;
  }

  /** Observation costs nothing unless it is configured: no code is loaded and nothing is wrapped. */
  async function openAdminIfWanted(config: ProxyConfig, store: Store, keyring: Keyring): Promise<Admin | undefined> {
    if (config.admin === undefined && config.tracesEndpoint === undefined) return undefined;
    const { openAdmin } = await import('./admin/admin.js');
    const admin = await openAdmin(config, { store, keyring, clock, log });
    closeLater(() => admin.close());
    return admin;
  }

  async function openWebhooksIfWanted(config: ProxyConfig, store: Store, keyring: Keyring): Promise<void> {
    if (config.webhooks.length === 0) return;
    const { openWebhooks } = await import('./webhooks/open-webhooks.js');
    const openReport: OpenOutcome = (delivery) => openOutcome(keyring, delivery);
    const deps = {
      endpoints: config.webhooks,
      store,
      keyring,
      openOutcome: openReport,
      clock,
      log,
      random: Math.random,
    };
    const deliveries = openWebhooks(deps, machine);
    closeLater(() => deliveries.stop());
  }

  async function openOwnStore(): Promise<Store> {
    const faultLog = createThrottledLog(log, machine, configured.instances);
    const own = await openStore(configured.database, clock, {
      subscriptions: configured.webhooks,
      onDamage: (error) => log.error('store-damaged', {}, error),
      onConnectionFault: (error) => faultLog.error('database-connection-lost', {}, error),
      // In the sandbox, a page sets the time.
      ownTime: sandboxClock !== undefined,
    });
    closeLater(() => own.store.close());
    // Processes that share a database go by its time.
    ({ clock, announcements } = own);
    return own.store;
  }

  async function connect(credential: ApiAccess | undefined): Promise<PolyAi> {
    if (credential === undefined) throw new Error('neither a credential nor a fake PolyAI');
    const client = await openPolyAi(credential, { clock, random: Math.random });
    closeLater(() => client.close());
    return client;
  }
}

/** The breakers of the other instances. Messages that only a newer release knows are ignored. */
function breakersOf({ announce, onAnnouncement }: Announcements): OtherBreakers {
  return {
    send: (message) => announce(`breaker ${message}`),
    onMessage: (listener) =>
      onAnnouncement((announced) => {
        const message = breakerMessages.find((one) => announced === `breaker ${one}`);
        if (message !== undefined) listener(message);
      }),
  };
}

/** Numbers for the configurator's preview. A sandbox has its own, and does not load these. */
async function numbersForPreview({ configurator, sandbox, countries }: ProxyConfig): Promise<Assets> {
  if (!configurator || sandbox) return new Map();
  const { exampleNumbers, exampleNumbersPath } = await import('./configurator/example-numbers.js');
  return new Map([[exampleNumbersPath, jsonAsset(exampleNumbers(countries))]]);
}

/** The hosted pages. Without any, their code is not loaded. */
async function hosted(config: ProxyConfig): Promise<Assets> {
  if (config.campaigns === undefined) return new Map();
  const { hostedPages } = await import('./hosted/hosted-pages.js');
  return hostedPages(config.campaigns, config);
}

/** The keys: as configured, or from the file next to the database. */
export const openKeyring = ({ keys, database }: Pick<ProxyConfig, 'keys' | 'database'>): Keyring =>
  // With PostgreSQL the setting is required.
  loadKeyring({ setting: keys, fileBesideDatabase: database.kind === 'file' ? `${database.path}.keys` : '' });

/** Allows the sandbox's own pages, and the countries of its test numbers unless some are configured. */
function completed(config: ProxyConfig, port: number | undefined, sandbox: Sandbox | undefined): ProxyConfig {
  if (sandbox === undefined) return config;
  const countries = config.countries.length > 0 ? config.countries : sandbox.countries;
  const own = port === undefined ? [] : ownOrigins(port, config.host);
  const origins = [...new Set([...config.origins, ...own])];
  return { ...config, countries, origins, homeCountry: config.homeCountry ?? countries[0] };
}

/** Everything that must never appear in the log. */
function secretsOf({
  credential,
  webhookSecrets,
  outcomes,
  webhooks,
  challenge,
  keys,
  admin,
  database,
}: ProxyConfig): string[] {
  const turnstile = challenge.kind === 'turnstile' ? challenge.secret : undefined;
  return [
    credential && secretOf(credential),
    ...webhookSecrets,
    ...(outcomes?.secrets ?? []),
    ...(outcomes?.tokens ?? []),
    ...webhooks.flatMap(({ secrets, headers }) => [...secrets, ...Object.values(headers)]),
    turnstile,
    admin?.token,
    ...(keys?.split(/[:,]/) ?? []),
    ...(database.kind === 'postgres'
      ? [new URL(database.url).password, decodeURIComponent(new URL(database.url).password)]
      : []),
  ].filter((secret): secret is string => secret !== undefined && secret !== '');
}

interface RunningSandbox {
  readonly sandbox: Sandbox;
  readonly credential: ApiAccess;
  close(): Promise<void>;
}

/** The fake PolyAI is loaded only here and only without a credential. */
async function startSandbox(
  config: Pick<ProxyConfig, 'api' | 'sandboxTimeScale'>,
  clock: SandboxClock,
): Promise<RunningSandbox> {
  const { createFakePolyAi, limitTestNumber, testNumbers } = await import('./sandbox/fake-polyai.js');
  const secret = randomBytes(16).toString('hex');
  const account = { accountId: 'sandbox', projectId: 'sandbox', connectorId: secret };
  const agents = { agentId: 'sandbox', apiKey: secret, environment: 'live' } as const;
  const timeScale = config.sandboxTimeScale;
  const fakePolyAi = await createFakePolyAi({ ...account, authToken: secret, agents, timeScale, now: clock.clock.now });
  const access = { baseUrl: fakePolyAi.url, ...account, authToken: secret, ...agents };
  return {
    credential: { api: config.api, ...access },
    sandbox: {
      clock,
      testNumbers: testNumbers.map(({ number, shows }) => ({ number, shows })),
      limitedNumber: limitTestNumber,
      countries: [...new Set(testNumbers.map(({ country }) => country))],
    },
    close: () => fakePolyAi.close(),
  };
}
