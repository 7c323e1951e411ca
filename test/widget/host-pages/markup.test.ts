// The element in third-party markup: shadow roots, sandboxed frames, a framework's placeholders. Mutations that
// turn each red: look up elements with a document selector; act on `submit` alone; move a placeholder's children.

import { expect, fixture, html } from '@open-wc/testing';
import { mount } from '../../../src/widget/chunks/mount.js';
import { hostPage } from '../fixtures/host-page.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

describe('the element in third-party markup', () => {
  const page = hostPage();

  it('in a shadow root is opened by triggers of its own tree and of the page', async () => {
    const site = await fixture<HTMLElement>(html`<div></div>`);
    const link = await fixture<HTMLElement>(html`<div><a href="#polyai-callback">Ring me</a></div>`);
    const root = site.attachShadow({ mode: 'open' });
    const trigger = document.createElement('button');
    trigger.dataset['polyaiCallbackOpen'] = '';
    const visitor = await page.open({ variant: 'modal' });
    root.append(trigger, visitor.element);
    await visitor.until(() => visitor.root.querySelector('dialog'), 'the dialog');
    for (const opener of [trigger, link.querySelector('a')!]) {
      opener.click();
      await visitor.until(() => visitor.root.querySelector('dialog')!.open, 'open');
      visitor.element.close();
      await visitor.until(() => !visitor.root.querySelector('dialog')!.open, 'closed');
    }
  });

  it('works without a form submission, which frames without allow-forms block', async () => {
    const visitor = await page.open();
    let submissions = 0;
    visitor.root.addEventListener('submit', () => {
      submissions += 1;
    });
    visitor.root.querySelector<HTMLElement>('.primary')!.click();
    await visitor.until(() => visitor.text.includes('Enter the phone number'), 'the form responds');
    expect(submissions).to.equal(0);
  });

  it('leaves the content of a placeholder to the framework that owns it', async () => {
    const place = await fixture<HTMLElement>(
      html`<div data-polyai-callback data-endpoint=${page.proxy.endpoint}><a href="tel:+442079460900">Call us</a></div>`,
    );
    const link = place.firstElementChild!;
    mount([]);
    const element = place.querySelector('polyai-callback')!;
    expect(link.parentElement).to.equal(place);
    expect(link.getClientRects()).to.have.length(0);
    expect(element.querySelector('a')!.textContent).to.equal('Call us');
    link.textContent = 'Call us now';
    await new Visitor(element).until(
      () => element.querySelector('a')!.textContent === 'Call us now',
      'the fallback follows',
    );
    place.removeChild(link);
    await new Visitor(element).until(() => !element.querySelector('a'), 'the fallback is gone');
  });
});

describe('the element with a screen reader', () => {
  const page = hostPage();

  it('announces a title once: where the focus moves to it, the live region omits it', async () => {
    page.proxy.close();
    page.proxy = new PageProxy({ challenge: { kind: 'altcha' } });
    const visitor = await page.open();
    await visitor.requestCall();
    await visitor.see('One moment…');
    expect(visitor.focused).to.equal('title');
    expect(visitor.announced).to.equal('We’re making sure you’re a person.');
  });

  it('announces a title in the live region where it already has the focus', async () => {
    const visitor = await page.open();
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    expect(visitor.focused).to.equal('title');
    expect(visitor.announced).to.contain(visitor.title);
  });

  it('works where a forced registry polyfill takes element internals away', async () => {
    const prototype = HTMLElement.prototype as { attachInternals: () => ElementInternals };
    const { attachInternals } = prototype;
    prototype.attachInternals = () => {
      throw new DOMException('not defined natively', 'NotSupportedError');
    };
    try {
      const visitor = await page.open({ name: 'phone' });
      await visitor.requestCall();
      await visitor.see('We’ve received your request');
    } finally {
      prototype.attachInternals = attachInternals;
    }
  });
});
