// The settings table: every environment variable of the proxy is one row (those of the limits come from gates/limits.ts). The
// typed configuration, the errors at startup, "did you mean", --help, .env.example and the reference all derive from it. Rules
// between settings are in config.ts.

import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { AgentEnvironment, ApiName, Encryption } from '../polyai/api-access.js';
import type { LogLevel } from '../core/log.js';
import type { TrustedProxies } from '../http/client-address.js';
import type { WhenClosed } from '../hours/hours-settings.js';
import type { Profile } from '../hours/rules.js';
import type { Week } from '../hours/week.js';
import { parseCountry } from './country-text.js';
import { type Campaigns, parseCampaignsFile } from './files/campaigns-file.js';
import { parseBusinessHours, parseDates, parseWeek } from './hours-text.js';
import { parseOrigin } from './origin-text.js';
import {
  accept,
  fullUrl,
  isWebUrl,
  listOf,
  matching,
  oneOf,
  type Parse,
  type Parsed,
  reject,
  secretFileText,
  secretMatching,
  textUpTo,
  trueOrFalse,
  wholeNumber,
  withHttps,
  withoutQuotes,
} from './parse.js';
import { isWebhookSecret } from '../secrets/standard-webhooks.js';
import { masked } from './mistake.js';
import type { WebhookEndpoint } from '../webhooks/endpoint.js';
import type { Setting } from './setting.js';
import { parseWebhooksFile } from './files/webhooks-file.js';
import { parseStringsFile } from './files/strings-file.js';
import { parseTrustedProxies } from './trusted-proxies.js';
import { weekForm } from './week-syntax.js';

/** The values of all settings except the limits. Undefined: not set, and no default. */
export interface SettingValues {
  readonly POLYAI_API: ApiName;
  readonly POLYAI_REGION: 'us' | 'uk' | 'euw' | 'eu' | 'studio' | undefined;
  readonly POLYAI_BASE_URL: string | undefined;
  readonly POLYAI_ACCOUNT_ID: string | undefined;
  readonly POLYAI_PROJECT_ID: string | undefined;
  readonly POLYAI_CONNECTOR_ID: string | undefined;
  readonly POLYAI_CONNECTOR_ID_FILE: string | undefined;
  readonly POLYAI_AUTH_TOKEN: string | undefined;
  readonly POLYAI_AUTH_TOKEN_FILE: string | undefined;
  readonly POLYAI_AGENT_ID: string | undefined;
  readonly POLYAI_API_KEY: string | undefined;
  readonly POLYAI_API_KEY_FILE: string | undefined;
  readonly POLYAI_ENVIRONMENT: AgentEnvironment;
  readonly POLYAI_VARIANT_ID: string | undefined;
  readonly POLYAI_ENCRYPTION: Lowercase<Encryption> | undefined;
  readonly POLYAI_RESEND_ON_500: 'never' | 'once';
  readonly ALLOWED_ORIGINS: readonly string[] | undefined;
  readonly ALLOWED_COUNTRIES: readonly string[] | undefined;
  readonly HOME_COUNTRY: string | undefined;
  readonly ALLOW_UNRECOGNISED_NUMBERS: boolean;
  readonly METADATA_KEYS: readonly string[] | undefined;
  readonly KEEP_ATTRIBUTION: boolean;
  readonly REDIAL_AFTER_MINUTES: number | undefined;
  readonly QUEUE_LENGTH: number;
  readonly VERIFICATION_PHRASE: boolean;
  readonly PORT: number;
  readonly HOST: string;
  readonly DATABASE_URL: DatabaseUrl;
  readonly DATABASE_CONNECTIONS: number;
  readonly INSTANCES: number;
  readonly SECRET_KEYS: string | undefined;
  readonly TRUSTED_PROXIES: TrustedProxies | undefined;
  readonly COUNTRY_HEADER: string | undefined;
  readonly CONFIGURATOR: boolean;
  readonly OPT_OUT_PAGE: boolean;
  readonly CAMPAIGNS_FILE: Campaigns | undefined;
  readonly BUSINESS_NAME: string | undefined;
  readonly AGENT_NAME: string | undefined;
  readonly CALLER_ID: string | undefined;
  readonly BUSINESS_PHONE: string | undefined;
  readonly CONSENT_TEXT: string | undefined;
  readonly PRIVACY_URL: string | undefined;
  readonly TERMS_URL: string | undefined;
  readonly STRINGS_FILE: Readonly<Record<string, string>> | undefined;
  readonly HOURS_PROFILE: Profile | undefined;
  readonly CALL_HOURS: Week | undefined;
  readonly CALL_ROOM_MINUTES: number;
  readonly CLOSED_DATES: ReadonlySet<string> | undefined;
  readonly BUSINESS_HOURS: { readonly zone: string; readonly week: Week } | undefined;
  readonly BUSINESS_CLOSED: WhenClosed | undefined;
  readonly CHALLENGE: 'altcha' | 'turnstile' | 'none';
  readonly TURNSTILE_SITE_KEY: string | undefined;
  readonly TURNSTILE_SECRET: string | undefined;
  readonly WEBHOOK_SECRET: readonly string[] | undefined;
  readonly OUTCOMES_SECRET: readonly string[] | undefined;
  readonly OUTCOMES_TOKEN: readonly string[] | undefined;
  readonly OUTCOMES_LINK_HOSTS: readonly string[] | undefined;
  readonly WEBHOOKS_FILE: readonly WebhookEndpoint[] | undefined;
  readonly PRICE_PER_MINUTE: number | undefined;
  readonly PRICE_CURRENCY: string;
  readonly EXPECTED_CALL_MINUTES: number;
  readonly MINUTES_PER_CALL: number;
  readonly LOG_LEVEL: LogLevel;
  readonly ADMIN_LISTEN: { readonly host: string; readonly port: number } | undefined;
  readonly ADMIN_TOKEN: string | undefined;
  readonly ADMIN_TOKEN_FILE: string | undefined;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined;
  readonly SANDBOX: boolean | undefined;
  readonly SANDBOX_TIME_SCALE: number;
  readonly SANDBOX_CLOCK: number | undefined;
}

/** The name of a setting, which is its environment variable. */
export type SettingName = keyof SettingValues;

const polyAiId: Parse<string> = matching(/^[\w-]{1,128}$/);

/** https:// and a host; http:// only on this machine, because the credential goes there. */
const parseBaseUrl: Parse<string> = (text) => {
  const url = isWebUrl(text) ? text : withHttps(text);
  if (url === undefined) return reject();
  const { protocol, hostname, origin, pathname, search, hash, username } = new URL(url);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  const secure = protocol === 'https:' || isHere ? origin : origin.replace(/^http:/, 'https:');
  const isRight =
    url === text && secure === origin && pathname === '/' && search === '' && hash === '' && username === '';
  return isRight ? accept(origin) : reject({ didYouMean: secure });
};

const connectorId = secretMatching((text) => /^[\x21-\x7e]{8,256}$/.test(text));
const connectorIdForm = 'the connector ID: 8 to 256 characters without spaces';
// A token may be a JWT, which is long.
const token = secretMatching((text) => /^[\x21-\x7e]{8,4096}$/.test(text));
const authTokenForm = 'the token: 8 to 4,096 characters without spaces';
const apiKeyForm = 'the API key: 8 to 4,096 characters without spaces';

/** The path of a file that holds a secret. */
const fileWith =
  (secret: Parse<string>): Parse<string> =>
  (path, readFile) => {
    const text = secretFileText(path, readFile);
    if (!text.ok) return text;
    const content = withoutQuotes(text.value.trim()).text;
    const parsed = secret(content, readFile);
    return parsed.ok
      ? parsed
      : reject({ seen: `a file whose content is ${parsed.rejections[0]?.seen ?? masked(content)}` });
  };

/** A port alone means loopback. Not two settings: a service named "admin" makes Kubernetes set ADMIN_PORT. */
const parseListen: Parse<{ readonly host: string; readonly port: number }> = (text, readFile) => {
  const found = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text);
  const port = wholeNumber(0, 65_535)(found?.[3] ?? '', readFile);
  return port.ok ? accept({ host: found?.[1] ?? found?.[2] ?? '127.0.0.1', port: port.value }) : reject();
};

const adminToken = secretMatching((text) => /^[\x21-\x7e]{16,512}$/.test(text));
const adminTokenForm = 'a token of 16 to 512 characters without spaces (openssl rand -hex 32)';

const parseDatabase: Parse<DatabaseUrl> = (text) => {
  // The URL may contain a password: it is not shown.
  if (/^postgres(?:ql)?:/i.test(text))
    return URL.canParse(text)
      ? accept({ kind: 'postgres', url: text })
      : reject({ seen: 'not a valid PostgreSQL URL', expected: postgresUrlForm });
  const path = /^file:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (path !== undefined && !path.startsWith('//')) return accept({ kind: 'file', path });
  const bare = /^(?:(?:sqlite3?|file|libsql):(?:\/\/)?)?([^:@\s]+)$/i.exec(text)?.[1];
  return reject({
    seen: 'not a file: URL',
    didYouMean: bare === undefined ? undefined : `file:${/^[./]/.test(bare) ? bare : `./${bare}`}`,
  });
};
const postgresUrlForm =
  'postgres://user:password@host:5432/database, with every special character of the password percent-encoded';
const databaseUrlForm = `file: and a path, such as file:./data/polyai-callback.db, or ${postgresUrlForm}`;

/** What DATABASE_URL names. */
export type DatabaseUrl =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

const parseE164: Parse<string> = (text) => {
  const read = (number: string): string | undefined => {
    const parsed = parsePhoneNumberFromString(number, { extract: false });
    return number.startsWith('+') && parsed?.isPossible() === true ? parsed.number : undefined;
  };
  const number = read(text);
  if (number !== undefined) return accept(number);
  // 0044…, 01144…, 44…: a national number ("020 …") could belong to any country.
  return reject({ didYouMean: /^0?[1-9]|^00|^011/.test(text) ? read(text.replace(/^(?:00|011)?/, '+')) : undefined });
};

const parseAmount: Parse<number> = (text) => {
  const isAmount = (amount: string): boolean => /^\d{1,6}(?:\.\d{1,6})?$/.test(amount);
  if (isAmount(text)) return accept(Number(text));
  const guess = text
    .replace(',', '.')
    .replace(/^\./, '0.')
    .replace(/[^\d.]/g, '');
  return reject({ didYouMean: isAmount(guess) ? guess : undefined });
};

const parseWebhookSecrets = listOf(secretMatching(isWebhookSecret));
const webhookSecretForm =
  'whsec_ and at least 24 random bytes as base64; several, separated by commas, during a rotation';

// No comma: it separates the tokens.
const parseOutcomeTokens = listOf(secretMatching((text) => /^[\x21-\x2b\x2d-\x7e]{32,512}$/.test(text)));

/** A host by its exact name, with a port where it is not 443. */
const parseLinkHost = (entry: string): Parsed<string> => {
  const url = `https://${entry}`;
  const host = URL.canParse(url) ? new URL(url).host : '';
  if (host === entry && entry.includes('.')) return accept(host);
  const guess = URL.canParse(entry) ? new URL(entry).host : host;
  return reject({ part: entry, didYouMean: guess.includes('.') && guess !== entry ? guess : undefined });
};

const parseInstant: Parse<number> = (text) => {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (at > 0) return accept(at);
  const guess = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
  return reject({ didYouMean: guess > 0 ? new Date(guess).toISOString().replace(/(?::00)?\.000Z$/, 'Z') : undefined });
};

const parseHost = matching(/^[\w.:-]+$/, (text) =>
  text === '*'
    ? '0.0.0.0'
    : text.replace(/^https?:\/\//, '').replace(/^\[([\da-f:]+)\].*$|^([\w.-]+)(?::\d+)?\/?$/i, '$1$2'),
);

const currencies: Readonly<Record<string, string>> = { $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY' };
const turnstileKey = /^[\w.-]{10,200}$/;
const oneUrl = 'a full URL, such as https://www.example.com/privacy';
const oneNumber = 'a phone number such as +442079460958';

/** The table, in the order of the reference. */
export const settings: { readonly [Name in SettingName]: Setting<NonNullable<SettingValues[Name]>> } = {
  POLYAI_API: {
    section: 'PolyAI',
    default: 'connector',
    expected: 'connector, token or agents',
    parse: oneOf(['connector', 'token', 'agents'], { legacy: 'token', agent: 'agents', v1: 'agents' }),
    doc: "Generation of PolyAI's outbound calling API that your account has. `connector`: a connector ID. `token`: an `X-PolyAi-Auth-Token`. `agents`: an API key and an agent ID. See [the three APIs](polyai-apis.md).",
  },
  POLYAI_REGION: {
    section: 'PolyAI',
    essential: true,
    expected: 'us, uk or euw (with POLYAI_API=agents: us, eu, uk or studio)',
    parse: oneOf(['us', 'uk', 'euw', 'eu', 'studio'], {
      'us-1': 'us',
      usa: 'us',
      'uk-1': 'uk',
      gb: 'uk',
      'euw-1': 'euw',
      'eu-west': 'euw',
    }),
    doc: 'Region of your PolyAI project: `us`, `uk` or `euw`; with `POLYAI_API=agents` `us`, `eu`, `uk` or `studio`. Part of the credential.',
  },
  POLYAI_BASE_URL: {
    section: 'PolyAI',
    expected: 'https:// and a host without a path (http:// only on this machine)',
    parse: parseBaseUrl,
    doc: 'URL of the API, instead of `POLYAI_REGION`.',
  },
  POLYAI_ACCOUNT_ID: {
    section: 'PolyAI',
    essential: true,
    expected: 'letters, digits, hyphens and underscores, as PolyAI shows it',
    parse: polyAiId,
    doc: 'Your account ID. Part of the credential.',
  },
  POLYAI_PROJECT_ID: {
    section: 'PolyAI',
    essential: true,
    expected: 'letters, digits, hyphens and underscores, as PolyAI shows it',
    parse: polyAiId,
    doc: 'Your project ID. Part of the credential.',
  },
  POLYAI_CONNECTOR_ID: {
    section: 'PolyAI',
    essential: true,
    secret: true,
    expected: connectorIdForm,
    parse: connectorId,
    doc: 'The connector ID. **The secret**: anyone who has it can place paid calls. Part of the credential.',
  },
  POLYAI_CONNECTOR_ID_FILE: {
    section: 'PolyAI',
    essential: true,
    expected: `the path of a file that holds ${connectorIdForm}`,
    parse: fileWith(connectorId),
    doc: 'Path of a file that holds the connector ID (a mounted secret), instead of `POLYAI_CONNECTOR_ID`.',
  },
  POLYAI_AUTH_TOKEN: {
    section: 'PolyAI',
    secret: true,
    expected: authTokenForm,
    parse: token,
    doc: 'For `POLYAI_API=token`: the auth token. **A secret**, like the connector ID.',
  },
  POLYAI_AUTH_TOKEN_FILE: {
    section: 'PolyAI',
    expected: `the path of a file that holds ${authTokenForm}`,
    parse: fileWith(token),
    doc: 'Path of a file that holds the token, instead of `POLYAI_AUTH_TOKEN`.',
  },
  POLYAI_AGENT_ID: {
    section: 'PolyAI',
    expected: 'letters, digits, hyphens and underscores, as PolyAI shows it',
    parse: polyAiId,
    doc: 'For `POLYAI_API=agents`: the ID of the agent that calls.',
  },
  POLYAI_API_KEY: {
    section: 'PolyAI',
    secret: true,
    expected: apiKeyForm,
    parse: token,
    doc: 'For `POLYAI_API=agents`: the API key. **A secret**, like the connector ID.',
  },
  POLYAI_API_KEY_FILE: {
    section: 'PolyAI',
    expected: `the path of a file that holds ${apiKeyForm}`,
    parse: fileWith(token),
    doc: 'Path of a file that holds the API key, instead of `POLYAI_API_KEY`.',
  },
  POLYAI_ENVIRONMENT: {
    section: 'PolyAI',
    default: 'live',
    expected: 'live, pre-release or sandbox',
    parse: oneOf(['live', 'pre-release', 'sandbox'], {
      production: 'live',
      prod: 'live',
      prerelease: 'pre-release',
      staging: 'pre-release',
    }),
    doc: "For `POLYAI_API=agents`: the agent's environment. Calls from all three ring real phones.",
  },
  POLYAI_VARIANT_ID: {
    section: 'PolyAI',
    expected: 'letters, digits, hyphens and underscores, as PolyAI shows it',
    parse: polyAiId,
    doc: 'For `POLYAI_API=agents`: a variant of the agent.',
  },
  POLYAI_ENCRYPTION: {
    section: 'PolyAI',
    expected: 'TLS/SRTP, TLS/RTP, UDP/SRTP or UDP/RTP (with POLYAI_API=agents: TLS/SRTP)',
    parse: oneOf(['tls/srtp', 'tls/rtp', 'udp/srtp', 'udp/rtp'], { tls_srtp: 'tls/srtp', srtp: 'tls/srtp' }),
    doc: "For `POLYAI_API=token` and `agents`: encryption of the call's signaling and media, such as `TLS/SRTP`.",
  },
  POLYAI_RESEND_ON_500: {
    section: 'PolyAI',
    default: 'never',
    expected: 'never or once',
    parse: oneOf(['never', 'once'], { false: 'never', no: 'never', true: 'once', yes: 'once' }),
    doc: '`once` retries a trigger that PolyAI itself answered with a 500 (502 with `POLYAI_API=agents`). Use it only if you know that this means "not queued"; otherwise a phone may ring twice.',
  },
  ALLOWED_ORIGINS: {
    section: 'Who may be called, and from where',
    essential: true,
    defaultNote: 'required with a credential',
    expected: 'origins such as https://www.example.com, without a path or wildcard, separated by commas',
    parse: listOf(parseOrigin),
    doc: 'Exact origins of the pages that may request calls, separated by commas: scheme, host and port. With and without `www` are two origins.',
  },
  ALLOWED_COUNTRIES: {
    section: 'Who may be called, and from where',
    essential: true,
    defaultNote: 'required with a credential',
    expected: 'ISO country codes such as GB,IE',
    parse: listOf(parseCountry),
    doc: 'ISO codes of the countries that may be called, separated by commas. `+1` is not a country.',
  },
  HOME_COUNTRY: {
    section: 'Who may be called, and from where',
    defaultNote: 'the first of `ALLOWED_COUNTRIES`',
    expected: 'one of ALLOWED_COUNTRIES',
    parse: parseCountry,
    doc: 'Calls to all other countries together share `LIMIT_ABROAD_PER_DAY`.',
  },
  ALLOW_UNRECOGNISED_NUMBERS: {
    section: 'Who may be called, and from where',
    default: 'false',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: 'Accepts numbers of a possible length that the number tables do not include yet.',
  },
  METADATA_KEYS: {
    section: 'Who may be called, and from where',
    expected: 'names made of letters, digits, dots, hyphens and underscores, separated by commas',
    parse: listOf((entry) => {
      const pattern = /^[A-Za-z][\w.-]{0,39}$/;
      if (pattern.test(entry)) return accept(entry);
      const guess = entry.replace(/[^\w.-]+/g, '_');
      return reject({ part: entry, didYouMean: pattern.test(guess) ? guess : undefined });
    }),
    doc: "Keys of the page's `metadata` that are passed on to the agent's prompt. No others are.",
  },
  KEEP_ATTRIBUTION: {
    section: 'Who may be called, and from where',
    default: 'false',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: "Stores a page's campaign and click IDs (`attribution`) with the call, for `export --conversions` (docs/analytics.md). Click IDs are encrypted; both are deleted with the call.",
  },
  PORT: {
    section: 'Server',
    essential: true,
    default: '8787',
    expected: 'a port from 0 to 65535',
    parse: wholeNumber(0, 65_535),
    doc: 'Port to listen on.',
  },
  HOST: {
    section: 'Server',
    essential: true,
    default: '127.0.0.1',
    expected: 'an address to listen on, such as 127.0.0.1, or 0.0.0.0 for all',
    parse: parseHost,
    doc: 'Address to listen on. Use `0.0.0.0` in a container.',
  },
  DATABASE_URL: {
    section: 'Server',
    essential: true,
    default: 'file:./data/polyai-callback.db',
    secret: true,
    expected: databaseUrlForm,
    parse: parseDatabase,
    doc: 'The SQLite file, whose folder must be on persistent storage: it holds the suppression list and the keys. Or a PostgreSQL database, for several machines ([operations/postgresql.md](operations/postgresql.md)); then `SECRET_KEYS` is required.',
  },
  DATABASE_CONNECTIONS: {
    section: 'Server',
    default: '10',
    expected: 'a whole number from 2 to 100',
    parse: wholeNumber(2, 100),
    doc: 'Most connections of one process to PostgreSQL, besides the one that listens for changes.',
  },
  INSTANCES: {
    section: 'Server',
    default: '1',
    expected: 'a whole number from 1 to 100',
    parse: wholeNumber(1, 100),
    doc: 'How many proxies share the database. Limits that each process counts by itself are divided by it: attempts, status requests, and streams per address ([operations/postgresql.md](operations/postgresql.md#what-each-process-counts-by-itself)).',
  },
  SECRET_KEYS: {
    section: 'Server',
    secret: true,
    defaultNote: 'made once, in `<database>.keys`',
    expected: 'keys such as v1:<base64>, the current one first',
    // Validated by secrets/keys.ts, whose errors say where the mistake is.
    parse: accept,
    doc: 'Keys for numbers and tokens, `v2:<base64>,v1:<base64>`, the current one first. Keep the old one during a rotation.',
  },
  TRUSTED_PROXIES: {
    section: 'Server',
    essential: true,
    defaultNote: 'none',
    expected: 'a number of proxies from 1 to 10, or ranges such as 10.0.0.0/8 (none wider than /8, or /16 in IPv6)',
    parse: parseTrustedProxies,
    doc: 'The proxies in front of this one, as ranges or as a number of hops. Without it, all visitors behind a load balancer share one allowance.',
  },
  COUNTRY_HEADER: {
    section: 'Server',
    expected: 'the name of an HTTP header',
    parse: matching(/^[A-Za-z][\w-]*$/, (text) => text.replace(/[\s_:]+$/, '').replace(/\s+/g, '-')),
    doc: "A CDN's header with the visitor's country, such as `CF-IPCountry`. It only preselects the country.",
  },
  CONFIGURATOR: {
    section: 'Server',
    default: 'true',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: 'Serves the configurator (`/configurator.html`) and the installation pages (`/install/`). They place no call.',
  },
  OPT_OUT_PAGE: {
    section: 'Challenge and privacy',
    default: 'false',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: 'Serves `/me`, on which people who were called can stop calls to their number for 30 days (docs/install/opt-out-page.md).',
  },
  CAMPAIGNS_FILE: {
    section: 'Server',
    expected: 'the path of a JSON file with hosted pages',
    parse: parseCampaignsFile,
    doc: 'Path of a JSON file with hosted pages, `/c/<name>` (docs/install/hosted-page.md). The proxy refuses to start if it has an unknown key.',
  },
  BUSINESS_NAME: {
    section: 'What visitors see',
    essential: true,
    defaultNote: 'host of the first origin',
    expected: 'text of at most 100 characters',
    parse: textUpTo(100),
    doc: 'Business name in the consent text.',
  },
  AGENT_NAME: {
    section: 'What visitors see',
    expected: 'text of at most 60 characters',
    parse: textUpTo(60),
    doc: "The voice agent's name, used in the text.",
  },
  CALLER_ID: {
    section: 'What visitors see',
    expected: oneNumber,
    parse: parseE164,
    doc: 'Caller ID: the number your agent calls from, so that people recognize it.',
  },
  BUSINESS_PHONE: {
    section: 'What visitors see',
    expected: oneNumber,
    parse: parseE164,
    doc: 'Number that visitors can call instead.',
  },
  CONSENT_TEXT: {
    section: 'What visitors see',
    defaultNote: "the element's own",
    expected: 'text of at most 2,000 characters',
    parse: textUpTo(2_000),
    doc: 'Your own consent text. When it changes, visitors must agree again.',
  },
  PRIVACY_URL: { section: 'What visitors see', expected: oneUrl, parse: fullUrl, doc: 'Your privacy notice.' },
  TERMS_URL: { section: 'What visitors see', expected: oneUrl, parse: fullUrl, doc: 'Your terms.' },
  REDIAL_AFTER_MINUTES: {
    section: 'Who may be called, and from where',
    defaultNote: 'a missed call is not tried again',
    expected: 'whole minutes from 1 to 60',
    parse: wholeNumber(1, 60),
    doc: 'After a call that was not answered, met a busy line or, where the agent reports outcomes, reached a voicemail, calls once more after this many minutes. The page says when, and offers to call now, at another time, or not at all. See [redial.md](redial.md).',
  },
  QUEUE_LENGTH: {
    section: 'Who may be called, and from where',
    default: '20',
    expected: 'a whole number from 0 to 200',
    parse: wholeNumber(0, 200),
    doc: 'How many visitors may wait in the queue when a limit is reached: one total for all sites, whichever limit they wait for. `0`: there is no queue. See [queue.md](queue.md).',
  },
  VERIFICATION_PHRASE: {
    section: 'What visitors see',
    default: 'false',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: 'Shows the visitor two words, made for each call, that the agent says first: a visitor can then tell your call from a fraudulent one. The agent must be set up for it: see [verification-phrase.md](verification-phrase.md).',
  },
  STRINGS_FILE: {
    section: 'What visitors see',
    expected: 'the path of a JSON file that contains an object of strings',
    parse: parseStringsFile,
    doc: 'Path of a JSON file with your own text for the element, by string key. The proxy refuses to start if it has an unknown key.',
  },
  HOURS_PROFILE: {
    section: 'Hours',
    defaultNote: '`requested` (`off` in the sandbox)',
    expected: 'requested, strict or off',
    parse: oneOf(['requested', 'strict', 'off'], {
      none: 'off',
      false: 'off',
      no: 'off',
      always: 'off',
      '24/7': 'off',
    }),
    doc: '`requested`: calling hours for calls that the visitor requested. `strict`: calling hours for unrequested calls. `off`: no built-in calling hours.',
  },
  CALL_HOURS: {
    section: 'Hours',
    expected: weekForm,
    parse: parseWeek,
    doc: "Your own calling hours, in the called phone's time zone. They narrow the profile.",
  },
  CALL_ROOM_MINUTES: {
    section: 'Hours',
    default: '10',
    expected: 'whole minutes from 0 to 120',
    parse: wholeNumber(0, 120),
    doc: 'Minutes that must remain before the hours end.',
  },
  CLOSED_DATES: {
    section: 'Hours',
    expected:
      'dates such as 2026-12-25 (or 12-25 for every year) separated by commas, or @ and the path of a file that lists them',
    parse: parseDates,
    doc: 'Dates on which no calls are placed.',
  },
  BUSINESS_HOURS: {
    section: 'Hours',
    expected: `a time zone such as Europe/London, then ${weekForm}`,
    parse: parseBusinessHours,
    doc: 'Your business hours, in your time zone: `Europe/London mon-fri 09:00-17:30`.',
  },
  BUSINESS_CLOSED: {
    section: 'Hours',
    defaultNote: '`schedule`',
    expected: 'hide, message or schedule',
    parse: oneOf(['hide', 'message', 'schedule']),
    doc: 'What the page does outside `BUSINESS_HOURS`: offer times (`schedule`), say that you are closed (`message`), or show its fallback content (`hide`).',
  },
  CHALLENGE: {
    section: 'Challenge and privacy',
    default: 'altcha',
    expected: 'altcha, turnstile or none',
    parse: oneOf(['altcha', 'turnstile', 'none'], {
      off: 'none',
      false: 'none',
      pow: 'altcha',
      cloudflare: 'turnstile',
    }),
    doc: 'How scripts are kept out: proof of work (`altcha`), Cloudflare Turnstile (`turnstile`), or `none`, which logs a warning at startup.',
  },
  TURNSTILE_SITE_KEY: {
    section: 'Challenge and privacy',
    expected: "the key as Cloudflare's dashboard shows it",
    parse: matching(turnstileKey),
    doc: 'For `CHALLENGE=turnstile`.',
  },
  TURNSTILE_SECRET: {
    section: 'Challenge and privacy',
    secret: true,
    expected: "the key as Cloudflare's dashboard shows it",
    parse: secretMatching((text) => turnstileKey.test(text)),
    doc: 'For `CHALLENGE=turnstile`.',
  },
  WEBHOOK_SECRET: {
    section: 'Challenge and privacy',
    secret: true,
    expected: webhookSecretForm,
    parse: parseWebhookSecrets,
    doc: 'Turns on `POST /v1/webhooks/suppressions`.',
  },
  OUTCOMES_SECRET: {
    section: 'Outcomes and webhooks',
    secret: true,
    expected: webhookSecretForm,
    parse: parseWebhookSecrets,
    doc: 'Turns on `POST /v1/webhooks/outcomes`, with which the agent reports the outcome of a call, signed with this secret. See [outcomes](outcomes.md).',
  },
  OUTCOMES_TOKEN: {
    section: 'Outcomes and webhooks',
    secret: true,
    expected:
      'a token of 32 to 512 characters without spaces and commas (openssl rand -hex 32); several, separated by commas, during a rotation',
    parse: parseOutcomeTokens,
    doc: 'Turns on the same for agents that cannot sign, which send this bearer token instead.',
  },
  OUTCOMES_LINK_HOSTS: {
    section: 'Outcomes and webhooks',
    expected: 'names of hosts such as www.example.com, separated by commas',
    parse: listOf(parseLinkHost),
    doc: 'Hosts to which links in an outcome may lead, by their exact names. Without it, an outcome cannot contain links.',
  },
  WEBHOOKS_FILE: {
    section: 'Outcomes and webhooks',
    expected: 'the path of a JSON file with endpoints',
    parse: parseWebhooksFile,
    doc: 'Path of a JSON file with the endpoints that receive events: calls requested, scheduled, ended and missed, outcomes, numbers suppressed. See [webhooks](webhooks.md).',
  },
  PRICE_PER_MINUTE: {
    section: 'Costs',
    expected: 'an amount such as 0.12',
    parse: parseAmount,
    doc: 'Price per minute. The startup report then shows the worst case per day as an amount.',
  },
  PRICE_CURRENCY: {
    section: 'Costs',
    default: 'USD',
    expected: 'a currency code such as USD',
    parse: matching(/^[A-Z]{3}$/, (text) => currencies[text] ?? text.toUpperCase()),
    doc: 'Currency of `PRICE_PER_MINUTE`.',
  },
  EXPECTED_CALL_MINUTES: {
    section: 'Hours',
    default: '4',
    expected: 'minutes from 1 to 240',
    parse: wholeNumber(1, 240),
    doc: 'How long a call usually lasts, including ringing. With the limits, it determines how many callbacks are promised for one time.',
  },
  MINUTES_PER_CALL: {
    section: 'Costs',
    default: '10',
    expected: 'minutes from 1 to 240',
    parse: wholeNumber(1, 240),
    doc: 'Assumed length of a call in that calculation.',
  },
  LOG_LEVEL: {
    section: 'Operations',
    default: 'info',
    expected: 'info, warn or error',
    parse: oneOf(['info', 'warn', 'error'], { debug: 'info', trace: 'info', warning: 'warn', fatal: 'error' }),
    doc: 'Minimum level that is logged. With `warn`, the log does not contain the stages of calls.',
  },
  ADMIN_LISTEN: {
    section: 'Operations',
    expected: 'a port such as 9464, or an address and a port such as 10.0.0.5:9464',
    parse: parseListen,
    doc: 'Turns on the admin listener, a separate server with the [owner’s page](operations/owner-page.md) and `/metrics` for Prometheus: a port on this machine, or an address and a port. Any address beyond this machine requires `ADMIN_TOKEN`. See [operations/metrics.md](operations/metrics.md).',
  },
  ADMIN_TOKEN: {
    section: 'Operations',
    secret: true,
    expected: adminTokenForm,
    parse: adminToken,
    doc: 'Token that every request to the admin listener must include (`Authorization: Bearer`), and with which browsers sign in.',
  },
  ADMIN_TOKEN_FILE: {
    section: 'Operations',
    expected: `the path of a file that holds ${adminTokenForm}`,
    parse: fileWith(adminToken),
    doc: 'Path of a file that holds the token, instead of `ADMIN_TOKEN`.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    section: 'Operations',
    expected: 'a full URL, such as http://localhost:4318',
    parse: fullUrl,
    doc: 'Sends OpenTelemetry traces to this OTLP/HTTP collector. The other `OTEL_` variables are read by the OpenTelemetry SDK.',
  },
  SANDBOX: {
    section: 'Sandbox',
    defaultNote: '`true` without a credential on this machine',
    expected: 'true or false',
    parse: trueOrFalse,
    doc: 'Without a credential, calls go to a built-in simulation of PolyAI and no phone rings. Origins other than this machine need `SANDBOX=true` for that, so that a secret that failed to mount never serves a sandbox to visitors. With `false`, the proxy refuses to start without a credential.',
  },
  SANDBOX_TIME_SCALE: {
    section: 'Sandbox',
    default: '1',
    expected: 'a whole number from 1 to 1000',
    parse: wholeNumber(1, 1_000),
    doc: 'How many times faster simulated calls proceed.',
  },
  SANDBOX_CLOCK: {
    section: 'Sandbox',
    defaultNote: 'the actual time',
    expected: 'an instant such as 2026-03-29T00:30:00Z',
    parse: parseInstant,
    doc: "Start time of the sandbox's clock. Setting it turns calling hours on. Not allowed with a credential.",
  },
};

/** Every setting's name, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(settings) as SettingName[];
