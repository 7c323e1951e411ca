// Floating and modal: what opens and closes them, and where the focus goes.

import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { violations } from './fixtures/axe.js';
import { cannotResize } from './fixtures/engine.js';
import { PageProxy } from './fixtures/page-proxy.js';
import { Visitor } from './fixtures/visitor.js';

describe('a variant', () => {
  let proxy: PageProxy;
  beforeEach(async () => {
    proxy = new PageProxy();
    if (!cannotResize) await setViewport({ width: 1000, height: 800 });
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const mount = async (variant: string, attributes: Readonly<Record<string, string>> = {}): Promise<Visitor> => {
    const visitor = await Visitor.open(proxy, { variant, ...attributes });
    await visitor.until(() => visitor.root.querySelector('dialog'), 'the launcher');
    return visitor;
  };

  it('floating: shows only a launcher, opens and closes with it, and manages the focus', async () => {
    const visitor = await mount('floating');
    const opened = visitor.collect('polyai-callback-open');
    const closed = visitor.collect('polyai-callback-close');
    const launcher = visitor.button('Get a call');
    expect(launcher.getBoundingClientRect().height).to.be.at.least(56);
    expect(launcher.getAttribute('aria-expanded')).to.equal('false');
    expect(visitor.buttons).to.have.length(1);
    launcher.focus();
    launcher.click();
    await visitor.see('Get a call now');
    expect(visitor.focused).to.equal('title');
    expect(launcher.getAttribute('aria-expanded')).to.equal('true');
    expect(visitor.root.querySelector('dialog')!.matches(':modal')).to.equal(false);
    expect(await violations(visitor.element)).to.deep.equal([]);
    await sendKeys({ press: 'Escape' });
    await visitor.until(() => closed.length === 1, 'closed');
    expect(visitor.root.activeElement?.className).to.contain('launcher');
    expect(opened).to.have.length(1);
    expect(visitor.buttons).to.have.length(1);
  });

  (cannotResize ? it.skip : it)('floating: is a modal dialog on a narrow screen, with a smaller launcher', async () => {
    await setViewport({ width: 360, height: 700 });
    const visitor = await Visitor.open(proxy, { variant: 'floating' });
    await visitor.until(() => visitor.buttons.length === 1, 'the launcher');
    expect(visitor.button('Get a call').getBoundingClientRect().height).to.be.within(44, 55);
    visitor.press('Get a call');
    await visitor.see('Get a call now');
    const dialog = visitor.root.querySelector('dialog')!;
    expect(dialog.matches(':modal')).to.equal(true);
    expect(dialog.getBoundingClientRect().width).to.equal(360);
    // At the bottom edge of the screen, neither the dialog nor its card is rounded.
    for (const box of [dialog, dialog.querySelector('.panel')!])
      expect(getComputedStyle(box).borderEndStartRadius).to.equal('0px');
    visitor.press('Close');
    await visitor.until(() => !dialog.open, 'closed');
    await visitor.until(() => visitor.root.activeElement?.classList.contains('launcher'), 'the focus on the launcher');
  });

  it('floating: opens automatically when a call is resumed, unless it was closed', async () => {
    const visitor = await Visitor.open(proxy, { variant: 'floating' });
    await visitor.until(() => visitor.buttons.length === 1, 'the launcher');
    visitor.press('Get a call');
    await visitor.see('Get a call now');
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    visitor.element.remove();
    const again = await Visitor.open(proxy, { variant: 'floating' });
    await again.see('We’ve received your request');
    again.press('Close');
    await again.until(() => again.buttons.length === 1, 'closed');
    again.element.remove();
    const third = await Visitor.open(proxy, { variant: 'floating' });
    await third.until(() => third.element.matches(':state(requested)'), 'the call');
    expect(third.buttons).to.have.length(1);
  });

  it('modal: is opened by any trigger on the page, and returns the focus', async () => {
    const page = await fixture<HTMLElement>(
      html`<div><button data-polyai-callback-open>Ring me</button><a href="#polyai-callback">Or this</a></div>`,
    );
    const visitor = await mount('modal');
    expect(visitor.buttons).to.have.length(0);
    for (const opener of page.querySelectorAll<HTMLElement>('button, a')) {
      opener.focus();
      opener.click();
      await visitor.see('Get a call now');
      expect(visitor.root.querySelector('dialog')!.matches(':modal')).to.equal(true);
      await sendKeys({ press: 'Escape' });
      await visitor.until(() => !visitor.root.querySelector('dialog')!.open, 'closed');
      await visitor.until(() => document.activeElement === opener, 'the focus on the trigger');
    }
    expect(location.hash).to.equal('');
  });

  it('can be changed after it was mounted, and closes by method', async () => {
    const visitor = await Visitor.open(proxy);
    visitor.element.open();
    await visitor.element.updateComplete;
    expect(visitor.focused).to.equal('title');
    visitor.element.variant = 'modal';
    await visitor.until(() => visitor.root.querySelector('dialog'), 'the dialog');
    expect(visitor.text).to.equal('');
    visitor.element.open();
    await visitor.see('Get a call now');
    visitor.element.close();
    await visitor.until(() => visitor.text === '', 'closed');
    visitor.element.variant = 'inline';
    await visitor.see('Get a call now');
  });

  it('floating: moves past what the page fixed in its corner', async () => {
    const visitor = await Visitor.open(proxy, { variant: 'floating' });
    await visitor.until(() => visitor.buttons.length === 1, 'the launcher');
    const field = document.createElement('input');
    Object.assign(field.style, { position: 'fixed', insetBlockEnd: '20px', insetInlineEnd: '20px' });
    document.body.append(field);
    field.focus();
    const isOff = (): boolean => {
      const launcher = visitor.button('Get a call');
      return launcher.getBoundingClientRect().bottom <= field.getBoundingClientRect().top;
    };
    await visitor.until(isOff, 'past the field');
    field.blur();
    field.remove();
  });
});

describe('the page’s analytics', () => {
  let proxy: PageProxy;
  beforeEach(() => {
    proxy = new PageProxy();
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
    history.replaceState(null, '', location.pathname);
  });

  it('receives each step in the data layer that the page names, but no phone number', async () => {
    const page = window as unknown as { ourLayer?: { event: string }[] };
    delete page.ourLayer;
    const visitor = await Visitor.open(proxy, { 'data-layer': 'ourLayer' });
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream');
    proxy.end('completed');
    await visitor.see('The call has ended');
    const events = page.ourLayer!.map(({ event }) => event);
    expect(events).to.include('polyai_callback_requested');
    expect(events.filter((event) => event === 'polyai_callback_ended')).to.have.length(1);
    expect(JSON.stringify(page.ourLayer)).not.to.match(/7946|\+44/);
  });

  it('receives nothing unless the page opts in', async () => {
    const page = window as unknown as { dataLayer?: unknown };
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    expect(page.dataLayer).to.equal(undefined);
    expect(proxy.callRequests[0]).not.to.have.property('attribution');
  });

  it('adds campaign parameters and metadata to the request, and nothing else from the URL', async () => {
    // The test runner needs its own parameters too: none of them may be sent.
    history.replaceState(null, '', `${location.search || '?'}&utm_source=news&gclid=abc&email=a%40b.c`);
    const visitor = await Visitor.open(proxy, {
      attribution: '',
      metadata: '{"plan":"gold","n":3,"bad":{}}',
      'data-meta-order-id': '7',
    });
    await visitor.requestCall();
    await visitor.until(() => proxy.callRequests.length === 1, 'the call');
    expect(proxy.callRequests[0]!.attribution).to.deep.equal({ utm_source: 'news', gclid: 'abc' });
    expect(proxy.callRequests[0]!.metadata).to.deep.equal({ plan: 'gold', n: '3', 'order-id': '7' });
  });
});
