// What a waiting visitor sees: the number that will ring, a way out of a queue that is not moving, and when another request
// would not be refused. Mutations that turn each red: drop `leave`, `whomWeCall`, `isTooEarly` or the clock's tick.

import { expect } from '@open-wc/testing';
import { FakeTimers } from '../fixtures/fake-timers.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('a visitor who is waiting', () => {
  let time: FakeTimers;
  let proxy: PageProxy;
  let visitor: Visitor;
  beforeEach(async () => {
    time = new FakeTimers();
    // As the proxy formats them: after a reload no phone code is loaded.
    const formattedNumbers = { '+12025550123': '+1 202 555 0123', '+442079460900': '+44 20 7946 0900' };
    proxy = new PageProxy({ formattedNumbers });
    visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
  });
  afterEach(() => {
    proxy.close();
    time.release();
    sessionStorage.clear();
    localStorage.clear();
  });

  /** The same page, reloaded. */
  async function reload(): Promise<void> {
    visitor.element.remove();
    visitor = await Visitor.open(proxy);
  }
  const labels = (): string[] => visitor.buttons.map((button) => button.textContent.replace(/\s+/g, ' ').trim());

  it('sees the number that will ring, masked after a reload', async () => {
    expect(visitor.text).to.contain('We’ll call +44 20 7946 0958.');
    await reload();
    await visitor.see('We’ve received your request');
    expect(visitor.text).to.contain('We’ll call +44 ••• 58.');
    expect(visitor.text).not.to.contain('0958');
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(visitor.text).not.to.contain('We’ll call');
  });

  it('sees complete numbers after a reload, as people write them', async () => {
    await reload();
    await visitor.see('We’ve received your request');
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(visitor.text).to.contain('+1 202 555 0123 is calling you.');
    proxy.end('busy');
    await visitor.see('Your line was busy');
    expect(labels()).to.include('Call us instead: +44 20 7946 0900');
  });

  it('can leave a queue that is not moving, and gets a number to call', async () => {
    // The contact card is offered as soon as its chunk is loaded.
    const ways = (): string[] => labels().filter((label) => label !== 'Save our number');
    proxy.report('queued');
    await visitor.see('Your call is in the queue');
    expect(ways()).to.deep.equal([]);
    time.advance(29_000);
    await visitor.element.updateComplete;
    expect(ways()).to.deep.equal([]);
    time.advance(2_000);
    await visitor.until(() => visitor.text.includes('taking longer than usual'), 'the notice that it takes long');
    expect(visitor.announced).to.contain('Your phone may still ring.');
    expect(ways()).to.deep.equal(['Call us instead: +44 20 7946 0900', 'Stop waiting']);
    visitor.press('Stop waiting');
    await visitor.see('Get a call now');
    // Found again on the next visit: the phone may still ring.
    await reload();
    await visitor.see('Your call is in the queue');
    proxy.report('ringing');
    await visitor.see('Answer your phone');
  });

  it('is offered another call once it would not be refused, and not before', async () => {
    proxy.end('no-answer', { tryAgainAt: new Date(time.now() + 49_000).toISOString() });
    await visitor.see('You missed our call');
    expect(visitor.text).to.match(/You can try again after .+\./);
    expect(labels()).not.to.include('Call me again');
    time.advance(48_000);
    await visitor.element.updateComplete;
    expect(labels()).not.to.include('Call me again');
    time.advance(2_000);
    await visitor.until(() => labels().includes('Call me again'), 'the button comes by itself');
    expect(visitor.text).not.to.contain('You can try again after');
    visitor.press('Call me again');
    await visitor.until(() => proxy.callRequests.length === 2, 'the second call');
  });

  it('sees the same after a reload, on a page whose clock is wrong', async () => {
    // The proxy's clock is ten minutes behind the page's.
    const behind = 600_000;
    const now = time.now() - behind;
    const tryAgainAt = new Date(now + 49_000).toISOString();
    proxy.clockBehindMs = behind;
    proxy.end('no-answer', { tryAgainAt });
    await visitor.see('You missed our call');
    await reload();
    await visitor.see('You missed our call');
    expect(labels()).not.to.include('Request another call');
    expect(visitor.text).to.match(/You can try again after .+\./);
    time.advance(51_000);
    await visitor.until(() => labels().includes('Request another call'), 'the button comes by itself');
    expect(labels(), 'the number is no longer known').not.to.include('Call me again');
    visitor.press('Request another call');
    await visitor.see('Get a call now');
  });
});
