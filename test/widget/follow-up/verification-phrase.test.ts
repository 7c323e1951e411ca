// The two words by which the visitor recognizes the call. Mutations that turn each red: forget them with the next snapshot or at a
// reload; show them after the end; leave them out of the announcement while the phone rings.

import { expect } from '@open-wc/testing';
import { violations } from '../fixtures/axe.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('the words that the agent says first', () => {
  let proxy: PageProxy;
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const words = ({ root }: Visitor): string | undefined =>
    root.querySelector('[part~=phrase-words]')?.textContent.trim();
  const requested = async (): Promise<Visitor> => {
    proxy = new PageProxy({ callerId: '', followUp: true });
    proxy.extra = { verificationPhrase: ['harbor', 'penguin'] };
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => words(visitor) === 'harbor penguin', 'the words');
    // Snapshots do not contain them.
    proxy.extra = {};
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    return visitor;
  };

  it('are shown until the call has ended, and read out while the phone rings', async () => {
    const visitor = await requested();
    expect(visitor.text).to.contain('Our agent will start with these words');
    expect(visitor.text).to.contain('If a caller doesn’t know them, hang up.');
    for (const theme of ['light', 'dark'] as const) {
      visitor.element.theme = theme;
      await visitor.element.updateComplete;
      expect(await violations(visitor.element), theme).to.deep.equal([]);
    }
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(words(visitor)).to.equal('harbor penguin');
    expect(visitor.announced).to.contain('Our agent will start with these words: harbor penguin.');
    proxy.report('in-progress');
    await visitor.see('Call in progress');
    expect(words(visitor)).to.equal('harbor penguin');
    proxy.report('completed');
    await visitor.see('The call has ended');
    expect(words(visitor)).to.equal(undefined);
  });

  it('are still there after a reload', async () => {
    const visitor = await requested();
    proxy.report('queued');
    await visitor.see('Your call is in the queue');
    visitor.element.remove();
    const next = await Visitor.open(proxy, { endpoint: proxy.endpoint });
    await next.see('Your call is in the queue');
    await next.until(() => words(next) === 'harbor penguin', 'the words');
  });
});
