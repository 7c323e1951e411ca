// Times to offer and times to accept. Mutations that turn it red: leave out the lead time; step over instants instead of the
// clock's half hours; keep both occurrences of a repeated hour; let checkSlot accept any instant; offer times when the
// business hides the widget.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHours, type Hours, slotLeadMinutes } from '../../../src/proxy/hours/hours.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { openSpans } from '../../../src/proxy/hours/spans.js';
import { realEnv } from '../fixtures/app.js';
import { everyDay } from '../../../src/proxy/hours/week.js';

const london = { e164: '+442079460958', country: 'GB', type: 'FIXED_LINE' };
const newYork = { e164: '+12125550123', country: 'US', type: 'FIXED_LINE_OR_MOBILE', browserZone: 'America/New_York' };
const russian = { e164: '+79161234567', country: 'RU', type: 'MOBILE' };

function hoursOf(settings: Record<string, string> = {}): Hours {
  return createHours(readConfig({ ...realEnv, ...settings }).hours);
}
const at = (text: string) => Date.parse(text);
const walls = (slots: readonly { wall: string }[]) => slots.map(({ wall }) => wall);

test('by default twelve times are offered: four on each of three days, the first four spread over the day', () => {
  const slots = hoursOf().slots({ ...london, now: at('2026-01-14T14:11Z') });
  assert.deepEqual(walls(slots), [
    '2026-01-14T14:30',
    '2026-01-14T16:30',
    '2026-01-14T18:30',
    '2026-01-14T20:30',
    '2026-01-15T08:00',
    '2026-01-15T12:00',
    '2026-01-15T16:30',
    '2026-01-15T20:30',
    '2026-01-16T08:00',
    '2026-01-16T12:00',
    '2026-01-16T16:30',
    '2026-01-16T20:30',
  ]);
  assert.deepEqual(slots[0], { at: '2026-01-14T14:30:00.000Z', zone: 'Europe/London', wall: '2026-01-14T14:30' });
});

test('the first time is at least ten minutes ahead', () => {
  assert.equal(slotLeadMinutes, 10);
  const first = (now: string) => hoursOf().slots({ ...london, now: at(now) })[0]?.wall;
  assert.equal(first('2026-01-14T14:20Z'), '2026-01-14T14:30');
  assert.equal(first('2026-01-14T14:20:01Z'), '2026-01-14T15:00');
});

test('every time offered, at any hour of the year, is one when the call may be placed', () => {
  const settings = { HOURS_PROFILE: 'strict', BUSINESS_HOURS: 'Europe/London mon-sat 08:15-20:45' };
  const hours = hoursOf(settings);
  for (const callee of [london, newYork, russian, { e164: '+33199001234', country: 'FR', type: 'FIXED_LINE' }]) {
    let offered = 0;
    for (let now = at('2026-01-01T00:07Z'); now < at('2027-01-01T00:00Z'); now += 211 * 3_600_000) {
      for (const slot of hours.slots({ ...callee, now })) {
        offered += 1;
        assert.ok(hours.verdict({ ...callee, now: at(slot.at) }).open, `${callee.e164} ${slot.at}`);
        assert.ok(at(slot.at) >= now + slotLeadMinutes * 60_000);
        assert.deepEqual(hours.checkSlot({ ...callee, now, at: at(slot.at) }), { ok: true, slot });
        assert.match(slot.wall, /:(00|30)$/);
      }
    }
    assert.ok(offered > 60, `${callee.e164} ${offered}`);
  }
});

test('the next opening is open, and no earlier time is', () => {
  const hours = hoursOf({ HOURS_PROFILE: 'strict', CALL_HOURS: 'mon-fri 08:00-12:17, 15:43-22:00' });
  for (const callee of [london, newYork]) {
    const isOpen = (instant: number) => hours.checkSlot({ ...callee, now: instant - 1, at: instant }).ok;
    for (let now = at('2026-03-06T00:00Z'); now < at('2026-03-11T00:00Z'); now += 7 * 3_600_000 + 47_000) {
      const verdict = hours.verdict({ ...callee, now });
      if (verdict.open) continue;
      const next = verdict.nextOpen ?? NaN;
      assert.ok(isOpen(next) && !isOpen(next - 1), `${new Date(now).toISOString()} ${next}`);
      for (let minute = now; minute < next; minute += 31 * 60_000) assert.ok(!isOpen(minute));
    }
  }
});

test('the count, days, earliest time and horizon can be set', () => {
  const hours = hoursOf();
  const now = at('2026-01-14T14:11Z');
  assert.equal(hours.slots({ ...london, now, count: 2 }).length, 2);
  assert.deepEqual(walls(hours.slots({ ...london, now, days: 1, perDay: 1 })), ['2026-01-14T14:30']);
  assert.equal(hours.slots({ ...london, now, perDay: 99, days: 1, count: 99 }).length, 13);
  assert.equal(hours.slots({ ...london, now, from: at('2026-01-16T09:10Z') })[0]?.wall, '2026-01-16T09:30');
  assert.equal(hours.slots({ ...london, now, from: at('2020-01-01T00:00Z') })[0]?.wall, '2026-01-14T14:30');
  assert.deepEqual(hours.slots({ ...london, now, from: at('2026-03-01T00:00Z') }), []);
  const within = hours.slots({ ...london, now, horizonDays: 1 });
  assert.ok(within.length > 0 && within.every((slot) => at(slot.at) <= now + 86_400_000));
});

test('times fall on the half hour of the clock they are shown in', () => {
  const nepal = { e164: '+9779812345678', country: 'NP', type: 'MOBILE' };
  const [first] = hoursOf().slots({ ...nepal, now: at('2026-01-14T00:00Z') });
  assert.deepEqual(first, { at: '2026-01-14T02:15:00.000Z', zone: 'Asia/Katmandu', wall: '2026-01-14T08:00' });
  const chatham = { e164: '+64211234567', country: 'NZ', type: 'MOBILE', browserZone: 'Pacific/Chatham' };
  assert.equal(hoursOf().slots({ ...chatham, now: at('2026-01-14T12:00Z') })[0]?.wall, '2026-01-15T08:00');
});

test('an hour that occurs twice is offered once, and one that is skipped never', () => {
  const night = hoursOf({ HOURS_PROFILE: 'off', CALL_HOURS: 'daily 00:00-04:00' });
  const all = { ...london, count: 99, perDay: 99, days: 1 };
  assert.deepEqual(walls(night.slots({ ...all, now: at('2026-10-24T23:00Z') })), [
    '2026-10-25T00:30',
    '2026-10-25T01:00',
    '2026-10-25T01:30',
    '2026-10-25T02:00',
    '2026-10-25T02:30',
    '2026-10-25T03:00',
    '2026-10-25T03:30',
  ]);
  assert.deepEqual(walls(night.slots({ ...all, now: at('2026-03-29T00:00Z') })), [
    '2026-03-29T00:30',
    '2026-03-29T02:00',
    '2026-03-29T02:30',
    '2026-03-29T03:00',
    '2026-03-29T03:30',
  ]);
});

test('an opening that falls between two half hours is still offered', () => {
  const narrow = hoursOf({ HOURS_PROFILE: 'off', CALL_HOURS: 'daily 09:05-09:25' });
  assert.deepEqual(walls(narrow.slots({ ...london, now: at('2026-01-14T00:00Z'), days: 1 })), ['2026-01-14T09:05']);
});

test('a window that the clocks skip is empty', () => {
  const week = everyDay(2.25, 2.75);
  const spans = openSpans({ zone: 'Europe/Paris', week }, new Set(), at('2026-03-29T00:00Z'), at('2026-03-29T00:00Z'));
  assert.deepEqual(spans, [
    { start: at('2026-03-28T02:15+01:00'), end: at('2026-03-28T02:45+01:00') },
    { start: at('2026-03-30T02:15+02:00'), end: at('2026-03-30T02:45+02:00') },
  ]);
});

test('a week without closed hours is open at midnight, even where the clocks skip it', () => {
  const hours = hoursOf({ HOURS_PROFILE: 'off', CALL_HOURS: 'daily 00:00-24:00' });
  const cairo = { e164: '+20221234567', country: 'EG', type: 'FIXED_LINE' };
  for (let now = at('2026-04-23T20:00Z'); now < at('2026-04-24T00:00Z'); now += 5 * 60_000) {
    assert.ok(hours.verdict({ ...cairo, now }).open, new Date(now).toISOString());
  }
});

test('a refusal includes times that can be chosen instead', () => {
  const verdict = hoursOf().verdict({ ...london, now: at('2026-01-14T22:00Z') });
  assert.ok(!verdict.open);
  assert.equal(verdict.reason, 'outside-hours');
  assert.equal(verdict.slots[0]?.wall, '2026-01-15T08:00');
  assert.deepEqual(verdict.zones, ['Europe/London']);
});

test('when the number’s zones are unknown no time is offered and none is accepted', () => {
  const nowhere = {
    e164: '+80012345678',
    type: 'TOLL_FREE',
    browserZone: 'Europe/Paris',
    now: at('2026-01-14T12:00Z'),
  };
  const hours = hoursOf();
  assert.deepEqual(hours.verdict(nowhere), { open: false, reason: 'outside-hours', slots: [], zones: [] });
  assert.deepEqual(hours.checkSlot({ ...nowhere, at: nowhere.now + 3_600_000 }), {
    ok: false,
    reason: 'outside-hours',
  });
});

test('when nothing opens for five weeks no next time is given', () => {
  const dates = Array.from({ length: 50 }, (_, i) => new Date(at('2026-01-14T00:00Z') + i * 86_400_000));
  const closed = dates.map((date) => date.toISOString().slice(0, 10)).join(',');
  const verdict = hoursOf({ CLOSED_DATES: closed }).verdict({ ...london, now: at('2026-01-14T12:00Z') });
  assert.ok(!verdict.open);
  assert.equal(verdict.nextOpen, undefined);
  assert.deepEqual(verdict.slots, []);
});

test('a chosen time is accepted only while it is in the future, within the horizon and open', () => {
  const hours = hoursOf({ BUSINESS_HOURS: 'Europe/London mon-fri 09:00-17:30' });
  const now = at('2026-01-14T12:00Z');
  const check = (time: string) => {
    const verdict = hours.checkSlot({ ...london, now, at: at(time) });
    return verdict.ok ? verdict.slot.wall : verdict.reason;
  };
  assert.equal(check('2026-01-15T10:00Z'), '2026-01-15T10:00');
  assert.equal(check('2026-01-14T12:00Z'), 'too-soon');
  assert.equal(check('2020-01-14T12:00Z'), 'too-soon');
  assert.equal(check('not a time'), 'too-soon');
  assert.equal(check('2026-01-22T12:00Z'), 'too-far');
  assert.equal(check('2026-01-15T18:00Z'), 'business-closed');
  assert.deepEqual(hoursOf().checkSlot({ ...london, now, at: at('2026-01-15T03:00Z') }), {
    ok: false,
    reason: 'outside-hours',
  });
});

test('a business that hides the widget or shows a message when closed offers no times then; one that schedules does', () => {
  const night = at('2026-01-16T20:00Z');
  for (const [mode, offers] of [
    ['hide', false],
    ['message', false],
    ['schedule', true],
  ] as const) {
    const hours = hoursOf({ BUSINESS_HOURS: 'Europe/London mon-fri 09:00-17:30', BUSINESS_CLOSED: mode });
    assert.deepEqual(hours.opening(night), { open: false, whenClosed: mode, nextOpen: at('2026-01-19T09:00Z') });
    assert.deepEqual(hours.opening(at('2026-01-16T12:00Z')), { open: true });
    const verdict = hours.verdict({ ...london, now: night });
    assert.ok(!verdict.open);
    assert.equal(verdict.reason, 'business-closed');
    assert.equal(verdict.slots.length > 0, offers, mode);
    // While the business is open, each of them can schedule ahead.
    assert.ok(hours.slots({ ...london, now: at('2026-01-16T12:00Z') }).length > 0);
  }
  assert.deepEqual(hoursOf().opening(night), { open: true });
});
