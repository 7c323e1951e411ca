// How a chosen time is shown: in two time zones where they differ, and how long it is until then. Mutations that turn it red:
// the phone's zone first; `there` always or never; seconds in the countdown, or a day by name; an interval of less than a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalizer } from '../../../src/widget/i18n/localizer.js';
import { enPhases } from '../../../src/widget/i18n/locales/en-phases.js';
import type { ViewModel } from '../../../src/widget/views/view-model.js';
import { paceOf, timesOf, untilThen } from '../../../src/widget/views/slot-times.js';

const at = '2026-03-03T08:00:00.000Z';
const then = Date.parse(at);
const minute = 60_000;
const hour = 60 * minute;
const localizer = createLocalizer({ locale: 'en-GB', table: enPhases, now: () => Date.UTC(2026, 2, 2) });
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

test('a time is shown in the visitor’s time zone, and in the phone’s where it differs', () => {
  const same = timesOf({ localizer }, { at, zone: own, wall: '' }, 'short');
  assert.equal(same.there, undefined);
  const away = timesOf({ localizer }, { at, zone: 'Pacific/Kiritimati', wall: '' }, 'short');
  assert.equal(away.here, same.here);
  assert.match(String(away.there), /^Tue,? 3 Mar.*22:00 where the phone is$/);
});

test('the countdown is in days, then hours, then minutes, and never in seconds', () => {
  const left = (ms: number): string => untilThen(at, then - ms, 'en');
  assert.equal(left(3 * 24 * hour), 'in 3 days');
  assert.equal(left(26 * hour), 'in 26 hours');
  assert.equal(left(2 * hour), 'in 2 hours');
  assert.equal(left(2 * hour - 1), 'in 119 minutes');
  assert.equal(left(minute), 'in 1 minute');
  assert.equal(left(59_000), 'in 1 minute');
  assert.equal(left(0), 'in 1 minute');
  assert.equal(left(-1), '');
});

test('the countdown does not name a day: 57 hours are two days, and may end on the third', () => {
  for (const [locale, text] of [
    ['de', 'in 2 Tagen'],
    ['pl', 'za 2 dni'],
    ['fr', 'dans 2 jours'],
  ] as const) {
    assert.equal(untilThen(at, then - 57 * hour, locale).replaceAll('\u00a0', ' '), text);
    assert.doesNotMatch(untilThen(at, then - 48 * hour, locale), /übermorgen|pojutrze|demain/);
  }
});

test('the page updates every minute while a call is pending, every second during the call, and otherwise never', () => {
  const model = (name: string, ms: number): ViewModel =>
    ({
      name,
      now: then - ms,
      state: { phase: 'following', call: { scheduledFor: { at, zone: own, wall: '' } } },
    }) as never;
  for (const ms of [5 * hour + 30_000, 90_000, 1]) {
    const pace = paceOf(model('scheduled', ms)) ?? 0;
    assert.ok(pace >= 500 && pace <= minute + 500, String(pace));
  }
  assert.equal(paceOf(model('talking', 0)), 1_000);
  assert.equal(paceOf(model('scheduled', -1)), undefined);
  assert.equal(paceOf(model('ringing', 1)), undefined);
});
