// A page asks the proxy at most once whether it may use it (a CORS preflight), whatever happens to its call. Counted where the proxy
// receives them, with a real browser. Mutations that turn it red: a URL of its own for any request about a call; times requested as
// JSON; `cache: 'no-store'` for a request about a call.

import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { after, before, test, type TestContext } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { completes, slowed } from '../../src/proxy/sandbox/fake-polyai/script.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

/** Records what the proxies of this process receive for their API, as `METHOD path`. */
function received(t: TestContext): string[] {
  const requests: string[] = [];
  const note = (message: unknown): void => {
    const { method = '', url = '' } = (message as { readonly request: IncomingMessage }).request;
    if (url.startsWith('/v1/')) requests.push(`${method} ${url}`);
  };
  diagnostics.subscribe('http.server.request.start', note);
  t.after(() => diagnostics.unsubscribe('http.server.request.start', note));
  return requests;
}

const assertOnePreflight = (requests: readonly string[], ...also: readonly string[]): void => {
  const preflights = requests.filter((request) => request.startsWith('OPTIONS '));
  assert.deepEqual(preflights, ['OPTIONS /v1/calls'], requests.join('\n'));
  for (const request of also) assert.ok(requests.includes(request), `no ${request} in ${requests.join(', ')}`);
};

test('a call that is placed, followed and missed, and its second attempt, called now', async (t) => {
  const requests = received(t);
  const fixture = await startFixture(t, { env: { REDIAL_AFTER_MINUTES: '5', LIMIT_NUMBER_PER_10_MINUTES: '5' } });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550101');
  await visitor.reads(/We’ll try once more at/);
  await visitor.widget.getByRole('button', { name: 'Call me now' }).click();
  await visitor.reads(/Call me again/);
  assertOnePreflight(requests, 'POST /v1/calls', 'GET /v1/calls', 'PATCH /v1/calls');
});

test('a callback that is booked and canceled', async (t) => {
  const requests = received(t);
  const fixture = await startFixture(t);
  const visitor = await visit(pages, fixture, { timezoneId: 'Europe/London' });
  await visitor.widget.getByLabel('Phone number').fill('+442079460000');
  await visitor.widget.getByRole('checkbox').check();
  await visitor.widget.getByRole('button', { name: 'Choose a time' }).click();
  await visitor.sees(/When should we call\?/);
  await visitor.widget.getByRole('radio').first().check();
  await visitor.widget.getByRole('button', { name: 'Call me at this time' }).click();
  await visitor.sees(/Your call is set for/);
  await visitor.widget.getByRole('button', { name: 'Cancel this call' }).click();
  await visitor.sees(/The call was canceled/);
  assertOnePreflight(requests, 'POST /v1/slots', 'POST /v1/calls', 'DELETE /v1/calls');
});

test('a call that waits in the queue and leaves it', async (t) => {
  const longCall = '+14155550100';
  const env = { LIMIT_SITE_IN_FLIGHT: '1', LIMIT_ADDRESS_PER_MINUTE: '20', LIMIT_DISTINCT_NUMBERS_PER_HOUR: '10' };
  const fixture = await startFixture(t, { speed: 1, env });
  fixture.fakePolyAi.script(longCall, slowed(completes, 10));
  const first = await visit(pages, fixture);
  await first.requestCall(longCall);
  await first.sees(/We’ve received your request|Calling your phone|preparing|in the queue|Answer your phone/);
  await first.page.close();
  const requests = received(t);
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550102');
  await visitor.sees(/We can’t call right now/);
  await visitor.widget.getByRole('button', { name: 'Wait in the queue' }).click();
  await visitor.sees(/You’re next in line/);
  await visitor.widget.getByRole('button', { name: 'Leave the queue' }).click();
  await visitor.sees(/The call was canceled/);
  assertOnePreflight(requests, 'POST /v1/calls', 'GET /v1/calls', 'DELETE /v1/calls');
});
