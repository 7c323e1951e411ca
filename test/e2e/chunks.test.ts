// Chunks of the widget that fail to load: a blocked request, a flaky network. The visitor still gets the call, or sees the page's
// own fallback content. Mutations that turn it red: let a failed import reject; cache a failed import.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

test('without the phone code an international number can still be called', async (t) => {
  const fixture = await startFixture(t);
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  await context.route(/polyai-callback-phone/, (route) => route.abort());
  const visitor = await visit(pages, fixture, { context });
  await visitor.requestCall('+1 415 555 0100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('without the metadata an international number can still be called', async (t) => {
  const fixture = await startFixture(t);
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  await context.route(/phone-metadata/, (route) => route.abort());
  const visitor = await visit(pages, fixture, { context });
  await visitor.requestCall('+1 415 555 0100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('without the interaction chunk the page’s own content is shown, until it loads', async (t) => {
  const fixture = await startFixture(t);
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  await context.route(/polyai-callback-interaction/, (route) => route.abort());
  const visitor = await visit(pages, fixture, { context });
  await visitor.requestCall('+14155550100');
  await visitor.page.locator('#own').waitFor({ state: 'visible' });
  assert.equal(fixture.fakePolyAi.triggers().length, 0);
  assert.deepEqual(await visitor.events(), ['error:unreachable']);
  await context.unroute(/polyai-callback-interaction/);
  await visitor.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await visitor.widget.getByLabel('Phone number').waitFor();
  await visitor.requestCall('+14155550100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});
