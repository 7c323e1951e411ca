// The closed state: the number to call is shown once, whoever provides it. Mutation that turns it red: show `callInstead`
// beside the page's own content. `controls.ts`: leave the spaces in the link.

import { expect } from '@open-wc/testing';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('while the business is closed', () => {
  let proxy: PageProxy;
  beforeEach(() => {
    proxy = new PageProxy({ opening: { open: false, mode: 'message', next: '2027-01-04T09:00:00Z' } });
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const numbers = (visitor: Visitor): number => visitor.text.split('20 7946 0900').length - 1;

  it('the site’s number is shown once', async () => {
    const visitor = await Visitor.open(proxy);
    await visitor.until(() => visitor.element.matches(':state(closed)'), 'closed');
    expect(numbers(visitor)).to.equal(1);
  });

  it('the page’s number is shown as the page wrote it, and its link has no spaces', async () => {
    const visitor = await Visitor.open(proxy, { phone: '+44 20 7946 0901' });
    await visitor.until(() => visitor.element.matches(':state(closed)'), 'closed');
    const link = visitor.button(/Call us instead: \+44.20.7946.0901/);
    expect(link.getAttribute('href')).to.equal('tel:+442079460901');
  });

  it('the number in the page’s own content is shown once', async () => {
    const content = '<a href="tel:+442079460900">Call us: +44 20 7946 0900</a>';
    const visitor = await Visitor.open(proxy, {}, content);
    await visitor.until(() => visitor.element.matches(':state(closed)'), 'closed');
    expect(numbers(visitor)).to.equal(1);
  });
});
