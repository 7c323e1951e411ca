// The element among other elements: upgrade, attributes, slots, text, moves, and what it leaves behind.

import { expect, fixture, html } from '@open-wc/testing';
import { PageProxy } from './fixtures/page-proxy.js';
import { Visitor } from './fixtures/visitor.js';

describe('the element', () => {
  let proxy: PageProxy;
  beforeEach(() => {
    proxy = new PageProxy();
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  it('keeps what was set before it was upgraded', async () => {
    // An element created by a document without a window is upgraded when it is adopted into this one.
    const early = document.implementation.createHTMLDocument().createElement('polyai-callback');
    Object.assign(early, {
      endpoint: proxy.endpoint,
      agentName: 'Ada',
      countries: ['FR'],
      value: '+33199000001',
      strings: { submit: 'Ring me' },
    });
    const holder = await fixture<HTMLElement>(html`<div></div>`);
    holder.append(early);
    const visitor = new Visitor(early);
    await visitor.until(() => visitor.text.includes('Ada will call you'), 'the agent’s name');
    await visitor.until(() => visitor.country.value === 'FR', 'the country');
    expect(visitor.phone.value).to.equal('+33199000001');
    expect(visitor.button('Ring me')).to.be.an.instanceOf(HTMLButtonElement);
  });

  it('renders in a separate task, so that defining it is not a long task', async () => {
    const holder = await fixture<HTMLElement>(html`<div></div>`);
    const element = document.createElement('polyai-callback');
    element.setAttribute('endpoint', proxy.endpoint);
    holder.append(element);
    for (let microtask = 0; microtask < 20; microtask += 1) await Promise.resolve();
    expect(element.shadowRoot?.querySelector('form')).to.equal(null);
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('form')).to.be.an.instanceOf(HTMLFormElement);
  });

  it('reacts to every attribute after it was mounted', async () => {
    const visitor = await Visitor.open(proxy);
    const { element } = visitor;
    const change = async (name: string, value: string): Promise<void> => {
      element.setAttribute(name, value);
      await element.updateComplete;
    };
    await change('agent-name', 'Ada');
    expect(visitor.text).to.contain('Ada will call you');
    await change('countries', 'fr, de');
    expect([...visitor.country.options].map(({ value }) => value)).to.deep.equal(['', 'FR', 'DE']);
    await change('default-country', 'DE');
    expect(visitor.country.value).to.equal('DE');
    await change('privacy-url', 'https://example.com/privacy');
    expect(visitor.root.querySelector('a')?.href).to.equal('https://example.com/privacy');
    await change('privacy-url', 'data:text/html,<p>no</p>');
    expect(visitor.root.querySelector('a')).to.equal(null);
    await change('data-text-submit', 'Ring me');
    await visitor.until(() => visitor.button('Ring me'), 'the new text');
    await change('theme', 'dark');
    expect(getComputedStyle(element).colorScheme).to.equal('dark');
  });

  it('accepts an attribute’s text as the property’s value, because frameworks set that', async () => {
    const visitor = await Visitor.open(proxy);
    Object.assign(visitor.element, { countries: 'gb, fr', metadata: '{"topic": "boilers"}', attribution: '' });
    await visitor.element.updateComplete;
    expect([...visitor.country.options].map(({ value }) => value))
      .to.include.members(['FR', 'GB'])
      .and.have.length(3);
    const here = location.href;
    history.replaceState(null, '', `${location.search || '?'}&utm_source=letter`);
    try {
      await visitor.requestCall();
      await visitor.until(() => proxy.callRequests.length > 0, 'the request');
    } finally {
      history.replaceState(null, '', here);
    }
    expect(proxy.callRequests[0]).to.deep.include({
      metadata: { topic: 'boilers' },
      attribution: { utm_source: 'letter' },
    });
  });

  it('takes each sentence from the nearest override, as plain text', async () => {
    proxy.close();
    proxy = new PageProxy({ strings: { heading: 'site', description: 'site', submit: 'site', country: 'site' } });
    const visitor = await Visitor.open(
      proxy,
      { 'data-text-heading': 'data', 'data-text-description': 'data', 'data-text-submit': 'data' },
      '<script type="application/json">{"heading": "json", "description": "<b>json</b>"}</script><b slot="heading">slot</b>',
    );
    visitor.element.strings = { heading: 'property' };
    await visitor.until(() => visitor.title === 'slot', 'the slot');
    expect(visitor.text).to.contain('<b>json</b>');
    expect(visitor.button('data')).to.be.an.instanceOf(HTMLButtonElement);
    expect(visitor.root.querySelector('[part=label]')!.textContent).to.equal('site');
    visitor.element.querySelector('b')!.remove();
    await visitor.until(() => visitor.title === 'property', 'the property');
    visitor.element.strings = {};
    await visitor.until(() => visitor.title === 'json', 'the JSON child');
    visitor.element.querySelector('script')!.remove();
    await visitor.until(() => visitor.title === 'data', 'the attribute');
    visitor.element.removeAttribute('data-text-heading');
    await visitor.until(() => visitor.title === 'site', 'the site');
  });

  it('sends the consent the page put into the slot, or the site’s own with its version', async () => {
    const visitor = await Visitor.open(
      proxy,
      {},
      '<span slot="consent">I agree to <a href="/terms">your\n terms</a>.</span>',
    );
    await visitor.requestCall();
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    expect(proxy.callRequests[0]!.consent).to.include({ text: 'I agree to your terms.', source: 'page' });

    proxy.close();
    proxy = new PageProxy({ consent: { text: 'I agree, says {business}.', version: '0123456789abcdef' } });
    const other = await Visitor.open(proxy);
    await other.requestCall();
    await other.until(() => proxy.callRequests.length === 1, 'the call');
    expect(proxy.callRequests[0]!.consent).to.deep.equal({
      text: 'I agree, says {business}.',
      version: '0123456789abcdef',
      source: 'site',
    });
  });

  it('shows two calls of two elements separately', async () => {
    const other = new PageProxy({ business: 'Other Ltd' });
    const first = await Visitor.open(proxy);
    const second = await Visitor.open(other);
    await first.requestCall();
    await first.see('We’ve received your request');
    expect(second.title).to.equal('Get a call now');
    expect(second.text).to.contain('Other Ltd');
    other.close();
  });

  it('keeps its call and what was typed when it is moved', async () => {
    const visitor = await Visitor.open(proxy);
    await visitor.type('020 7946 0958');
    const elsewhere = await fixture<HTMLElement>(html`<section></section>`);
    elsewhere.append(visitor.element);
    expect(visitor.phone.value).to.equal('020 7946 0958');
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream');
    const third = await fixture<HTMLElement>(html`<section></section>`);
    third.append(visitor.element);
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(proxy.callRequests).to.have.length(1);
  });

  it('shows the page’s own content, and nothing else, when the proxy is down', async () => {
    proxy.isUp = false;
    const visitor = await Visitor.open(proxy, {}, '<a href="tel:+442079460900">Call the office</a>');
    await visitor.until(() => visitor.text.includes('Call the office'), 'the fallback');
    expect(visitor.text).to.equal('Call the office');
    expect(visitor.announced).to.equal('');
  });

  it('says that calls are unavailable if the page has no content of its own', async () => {
    proxy.isUp = false;
    const visitor = await Visitor.open(proxy);
    await visitor.see('Calls aren’t available right now');
  });

  it('hides behind the page’s own content when the business wants that while closed', async () => {
    proxy.close();
    proxy = new PageProxy({ opening: { open: false, mode: 'hide' } });
    const visitor = await Visitor.open(proxy, {}, '<p>Write to us</p>');
    await visitor.until(() => visitor.text === 'Write to us', 'the fallback');
  });

  it('marks the sandbox, and only the sandbox', async () => {
    const real = await Visitor.open(proxy);
    expect(real.text).not.to.contain('Sandbox');
    const sandbox = new PageProxy({ sandbox: true });
    const visitor = await Visitor.open(sandbox);
    expect(visitor.text).to.match(/^Sandbox: no real phone will ring/);
    expect(visitor.element.matches(':state(sandbox)')).to.equal(true);
    sandbox.close();
  });

  it('exposes its phase to style sheets', async () => {
    const visitor = await Visitor.open(proxy);
    expect(visitor.element.matches(':state(idle)')).to.equal(true);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => visitor.element.matches(':state(requested):not(:state(idle))'), 'the state');
    expect(visitor.root.querySelector('[part~=phase-requested]')).to.be.an.instanceOf(HTMLElement);
  });

  it('renders no style that a strict policy forbids', async () => {
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    expect(visitor.root.querySelectorAll('style, [style]')).to.have.length(0);
  });
});
