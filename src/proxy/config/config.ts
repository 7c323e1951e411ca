// Settings → ProxyConfig: the rules between settings. Every mistake is found at startup, none at the first call. The settings
// themselves are rows of settings.ts; this file opens only the files that settings name.

import type { DatabaseLocation } from '../store/open-store.js';
import type { LogLevel } from '../core/log.js';
import type { TrustedProxies } from '../http/client-address.js';
import { defaultHoursSettings, type HoursSettings } from '../hours/hours-settings.js';
import type { Campaigns } from './files/campaigns-file.js';
import { type Challenge, readChallenge } from './challenge.js';
import type { ApiAccess, ApiName } from '../polyai/api-access.js';
import { credentialInWords, isCredentialSet, readCredential, secretName } from './credential.js';
import { indivisibleLimits, type LimitsInForce, readLimits } from './limits.js';
import { ConfigError, quoted } from './mistake.js';
import { isLoopbackOrigin } from './origin-text.js';
import { readTextFile, type ReadText } from './parse.js';
import { type Environment, readSettings, type SettingsReader } from './read-settings.js';
import type { SettingValues } from './settings.js';
import type { WebhookEndpoint } from '../webhooks/endpoint.js';
import type { UnknownSetting } from './unknown-settings.js';

/** The proxy's configuration. */
export interface ProxyConfig {
  /** True without a credential: calls go to the built-in fake PolyAI. */
  readonly sandbox: boolean;
  readonly port: number;
  readonly host: string;
  /** Path of the SQLite file. */
  readonly database: DatabaseLocation;
  /** How many proxies share the database. */
  readonly instances: number;
  /** Secrets for numbers and tokens as configured; undefined: generated once and kept next to the database. */
  readonly keys: string | undefined;
  /** Exact origins. The sandbox adds the proxy's own once its port is known. */
  readonly origins: readonly string[];
  /** ISO 3166-1 alpha-2. Empty only in the sandbox, which then uses those of the test numbers. */
  readonly countries: readonly string[];
  readonly homeCountry: string | undefined;
  /** Generation of PolyAI's API; the sandbox uses it too. */
  readonly api: ApiName;
  readonly credential: ApiAccess | undefined;
  readonly trustedProxies: TrustedProxies;
  readonly countryHeader: string | undefined;
  /** Whether the configurator and the installation pages are served. */
  readonly configurator: boolean;
  /** Whether `/me` is served. */
  readonly optOutPage: boolean;
  /** Hosted pages, if there are any. */
  readonly campaigns: Campaigns | undefined;
  readonly site: SiteConfig;
  readonly metadataKeys: readonly string[];
  /** Whether a page's campaign and click IDs are stored with the call. */
  readonly keepsAttribution: boolean;
  /** Minutes after a missed call until it is tried once more; undefined: it is not. */
  readonly redialAfterMinutes: number | undefined;
  /** Most calls in the queue; 0: there is none. */
  readonly queueLength: number;
  /** Whether the agent and the page get two words by which the visitor recognizes the call. */
  readonly verificationPhrase: boolean;
  readonly challenge: Challenge;
  /** Secrets of the suppression webhook; empty: it does not exist. */
  readonly webhookSecrets: readonly string[];
  /** Outcomes that agents report; undefined: none are taken. */
  readonly outcomes: OutcomesConfig | undefined;
  /** Receivers of events. */
  readonly webhooks: readonly WebhookEndpoint[];
  readonly allowUnrecognised: boolean;
  readonly limits: LimitsInForce;
  readonly price: Price;
  /** Expected length of a call, minutes: determines how many callbacks can be promised for one time. */
  readonly expectedCallMinutes: number;
  readonly hours: HoursSettings;
  /** How many times faster than real calls the sandbox's calls proceed. */
  readonly sandboxTimeScale: number;
  /** Start of the sandbox's clock, epoch milliseconds; undefined: the machine's time. */
  readonly sandboxClock: number | undefined;
  readonly logLevel: LogLevel;
  /** The admin listener; undefined if there is none. */
  readonly admin: AdminConfig | undefined;
  /** Base URL of the OTLP collector for traces. */
  readonly tracesEndpoint: string | undefined;
  /** Warnings about the environment that do not prevent the start. */
  readonly notices: Notices;
}

/** The admin listener. */
export interface AdminConfig {
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
}

/** Who may report outcomes, and what they may contain. */
export interface OutcomesConfig {
  /** Secrets of senders that sign. */
  readonly secrets: readonly string[];
  /** Tokens of senders that do not. */
  readonly tokens: readonly string[];
  /** Hosts to which links may lead. */
  readonly linkHosts: readonly string[];
}

/** Warnings about the environment. */
export interface Notices {
  /** Settings whose quotation marks were removed. */
  readonly unquoted: readonly string[];
  /** Variables that look like settings but are not. */
  readonly unknown: readonly UnknownSetting[];
}

/** What visitors see. */
export interface SiteConfig {
  readonly business: string;
  readonly consentText?: string;
  readonly callerId?: string;
  readonly phone?: string;
  readonly agentName?: string;
  readonly privacyUrl?: string;
  readonly termsUrl?: string;
  readonly strings?: Readonly<Record<string, string>>;
}

/** For the worst case that the startup report shows. */
export interface Price {
  readonly minutesPerCall: number;
  readonly perMinute?: number;
  readonly currency: string;
}

/** What the program that opens the proxy provides itself, so that settings cannot. */
export interface Provided {
  /** A client for PolyAI: real calls, without a credential in the settings. */
  readonly polyai?: boolean;
  /** A store: nothing says where a file with generated keys could be. */
  readonly store?: boolean;
}

/** Reads the configuration. Throws a {@link ConfigError} that lists every mistake. */
export function readConfig(env: Environment, readFile: ReadText = readTextFile, provided: Provided = {}): ProxyConfig {
  const reader = readSettings(env, readFile);
  const { values } = reader;
  const sandbox = provided.polyai !== true && !isCredentialSet(reader);
  if (provided.store === true && !reader.isSet('SECRET_KEYS'))
    reader.missing(
      'SECRET_KEYS',
      'keys such as v1:<base64>: with a store of your own, there is no file to keep generated ones in',
    );
  const countries = values.ALLOWED_COUNTRIES ?? [];
  if (sandbox) requireExplicitSandbox(reader);
  else requireRealSettings(reader);
  const homeCountry = values.HOME_COUNTRY ?? countries[0];
  if (homeCountry !== undefined && countries.length > 0 && !countries.includes(homeCountry))
    reader.note({
      code: 'malformed',
      variable: 'HOME_COUNTRY',
      seen: quoted(homeCountry),
      expected: `one of ALLOWED_COUNTRIES (${countries.join(', ')})`,
    });

  const config: ProxyConfig = {
    sandbox,
    port: values.PORT,
    host: values.HOST,
    database: databaseOf(values),
    instances: values.INSTANCES,
    keys: values.SECRET_KEYS,
    origins: values.ALLOWED_ORIGINS ?? [],
    countries,
    homeCountry,
    api: values.POLYAI_API,
    credential: sandbox || provided.polyai === true ? undefined : readCredential(reader),
    trustedProxies: values.TRUSTED_PROXIES ?? { kind: 'none' },
    countryHeader: values.COUNTRY_HEADER,
    configurator: values.CONFIGURATOR,
    optOutPage: values.OPT_OUT_PAGE,
    campaigns: values.CAMPAIGNS_FILE,
    site: siteOf(values),
    metadataKeys: values.METADATA_KEYS ?? [],
    keepsAttribution: values.KEEP_ATTRIBUTION,
    redialAfterMinutes: values.REDIAL_AFTER_MINUTES,
    queueLength: values.QUEUE_LENGTH,
    verificationPhrase: values.VERIFICATION_PHRASE,
    challenge: readChallenge(reader),
    webhookSecrets: values.WEBHOOK_SECRET ?? [],
    outcomes: readOutcomes(reader),
    webhooks: values.WEBHOOKS_FILE ?? [],
    allowUnrecognised: values.ALLOW_UNRECOGNISED_NUMBERS,
    limits: readLimits(reader, sandbox),
    price: priceOf(values),
    expectedCallMinutes: values.EXPECTED_CALL_MINUTES,
    hours: readHours(reader, sandbox),
    sandboxTimeScale: values.SANDBOX_TIME_SCALE,
    sandboxClock: values.SANDBOX_CLOCK,
    logLevel: values.LOG_LEVEL,
    admin: readAdmin(reader),
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    notices: { unquoted: reader.unquoted, unknown: reader.unknown },
  };
  requireOwnOrigin(reader, config);
  requireSharedKeys(reader);
  requireDivisibleLimits(reader, config);
  if (reader.mistakes.length > 0) throw new ConfigError(reader.mistakes);
  return config;
}

/** Hosted pages request calls from the proxy's own origin, which must be allowed like any other. The sandbox allows its own. */
function requireOwnOrigin(reader: SettingsReader, { campaigns, origins, sandbox }: ProxyConfig): void {
  if (campaigns === undefined) return;
  const { origin } = new URL(campaigns.url);
  if (origins.includes(origin) || (sandbox && isLoopbackOrigin(origin))) return;
  reader.note({
    code: 'malformed',
    variable: 'CAMPAIGNS_FILE',
    seen: `a file whose "url" is ${quoted(campaigns.url)}`,
    expected: `${origin} to be one of ALLOWED_ORIGINS: the hosted pages request calls from there`,
  });
}

/** The settings that the CLI commands need. */
export function readStoreConfig(
  env: Environment,
  readFile: ReadText = readTextFile,
): Pick<ProxyConfig, 'database' | 'keys'> {
  const reader = readSettings(env, readFile, ['DATABASE_URL', 'DATABASE_CONNECTIONS', 'SECRET_KEYS']);
  const { values, mistakes } = reader;
  requireSharedKeys(reader);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { database: databaseOf(values), keys: values.SECRET_KEYS };
}

const databaseOf = ({
  DATABASE_URL: location,
  DATABASE_CONNECTIONS: connections,
}: DatabaseSettings): DatabaseLocation => (location.kind === 'file' ? location : { ...location, connections });

type DatabaseSettings = Pick<SettingValues, 'DATABASE_URL' | 'DATABASE_CONNECTIONS'>;

/** Processes on several machines have no folder in common in which generated keys could be. */
function requireSharedKeys(reader: Pick<SettingsReader, 'isSet' | 'missing' | 'note' | 'values'>): void {
  const { DATABASE_URL: database, INSTANCES: instances } = reader.values;
  if (database.kind === 'postgres' && !reader.isSet('SECRET_KEYS'))
    reader.missing(
      'SECRET_KEYS',
      'keys such as v1:<base64>, the same for every instance: with PostgreSQL, there is no file to keep generated ones in',
    );
  if (database.kind === 'file' && instances > 1)
    reader.note({
      code: 'not-supported',
      variable: 'INSTANCES',
      seen: String(instances),
      expected: '1, or a PostgreSQL database in DATABASE_URL, which several instances can share',
    });
}

/** More instances than a limit allows would, with one each, exceed it. */
function requireDivisibleLimits(reader: Pick<SettingsReader, 'note'>, { limits, instances }: ProxyConfig): void {
  for (const { setting, value } of indivisibleLimits(limits.values, instances))
    reader.note({
      code: 'not-supported',
      variable: setting,
      seen: String(value),
      expected: `at least ${String(instances)}: it is divided among the instances (INSTANCES=${String(instances)})`,
    });
}

/** The same, and the endpoints that are notified of what a command changes. */
export function readOutboxConfig(
  env: Environment,
  readFile: ReadText = readTextFile,
): Pick<ProxyConfig, 'database' | 'keys' | 'webhooks'> {
  const { values, mistakes } = readSettings(env, readFile, ['WEBHOOKS_FILE']);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { ...readStoreConfig(env, readFile), webhooks: values.WEBHOOKS_FILE ?? [] };
}

/** With a credential, the allowlists are required and the sandbox's settings are refused. */
function requireRealSettings(reader: SettingsReader): void {
  if (!reader.isSet('ALLOWED_ORIGINS'))
    reader.missing(
      'ALLOWED_ORIGINS',
      'the origins of the pages that may request calls, such as https://www.example.com',
    );
  if (!reader.isSet('ALLOWED_COUNTRIES'))
    reader.missing('ALLOWED_COUNTRIES', 'the ISO codes of the countries that may be called, such as GB,IE');
  if (reader.values.SANDBOX === true)
    reader.note({
      code: 'not-supported',
      variable: 'SANDBOX',
      seen: 'true, and a credential is set',
      expected: 'one of the two: remove SANDBOX to place real calls, or the POLYAI_ settings to place none',
    });
  if (reader.isSet('SANDBOX_CLOCK'))
    reader.note({
      code: 'not-supported',
      variable: 'SANDBOX_CLOCK',
      seen: 'set, and so is a credential',
      expected: 'nothing: real calls go by the actual time',
    });
}

/** A secret that failed to mount must not serve the sandbox to real visitors: other origins than this machine need an explicit opt-in. */
function requireExplicitSandbox(reader: SettingsReader): void {
  const { SANDBOX: sandbox, ALLOWED_ORIGINS: origins = [] } = reader.values;
  if (sandbox === true) return;
  const beyond = origins.find((origin) => !isLoopbackOrigin(origin));
  if (beyond === undefined && sandbox === undefined) return;
  reader.missing(
    secretName(reader),
    `the credential (${credentialInWords(reader)}), because ${
      beyond === undefined
        ? 'SANDBOX=false requires real calls'
        : `ALLOWED_ORIGINS names ${beyond}; SANDBOX=true serves the sandbox there, where no phone rings`
    }`,
    'incomplete',
  );
}

/** Beyond this machine the listener needs a token; a token without a listener is a mistake in the configuration. */
function readAdmin(reader: SettingsReader): AdminConfig | undefined {
  const { ADMIN_LISTEN: listen, ADMIN_TOKEN, ADMIN_TOKEN_FILE } = reader.values;
  const tokens = (['ADMIN_TOKEN', 'ADMIN_TOKEN_FILE'] as const).filter((name) => reader.isSet(name));
  if (tokens.length > 1)
    reader.note({
      code: 'malformed',
      variable: 'ADMIN_TOKEN_FILE',
      seen: 'set in addition to ADMIN_TOKEN',
      expected: 'one of the two',
    });
  if (listen === undefined) {
    if (tokens[0] !== undefined && !reader.isSet('ADMIN_LISTEN'))
      reader.missing('ADMIN_LISTEN', `a port for the admin listener, because ${tokens[0]} is set`, 'incomplete');
    return undefined;
  }
  const isHere = ['127.0.0.1', '::1', 'localhost'].includes(listen.host);
  if (!isHere && tokens.length === 0)
    reader.missing(
      'ADMIN_TOKEN',
      `a token, because ADMIN_LISTEN is not an address of this machine alone`,
      'incomplete',
    );
  return { ...listen, token: ADMIN_TOKEN ?? ADMIN_TOKEN_FILE };
}

/** A setting without effect is a mistake: links are allowed, but nobody can report any. */
function readOutcomes(reader: SettingsReader): OutcomesConfig | undefined {
  const {
    OUTCOMES_SECRET: secrets = [],
    OUTCOMES_TOKEN: tokens = [],
    OUTCOMES_LINK_HOSTS: linkHosts = [],
  } = reader.values;
  if (secrets.length + tokens.length > 0) return { secrets, tokens, linkHosts };
  if (linkHosts.length > 0)
    reader.missing('OUTCOMES_SECRET', 'a secret (or OUTCOMES_TOKEN), because OUTCOMES_LINK_HOSTS is set', 'incomplete');
  return undefined;
}

function siteOf(values: SettingValues): SiteConfig {
  const [firstOrigin] = values.ALLOWED_ORIGINS ?? [];
  const all = {
    business: values.BUSINESS_NAME ?? (firstOrigin === undefined ? 'Example Ltd' : new URL(firstOrigin).hostname),
    consentText: values.CONSENT_TEXT,
    callerId: values.CALLER_ID,
    phone: values.BUSINESS_PHONE,
    agentName: values.AGENT_NAME,
    privacyUrl: values.PRIVACY_URL,
    termsUrl: values.TERMS_URL,
    strings: values.STRINGS_FILE,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as SiteConfig;
}

const priceOf = ({ PRICE_PER_MINUTE: perMinute, ...values }: SettingValues): Price => ({
  minutesPerCall: values.MINUTES_PER_CALL,
  currency: values.PRICE_CURRENCY,
  ...(perMinute !== undefined && { perMinute }),
});

function readHours(reader: SettingsReader, sandbox: boolean): HoursSettings {
  const { values } = reader;
  const { CALL_HOURS: own, BUSINESS_HOURS: business, BUSINESS_CLOSED: whenClosed } = values;
  if (whenClosed !== undefined && !reader.isSet('BUSINESS_HOURS'))
    reader.note({
      code: 'malformed',
      variable: 'BUSINESS_CLOSED',
      seen: quoted(whenClosed),
      expected: 'BUSINESS_HOURS to be set as well',
    });
  // The demo must show every phase at night too; setting the clock applies the hours.
  const unset = sandbox && !reader.isSet('SANDBOX_CLOCK') ? 'off' : defaultHoursSettings.profile;
  return {
    profile: values.HOURS_PROFILE ?? unset,
    ...(own !== undefined && { own }),
    closed: values.CLOSED_DATES ?? defaultHoursSettings.closed,
    ...(business !== undefined && { business: { ...business, whenClosed: whenClosed ?? 'schedule' } }),
    roomMinutes: values.CALL_ROOM_MINUTES,
  };
}
