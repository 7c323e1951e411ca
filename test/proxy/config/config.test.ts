// The configuration: what is accepted, and every mistake reported with the value seen and the value expected.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Mistake } from '../../../src/proxy/config/mistake.js';
import { allRows } from '../../../src/proxy/config/read-settings.js';
import { type ProxyConfig, readConfig } from '../../../src/proxy/config/config.js';
import { secretOf } from '../../../src/proxy/polyai/api-access.js';
import { limitNames, limitSettings, limitsFor, worstDay } from '../../../src/proxy/gates/limits.js';
import { startupReport, textOf, worstCaseLine } from '../../../src/proxy/process/startup-report.js';
import { realEnv } from '../fixtures/app.js';

const reportOf = (env: Record<string, string>): readonly string[] =>
  startupReport(readConfig(env), 'http://x').map(textOf);

function mistakesOf(env: Record<string, string | undefined>, files: Record<string, string> = {}): readonly Mistake[] {
  try {
    readConfig(env, (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.mistakes;
  }
  return [];
}

const secretIn = ({ credential }: ProxyConfig): string | undefined => credential && secretOf(credential);

const names = (mistakes: readonly Mistake[]): string[] => mistakes.map(({ code, variable }) => `${code} ${variable}`);

test('with nothing set the proxy is a sandbox that only this machine can reach', () => {
  const config = readConfig({});
  assert.equal(config.sandbox, true);
  assert.equal(config.credential, undefined);
  assert.equal(config.port, 8787);
  assert.equal(config.host, '127.0.0.1');
  assert.deepEqual(config.database, { kind: 'file', path: './data/polyai-callback.db' });
  assert.equal(config.challenge.kind, 'altcha');
  assert.equal(config.hours.profile, 'off');
  assert.deepEqual(config.metadataKeys, []);
  assert.deepEqual(config.limits, { values: limitsFor('sandbox'), raised: [] });
});

test('a complete production configuration', () => {
  const config = readConfig({ ...realEnv, CHALLENGE: undefined });
  assert.equal(config.sandbox, false);
  assert.deepEqual(config.credential, {
    api: 'connector',
    baseUrl: 'https://api.uk-1.platform.polyai.app',
    accountId: 'acme',
    projectId: 'callbacks',
    connectorId: 'connector-canary-0001',
    resendOn500: false,
  });
  assert.deepEqual(config.countries, ['GB', 'US']);
  assert.equal(config.homeCountry, 'GB');
  assert.equal(config.site.business, 'www.example.com');
  assert.equal(config.challenge.kind, 'altcha');
  assert.equal(config.hours.profile, 'requested');
  assert.deepEqual(config.limits, { values: limitsFor('shipped'), raised: [] });
});

test('each region has its own base URL', () => {
  const base = (region: string): string | undefined =>
    readConfig({ ...realEnv, POLYAI_REGION: region }).credential?.baseUrl;
  assert.deepEqual(['us', 'uk', 'euw'].map(base), [
    'https://api.us-1.platform.polyai.app',
    'https://api.uk-1.platform.polyai.app',
    'https://api.euw-1.platform.polyai.app',
  ]);
});

test('the proxy does not start with an incomplete credential, whichever half is missing', () => {
  const parts = ['POLYAI_REGION', 'POLYAI_ACCOUNT_ID', 'POLYAI_PROJECT_ID', 'POLYAI_CONNECTOR_ID'] as const;
  for (const part of parts) {
    assert.deepEqual(names(mistakesOf({ ...realEnv, [part]: undefined })), [`incomplete ${part}`]);
    const alone = { ALLOWED_ORIGINS: realEnv.ALLOWED_ORIGINS, ALLOWED_COUNTRIES: 'GB', [part]: realEnv[part] };
    assert.deepEqual(
      names(mistakesOf(alone)),
      parts.filter((other) => other !== part).map((other) => `incomplete ${other}`),
    );
  }
});

test('without origins or countries a production configuration does not start', () => {
  const { ALLOWED_ORIGINS: _, ALLOWED_COUNTRIES: __, ...env } = realEnv;
  assert.deepEqual(names(mistakesOf(env)), ['missing ALLOWED_ORIGINS', 'missing ALLOWED_COUNTRIES']);
  assert.deepEqual(names(mistakesOf({ ...realEnv, ALLOWED_ORIGINS: ' , ', ALLOWED_COUNTRIES: '' })), [
    'missing ALLOWED_ORIGINS',
    'missing ALLOWED_COUNTRIES',
  ]);
});

test('the connector id can come from a file', () => {
  const { POLYAI_CONNECTOR_ID: _, ...env } = realEnv;
  const file = { ...env, POLYAI_CONNECTOR_ID_FILE: '/run/secrets/connector' };
  assert.equal(secretIn(readConfig(file, () => ' from-a-file-1234\n')), 'from-a-file-1234');
  assert.deepEqual(names(mistakesOf(file)), ['malformed POLYAI_CONNECTOR_ID_FILE']);
  const both = mistakesOf({ ...realEnv, ...file }, { '/run/secrets/connector': 'from-a-file-1234' });
  assert.deepEqual(names(both), ['malformed POLYAI_CONNECTOR_ID_FILE']);
});

const malformed: readonly (readonly [variable: string, value: string])[] = [
  ['POLYAI_REGION', 'mars'],
  ['POLYAI_ACCOUNT_ID', '../admin'],
  ['POLYAI_RESEND_ON_500', 'always'],
  ['POLYAI_PROJECT_ID', 'a b'],
  ['POLYAI_CONNECTOR_ID', 'with spaces in it'],
  ['POLYAI_CONNECTOR_ID', 'short'],
  ['ALLOWED_ORIGINS', 'https://www.example.com/'],
  ['ALLOWED_ORIGINS', 'https://www.example.com/path'],
  ['ALLOWED_ORIGINS', 'www.example.com'],
  ['ALLOWED_ORIGINS', 'https://*.example.com'],
  ['ALLOWED_ORIGINS', '*'],
  ['ALLOWED_ORIGINS', 'null'],
  ['ALLOWED_ORIGINS', 'https://www.example.com:443'],
  ['ALLOWED_ORIGINS', 'https://münchen.example'],
  ['ALLOWED_COUNTRIES', 'UK'],
  ['ALLOWED_COUNTRIES', '+44'],
  ['ALLOWED_COUNTRIES', 'gb'],
  ['HOME_COUNTRY', 'DE'],
  ['PORT', '70000'],
  ['PORT', '80a'],
  ['HOST', 'a b'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['DATABASE_URL', 'data.db'],
  ['TRUSTED_PROXIES', '0'],
  ['TRUSTED_PROXIES', '11'],
  ['TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TRUSTED_PROXIES', '::/0'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', 'all'],
  ['COUNTRY_HEADER', 'CF IPCountry'],
  ['CALLER_ID', '020 7946 0958'],
  ['BUSINESS_PHONE', 'call us'],
  ['PRIVACY_URL', 'about:blank'],
  ['BUSINESS_NAME', 'x'.repeat(101)],
  ['CONSENT_TEXT', 'x'.repeat(2_001)],
  ['METADATA_KEYS', 'customer name'],
  ['CHALLENGE', 'captcha'],
  ['WEBHOOK_SECRET', 'whsec_c2hvcnQ='],
  ['ALLOW_UNRECOGNISED_NUMBERS', 'yes'],
  ['PRICE_PER_MINUTE', '0,12'],
  ['MINUTES_PER_CALL', '0'],
  ['HOURS_PROFILE', 'whenever'],
  ['LIMIT_NUMBER_PER_DAY', '11'],
  ['LIMIT_NUMBER_PER_DAY', '-1'],
  ['LIMIT_ALL_PER_DAY', 'many'],
  ['LIMIT_ALL_PER_DAY', '1e9'],
  ['QUEUE_LENGTH', '-1'],
  ['QUEUE_LENGTH', '2.5'],
  ['QUEUE_LENGTH', 'none'],
  ['QUEUE_LENGTH', '201'],
  ['QUEUE_LENGTH', '1e2'],
  ['QUEUE_LENGTH', '99999999999999999999'],
];

for (const [variable, value] of malformed) {
  test(`${variable}=${value.slice(0, 40)} is a mistake`, () => {
    const mistakes = mistakesOf({ ...realEnv, [variable]: value });
    assert.deepEqual(names(mistakes), [`malformed ${variable}`]);
    assert.ok((mistakes[0]?.expected ?? '').length > 3);
  });
}

/** Input → the suggestion expected for it. */
const suggestions: readonly (readonly [variable: string, value: string, didYouMean: string | undefined])[] = [
  ['ALLOWED_ORIGINS', 'https://www.example.com/', 'https://www.example.com'],
  ['ALLOWED_ORIGINS', 'https://WWW.example.com:443/contact?x=1', 'https://www.example.com'],
  ['ALLOWED_ORIGINS', 'www.example.com', 'https://www.example.com'],
  ['ALLOWED_ORIGINS', '//example.com/', 'https://example.com'],
  ['ALLOWED_ORIGINS', 'localhost:3000', 'http://localhost:3000'],
  ['ALLOWED_ORIGINS', 'https://*.example.com', 'https://www.example.com'],
  ['ALLOWED_ORIGINS', 'https://münchen.example', 'https://xn--mnchen-3ya.example'],
  ['ALLOWED_ORIGINS', 'https://a.example https://b.example', 'https://a.example,https://b.example'],
  ['ALLOWED_ORIGINS', '*', undefined],
  ['ALLOWED_COUNTRIES', 'UK', 'GB'],
  ['ALLOWED_COUNTRIES', 'gb', 'GB'],
  ['ALLOWED_COUNTRIES', 'USA', 'US'],
  ['ALLOWED_COUNTRIES', 'AUT', 'AT'],
  ['ALLOWED_COUNTRIES', 'Germany', 'DE'],
  ['ALLOWED_COUNTRIES', '+49', 'DE'],
  ['ALLOWED_COUNTRIES', '+1', undefined],
  ['DATABASE_URL', './x.db', 'file:./x.db'],
  ['DATABASE_URL', 'data.db', 'file:./data.db'],
  ['DATABASE_URL', '/var/lib/calls.db', 'file:/var/lib/calls.db'],
  ['DATABASE_URL', 'sqlite:///var/lib/calls.db', 'file:/var/lib/calls.db'],
  ['DATABASE_URL', 'mysql://user:secret@db/x', undefined],
  ['POLYAI_REGION', 'us-1', 'us'],
  ['PORT', '8,787', '8787'],
  ['PORT', 'tcp://10.0.0.1:8787', '8787'],
  ['HOST', 'http://0.0.0.0:8787', '0.0.0.0'],
  ['HOST', '[::1]', '::1'],
  ['TRUSTED_PROXIES', 'loopback', '127.0.0.1,::1'],
  ['CALLER_ID', '0044 20 7946 0958', '+442079460958'],
  ['PRIVACY_URL', 'www.example.com/privacy', 'https://www.example.com/privacy'],
  ['PRICE_PER_MINUTE', '0,12', '0.12'],
  ['PRICE_PER_MINUTE', '$0.12', '0.12'],
  ['PRICE_CURRENCY', '€', 'EUR'],
  ['ALLOW_UNRECOGNISED_NUMBERS', 'yes', 'true'],
  ['CHALLENGE', 'turnstyle', 'turnstile'],
  ['HOURS_PROFILE', 'none', 'off'],
  ['CALL_HOURS', 'Monday to Friday 9am-5pm, Sat 10-14', 'mon-fri 09:00-17:00; sat 10:00-14:00'],
  ['BUSINESS_HOURS', 'Europe/Londn mon-fri 9-17', 'Europe/London mon-fri 09:00-17:00'],
  ['CLOSED_DATES', '25.12.2026', '2026-12-25'],
  ['CLOSED_DATES', '12/25/2026', undefined],
  ['METADATA_KEYS', 'customer name', 'customer_name'],
  ['COUNTRY_HEADER', 'CF IPCountry', 'CF-IPCountry'],
  ['QUEUE_LENGTH', '20 visitors', '20'],
  ['QUEUE_LENGTH', '1,000', undefined],
];

for (const [variable, value, didYouMean] of suggestions) {
  test(`${variable}=${value}: did you mean ${String(didYouMean)}?`, () => {
    const mistakes = mistakesOf({ ...realEnv, [variable]: value });
    assert.equal(mistakes.at(-1)?.variable, variable);
    assert.equal(mistakes.at(-1)?.didYouMean, didYouMean);
    if (didYouMean === undefined) return;
    const left = mistakesOf({ ...realEnv, [variable]: didYouMean }).filter(({ seen }) => seen !== 'not set');
    assert.deepEqual(left, []);
  });
}

test('the length of the queue is a whole number, 0 to 200, 20 by default, and its mistake says so', () => {
  for (const [value, length] of [
    [undefined, 20],
    ['0', 0],
    ['200', 200],
  ] as const)
    assert.equal(readConfig({ ...realEnv, ...(value !== undefined && { QUEUE_LENGTH: value }) }).queueLength, length);
  const [mistake] = mistakesOf({ ...realEnv, QUEUE_LENGTH: '201' });
  assert.deepEqual([mistake?.seen, mistake?.expected], ['"201"', 'a whole number from 0 to 200']);
});

test('quotation marks around a value are stripped, and that is reported', () => {
  const env = { ...realEnv, POLYAI_CONNECTOR_ID: '"connector-canary-0001"', BUSINESS_NAME: '“Acme”', PORT: "'9000'" };
  const config = readConfig(env);
  assert.equal(secretIn(config), 'connector-canary-0001');
  assert.equal(config.site.business, 'Acme');
  assert.equal(config.port, 9000);
  assert.deepEqual([...config.notices.unquoted].sort(), ['BUSINESS_NAME', 'POLYAI_CONNECTOR_ID', 'PORT']);
  assert.equal(readConfig({ ...realEnv, BUSINESS_NAME: '"A" and "B"' }).site.business, '"A" and "B"');
  // A single quotation mark is a typo that only the operator can fix.
  const [slip] = mistakesOf({ ...realEnv, POLYAI_CONNECTOR_ID: '"connector-canary-0001' });
  assert.match(slip?.seen ?? '', /not shown\), with a quotation mark at one end/);
  const { POLYAI_CONNECTOR_ID: _, ...rest } = realEnv;
  const file = { ...rest, POLYAI_CONNECTOR_ID_FILE: '/run/secrets/connector' };
  assert.equal(secretIn(readConfig(file, () => '"from-a-file-1234"\n')), 'from-a-file-1234');
});

test('a secret that was set as the path of its file is not shown', () => {
  const { POLYAI_CONNECTOR_ID: _, ...rest } = realEnv;
  const [slip] = mistakesOf({ ...rest, POLYAI_CONNECTOR_ID_FILE: 'connector-canary-0001' });
  assert.match(slip?.seen ?? '', /not shown/);
  assert.doesNotMatch(JSON.stringify(slip), /canary/);
});

test('the password of a URL is not shown', () => {
  for (const variable of ['PRIVACY_URL', 'ALLOWED_ORIGINS', 'DATABASE_URL'])
    assert.doesNotMatch(
      JSON.stringify(mistakesOf({ ...realEnv, [variable]: 'ftp://user:canary@host/x' })),
      /canary/,
      variable,
    );
  const [base] = mistakesOf({ ...realEnv, POLYAI_REGION: undefined, POLYAI_BASE_URL: 'https://user:canary@host' });
  assert.doesNotMatch(JSON.stringify(base), /canary/);
});

test('origins beyond this machine without a credential need SANDBOX=true', () => {
  for (const beyond of ['https://www.example.com', 'http://192.168.1.5:8080', 'http://localhost.example.com']) {
    assert.deepEqual(names(mistakesOf({ ALLOWED_ORIGINS: beyond })), ['incomplete POLYAI_CONNECTOR_ID'], beyond);
    assert.match(mistakesOf({ ALLOWED_ORIGINS: beyond })[0]?.expected ?? '', /SANDBOX=true serves the sandbox/);
    assert.equal(readConfig({ ALLOWED_ORIGINS: beyond, SANDBOX: 'true' }).sandbox, true);
  }
  for (const here of ['http://localhost:3000', 'http://127.0.0.1:8080,https://app.localhost', 'http://[::1]:9'])
    assert.equal(readConfig({ ALLOWED_ORIGINS: here }).sandbox, true, here);
  assert.deepEqual(names(mistakesOf({ SANDBOX: 'false' })), ['incomplete POLYAI_CONNECTOR_ID']);
  assert.deepEqual(names(mistakesOf({ ...realEnv, SANDBOX: 'true' })), ['not-supported SANDBOX']);
  assert.equal(readConfig({ ...realEnv, SANDBOX: 'false' }).sandbox, false);
});

test('a misspelled limit is a mistake, not a limit that is silently missing', () => {
  assert.deepEqual(names(mistakesOf({ ...realEnv, LIMIT_NUMBERS_PER_DAY: '3' })), [
    'unknown-setting LIMIT_NUMBERS_PER_DAY',
  ]);
});

test('all mistakes are reported at once, each on its own line, with a suggestion', () => {
  const mistakes = mistakesOf({ ...realEnv, PORT: 'x', POLYAI_REGION: 'mars', ALLOWED_COUNTRIES: 'UK' });
  assert.equal(mistakes.length, 3);
  const { message } = new ConfigError(mistakes);
  assert.equal(message.split('\n').length, 3);
  assert.match(message, /^config\/malformed: PORT is "x"; expected a port from 0 to 65535 \(docs\/settings\.md\)$/m);
  assert.match(message, /ALLOWED_COUNTRIES is "UK"; expected .*GB,IE\. Did you mean GB\? \(/);
});

test('no secret appears in a mistake', () => {
  const secrets = {
    POLYAI_CONNECTOR_ID: 'se cret-canary',
    WEBHOOK_SECRET: 'whsec_canary!',
    TURNSTILE_SECRET: 'canary secret',
    CHALLENGE: 'turnstile',
    TURNSTILE_SITE_KEY: '0x4AAAAAAAB',
    DATABASE_URL: 'postgres://user:canary@db:x/x',
  };
  const mistakes = mistakesOf({ ...realEnv, ...secrets });
  assert.deepEqual(names(mistakes).sort(), [
    'malformed DATABASE_URL',
    'malformed POLYAI_CONNECTOR_ID',
    'malformed TURNSTILE_SECRET',
    'malformed WEBHOOK_SECRET',
  ]);
  assert.doesNotMatch(new ConfigError(mistakes).message, /canary/);
});

test('the credential goes only over TLS, or to this machine', () => {
  const at = (url: string): readonly Mistake[] =>
    mistakesOf({ ...realEnv, POLYAI_REGION: undefined, POLYAI_BASE_URL: url });
  assert.deepEqual(at('https://api.example.com'), []);
  assert.deepEqual(at('http://127.0.0.1:9000'), []);
  for (const url of [
    'http://api.example.com',
    'https://api.example.com/path',
    'https://user:pw@api.example.com',
    'ftp://x',
    'x',
  ])
    assert.deepEqual(names(at(url)), ['malformed POLYAI_BASE_URL'], url);
  assert.deepEqual(names(mistakesOf({ ...realEnv, POLYAI_BASE_URL: 'https://api.example.com' })), [
    'malformed POLYAI_BASE_URL',
  ]);
});

test('turnstile needs both of its keys', () => {
  assert.deepEqual(names(mistakesOf({ ...realEnv, CHALLENGE: 'turnstile' })), [
    'incomplete TURNSTILE_SITE_KEY',
    'incomplete TURNSTILE_SECRET',
  ]);
});

test('strings are read from a file', () => {
  const env = { ...realEnv, STRINGS_FILE: 'strings.json' };
  assert.deepEqual(readConfig(env, () => '{"submit":"Ring me"}').site.strings, { submit: 'Ring me' });
  for (const text of ['[]', '{"submit":1}', '{', 'null'])
    assert.deepEqual(names(mistakesOf(env, { 'strings.json': text })), ['malformed STRINGS_FILE']);
  const [slip] = mistakesOf(env, { 'strings.json': '{"submitt":"Ring me"}' });
  assert.match(slip?.seen ?? '', /unknown key "submitt"/);
  assert.equal(slip?.didYouMean, 'submit');
  // A language, not a misspelled "us".
  assert.equal(mistakesOf(env, { 'strings.json': '{"en":"Ring me"}' })[0]?.didYouMean, undefined);
  assert.match(mistakesOf(env, { 'strings.json': '{\n"submit": "x" "y"}' })[0]?.seen ?? '', /not JSON \(line 2\)/);
});

test('each limit has a setting; lowering it is silent, raising it is reported', () => {
  for (const name of limitNames) {
    const { setting, shipped } = limitSettings[name];
    const lowered = readConfig({ ...realEnv, [setting]: String(shipped - 1) });
    assert.equal(lowered.limits.values[name], shipped - 1);
    assert.deepEqual(lowered.limits.raised, []);
    const raised = readConfig({ ...realEnv, [setting]: String(shipped + 1) });
    assert.deepEqual(raised.limits.raised, [{ setting, shipped, value: shipped + 1 }]);
    assert.ok(
      reportOf({ ...realEnv, [setting]: String(shipped + 1) }).some((line) => line.startsWith(`WARNING: ${setting}=`)),
      setting,
    );
  }
});

test('real credentials always start with the shipped limits', () => {
  const { limits } = readConfig(realEnv);
  assert.deepEqual(
    limitNames.map((name) => [limitSettings[name].setting, limits.values[name]]),
    [
      ['LIMIT_NUMBER_PER_10_MINUTES', 2],
      ['LIMIT_NUMBER_PER_DAY', 3],
      ['LIMIT_PREFIX_PER_HOUR', 5],
      ['LIMIT_PREFIX_PER_DAY', 10],
      ['LIMIT_COUNTRY_PER_HOUR', 20],
      ['LIMIT_ABROAD_PER_DAY', 20],
      ['LIMIT_ADDRESS_PER_MINUTE', 1],
      ['LIMIT_ADDRESS_PER_HOUR', 5],
      ['LIMIT_ADDRESS_PER_DAY', 10],
      ['LIMIT_NEIGHBOURHOOD_PER_HOUR', 20],
      ['LIMIT_NEIGHBOURHOOD_PER_DAY', 50],
      ['LIMIT_DISTINCT_NUMBERS_PER_HOUR', 2],
      ['LIMIT_DISTINCT_NUMBERS_PER_DAY', 3],
      ['LIMIT_SCHEDULED_PER_HOUR', 30],
      ['LIMIT_SCHEDULED_PER_ADDRESS', 1],
      ['LIMIT_SCHEDULED_PER_NEIGHBOURHOOD', 2],
      ['LIMIT_ATTEMPTS_PER_10_MINUTES', 20],
      ['LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES', 200],
      ['LIMIT_SITE_PER_HOUR', 20],
      ['LIMIT_SITE_PER_DAY', 60],
      ['LIMIT_SITE_IN_FLIGHT', 5],
      ['LIMIT_ALL_BURST', 10],
      ['LIMIT_ALL_PER_HOUR', 30],
      ['LIMIT_ALL_PER_DAY', 100],
      ['LIMIT_ALL_IN_FLIGHT', 10],
      ['LIMIT_SCHEDULED', 200],
      ['LIMIT_POLLS_PER_SECOND', 20],
      ['LIMIT_STREAMS', 5_000],
      ['LIMIT_STREAMS_PER_CALL', 2],
      ['LIMIT_STREAMS_PER_ADDRESS', 20],
      ['LIMIT_CONNECTIONS', 8_000],
      ['LIMIT_CONNECTIONS_PER_ADDRESS', 256],
    ],
  );
});

test('the worst day is printed as calls, minutes and cost', () => {
  assert.deepEqual(worstDay(limitsFor('shipped')), { sustained: 100, first: 100 });
  const config = readConfig({ ...realEnv, PRICE_PER_MINUTE: '0.12', MINUTES_PER_CALL: '5', PRICE_CURRENCY: 'GBP' });
  assert.equal(worstCaseLine(config), 'Worst case per day: 100 calls × 5 minutes × 0.12 = 60.00 GBP.');
  // Too many to track each one: an even refill, plus the burst on the first day.
  const many = readConfig({ ...realEnv, LIMIT_ALL_PER_DAY: '600', LIMIT_ALL_PER_HOUR: '1000' });
  assert.match(worstCaseLine(many), /600 calls .*; in the first 24 hours 1,199 calls/);
  assert.match(worstCaseLine(readConfig(realEnv)), /100 calls × 10 minutes = 1,000 minutes.*PRICE_PER_MINUTE/);
});

test('the startup report shows the sandbox, its limits, and anything loosened or suspicious', () => {
  const sandbox = reportOf({}).join('\n');
  assert.match(sandbox, /SANDBOX: .*no real phone rings/);
  assert.match(sandbox, /LIMIT_ADDRESS_PER_MINUTE=20/);
  const real = reportOf({ ...realEnv, TRUSTED_PROXIES: '2', BUSINESS_NAME: '"Acme"', POLYAI_MODEL: 'canary' }).join(
    '\n',
  );
  assert.doesNotMatch(real, /SANDBOX|connector-canary|canary/);
  assert.match(real, /^Accepting requests from https:\/\/www\.example\.com, for calls to GB, US\.$/m);
  assert.match(real, /^Worst case per day/m);
  assert.match(real, /^WARNING: CHALLENGE=none/m);
  assert.match(real, /^WARNING: Trusting 2 proxies/m);
  assert.match(real, /^WARNING: Quotation marks around the value of BUSINESS_NAME were removed\.$/m);
  assert.match(real, /^WARNING: POLYAI_MODEL is not a setting of this proxy and is ignored\.$/m);
});

test('the startup report warns when the poll rate cannot keep up with the calls that the limits allow', () => {
  const shared = { DATABASE_URL: 'postgres://proxy@127.0.0.1/callback', SECRET_KEYS: `v1:${'A'.repeat(43)}=` };
  const warningIn = (env: Record<string, string>): string | undefined =>
    reportOf({ ...realEnv, ...env }).find((line) => /^WARNING: LIMIT_POLLS_PER_SECOND=.* is too low/.test(line));
  const warned = (env: Record<string, string>): boolean =>
    warningIn({ LIMIT_SITE_IN_FLIGHT: '2000', ...env }) !== undefined;
  assert.equal(warned({}), false);
  assert.equal(warned({ LIMIT_ALL_IN_FLIGHT: '40' }), false);
  assert.equal(warned({ LIMIT_ALL_IN_FLIGHT: '41' }), true);
  assert.equal(warned({ LIMIT_POLLS_PER_SECOND: '4' }), true);
  assert.equal(warned({ LIMIT_ALL_IN_FLIGHT: '1000', LIMIT_POLLS_PER_SECOND: '500' }), false);
  assert.match(
    warningIn({ LIMIT_SITE_IN_FLIGHT: '2000', LIMIT_ALL_IN_FLIGHT: '1000' }) ?? '',
    /for LIMIT_ALL_IN_FLIGHT=1,000: .*each is polled only every 50 s, and pages show an answered call late\. Set it to 500,/,
  );
  // What one site allows counts too: on two sites, 20 each are 40 calls.
  const twoSites = {
    ALLOWED_ORIGINS: `${realEnv.ALLOWED_ORIGINS},https://two.example.com`,
    LIMIT_ALL_IN_FLIGHT: '1000',
  };
  assert.equal(warned({ ...twoSites, LIMIT_SITE_IN_FLIGHT: '20' }), false);
  assert.match(
    warningIn({ ...twoSites, LIMIT_SITE_IN_FLIGHT: '21' }) ?? '',
    /for LIMIT_SITE_IN_FLIGHT=21: .*every 3 s.*Set it to 21,/,
  );
  // Instances share the rate: three of them poll 18 times a second, not 20.
  const three = { ...shared, INSTANCES: '3' };
  assert.equal(warned({ ...three, LIMIT_ALL_IN_FLIGHT: '36' }), false);
  assert.match(
    warningIn({ ...three, LIMIT_SITE_IN_FLIGHT: '99', LIMIT_ALL_IN_FLIGHT: '37' }) ?? '',
    /LIMIT_POLLS_PER_SECOND=20 is too low for LIMIT_ALL_IN_FLIGHT=37: .*Set it to 21,/,
  );
  assert.equal(warned({ ...three, LIMIT_ALL_IN_FLIGHT: '37', LIMIT_POLLS_PER_SECOND: '21' }), false);
  assert.match(warningIn({ LIMIT_POLLS_PER_SECOND: '0' }) ?? '', /no call is polled.*Set it to 3,/);
  assert.equal(warned({ LIMIT_POLLS_PER_SECOND: '0', LIMIT_ALL_IN_FLIGHT: '0' }), false, 'no call, no poll');
  assert.match(reportOf(realEnv).join('\n'), /^At most 200 scheduled callbacks .* \(LIMIT_SCHEDULED\)\.$/m);
});

test('the startup report warns when streams can take every connection', () => {
  const warned = (env: Record<string, string>): string =>
    reportOf({ ...realEnv, ...env })
      .filter((line) => /^WARNING: LIMIT_CONNECTIONS\w*=\S+ ?(?:is not above|nobody)/.test(line))
      .join('\n');
  assert.equal(warned({}), '');
  assert.equal(warned({ LIMIT_STREAMS: '7999' }), '');
  assert.equal(warned({ LIMIT_STREAMS: '0', LIMIT_STREAMS_PER_CALL: '0', LIMIT_STREAMS_PER_ADDRESS: '0' }), '');
  assert.match(warned({ LIMIT_STREAMS: '8000' }), /LIMIT_CONNECTIONS=8,000 is not above LIMIT_STREAMS=8,000/);
  assert.match(warned({ LIMIT_CONNECTIONS: '0' }), /LIMIT_CONNECTIONS=0: nobody can connect\.$/);
  assert.match(warned({ LIMIT_CONNECTIONS_PER_ADDRESS: '0' }), /nobody can connect, except trusted proxies\.$/);
});

test('every setting is documented', () => {
  for (const [name, { doc, expected }] of Object.entries(allRows))
    assert.ok(doc.length > 8 && expected.length > 3, name);
});

const tokenEnv = {
  ...realEnv,
  POLYAI_API: 'token',
  POLYAI_ACCOUNT_ID: undefined,
  POLYAI_PROJECT_ID: undefined,
  POLYAI_CONNECTOR_ID: undefined,
  POLYAI_AUTH_TOKEN: 'token-canary-0001',
};
const agentsEnv = {
  ...tokenEnv,
  POLYAI_API: 'agents',
  POLYAI_AUTH_TOKEN: undefined,
  POLYAI_AGENT_ID: 'agent-1',
  POLYAI_API_KEY: 'api-key-canary-0001',
};

test('each generation of the API has its own credential', () => {
  assert.deepEqual(readConfig({ ...tokenEnv, POLYAI_ENCRYPTION: 'udp/srtp' }).credential, {
    api: 'token',
    baseUrl: 'https://api.uk-1.platform.polyai.app',
    authToken: 'token-canary-0001',
    encryption: 'UDP/SRTP',
    resendOn500: false,
  });
  const more = { POLYAI_ENVIRONMENT: 'pre-release', POLYAI_VARIANT_ID: 'v7', POLYAI_ENCRYPTION: 'TLS/SRTP' };
  assert.deepEqual(readConfig({ ...agentsEnv, ...more, POLYAI_REGION: 'studio' }).credential, {
    api: 'agents',
    baseUrl: 'https://api.studio.poly.ai',
    agentId: 'agent-1',
    apiKey: 'api-key-canary-0001',
    environment: 'pre-release',
    variantId: 'v7',
    encryption: 'TLS/SRTP',
    resendOn500: false,
  });
  assert.deepEqual(readConfig(agentsEnv).credential, {
    api: 'agents',
    baseUrl: 'https://api.uk.poly.ai',
    agentId: 'agent-1',
    apiKey: 'api-key-canary-0001',
    environment: 'live',
    resendOn500: false,
  });
});

test('a part of another generation, or none of the selected one, prevents the start', () => {
  assert.deepEqual(names(mistakesOf({ ...tokenEnv, POLYAI_AUTH_TOKEN: undefined })), ['incomplete POLYAI_AUTH_TOKEN']);
  assert.deepEqual(names(mistakesOf({ ...agentsEnv, POLYAI_AGENT_ID: undefined })), ['incomplete POLYAI_AGENT_ID']);
  const [switched] = mistakesOf({ ...realEnv, POLYAI_API_KEY: 'api-key-canary-0001' });
  assert.equal(switched?.variable, 'POLYAI_API_KEY');
  assert.match(switched.expected, /POLYAI_API=agents/);
  assert.doesNotMatch(JSON.stringify(switched), /canary/);
  // Nothing but a part of another generation is still an incomplete credential, not a sandbox.
  assert.deepEqual(
    names(mistakesOf({ ALLOWED_ORIGINS: 'http://localhost:3000', POLYAI_API_KEY: 'api-key-canary' })).slice(-1),
    ['incomplete POLYAI_CONNECTOR_ID'],
  );
  assert.deepEqual(names(mistakesOf({ ...agentsEnv, POLYAI_ENVIRONMENT: 'nowhere' })), [
    'malformed POLYAI_ENVIRONMENT',
  ]);
  assert.deepEqual(names(mistakesOf({ ...tokenEnv, POLYAI_VARIANT_ID: 'v7' })), ['not-supported POLYAI_VARIANT_ID']);
  assert.deepEqual(names(mistakesOf({ ...agentsEnv, POLYAI_ENCRYPTION: 'UDP/RTP' })), [
    'not-supported POLYAI_ENCRYPTION',
  ]);
});

test('an error about a region that the generation lacks names those it has', () => {
  for (const [env, region, nearest] of [
    [realEnv, 'eu', 'euw'],
    [agentsEnv, 'euw', 'eu'],
    [tokenEnv, 'studio', undefined],
  ] as const) {
    const [mistake] = mistakesOf({ ...env, POLYAI_REGION: region });
    assert.equal(mistake?.variable, 'POLYAI_REGION');
    assert.equal(mistake.didYouMean, nearest);
  }
});

test('the sandbox uses the selected generation, without a credential', () => {
  assert.equal(readConfig({ POLYAI_API: 'agents' }).sandbox, true);
  assert.equal(readConfig({ POLYAI_API: 'agents' }).api, 'agents');
  const [missing] = mistakesOf({ POLYAI_API: 'agents', ALLOWED_ORIGINS: 'https://www.example.com' });
  assert.equal(missing?.variable, 'POLYAI_API_KEY');
  assert.match(missing.expected, /POLYAI_REGION, POLYAI_AGENT_ID and POLYAI_API_KEY or POLYAI_API_KEY_FILE/);
});
