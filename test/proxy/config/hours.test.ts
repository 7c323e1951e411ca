// How an operator's text becomes settings, and what is reported when it cannot be parsed.
// Mutations that turn it red: accept a window that crosses midnight; a day named twice; a date that does not exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../src/proxy/config/config.js';
import { ConfigError, type Mistake } from '../../../src/proxy/config/mistake.js';
import { readWeek } from '../../../src/proxy/config/week-syntax.js';
import { defaultHoursSettings, type HoursSettings } from '../../../src/proxy/hours/hours-settings.js';
import { realEnv } from '../fixtures/app.js';

type ReadFile = (path: string) => string;
const noFile: ReadFile = () => {
  throw new Error('no files here');
};

const settingsOf = (variables: Record<string, string>, readFile = noFile): HoursSettings =>
  readConfig({ ...realEnv, ...variables }, readFile).hours;

function allMistakesOf(variables: Record<string, string>, readFile = noFile): readonly Mistake[] {
  try {
    readConfig({ ...realEnv, ...variables }, readFile);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.mistakes;
  }
}
const mistakesOf = (variables: Record<string, string>, readFile = noFile): readonly string[] =>
  allMistakesOf(variables, readFile).map(({ variable, seen }) => `${variable}=${seen}`);

test('the defaults: requested hours, no closed dates, no business hours, ten minutes for a call', () => {
  assert.deepEqual(settingsOf({}), defaultHoursSettings);
  assert.deepEqual(settingsOf({ HOURS_PROFILE: '', CALL_HOURS: '  ', BUSINESS_HOURS: '' }), defaultHoursSettings);
  assert.equal(defaultHoursSettings.profile, 'requested');
});

test('a week can be written as days, ranges and lists, with several windows a day', () => {
  assert.deepEqual(readWeek('mon-fri 09:00-13:00, 14:00-18:00; sat 10:00-16:00'), [
    [],
    ...Array.from({ length: 5 }, () => [
      [540, 780],
      [840, 1080],
    ]),
    [[600, 960]],
  ]);
  assert.deepEqual(readWeek('Mon, Wed,fri 9:00-17:30'), [[], [[540, 1050]], [], [[540, 1050]], [], [[540, 1050]], []]);
  assert.deepEqual(readWeek('sat-mon 00:00-24:00; tue closed; wed open;'), [
    [[0, 1440]],
    [[0, 1440]],
    [],
    [[0, 1440]],
    [],
    [],
    [[0, 1440]],
  ]);
  assert.deepEqual(
    readWeek('daily 08:00-09:00'),
    Array.from({ length: 7 }, () => [[480, 540]]),
  );
});

test('text that is not a week is rejected', () => {
  for (const text of [
    '',
    ';',
    'mon',
    '09:00-17:00',
    'mon 9-17',
    'mon 17:00-09:00',
    'mon 09:00-09:00',
    'fri 22:00-02:00',
    'mon 09:00-25:00',
    'mon 09:00-24:01',
    'mon 09:60-17:00',
    'mon 10:00-14:00, 13:00-15:00',
    'mon 14:00-15:00, 10:00-11:00',
    'mon 09:00-17:00; mon 18:00-19:00',
    'mon-fri 09:00-17:00; wed closed',
    'mon- 09:00-17:00',
    'mon-fri-sun 09:00-17:00',
    'monday 09:00-17:00',
    'mon 09:00-17:00 and later',
    'mon-fri closed, 09:00-10:00',
  ]) {
    assert.equal(readWeek(text), undefined, text);
  }
});

test('all mistakes are reported at once, with the variable, the value seen and the value expected', () => {
  const variables = {
    HOURS_PROFILE: 'none',
    CALL_HOURS: 'mon-fri nine to five',
    CALL_ROOM_MINUTES: '-5',
    CLOSED_DATES: '2026-02-30',
    BUSINESS_HOURS: 'Europe/Nowhere mon-fri 09:00-17:00',
    BUSINESS_CLOSED: 'sometimes',
  };
  const mistakes = allMistakesOf(variables);
  assert.deepEqual(
    mistakes.map(({ variable, seen }) => ({ variable, seen })),
    Object.entries(variables).map(([variable, text]) => ({ variable, seen: JSON.stringify(text) })),
  );
  for (const { expected } of mistakes) assert.ok(expected.length > 10, expected);
});

test('business hours carry their zone, and offer times when closed unless configured otherwise', () => {
  const { business } = settingsOf({ BUSINESS_HOURS: 'Asia/Kolkata mon-sat 10:00-19:00' });
  assert.equal(business?.zone, 'Asia/Calcutta');
  assert.equal(business?.whenClosed, 'schedule');
  assert.deepEqual(business?.week[0], []);
  assert.equal(
    settingsOf({ BUSINESS_HOURS: 'Europe/London daily 09:00-17:00', BUSINESS_CLOSED: 'HIDE' }).business?.whenClosed,
    'hide',
  );
  assert.deepEqual(mistakesOf({ BUSINESS_HOURS: 'mon-fri 09:00-17:00' }), ['BUSINESS_HOURS="mon-fri 09:00-17:00"']);
  assert.deepEqual(mistakesOf({ BUSINESS_HOURS: 'Europe/London' }), ['BUSINESS_HOURS="Europe/London"']);
  assert.deepEqual(mistakesOf({ BUSINESS_CLOSED: 'hide' }), ['BUSINESS_CLOSED="hide"']);
});

test('closed dates come from the setting or from a file with comments', () => {
  assert.deepEqual(
    [...settingsOf({ CLOSED_DATES: '2026-12-25,2027-01-01, 12-26' }).closed],
    ['2026-12-25', '2027-01-01', '12-26'],
  );
  const file = '# Holidays\n2026-12-25 # Christmas\n\n05-01, 02-29\r\n';
  const paths: string[] = [];
  const { closed } = settingsOf({ CLOSED_DATES: '@holidays.txt' }, (path) => {
    paths.push(path);
    return file;
  });
  assert.deepEqual([...closed], ['2026-12-25', '05-01', '02-29']);
  assert.deepEqual(paths, ['holidays.txt']);
});

test('an unreadable file and dates that do not exist are mistakes', () => {
  const fails =
    (code: string): ReadFile =>
    () => {
      throw Object.assign(new Error('canary'), { code });
    };
  const seen = (code: string): string => allMistakesOf({ CLOSED_DATES: '@nowhere' }, fails(code))[0]?.seen ?? '';
  assert.match(seen('ENOENT'), /^"nowhere", which does not exist \(looked for \/.*\/nowhere\)$/);
  assert.match(seen('EACCES'), /^"nowhere", which the proxy's user \(uid \d+\) may not read$/);
  assert.match(seen('EISDIR'), /which is a folder$/);
  assert.match(seen('EIO'), /which cannot be read \(EIO\)$/);
  for (const text of ['2026-13-01', '2027-02-29', '13-01', '25.12.2026', '2026-12-25..2026-12-31', 'Christmas']) {
    assert.deepEqual(mistakesOf({ CLOSED_DATES: text }), [`CLOSED_DATES="${text}"`]);
  }
});

test('the time a call needs can be set, even to zero', () => {
  assert.equal(settingsOf({ CALL_ROOM_MINUTES: '0' }).roomMinutes, 0);
  assert.equal(settingsOf({ CALL_ROOM_MINUTES: '30' }).roomMinutes, 30);
  for (const text of ['121', '1.5', 'ten']) assert.deepEqual(mistakesOf({ CALL_ROOM_MINUTES: text }).length, 1);
});
