// What the page shows between the press and the ringing: who will call, how soon, the contact card; and how its chunk loads.
// Mutations that turn each red: show it while the phone rings; drop the hint; load the chunk for the form; a failed table that
// leaves the texts empty; ignore the page's own sentence.

import { expect } from '@open-wc/testing';
import { languages } from '../../../src/widget/follow-up/texts.js';
import { violations } from '../fixtures/axe.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

const loaders = languages as Record<string, (typeof languages)[string]>;

describe('before the phone rings', () => {
  let proxy: PageProxy;
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const ready = ({ root }: Visitor): HTMLElement | null => root.querySelector('[part~=ready]');
  const requested = async (visitor: Visitor): Promise<void> => {
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => ready(visitor), 'who will call');
  };

  it('the page shows who will call, offers the contact card, and says what to do on a phone that silences callers', async () => {
    proxy = new PageProxy();
    const visitor = await Visitor.open(proxy);
    expect(ready(visitor)).to.equal(null);
    await requested(visitor);
    expect(visitor.text).to.contain('We’ll call you from +1\u00a0202\u00a0555\u00a00123.'.replaceAll('\u00a0', ' '));
    expect(visitor.text).to.contain('If your phone silences unknown callers, save our number first.');
    expect(visitor.text).not.to.contain('usually rings');
    expect(visitor.button('Save our number').getBoundingClientRect().height).to.be.at.least(44);
    for (const theme of ['light', 'dark'] as const) {
      visitor.element.theme = theme;
      await visitor.element.updateComplete;
      expect(await violations(visitor.element), theme).to.deep.equal([]);
    }
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    proxy.report('queued');
    await visitor.see('Your call is in the queue');
    expect(ready(visitor)).not.to.equal(null);
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(ready(visitor)).to.equal(null);
  });

  it('it says how soon the phone usually rings, also where the caller ID is not known', async () => {
    proxy = new PageProxy({ callerId: '', followUp: true, usuallyRingsInSeconds: 9 });
    const visitor = await Visitor.open(proxy);
    await requested(visitor);
    expect(visitor.text).to.contain('It usually rings within 9 seconds.');
    expect(visitor.text).not.to.contain('We’ll call you from');
    expect(() => visitor.button('Save our number')).to.throw();
  });

  it('nothing is loaded or shown where there is nothing to say', async () => {
    proxy = new PageProxy({ callerId: '' });
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    const { adoptedStyleSheets } = visitor.root;
    expect([...adoptedStyleSheets].some((sheet) => /\.ready/.test(sheet.cssRules[0]?.cssText ?? ''))).to.equal(false);
  });

  it('it speaks the visitor’s language, and the page’s own sentence comes first', async () => {
    proxy = new PageProxy({ strings: { silenced: 'Site.' } });
    const visitor = await Visitor.open(proxy, { 'data-text-caller': 'From {number}!' });
    await requested(visitor);
    expect(visitor.text).to.contain('From +1 202 555 0123!');
    expect(visitor.text).to.contain('Site.');
    visitor.element.lang = 'de';
    visitor.element.removeAttribute('data-text-caller');
    await visitor.until(() => visitor.text.includes('Wir rufen Sie von dieser Nummer an'), 'German');
    visitor.element.lang = 'he';
    await visitor.until(() => visitor.text.includes('השיחה תגיע מהמספר'), 'Hebrew');
  });

  it('it is in English where its table fails to load', async () => {
    proxy = new PageProxy();
    const real = loaders['ko']!;
    loaders['ko'] = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    try {
      const visitor = await Visitor.open(proxy);
      await requested(visitor);
      visitor.element.lang = 'ko';
      await visitor.until(() => visitor.text.includes('요청'), 'Korean');
      await visitor.until(() => visitor.text.includes('We’ll call you from'), 'English');
    } finally {
      loaders['ko'] = real;
    }
  });
});
