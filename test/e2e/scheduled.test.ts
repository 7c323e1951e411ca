// A visitor at night is offered times instead of an error; the callback survives reloads and days, rings at its time, can be
// canceled, and reports when it was missed. And a closed business, in each of its modes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type E2eFixture, startFixture, type E2eOptions, visit, type Visitor } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

/** Monday, 2 March 2026, 23:00 in London. */
const night = Date.UTC(2026, 2, 2, 23);
const hour = 3_600_000;
const london = { timezoneId: 'Europe/London' };
const strict = "style-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

interface Chosen {
  readonly fixture: E2eFixture;
  readonly visitor: Visitor;
  /** Epoch milliseconds. */
  readonly slotAt: number;
}

/** Requests a call at night and chooses the first time offered. */
async function chosen(
  t: Parameters<typeof startFixture>[0],
  number = '+442079460000',
  options: E2eOptions = {},
  zone: { readonly timezoneId: string } = london,
): Promise<Chosen> {
  const fixture = await startFixture(t, { startsAt: night, policy: strict, ...options });
  const context = await pages.context(zone);
  const visitor = await visit(pages, fixture, { context });
  await visitor.requestCall(number);
  await visitor.sees(/When should we call\?/);
  await visitor.widget.getByRole('radio').first().check();
  await visitor.widget.getByRole('button', { name: 'Call me at this time' }).click();
  await visitor.sees(/Your call is set for/);
  const [kept] = await remembered(visitor.page);
  assert.ok(kept?.call.scheduledFor);
  return { fixture, visitor, slotAt: Date.parse(kept.call.scheduledFor.at) };
}

interface Kept {
  readonly token: string;
  readonly call: { readonly id: string; readonly status: string; readonly scheduledFor?: { readonly at: string } };
}

/** The calls stored beyond the tab, in localStorage. */
const remembered = (page: Page): Promise<Kept[]> =>
  page.evaluate(() => {
    const names = Object.keys(localStorage).filter((name) => name.startsWith('polyai-callback:'));
    return names.flatMap(
      (name) => (JSON.parse(localStorage.getItem(name) ?? '{"calls":[]}') as { calls: Kept[] }).calls,
    );
  });

const ends = async (visitor: Visitor): Promise<string[]> =>
  (await visitor.events()).filter((event) => event.startsWith('ended:'));

test('at night times are offered, one is chosen, and the phone rings at that time', async (t) => {
  const { fixture, visitor, slotAt } = await chosen(t);
  assert.equal(slotAt, Date.UTC(2026, 2, 3, 8));
  await visitor.sees(/^Your call is set for Tuesday, March 3 at 8:00\sAM$/);
  await visitor.reads(/^in 9 hours$/);
  assert.deepEqual(await visitor.events(), ['refused:outside-hours', 'requested', 'scheduled']);
  assert.equal(fixture.fakePolyAi.triggers().length, 0);

  await visitor.page.reload();
  await visitor.sees(/Your call is set for/);
  fixture.clock.advance(slotAt - 3_000 - fixture.clock.now());
  await visitor.sees(/The call has ended/);
  const [trigger] = fixture.fakePolyAi.triggers();
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  // scheduled-calls.test.ts covers how soon after it, on a clock that only the test advances.
  assert.ok(trigger && trigger.at >= slotAt, 'not before its time');
  assert.deepEqual(await ends(visitor), ['ended:completed']);
  assert.deepEqual(await visitor.complaints(), []);
});

test('times are shown in the visitor’s zone, and in the phone’s too where they differ', async (t) => {
  const { visitor } = await chosen(t, '+442079460000', {}, { timezoneId: 'America/New_York' });
  await visitor.reads(/where the phone is/);
  const there = await visitor.widget.locator('[part~=there]').innerText();
  const title = await visitor.widget.getByRole('heading').first().innerText();
  assert.match(title, /Tuesday, March 3 at 3:00\sAM/);
  assert.match(there, /Tuesday, March 3 at 8:00\sAM where the phone is/);
});

test('a visitor who returns days later in the same browser sees the outcome, once', async (t) => {
  const { fixture, visitor, slotAt } = await chosen(t);
  const context = visitor.page.context();
  const [kept] = await remembered(visitor.page);
  assert.ok(kept && kept.token.length > 20);
  assert.ok(!JSON.stringify(kept).includes('79460000'), 'the number is not stored');
  await visitor.page.close();
  fixture.clock.advance(slotAt - fixture.clock.now());
  while (fixture.fakePolyAi.triggers().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  fixture.clock.advance(3 * 24 * hour);
  const later = await visit(pages, fixture, { context });
  await later.sees(/The call has ended|not sure your call/);
  assert.equal((await ends(later)).length, 1);
  assert.deepEqual(await remembered(later.page), [], 'removed once it was shown');
  await later.page.close();
  const again = await visit(pages, fixture, { context });
  await again.sees(/Get a call now/);
  assert.deepEqual(await again.complaints(), []);
});

test('it can be canceled until it is placed, and is then never placed', async (t) => {
  const { fixture, visitor, slotAt } = await chosen(t);
  await visitor.page.reload();
  await visitor.widget.getByRole('button', { name: 'Cancel this call' }).click();
  await visitor.sees(/The call was canceled/);
  await visitor.reads(/You canceled this call/);
  fixture.clock.advance(slotAt + 60_000 - fixture.clock.now());
  await fixture.restart();
  assert.equal(fixture.fakePolyAi.triggers().length, 0);
  assert.deepEqual(await ends(visitor), ['ended:cancelled']);
});

test('it survives a restart of the proxy', async (t) => {
  const { fixture, visitor, slotAt } = await chosen(t);
  await fixture.restart();
  fixture.clock.advance(slotAt - fixture.clock.now());
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('a proxy that was down at the chosen time reports the call as missed, and calls nobody', async (t) => {
  const { fixture, visitor, slotAt } = await chosen(t);
  await visitor.page.context().setOffline(true);
  fixture.clock.advance(slotAt + 2 * hour - fixture.clock.now());
  await fixture.restart();
  await visitor.page.context().setOffline(false);
  await visitor.sees(/couldn’t get through/);
  await visitor.reads(/We couldn’t call at the time you chose/);
  assert.equal(fixture.fakePolyAi.triggers().length, 0);
  assert.deepEqual(await ends(visitor), ['ended:failed']);
});

test('the countdown can be left to use another number, and returns on the next visit', async (t) => {
  const { fixture, visitor } = await chosen(t);
  await visitor.widget.getByRole('button', { name: 'Use a different number' }).click();
  await visitor.sees(/Get a call now/);
  const context = visitor.page.context();
  const next = await visit(pages, fixture, { context });
  await next.sees(/Your call is set for/);
});

test('a calendar file can be downloaded, without the visitor’s number', async (t) => {
  const { fixture, visitor } = await chosen(t, '+442079460000', { env: { CALLER_ID: '+14155550199' } });
  const [kept] = await remembered(visitor.page);
  const coming = visitor.page.waitForEvent('download');
  await visitor.widget.getByRole('button', { name: 'Add to your calendar' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'callback.ics');
  const text = readFileSync(await download.path(), 'utf8');
  assert.match(text, /^BEGIN:VCALENDAR\r\n/);
  assert.match(text, /\r\nDTSTART:20260303T080000Z\r\n/);
  assert.ok(text.includes(`\r\nUID:${String(kept?.call.id)}\r\n`));
  assert.match(text, /SUMMARY:Call from 127\.0\.0\.1/);
  assert.match(text, /\+1\s415\s555\s0199/);
  assert.doesNotMatch(text, /7946/);
  assert.deepEqual(await visitor.complaints(), []);
  assert.equal(fixture.fakePolyAi.triggers().length, 0);
});

test('“Choose a time” offers times during the day too', async (t) => {
  const fixture = await startFixture(t, { policy: strict });
  const visitor = await visit(pages, fixture, london);
  await visitor.widget.getByLabel('Phone number').fill('+442079460000');
  await visitor.widget.getByRole('checkbox').check();
  await visitor.widget.getByRole('button', { name: 'Choose a time' }).click();
  await visitor.sees(/When should we call\?/);
  await visitor.reads(/at the time you choose/);
  assert.ok((await visitor.widget.getByRole('radio').count()) > 3);
});

// Sunday, 1 March 2026, 11:00 in London: within legal calling hours, but the business is closed.
const sunday = {
  startsAt: Date.UTC(2026, 2, 1, 11),
  policy: strict,
  env: { BUSINESS_HOURS: 'Europe/London mon-sat 09:00-18:00' },
} as const;
const closed = (how: string): E2eOptions => ({ ...sunday, env: { ...sunday.env, BUSINESS_CLOSED: how } });

test('a closed business in hide mode shows the page’s own fallback content', async (t) => {
  const visitor = await visit(pages, await startFixture(t, closed('hide')), london);
  await visitor.page.locator('#own').waitFor({ state: 'visible' });
  assert.equal(await visitor.widget.getByRole('button').count(), 0);
  assert.deepEqual(await visitor.complaints(), []);
});

test('a closed business in message mode says when it opens', async (t) => {
  const visitor = await visit(pages, await startFixture(t, closed('message')), london);
  await visitor.sees(/We’re closed right now/);
  await visitor.reads(/We open again Monday, March 2 at 9:00\sAM/);
  assert.equal(await visitor.widget.getByRole('button').count(), 0);
  assert.deepEqual(await visitor.complaints(), []);
});

test('a closed business in schedule mode offers times, and calls when it is open', async (t) => {
  const fixture = await startFixture(t, closed('schedule'));
  const visitor = await visit(pages, fixture, london);
  await visitor.sees(/We’re closed right now/);
  await visitor.widget.getByLabel('Phone number').fill('+442079460000');
  await visitor.widget.getByRole('checkbox').check();
  await visitor.widget.getByRole('button', { name: 'Choose a time' }).click();
  await visitor.sees(/When should we call\?/);
  await visitor.reads(/We’re closed right now/);
  await visitor.widget.getByRole('radio').first().check();
  await visitor.widget.getByRole('button', { name: 'Call me at this time' }).click();
  await visitor.sees(/Your call is set for Monday, March 2 at 9:00\sAM/);
  fixture.clock.advance(Date.UTC(2026, 2, 2, 9) - fixture.clock.now());
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  assert.deepEqual(await visitor.complaints(), []);
});
