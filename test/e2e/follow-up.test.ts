// What accompanies a call, end to end: the caller's number and the two words, before the phone rings and while it does.
// Mutations that turn each red: serve no chunk of it; words of another call for the agent; a table that is not served.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

test('before the phone rings the visitor sees who will call, and the words that the agent gets', async (t) => {
  const fixture = await startFixture(t, { speed: 1, env: { VERIFICATION_PHRASE: 'true' } });
  const visitor = await visit(pages, fixture, { viewport: { width: 320, height: 640 } });
  await visitor.requestCall('+14155550100');
  await visitor.reads(/We’ll call you from/);
  await visitor.reads(/save our number first/);
  const words = await visitor.widget.locator('[part~=phrase-words]').innerText();
  await visitor.sees(/Answer your phone/);
  assert.equal(await visitor.widget.locator('[part~=phrase-words]').innerText(), words);
  assert.equal(await visitor.widget.locator('[part~=ready]').count(), 0);
  const [trigger] = fixture.fakePolyAi.triggers();
  assert.deepEqual(trigger?.metadata, { verification_phrase: words });
  const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${String(width)} px wide`);
  for (const word of words.split(' '))
    assert.ok(!fixture.logged.some((line) => new RegExp(`\\b${word}\\b`).test(line)), `the log contains ${word}`);
  assert.deepEqual(await visitor.complaints(), []);
});

test('in another language its table is loaded from an address that never changes', async (t) => {
  const body = `<polyai-callback lang="ar" endpoint="PROXY" caller-id="+14155550199"></polyai-callback>
    <script async src="PROXY/polyai-callback.js"></script>`;
  const fixture = await startFixture(t, { speed: 1, body });
  const visitor = await visit(pages, fixture, { viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  const table = visitor.page.waitForResponse(/polyai-callback-follow-up-ar\.[0-9a-f]{12}\.js$/);
  await visitor.widget.locator('#phone').fill('+14155550100');
  await visitor.widget.getByRole('checkbox').check();
  await visitor.widget.locator('[part~=submit]').click();
  assert.match((await (await table).headerValue('cache-control')) ?? '', /immutable/);
  await visitor.reads(/سنتصل بك من الرقم/);
  const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${String(width)} px wide`);
  assert.deepEqual(await visitor.complaints(), []);
});

test('a missed call is tried once more, in sight, while a restart lies in between, and can be called at once', async (t) => {
  const env = { REDIAL_AFTER_MINUTES: '2', LIMIT_NUMBER_PER_10_MINUTES: '5' };
  const fixture = await startFixture(t, { speed: 8, env });
  const visitor = await visit(pages, fixture, { viewport: { width: 320, height: 640 } });
  await visitor.requestCall('+14155550101');
  await visitor.reads(/We’ll try once more at/);
  await visitor.sees(/You missed our call/);
  assert.match(await visitor.widget.locator('[part~=countdown]').innerText(), /^[01]:\d\d$|^2:00$/);
  await fixture.restart();
  await visitor.widget.getByRole('button', { name: 'Call me now' }).click();
  await visitor.reads(/Call me again/);
  assert.equal(fixture.fakePolyAi.triggers().length, 2);
  const events = await visitor.events();
  assert.deepEqual(
    events.filter((event) => /^(?:requested|scheduled|ended)/.test(event)),
    ['requested', 'ended:no-answer', 'scheduled', 'ended:no-answer'],
  );
  const width = await visitor.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${String(width)} px wide`);
  assert.deepEqual(await visitor.complaints(), []);
  assert.ok(!fixture.logged.join('').includes('4155550101'), 'the log contains the number');
});

test('a second attempt that nobody stops is placed at its time, also when the page is gone', async (t) => {
  const fixture = await startFixture(t, { speed: 64, env: { REDIAL_AFTER_MINUTES: '1' } });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550102');
  await visitor.reads(/We’ll try once more at/);
  await visitor.page.close();
  const deadline = Date.now() + 20_000;
  while (fixture.fakePolyAi.triggers().length < 2 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(fixture.fakePolyAi.triggers().length, 2);
});
