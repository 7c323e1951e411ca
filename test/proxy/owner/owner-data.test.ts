// What the owner's page is sent: bounded reading, filters, allowances with their money, and exports.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnerFilter, OwnerSummary } from '../../../src/owner-contract.js';
import { createActivityRecorder } from '../../../src/proxy/admin/recent-activity.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { createOwnerData, mostCalls, pageSize } from '../../../src/proxy/owner/owner-data.js';
import { ownerPages } from '../../../src/proxy/owner/owner-pages.js';
import type { OwnerStore } from '../../../src/proxy/owner/owner-store.js';
import { createKeyring } from '../../../src/proxy/secrets/keyring.js';
import { manualClock } from '../store/fixtures/stores.js';
import { call, journals, storeOf } from './fixtures/owner-store.js';

const keyring = createKeyring([{ name: 'v1', secret: Buffer.alloc(32, 1) }]);
const week: OwnerFilter = { period: 'week', zone: 'UTC', by: {} };

function opened(store: OwnerStore, env: Record<string, string> = {}) {
  const clock = manualClock();
  const activity = createActivityRecorder(clock);
  const config = readConfig({
    POLYAI_REGION: 'us',
    POLYAI_ACCOUNT_ID: 'a',
    POLYAI_PROJECT_ID: 'p',
    POLYAI_CONNECTOR_ID: 'connector-1',
    ALLOWED_ORIGINS: 'https://www.example.com',
    ALLOWED_COUNTRIES: 'GB,US',
    ...env,
  });
  const data = createOwnerData({ config, store, activity, isCredentialRefused: () => false, clock });
  return { clock, activity, data };
}

test('the summary counts the calls of the period and of the filter', async () => {
  const { now } = manualClock();
  const store = storeOf([
    call({ at: now() - 1_000, country: 'GB', journal: journals.answered }),
    call({ at: now() - 2_000, country: 'US', journal: journals.missed }),
    call({ at: now() - 8 * 86_400_000, country: 'GB' }),
  ]);
  const { data } = opened(store);
  const all = await data.summary(week);
  assert.deepEqual([all.totals.calls, all.answerRate, all.calls.length], [2, 0.5, 2]);
  const british = await data.summary({ ...week, by: { country: 'GB' } });
  assert.deepEqual([british.totals.calls, british.totals.answered], [1, 1]);
  assert.equal((await data.summary({ ...week, period: 'month' })).totals.calls, 3);
});

test('however many calls there are, at most the latest are read, a page at a time', async () => {
  const { now } = manualClock();
  const calls = Array.from({ length: mostCalls + 700 }, (_, index) => call({ at: now() - 1_000 - index }));
  const store = storeOf(calls);
  const { data } = opened(store);
  const summary = await data.summary(week);
  assert.equal(summary.totals.calls, mostCalls);
  assert.equal(summary.isPartial, true);
  assert.equal(store.pagesRead, mostCalls / pageSize);
});

test('between two pages everything else has a turn, even if the database never waits', async () => {
  const { now } = manualClock();
  const calls = Array.from({ length: 3 * pageSize + 1 }, (_, index) => call({ at: now() - 1_000 - index }));
  const store = storeOf(calls);
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const turnsAtPages: number[] = [];
  const { data } = opened({
    ...store,
    listCalls: (range) => {
      turnsAtPages.push(turns);
      assert.ok(range.limit <= 100, 'a page takes a few milliseconds');
      return store.listCalls(range);
    },
  });
  for (const read of [
    () => data.summary(week),
    async () => {
      for await (const _ of data.calls({ ...week, by: { country: 'none' } }));
    },
  ]) {
    turnsAtPages.length = 0;
    await read();
    assert.equal(turnsAtPages.length, 4);
    assert.equal(new Set(turnsAtPages).size, 4, `pages were read in turns ${turnsAtPages.join(', ')}`);
  }
  clearImmediate(next);
});

test('several open pages cost no more than one; a failure is not kept', async () => {
  const store = storeOf([]);
  const { data, clock } = opened(store);
  await Promise.all([data.summary(week), data.summary(week)]);
  assert.equal(store.pagesRead, 1);
  clock.advance(5_000);
  await data.summary(week);
  assert.equal(store.pagesRead, 2);
  let fails = true;
  const broken: OwnerStore = {
    ...storeOf([]),
    listCalls: async () => {
      if (fails) throw new Error('locked');
      return [];
    },
  };
  const { data: later } = opened(broken);
  await assert.rejects(later.summary(week));
  fails = false;
  assert.equal((await later.summary(week)).totals.calls, 0);
});

test('allowances are shown with their cap and, if there is a price, with their money', async () => {
  const used = { 'allPerDay:all': 25, 'sitePerDay:https://www.example.com': 12 };
  const find = ({ allowances }: OwnerSummary, setting: string) => allowances.find((one) => one.setting === setting);
  const without = await opened(storeOf([], used)).data.summary(week);
  assert.deepEqual(find(without, 'LIMIT_ALL_PER_DAY'), {
    setting: 'LIMIT_ALL_PER_DAY',
    used: 25,
    cap: 100,
    windowMs: 86_400_000,
  });
  assert.equal(without.currency, undefined);
  assert.equal(without.spent, undefined);
  const { now } = manualClock();
  const store = storeOf([call({ at: now() - 1_000, journal: journals.answered })], used);
  const priced = await opened(store, { PRICE_PER_MINUTE: '0.2', PRICE_CURRENCY: 'EUR' }).data.summary(week);
  assert.deepEqual(find(priced, 'LIMIT_ALL_PER_DAY')?.money, { used: 50, cap: 200 });
  assert.deepEqual(priced.spent, { amount: 0.4, currency: 'EUR' });
  assert.deepEqual(find(priced, 'LIMIT_SITE_PER_DAY')?.of, 'https://www.example.com');
  assert.deepEqual(find(priced, 'LIMIT_ALL_IN_FLIGHT'), { setting: 'LIMIT_ALL_IN_FLIGHT', used: 2, cap: 10 });
  assert.ok(!priced.allowances.some(({ setting }) => /NUMBER|PREFIX|ADDRESS/.test(setting)), 'a personal allowance');
});

test('refusals and PolyAI’s answers are counted from the start of the process', async () => {
  const { data, activity, clock } = opened(storeOf([]));
  const { observer } = activity;
  observer.note({ kind: 'refused', code: 'visitor-limit' });
  observer.note({ kind: 'limited', scope: 'address' });
  observer.note({ kind: 'reserved', site: 'https://www.example.com', when: 'now' });
  await observer.around(
    { kind: 'trigger' },
    async () => clock.advance(120),
    () => 'accepted',
  );
  await assert.rejects(
    observer.around(
      { kind: 'status' },
      () => Promise.reject(new Error('no answer')),
      () => 'seen',
    ),
  );
  const { refusals, upstream } = await data.summary(week);
  assert.deepEqual(refusals.codes, [{ name: 'visitor-limit', count: 1 }]);
  assert.deepEqual(refusals.allowances, [{ name: 'address', count: 1 }]);
  assert.deepEqual(upstream.triggers, [{ name: 'accepted', count: 1 }]);
  assert.deepEqual(upstream.statusRequests, [{ name: 'failed', count: 1 }]);
  assert.deepEqual(upstream.triggerMs, { median: 120, p90: 120 });
  clock.advance(2 * 3_600_000);
  const later = await data.summary(week);
  assert.deepEqual(later.upstream.triggers, []);
  assert.deepEqual(later.refusals.codes, [{ name: 'visitor-limit', count: 1 }]);
});

test('what the process remembers stays bounded', () => {
  const clock = manualClock();
  const { observer, refusals } = createActivityRecorder(clock);
  for (let hour = 0; hour < 40 * 24; hour += 1) {
    observer.note({ kind: 'refused', code: 'busy' });
    clock.advance(3_600_000);
  }
  const [busy] = refusals(0, clock.now() + 1).codes;
  assert.ok(busy !== undefined && busy.count <= 31 * 24 + 1, JSON.stringify(busy));
});

test('one call has its journal and PolyAI’s ID; an ID that cannot exist is not looked up', async () => {
  const { now } = manualClock();
  const one = call({
    id: 'known',
    at: now(),
    journal: journals.answered,
    locale: 'en',
    attribution: { medium: 'cpc', sealed: 'click-id-canary' },
  });
  const second = call({ id: 'second', at: now(), isScheduled: true });
  const { data } = opened(
    storeOf([
      { ...one, call: { ...one.call, upstreamId: 'OUT-1', redial: { callId: 'second', at: '' } } },
      { ...second, call: { ...second.call, redialAfter: 'voicemail', redialOf: 'known' } },
    ]),
  );
  assert.equal((await data.call('known'))?.redialId, 'second');
  assert.equal((await data.call('second'))?.redialOf, 'known');
  const found = await data.call('known');
  assert.deepEqual([found?.polyAiId, found?.locale, found?.journal.length], ['OUT-1', 'en', 5]);
  assert.deepEqual(found?.attribution, { utm_medium: 'cpc' });
  assert.doesNotMatch(JSON.stringify(found), /canary/);
  const pages = ownerPages({
    data: { ...data, call: () => Promise.reject(new Error('looked up')) },
    files: { html: '', script: '', style: '' },
    hasToken: false,
    keyring,
  });
  const missing = await pages['/api/call']?.(new URLSearchParams({ id: "x' OR 1=1" }));
  assert.equal(missing?.status, 404);
});

test('a query that is not a filter is refused', async () => {
  const { data } = opened(storeOf([]));
  const pages = ownerPages({
    data,
    files: { html: '', script: '', style: '' },
    hasToken: false,
    keyring,
  });
  const statusOf = async (query: Record<string, string>): Promise<number | undefined> =>
    (await pages['/api/summary']?.(new URLSearchParams(query)))?.status;
  assert.equal(await statusOf({}), 200);
  assert.equal(await statusOf({ period: 'year' }), 400);
  assert.equal(await statusOf({ zone: 'Mars/Olympus' }), 400);
  assert.equal(await statusOf({ page: 'x'.repeat(2_000) }), 400);
});

test('an export has every call of the filter, one a line', async () => {
  const { now } = manualClock();
  const calls = Array.from({ length: 1_200 }, (_, index) =>
    call({ id: `c${String(index)}`, at: now() - 1_000 - index, country: index % 2 === 0 ? 'GB' : 'US' }),
  );
  const { data } = opened(storeOf(calls));
  const pages = ownerPages({
    data,
    files: { html: '', script: '', style: '' },
    hasToken: false,
    keyring,
  });
  const answer = await pages['/api/export.csv']?.(new URLSearchParams({ country: 'GB' }));
  assert.ok(answer !== undefined && typeof answer.body !== 'string', 'not streamed');
  let text = '';
  for await (const part of answer.body) text += part;
  const lines = text.trim().split(/\r?\n/);
  assert.match(lines[0] ?? '', /^id,created,status/);
  assert.equal(new Set(lines).size, 601);
  assert.match(lines[1] ?? '', /^c0,.*,GB,/);
  assert.match(answer.headers?.['Content-Disposition'] ?? '', /^attachment/);
});

test('an export masks the number of a callback that waits', async () => {
  const { now } = manualClock();
  const sealedRequest = keyring.seal(JSON.stringify({ number: { e164: '+447700900123', country: 'GB' } }));
  const waiting = { ...call({ at: now() - 1_000, isScheduled: true }), sealedRequest };
  const { data } = opened(storeOf([waiting]));
  const pages = ownerPages({ data, files: { html: '', script: '', style: '' }, hasToken: false, keyring });
  for (const path of ['/api/export.csv', '/api/export.jsonl']) {
    const answer = await pages[path]?.(new URLSearchParams());
    let text = '';
    for await (const part of answer?.body ?? '') text += part;
    assert.match(text, /\+44•+23/, path);
    assert.doesNotMatch(text, /7700900123/, path);
  }
});
