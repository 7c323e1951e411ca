// Misspelled settings are detected, and other environment variables are ignored.
// Mutations that turn it red: nothing is ever a mistake; other programs' prefixes counted as ours; service links not recognized.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../src/proxy/config/config.js';
import { ConfigError } from '../../../src/proxy/config/mistake.js';
import { editDistance, nearest } from '../../../src/proxy/config/nearest.js';
import { allRows } from '../../../src/proxy/config/read-settings.js';
import { findUnknownSettings } from '../../../src/proxy/config/unknown-settings.js';
import { realEnv } from '../fixtures/app.js';

const known = Object.keys(allRows);
const found = (...names: string[]): string[] =>
  findUnknownSettings(Object.fromEntries(names.map((name) => [name, 'x'])), known).map(
    ({ name, nearest: meant, isMistake }) => `${name}${isMistake ? '!' : ''} ${meant ?? '-'}`,
  );

const slips: readonly (readonly [slip: string, meant: string])[] = [
  ['BUSINES_HOURS', 'BUSINESS_HOURS'],
  ['BUSINES_NAME', 'BUSINESS_NAME'],
  ['HOURS_PROFIL', 'HOURS_PROFILE'],
  ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
  ['TRUST_PROXIES', 'TRUSTED_PROXIES'],
  ['CHALENGE', 'CHALLENGE'],
  ['CHALLENGES', 'CHALLENGE'],
  ['POLYAI_ACOUNT_ID', 'POLYAI_ACCOUNT_ID'],
  ['POLYAI_CONNECTOR', 'POLYAI_CONNECTOR_ID'],
  ['POLYAI_CONECTOR_ID_FILE', 'POLYAI_CONNECTOR_ID_FILE'],
  ['METADATA_KEY', 'METADATA_KEYS'],
  ['CALL_HOUR', 'CALL_HOURS'],
  ['CLOSED_DATE', 'CLOSED_DATES'],
  ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
  ['ALOWED_COUNTRYS', 'ALLOWED_COUNTRIES'],
  ['ORIGINS_ALLOWED', 'ALLOWED_ORIGINS'],
  ['ALLOWEDORIGINS', 'ALLOWED_ORIGINS'],
  ['allowed_origins', 'ALLOWED_ORIGINS'],
  ['POLYAI_CALLBACK_ALLOWED_ORIGINS', 'ALLOWED_ORIGINS'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['LIMIT_NUMBERS_PER_DAY', 'LIMIT_NUMBER_PER_DAY'],
  ['TURNSTILE_SITEKEY', 'TURNSTILE_SITE_KEY'],
  ['SANDBOX_CLOK', 'SANDBOX_CLOCK'],
  ['WEBHOOK_SECERT', 'WEBHOOK_SECRET'],
];

for (const [slip, meant] of slips) {
  test(`${slip} is a mistake: did you mean ${meant}?`, () => {
    assert.deepEqual(found(slip), [`${slip}! ${meant}`]);
    assert.throws(
      () => readConfig({ ...realEnv, [meant]: undefined, [slip]: 'canary' }),
      (error: unknown) =>
        error instanceof ConfigError &&
        error.message.includes(`config/unknown-setting: ${slip} is `) &&
        error.message.includes(`Did you mean ${meant}?`) &&
        !error.message.includes('canary'),
    );
  });
}

test('every setting with one letter missing, added, changed or swapped is noticed', () => {
  for (const name of known.filter((one) => one.length > 5)) {
    for (let at = 1; at < name.length - 1; at += 1) {
      const variants = [
        name.slice(0, at) + name.slice(at + 1),
        `${name.slice(0, at)}X${name.slice(at)}`,
        `${name.slice(0, at)}X${name.slice(at + 1)}`,
        `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`,
      ];
      for (const slip of variants)
        if (!known.includes(slip) && slip !== 'SECRET_KEY') assert.equal(found(slip).length, 1, slip);
    }
  }
});

test('a variable that merely shares a prefix with ours is reported but does not prevent startup', () => {
  assert.deepEqual(found('POLYAI_MODEL', 'SANDBOX_COLOR', 'BUSINESS_VAT_NUMBER'), [
    'POLYAI_MODEL -',
    'SANDBOX_COLOR SANDBOX_CLOCK',
    'BUSINESS_VAT_NUMBER -',
  ]);
  const { notices } = readConfig({ ...realEnv, POLYAI_MODEL: 'x', SECRET_KEY: 'x' });
  assert.deepEqual(
    notices.unknown.map(({ name }) => name),
    ['POLYAI_MODEL', 'SECRET_KEY'],
  );
});

test('a typo next to the correct setting is only reported, but a misspelled limit is always a mistake', () => {
  assert.deepEqual(found('CALL_HOUR', 'CALL_HOURS'), ['CALL_HOUR CALL_HOURS']);
  assert.deepEqual(found('LIMIT_ALL_PER_DAYS', 'LIMIT_ALL_PER_DAY'), ['LIMIT_ALL_PER_DAYS! LIMIT_ALL_PER_DAY']);
  assert.deepEqual(found('LIMIT_WHATEVER').length, 1);
});

test('an empty variable is not a setting', () => {
  assert.deepEqual(findUnknownSettings({ CALL_HOUR: ' ', CHALENGE: undefined }, known), []);
});

test("other programs' variables are ignored", () => {
  const others =
    `PATH HOME HOSTNAME HOST PORT PORTAGE PORTAGE_CONFIGROOT HOSTTYPE HOSTS PORTS POST COST GHOST DATABASE_URL_OLD
    DATABASE_HOST DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_PORT DATABASE_SSL DATABASE_TLS DATABASE_POOL
    SECRET_KEY_BASE SECRET_TOKEN HOME_DIR AGENT_ID AGENT_OS AGENT_VERSION AGENT_WORKFOLDER SSH_AGENT_PID SSH_AUTH_SOCK
    WEBHOOK_URL ALLOW_EMPTY_PASSWORD COUNTRY COUNTRY_CODE TERM TERMINFO TERM_PROGRAM PRIVACY_MODE LIMITS PRICE
    KUBERNETES_SERVICE_HOST KUBERNETES_PORT KUBERNETES_PORT_443_TCP_ADDR POLYAI_CALLBACK_SERVICE_HOST
    POLYAI_CALLBACK_SERVICE_PORT_HTTP POLYAI_CALLBACK_PORT POLYAI_CALLBACK_PORT_8787_TCP SANDBOX_SERVICE_HOST SANDBOX_PORT
    npm_config_loglevel npm_package_name http_proxy HTTPS_PROXY NO_PROXY NODE_ENV NODE_OPTIONS LANG LC_ALL TZ USER LOGNAME
    SHELL PWD OLDPWD EDITOR CI GITHUB_ACTIONS GITHUB_TOKEN RUNNER_OS DYNO RENDER RENDER_SERVICE_ID FLY_APP_NAME
    INVOCATION_ID CREDENTIALS_DIRECTORY AWS_REGION GOOGLE_CLOUD_PROJECT REDIS_URL CALLBACK_URL CALENDAR_URL HOUR CONSENT
    XDG_RUNTIME_DIR VIRTUAL_HOST VIRTUAL_PORT LETSENCRYPT_HOST METADATA_URI TRUSTSTORE BUSINESS CALLER CLOSED`.split(
      /\s+/,
    );
  // Refused: none. Reported: one, which resembles METADATA_KEYS.
  assert.deepEqual(found(...others), ['METADATA_URI -']);
});

test('the distance counts letters that are missing, added, changed or swapped', () => {
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('abc', 'abc'), 0);
  assert.equal(editDistance('HOTS', 'HOST'), 1);
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(nearest('turnstyle', ['altcha', 'turnstile'], 2), 'turnstile');
  assert.equal(nearest('captcha', ['none', 'turnstile'], 2), undefined);
});
