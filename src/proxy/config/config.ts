// Environment → ProxyConfig. Every mistake is found here, at start, and none at the first call. It opens nothing but the
// files that settings name.

import { readFileSync } from 'node:fs';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { TrustedProxies } from '../http/client-address.js';
import { type Challenge, readChallenge } from './challenge.js';
import {
  ConfigError,
  createReader,
  type Environment,
  matching,
  oneOf,
  type Reader,
  webAddress,
  wholeNumber,
} from './env-reader.js';
import { type Credential, isCredentialSet, readCredential } from './credential.js';
import { type LimitsInForce, readLimits } from './limits.js';
import { readTrustedProxies } from './trusted-proxies.js';
import { readSandboxClock } from './sandbox.js';
import { type HoursSettings, parseHoursSettings } from './hours.js';

/** Everything that is configured. */
export interface ProxyConfig {
  /** True without a credential: calls go to the built-in stand-in. */
  readonly sandbox: boolean;
  readonly port: number;
  readonly host: string;
  /** Path of the SQLite file. */
  readonly databasePath: string;
  /** Keys for numbers and capabilities as configured; undefined: made once and kept beside the database. */
  readonly keys: string | undefined;
  /** Exact origins. Empty only in the sandbox: then the proxy's own. */
  readonly origins: readonly string[];
  /** ISO 3166-1 alpha-2. Empty only in the sandbox: then those of the test numbers. */
  readonly countries: readonly string[];
  readonly homeCountry: string | undefined;
  readonly credential: Credential | undefined;
  readonly trustedProxies: TrustedProxies;
  readonly countryHeader: string | undefined;
  readonly site: SiteConfig;
  readonly metadataKeys: readonly string[];
  readonly challenge: Challenge;
  readonly webhookSecret: string | undefined;
  readonly allowUnrecognised: boolean;
  readonly limits: LimitsInForce;
  readonly price: Price;
  readonly hours: HoursSettings;
  /** How many times faster than real calls the stand-in's are. */
  readonly sandboxTimeScale: number;
  /** Where the sandbox's clock starts, epoch milliseconds; undefined: at the machine's time. */
  readonly sandboxClock: number | undefined;
}

/** What visitors are shown. */
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

/** For the worst case that is printed at start. */
export interface Price {
  readonly minutesPerCall: number;
  readonly perMinute?: number;
  readonly currency: string;
}

/** Reads files that settings name; throws like `readFileSync`. */
export type ReadText = (path: string) => string;

const readText: ReadText = (path) => readFileSync(path, 'utf8');

/** Reads the configuration. Throws a {@link ConfigError} with every mistake. */
export function readConfig(env: Environment, readFile: ReadText = readText): ProxyConfig {
  const reader = createReader(env);
  const sandbox = !isCredentialSet(reader);
  const credential = sandbox ? undefined : readCredential(reader, readFile);
  const origins = reader.list(
    'ALLOWED_ORIGINS',
    'origins such as https://www.example.com, no path, no wildcard',
    origin,
  );
  const countries = reader.list('ALLOWED_COUNTRIES', 'ISO country codes such as GB,IE', country);
  if (!sandbox && origins === undefined)
    reader.missing('ALLOWED_ORIGINS', 'the origins of the pages that may ask for calls');
  if (!sandbox && countries === undefined)
    reader.missing('ALLOWED_COUNTRIES', 'the ISO codes of the countries that may be called');
  const homeCountry = reader.optional('HOME_COUNTRY', 'one of ALLOWED_COUNTRIES', (text) =>
    countries === undefined || countries.includes(text) ? country(text) : undefined,
  );

  const config: ProxyConfig = {
    sandbox,
    port: reader.optional('PORT', 'a port from 0 to 65535', wholeNumber(0, 65_535)) ?? 8787,
    host: reader.optional('HOST', 'an address to listen on', matching(/^[\w.:-]+$/)) ?? '127.0.0.1',
    databasePath: readDatabase(reader),
    keys: reader.text('SECRET_KEYS'),
    origins: origins ?? [],
    countries: countries ?? [],
    homeCountry: homeCountry ?? countries?.[0],
    credential,
    trustedProxies: readTrustedProxies(reader),
    countryHeader: reader.optional('COUNTRY_HEADER', 'the name of a header', matching(/^[A-Za-z][\w-]*$/)),
    site: readSite(reader, origins, readFile),
    metadataKeys: reader.list('METADATA_KEYS', 'names of letters and digits', matching(/^[A-Za-z][\w.-]{0,39}$/)) ?? [],
    challenge: readChallenge(reader),
    webhookSecret: readWebhookSecret(reader),
    allowUnrecognised:
      reader.optional('ALLOW_UNRECOGNISED_NUMBERS', 'true or false', oneOf(['true', 'false'])) === 'true',
    limits: readLimits(reader, env, sandbox),
    price: readPrice(reader),
    hours: readHours(reader, env, readFile, sandbox),
    sandboxTimeScale:
      reader.optional('SANDBOX_TIME_SCALE', 'a whole number from 1 to 1000', wholeNumber(1, 1_000)) ?? 1,
    sandboxClock: readSandboxClock(reader, sandbox),
  };
  if (reader.mistakes.length > 0) throw new ConfigError(reader.mistakes);
  return config;
}

/** What the operator's commands need. */
export function readStoreConfig(env: Environment): Pick<ProxyConfig, 'databasePath' | 'keys'> {
  const reader = createReader(env);
  const config = { databasePath: readDatabase(reader), keys: reader.text('SECRET_KEYS') };
  if (reader.mistakes.length > 0) throw new ConfigError(reader.mistakes);
  return config;
}

const country = (text: string): string | undefined => (isSupportedCountry(text) ? text : undefined);

/** Exactly what a browser sends: scheme, host in ASCII, port unless it is the scheme's. */
function origin(text: string): string | undefined {
  if (webAddress(text) === undefined) return undefined;
  const { origin: exact, hostname } = new URL(text);
  // A URL may hold a star where an origin that a browser sends never does.
  return exact === text && !hostname.includes('*') ? text : undefined;
}

function readDatabase(reader: Reader): string {
  const url = reader.text('DATABASE_URL') ?? 'file:./data/polyai-callback.db';
  const expected = 'file: and a path, such as file:./data/polyai-callback.db';
  if (/^postgres(?:ql)?:/i.test(url)) {
    // The address holds a password: it is not repeated.
    reader.note({
      code: 'not-supported',
      variable: 'DATABASE_URL',
      seen: 'a PostgreSQL address',
      expected: `${expected}; PostgreSQL is not supported yet`,
    });
    return '';
  }
  const path = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path === undefined || path.startsWith('//')) {
    reader.note({ code: 'malformed', variable: 'DATABASE_URL', seen: 'no file: address', expected });
    return '';
  }
  return path;
}

function readSite(reader: Reader, origins: readonly string[] | undefined, readFile: ReadText): SiteConfig {
  const words = (name: string, max: number): string | undefined =>
    reader.optional(name, `a text of at most ${String(max)} characters`, (text) =>
      text.length <= max ? text : undefined,
    );
  const e164: (name: string) => string | undefined = (name) =>
    reader.optional(name, 'a number such as +442079460958', (text) => {
      const parsed = parsePhoneNumberFromString(text, { extract: false });
      return text.startsWith('+') && parsed?.isPossible() === true ? parsed.number : undefined;
    });
  const [firstOrigin] = origins ?? [];
  const all = {
    business:
      words('BUSINESS_NAME', 100) ?? (firstOrigin === undefined ? 'Example Ltd' : new URL(firstOrigin).hostname),
    consentText: words('CONSENT_TEXT', 2_000),
    callerId: e164('CALLER_ID'),
    phone: e164('BUSINESS_PHONE'),
    agentName: words('AGENT_NAME', 60),
    privacyUrl: reader.optional('PRIVACY_URL', 'an address of the web', webAddress),
    termsUrl: reader.optional('TERMS_URL', 'an address of the web', webAddress),
    strings: reader.optional('STRINGS_FILE', 'a JSON file with an object of texts', (path) =>
      readStrings(path, readFile),
    ),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as SiteConfig;
}

function readStrings(path: string, readFile: ReadText): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(readFile(path));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((text) => typeof text === 'string')
      ? (value as Record<string, string>)
      : undefined;
  } catch {
    return undefined;
  }
}

function readWebhookSecret(reader: Reader): string | undefined {
  const isLongEnough = (text: string): boolean => Buffer.from(text.replace(/^whsec_/, ''), 'base64').byteLength >= 24;
  const form = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/;
  return reader.optional(
    'WEBHOOK_SECRET',
    'whsec_ and at least 24 random bytes as base64',
    (text) => (form.test(text) && isLongEnough(text) ? text : undefined),
    true,
  );
}

function readPrice(reader: Reader): Price {
  const amount = (text: string): number | undefined =>
    /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
  const perMinute = reader.optional('PRICE_PER_MINUTE', 'an amount such as 0.12', amount);
  return {
    minutesPerCall: reader.optional('MINUTES_PER_CALL', 'minutes from 1 to 240', wholeNumber(1, 240)) ?? 10,
    currency: reader.optional('PRICE_CURRENCY', 'a currency code such as USD', matching(/^[A-Z]{3}$/)) ?? 'USD',
    ...(perMinute !== undefined && { perMinute }),
  };
}

function readHours(reader: Reader, env: Environment, readFile: ReadText, sandbox: boolean): HoursSettings {
  // The demo must show every phase at night too; whoever sets a profile, or the clock, sees the hours kept.
  const wantsHours = reader.text('HOURS_PROFILE') !== undefined || reader.text('SANDBOX_CLOCK') !== undefined;
  const off = sandbox && !wantsHours ? { HOURS_PROFILE: 'off' } : {};
  const reading = parseHoursSettings({ ...env, ...off }, readFile);
  if (reading.ok) return reading.settings;
  for (const { variable, seen, expected } of reading.mistakes)
    reader.note({ code: 'malformed', variable, seen: JSON.stringify(seen), expected });
  return { profile: 'requested', closed: new Set(), roomMinutes: 10 };
}
