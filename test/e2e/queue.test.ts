// One call at a time: the next visitor waits in the queue, leaves, comes back, or books a time. Against the real proxy. Mutations
// that turn each red: `queue` is not sent; the chunk of the queue is not served; a place that is not stored; the table of another
// language is not served.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { completes, slowed } from '../../src/proxy/sandbox/fake-polyai/script.js';
import { type E2eFixture, type E2eOptions, startFixture, visit, type Visitor } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

/** The call that occupies the line; it lasts for four minutes of the fixture's clock. */
const longCall = '+14155550100';
const env = {
  LIMIT_SITE_IN_FLIGHT: '1',
  LIMIT_ADDRESS_PER_MINUTE: '20',
  LIMIT_DISTINCT_NUMBERS_PER_HOUR: '10',
  LIMIT_SCHEDULED_PER_ADDRESS: '5',
  LIMIT_SCHEDULED_PER_NEIGHBOURHOOD: '5',
};
const narrow = { viewport: { width: 320, height: 740 } };

/** A proxy whose only line is taken. */
async function busy(t: Parameters<typeof startFixture>[0], options: E2eOptions = {}): Promise<E2eFixture> {
  const fixture = await startFixture(t, { speed: 1, ...options, env: { ...env, ...options.env } });
  fixture.fakePolyAi.script(longCall, slowed(completes, 10));
  const first = await visit(pages, fixture);
  await first.requestCall(longCall);
  await first.sees(/We’ve received your request|Calling your phone|preparing|in the queue|Answer your phone/);
  await first.page.close();
  return fixture;
}

/** Lets the call end that occupies the line. */
const endLongCall = ({ clock }: E2eFixture): void => clock.advance(4 * 60_000);

const join = async (visitor: Visitor, number: string, expected: RegExp): Promise<void> => {
  await visitor.requestCall(number);
  await visitor.sees(/We can’t call right now/);
  await visitor.reads(expected);
  await visitor.widget.getByRole('button', { name: 'Wait in the queue' }).click();
};

const widthOf = (visitor: Visitor): Promise<number> =>
  visitor.page.evaluate(() => document.documentElement.scrollWidth);

test('the next visitor waits, sees the place, moves up when another leaves, and is called when the line is free', async (t) => {
  const fixture = await busy(t);
  const second = await visit(pages, fixture, narrow);
  await join(second, '+14155550101', /You’d be next in line\./);
  await second.sees(/You’re next in line/);
  const third = await visit(pages, fixture);
  await join(third, '+14155550102', /You’d be 2nd in line\./);
  await third.sees(/You’re 2nd in line/);
  await third.reads(/Keep your phone nearby/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1, 'nobody was called before their turn');

  await second.widget.getByRole('button', { name: 'Leave the queue' }).click();
  await second.sees(/The call was canceled/);
  await third.sees(/You’re next in line/);
  await third.page.reload();
  await third.sees(/You’re next in line/);
  await third.reads(/We’ll call .*14.+02/);

  endLongCall(fixture);
  await third.sees(/Your line was busy/);
  assert.deepEqual(
    fixture.fakePolyAi.triggers().map(({ number }) => number),
    [longCall, '+14155550102'],
  );
  const ends = (events: readonly string[]): readonly string[] =>
    events.filter((event) => /^(?:refused|requested|scheduled|ended)/.test(event));
  assert.deepEqual(ends(await second.events()), ['refused:busy', 'requested', 'scheduled', 'ended:cancelled']);
  assert.deepEqual(ends(await third.events()), ['ended:busy'], 'nothing is fired again after a reload');
  assert.ok((await widthOf(second)) <= 320, 'wider than the screen');
  for (const visitor of [second, third]) assert.deepEqual(await visitor.complaints(), []);
  assert.ok(!/4155550102/.test(fixture.logged.join('')), 'the log contains the number');
});

test('the place survives a restart of the proxy, is found again in another tab, and can be left there', async (t) => {
  const fixture = await busy(t);
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  const visitor = await visit(pages, fixture, { context });
  await join(visitor, '+14155550101', /You’d be next in line\./);
  await visitor.sees(/You’re next in line/);
  await fixture.restart();
  const other = await visit(pages, fixture, { context });
  await other.sees(/You’re next in line/);
  await other.reads(/You requested this call in another tab/);
  await other.widget.getByRole('button', { name: 'Leave the queue' }).click();
  await other.sees(/The call was canceled/);
  await visitor.sees(/The call was canceled/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  for (const one of [visitor, other]) assert.deepEqual(await one.complaints(), []);
});

test('whoever closed the page finds the place again, and after 30 minutes reads that the turn did not come', async (t) => {
  const fixture = await busy(t);
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  const first = await visit(pages, fixture, { context });
  await join(first, '+14155550101', /You’d be next in line\./);
  await first.sees(/You’re next in line/);
  await first.page.close();
  const visitor = await visit(pages, fixture, { context });
  await visitor.sees(/You’re next in line/);
  // The line becomes free at the same moment: too late.
  fixture.clock.advance(30 * 60_000 + 1_000);
  await visitor.sees(/We couldn’t call you in time/);
  await visitor.reads(/Your turn didn’t come within 30 minutes/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  assert.deepEqual(await visitor.complaints(), []);
});

test('a time is booked instead, with the keyboard alone', async (t) => {
  const fixture = await busy(t);
  const visitor = await visit(pages, fixture, narrow);
  await visitor.requestCall('+14155550101');
  await visitor.sees(/We can’t call right now/);
  await visitor.widget.getByRole('button', { name: /^Call me at / }).waitFor();
  const focused = (): Promise<string | undefined> =>
    visitor.widget.evaluate((element) => element.shadowRoot?.activeElement?.textContent?.trim());
  for (let presses = 0; !/^Call me at /.test((await focused()) ?? '') && presses < 10; presses += 1)
    await visitor.page.keyboard.press('Tab');
  await visitor.page.keyboard.press('Enter');
  await visitor.sees(/Your call is set for/);
  assert.ok((await widthOf(visitor)) <= 320, 'wider than the screen');
  assert.deepEqual(await visitor.complaints(), []);
});

test('on a dark page from right to left, everything fits into 320 px, and its table is served', async (t) => {
  const body = `<polyai-callback lang="ar" endpoint="PROXY" phone="+14155550198"></polyai-callback>
    <script async src="PROXY/polyai-callback.js"></script>`;
  const fixture = await busy(t, { body: body.replace('lang="ar" ', '') });
  const visitor = await visit(pages, fixture, { ...narrow, colorScheme: 'dark' });
  await visitor.requestCall('+14155550101');
  await visitor.sees(/We can’t call right now/);
  const table = visitor.page.waitForResponse(/polyai-callback-queue-ar\.[0-9a-f]{12}\.js$/);
  await visitor.widget.evaluate((element) => element.setAttribute('lang', 'ar'));
  assert.match((await (await table).headerValue('cache-control')) ?? '', /immutable/);
  await visitor.reads(/ستكون مكالمتك هي التالية/);
  assert.ok((await widthOf(visitor)) <= 320, 'wider than the screen');
  await visitor.widget.getByRole('button', { name: 'الانضمام إلى قائمة الانتظار' }).click();
  await visitor.sees(/مكالمتك هي التالية/);
  assert.ok((await widthOf(visitor)) <= 320, 'wider than the screen');
  assert.deepEqual(await visitor.complaints(), []);
});
