// Each figure of the owner's page from calls that are counted by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CallFacts, factsOf } from '../../../src/proxy/owner/call-facts.js';
import {
  answerRateOf,
  byHour,
  costOf,
  groupsOf,
  matches,
  mostGroups,
  overTime,
  spreadOf,
  totalsOf,
} from '../../../src/proxy/owner/figures.js';
import { spanOf } from '../../../src/proxy/owner/period.js';
import { call, journals } from './fixtures/owner-store.js';

const at = Date.parse('2026-03-10T09:30:00Z');
const facts = (...calls: Parameters<typeof call>[0][]): CallFacts[] => calls.map((one) => factsOf(call(one)));

test('the durations of a call are those between its journal items', () => {
  const [answered] = facts({ at, journal: journals.answered });
  assert.deepEqual(
    [answered?.ringSeconds, answered?.answerSeconds, answered?.talkSeconds, answered?.result],
    [7, 8, 120, 'answered'],
  );
  const [missed] = facts({ at, journal: journals.missed });
  assert.deepEqual([missed?.ringSeconds, missed?.answerSeconds, missed?.talkSeconds], [9, undefined, undefined]);
  const [talking] = facts({ at, journal: journals.talking });
  assert.deepEqual([talking?.result, talking?.isAnswered, talking?.talkSeconds], ['active', true, undefined]);
});

test('a callback at a chosen time rings after it was placed, not after it was booked', () => {
  const [later] = facts({
    at,
    isScheduled: true,
    journal: [
      ['requested', 3_600],
      ['ringing', 3_608],
      ['no-answer', 3_640],
    ],
  });
  assert.equal(later?.ringSeconds, 8);
  assert.equal(facts({ at, isScheduled: true })[0]?.result, 'waiting');
});

test('clocks that ran backwards make no duration negative', () => {
  const [one] = facts({
    at,
    journal: [
      ['ringing', -5],
      ['in-progress', -9],
      ['completed', 1],
    ],
  });
  assert.deepEqual([one?.ringSeconds, one?.answerSeconds], [0, 0]);
});

test('a voicemail that the agent reported is not an answer', () => {
  const details = call({ at, journal: journals.answered });
  const outcome = {
    answeredBy: 'voicemail',
    disposition: 'other',
    sealedText: '',
    reportedAt: at,
    revision: 1,
  } as const;
  const one = factsOf({ ...details, call: { ...details.call, outcome } });
  assert.deepEqual([one.result, one.isAnswered], ['voicemail', false]);
});

test('a page is its path: neither its query nor another site', () => {
  const [one, none, odd] = facts(
    {
      at,
      page: 'https://www.example.com/offers/spring',
      country: 'GB',
      attribution: { campaign: 'spring', sealed: '' },
    },
    { at, attribution: { source: 'poster', sealed: '' } },
    { at, page: 'not a page' },
  );
  assert.deepEqual(one?.by, {
    site: 'https://www.example.com',
    page: '/offers/spring',
    campaign: 'spring',
    country: 'GB',
    result: 'active',
  });
  assert.deepEqual([none?.by.page, none?.by.campaign, none?.by.country], ['(none)', 'poster', '(none)']);
  assert.equal(odd?.by.page, '(none)');
});

test('the answer rate counts only phones that rang to an end', () => {
  const totals = totalsOf(
    facts(
      { at, journal: journals.answered },
      { at, journal: journals.missed },
      { at, journal: journals.busy },
      { at, journal: [['failed', 2]] },
      { at, journal: [['unknown', 2]] },
      { at, journal: [['cancelled', 2]] },
      { at, journal: journals.talking },
      { at, isScheduled: true },
    ),
  );
  assert.equal(totals.calls, 8);
  assert.equal(totals.failed, 1);
  assert.equal(totals.canceled, 1);
  assert.equal(answerRateOf(totals), 1 / 3);
  assert.equal(answerRateOf(totalsOf([])), undefined);
});

test('the median and the 90th percentile are values that occurred', () => {
  assert.deepEqual(spreadOf([9, 1, 5]), { count: 3, median: 5, p90: 9 });
  assert.deepEqual(spreadOf([4]), { count: 1, median: 4, p90: 4 });
  assert.deepEqual(spreadOf(Array.from({ length: 10 }, (_, index) => index + 1)), { count: 10, median: 5, p90: 9 });
  assert.equal(spreadOf([]), undefined);
});

test('every minute that was begun costs', () => {
  assert.equal(costOf([1, 60, 61, 0], 0.5), 2);
});

test('a day begins at midnight in the owner’s zone, and a week has seven, also when clocks change', () => {
  const now = Date.parse('2026-03-29T12:00:00Z');
  const day = spanOf('today', 'Europe/London', now);
  assert.equal(new Date(day.from).toISOString(), '2026-03-29T00:00:00.000Z');
  assert.equal(new Date(day.until).toISOString(), '2026-03-29T23:00:00.000Z');
  assert.equal(day.starts.length, 23);
  const week = spanOf('week', 'Europe/London', now);
  assert.equal(new Date(week.from).toISOString(), '2026-03-23T00:00:00.000Z');
  assert.equal(week.starts.length, 7);
  assert.equal(spanOf('month', 'Asia/Kolkata', now).starts.length, 30);
  assert.equal(new Date(spanOf('today', 'Asia/Kolkata', now).from).toISOString(), '2026-03-28T18:30:00.000Z');
});

test('a call is counted in the hour or day in which it was requested', () => {
  const span = spanOf('week', 'Europe/London', at);
  const buckets = overTime(
    facts(
      { at: span.from, journal: journals.answered },
      { at: (span.starts[1] ?? 0) - 1 },
      { at: span.starts[1] ?? 0 },
      { at: span.until - 1, journal: journals.missed },
    ),
    span,
  );
  assert.deepEqual(
    buckets.map(({ calls, answered }) => [calls, answered]),
    [
      [2, 1],
      [1, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
    ],
  );
  assert.equal(buckets[0]?.from, new Date(span.from).toISOString());
});

test('the hour of the day is that of the zone', () => {
  const hours = byHour(facts({ at, journal: journals.answered }, { at: at + 60_000 }), 'Asia/Kolkata');
  assert.deepEqual(hours[15], { calls: 2, answered: 1 });
  assert.equal(
    hours.reduce((sum, { calls }) => sum + calls, 0),
    2,
  );
});

test('groups are sorted by size, and at most the largest are listed', () => {
  const groups = groupsOf(
    facts({ at, country: 'GB' }, { at, country: 'US' }, { at, country: 'US', journal: journals.answered }),
    'country',
  );
  assert.deepEqual(groups, [
    { value: 'US', calls: 2, answered: 1 },
    { value: 'GB', calls: 1, answered: 0 },
  ]);
  const many = Array.from({ length: 80 }, (_, index) => ({ at, page: `https://a.example/${String(index)}` }));
  assert.equal(groupsOf(facts(...many), 'page').length, mostGroups);
});

test('a filter matches calls that are in all of its groups', () => {
  const [one] = facts({ at, country: 'GB', page: 'https://www.example.com/a' });
  assert.ok(one !== undefined && matches(one, {}), 'no filter matches everything');
  assert.ok(one !== undefined && matches(one, { country: 'GB', page: '/a' }), 'both match');
  assert.ok(one !== undefined && !matches(one, { country: 'GB', page: '/b' }), 'one does not match');
});
