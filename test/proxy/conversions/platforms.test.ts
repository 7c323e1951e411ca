// Which calls count as conversions, and the files for advertising platforms. Mutations that turn it red: drop the check of the
// outcome, the report, the seconds, the age or the click ID; leave out the quotation marks; write Meta's times in milliseconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Disposition, JournalItem } from '../../../src/contract.js';
import {
  clickedCall,
  type ClickedCall,
  type ConversionOptions,
  platforms,
} from '../../../src/proxy/conversions/platforms.js';
import { type MeasuredCall, qualifiedCall } from '../../../src/proxy/conversions/qualified-call.js';

const answeredAt = Date.UTC(2026, 10, 26, 5, 4, 3);
const now = answeredAt + 3_600_000;
const at = (seconds: number): string => new Date(answeredAt + seconds * 1_000).toISOString();
const journal = (...items: readonly (readonly [JournalItem['status'], number])[]): JournalItem[] =>
  items.map(([status, seconds], index) => ({ seq: index + 1, status, at: at(seconds) }));

const measured: MeasuredCall = {
  id: 'call-1',
  createdAt: answeredAt - 20_000,
  history: journal(['requested', -20], ['created', -18], ['ringing', -9], ['in-progress', 0], ['completed', 30]),
  clickIds: {
    gclid: 'EAIaIQobChMI-example_01',
    msclkid: 'f894f652ea334e739002f7167ab8f8e3',
    fbclid: 'IwAR2F4-dbP0l7Mn1Iaw',
  },
};
const options: ConversionOptions = { name: 'Callback', now };

const fileOf = (name: keyof typeof platforms, more: Partial<ConversionOptions> = {}): string[] => {
  const call = qualifiedCall(measured, { seconds: 30 });
  assert.ok(call !== undefined, 'the call does not qualify');
  const clicked = clickedCall(call, platforms[name], now);
  assert.ok(typeof clicked === 'object', 'the call is left out');
  const all = { ...options, ...more };
  return [...platforms[name].head(all), ...platforms[name].lines([clicked], all)];
};

test('a call counts when it was completed after a conversation of the minimum length', () => {
  assert.equal(qualifiedCall(measured, { seconds: 30 })?.answeredAt, answeredAt);
  assert.equal(qualifiedCall(measured, { seconds: 31 }), undefined);
  for (const history of [
    journal(['requested', -20], ['ringing', -9], ['no-answer', 90]),
    journal(['requested', -20], ['in-progress', 0], ['failed', 90]),
    journal(['requested', -20], ['in-progress', 0]),
    journal(['requested', -20], ['completed', 90]),
    [],
  ])
    assert.equal(qualifiedCall({ ...measured, history }, { seconds: 0 }), undefined, JSON.stringify(history));
});

test('where the agent reported, its report decides, not the length', () => {
  const person = { answeredBy: 'person', disposition: 'appointment-booked' } as const;
  const counts = (outcome: MeasuredCall['outcome'], dispositions?: readonly Disposition[]): boolean =>
    qualifiedCall(
      { ...measured, ...(outcome && { outcome }) },
      { seconds: outcome ? 300 : 30, ...(dispositions && { dispositions }) },
    ) !== undefined;
  assert.equal(counts(person), true);
  assert.equal(counts({ ...person, disposition: 'not-interested' }), false);
  assert.equal(counts({ ...person, answeredBy: 'voicemail' }), false);
  assert.equal(counts({ ...person, disposition: 'message-left', answeredBy: 'voicemail' }, ['message-left']), false);
  assert.equal(counts(person, ['transferred']), false);
  assert.equal(counts({ ...person, disposition: 'other' }, ['other']), true);
  assert.equal(counts(undefined), true);
  assert.equal(counts(undefined, ['appointment-booked']), false, 'nothing was reported');
  const failed = journal(['requested', -20], ['failed', 90]);
  assert.equal(qualifiedCall({ ...measured, history: failed, outcome: person }, { seconds: 0 }), undefined);
});

test('Google Ads: the columns of its template, times in UTC', () => {
  assert.deepEqual(fileOf('google'), [
    'Parameters:TimeZone=+0000',
    'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
    'EAIaIQobChMI-example_01,"Callback",2026-11-26 05:04:03,,',
  ]);
  assert.deepEqual(fileOf('google', { value: 12.5, currency: 'EUR', consent: 'granted' }).slice(1), [
    'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Ad User Data,Ad Personalization',
    'EAIaIQobChMI-example_01,"Callback",2026-11-26 05:04:03,12.5,EUR,Granted,Granted',
  ]);
  assert.match(fileOf('google', { consent: 'denied' })[2] ?? '', /,Denied,Denied$/);
});

test('Microsoft Advertising: the columns of its template, times in UTC', () => {
  assert.deepEqual(fileOf('microsoft', { value: 40, currency: 'USD' }), [
    'Parameters:TimeZone=+0000',
    'Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
    'f894f652ea334e739002f7167ab8f8e3,"Callback",2026-11-26 05:04:03,40,USD',
  ]);
});

test('Meta: the body of a request to its Conversions API, with the event ID that the page sent', () => {
  const [line = '', ...others] = fileOf('meta', { name: 'QualifiedCallback', value: 40, currency: 'USD' });
  assert.deepEqual(others, []);
  assert.deepEqual(JSON.parse(line), {
    data: [
      {
        event_name: 'QualifiedCallback',
        event_time: answeredAt / 1_000,
        event_id: 'call-1-talked',
        action_source: 'phone_call',
        user_data: { fbc: `fb.1.${String(answeredAt - 20_000)}.IwAR2F4-dbP0l7Mn1Iaw` },
        custom_data: { value: 40, currency: 'USD' },
      },
    ],
  });
  assert.deepEqual(platforms.meta.lines([], options), []);
});

test('a call without a click ID of the platform, or with text in its place, is left out', () => {
  const call = qualifiedCall(measured, { seconds: 30 });
  assert.ok(call !== undefined, 'the call does not qualify');
  for (const gclid of [
    '',
    'short',
    '=HYPERLINK("x")',
    '-1234567890',
    '+14155550100',
    '@SUM(A1:A9)',
    'a,b,c,d,e,f',
    'x'.repeat(513),
  ])
    assert.equal(clickedCall({ ...call, clickIds: { gclid } }, platforms.google, now), 'no-click-id', gclid);
  assert.equal(
    clickedCall({ ...call, clickIds: { fbclid: 'IwAR2F4-dbP0l7Mn1Iaw' } }, platforms.google, now),
    'no-click-id',
  );
});

test('a call that the platform no longer accepts is left out: one would make Meta refuse them all', () => {
  const call = qualifiedCall(measured, { seconds: 30 });
  assert.ok(call !== undefined, 'the call does not qualify');
  const day = 24 * 3_600_000;
  assert.equal(clickedCall(call, platforms.meta, answeredAt + 7 * day), 'too-old');
  assert.equal(typeof clickedCall(call, platforms.meta, answeredAt + 7 * day - 1), 'object');
  assert.equal(typeof clickedCall(call, platforms.google, answeredAt + 89 * day), 'object');
  assert.equal(clickedCall(call, platforms.google, answeredAt + 90 * day), 'too-old');
});

test('a name stays one field, and is never a formula', () => {
  const call: ClickedCall = { id: 'a', requestedAt: 0, answeredAt, clickIds: {}, clickId: 'EAIaIQobChMI' };
  const [line] = platforms.google.lines([call], { ...options, name: '=1+1, "x"' });
  assert.match(line ?? '', /,"1\+1, ""x""",2026/);
});
