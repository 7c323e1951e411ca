// A visitor who returns to a call in progress: a reload, a second tab, a restarted proxy, a dropped stream.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

test('a reload returns to the call in progress and reports its end once', async (t) => {
  const fixture = await startFixture(t, { speed: 4 });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550100');
  await visitor.sees(/in the queue|Answer your phone/);
  await visitor.page.reload();
  await visitor.sees(/The call has ended/);
  const events = await visitor.events();
  assert.deepEqual(
    events.filter((event) => event.startsWith('ended:')),
    ['ended:completed'],
  );
  assert.ok(!events.includes('requested'), 'requested only before the reload');
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('a second tab shows the same call', async (t) => {
  const fixture = await startFixture(t, { speed: 2 });
  const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
  const first = await visit(pages, fixture, { context });
  const second = await visit(pages, fixture, { context });
  await first.requestCall('+14155550106');
  await first.sees(/in the queue|Answer your phone/);
  await second.sees(/in the queue|Answer your phone|Call in progress/);
  await second.reads(/another tab/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('a proxy that restarts during the call still reports its end, and sends one trigger', async (t) => {
  const fixture = await startFixture(t, { speed: 4 });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550100');
  await visitor.sees(/Answer your phone/);
  await fixture.restart();
  await visitor.sees(/The call has ended/);
  assert.deepEqual(
    (await visitor.events()).filter((event) => event.startsWith('ended:')),
    ['ended:completed'],
  );
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('a page that goes offline while the phone rings shows the right outcome when it is back online', async (t) => {
  const fixture = await startFixture(t, { speed: 4 });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550100');
  await visitor.sees(/Answer your phone/);
  await visitor.page.context().setOffline(true);
  await visitor.page.context().setOffline(false);
  await visitor.sees(/The call has ended/);
  assert.deepEqual(
    (await visitor.events()).filter((event) => event.startsWith('ended:')),
    ['ended:completed'],
  );
});
