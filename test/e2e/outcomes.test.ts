// Every outcome of a call, from the press of the button to the last message, on real sockets with the real element: what the
// visitor reads, which events the page gets (exactly one `ended` per request), and how many triggers PolyAI got.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';
import { credential } from '../fixtures/polyai-account.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

interface Outcome {
  readonly number: string;
  readonly title: string;
  readonly reads: RegExp;
  /** The outcome of the `ended` event; absent if no call was accepted. */
  readonly ended?: string;
  readonly refused?: string;
  readonly triggers?: number;
  /** Statuses the page must have been notified of on the way. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const answered = ['created', 'queued', 'ringing', 'in-progress'];
const outcomes: readonly Outcome[] = [
  {
    number: '+14155550100',
    title: 'is answered and completes',
    reads: /The call has ended/,
    ended: 'completed',
    through: answered,
  },
  {
    number: '+442079460000',
    title: 'goes abroad and completes',
    reads: /The call has ended/,
    ended: 'completed',
    through: answered,
  },
  {
    number: '+14155550101',
    title: 'is not answered',
    reads: /You missed our call/,
    ended: 'no-answer',
    through: ['ringing'],
  },
  { number: '+14155550102', title: 'meets a busy line', reads: /line was busy/, ended: 'busy' },
  { number: '+14155550103', title: 'fails', reads: /couldn’t get through/, ended: 'failed' },
  { number: '+14155550104', title: 'is canceled', reads: /was canceled/, ended: 'cancelled' },
  {
    number: '+14155550106',
    title: 'is slow',
    reads: /The call has ended|Thank you for the call/,
    ended: 'completed',
    through: answered,
  },
  { number: '+14155550107', title: 'gets a 500', reads: /not sure your call/, ended: 'unknown' },
  { number: '+14155550108', title: 'never gets a response from PolyAI', reads: /not sure your call/, ended: 'unknown' },
  { number: '+14155550109', title: 'gets a malformed response', reads: /not sure your call/, ended: 'unknown' },
  {
    number: '+14155550110',
    title: 'is not found at first',
    reads: /The call has ended/,
    ended: 'completed',
    through: ['in-progress'],
  },
  {
    number: '+14155550111',
    title: 'hits PolyAI’s own limit',
    reads: /We can’t call right now/,
    refused: 'busy',
  },
  {
    number: '+12125550127',
    title: 'never progresses',
    reads: /not sure your call/,
    ended: 'unknown',
    through: ['created'],
  },
  { number: '+12125550115', title: 'is never found again', reads: /not sure your call/, ended: 'unknown' },
];

for (const { number, title, reads, ended, refused, through = [] } of outcomes) {
  test(`a call that ${title} is reported as such`, async (t) => {
    const fixture = await startFixture(t, { speed: number === '+14155550106' ? 16 : 8 });
    const visitor = await visit(pages, fixture);
    await visitor.requestCall(number);
    if (number === '+12125550127') {
      await visitor.sees(/preparing your call/);
      fixture.clock.advance(2 * 60 * 60_000);
    }
    await visitor.sees(reads);

    const events = await visitor.events();
    const ends = events.filter((event) => event.startsWith('ended:'));
    if (ended === undefined) {
      assert.deepEqual(ends, []);
      assert.ok(!events.includes('requested'), events.join(' '));
      assert.ok(
        events.some((event) => event.endsWith(`:${String(refused)}`)),
        events.join(' '),
      );
    } else {
      assert.deepEqual(ends, [`ended:${ended}`]);
      assert.equal(events.filter((event) => event === 'requested').length, 1);
      for (const status of through)
        assert.ok(events.includes(`progress:${status}`), `${status} in ${events.join(' ')}`);
    }
    assert.equal(fixture.fakePolyAi.triggers().length, 1);
    assert.deepEqual(await visitor.complaints(), []);
    const log = fixture.logged.join('\n');
    for (const secret of [number.slice(1), credential.connectorId]) assert.ok(!log.includes(secret), secret);
  });
}

test('at the limit the visitor reads when to try again, and PolyAI gets no trigger', async (t) => {
  const fixture = await startFixture(t, { env: { LIMIT_ADDRESS_PER_HOUR: '0' } });
  const visitor = await visit(pages, fixture);
  await visitor.requestCall('+14155550100');
  await visitor.sees(/We can’t call right now/);
  await visitor.reads(/try again after/);
  assert.deepEqual(await visitor.events(), ['refused:visitor-limit']);
  assert.equal(fixture.fakePolyAi.triggers().length, 0);
});

test('an unreachable proxy shows the page’s own fallback content', async (t) => {
  const fixture = await startFixture(t);
  await fixture.proxy.close();
  const visitor = await visit(pages, fixture, {});
  await visitor.page.locator('#own').waitFor({ state: 'visible' });
  assert.equal(await visitor.page.locator('#own').innerText(), 'Call us');
});
