// Elements that are added, removed and moved at every moment, several on a page, pages in the back-forward cache. Mutations that turn it
// red: tear down without waiting a microtask; leave a listener, timer, stream or channel behind; use a new key on return.

import { expect } from '@open-wc/testing';
import { intent, type CallHostElement, CallPage } from '../fixtures/call-page.js';
import { FakeProxy, plainSite } from '../fixtures/fake-proxy.js';
import { settle, until } from '../fixtures/fake-browser.js';

describe('an element that is removed', () => {
  let page: CallPage;
  let proxy: FakeProxy;
  let host: CallHostElement;

  const phaseIs = (phase: string, of: CallHostElement = host): Promise<void> =>
    until(() => of.phase === phase, `phase ${phase}, not ${of.phase}`);
  const nothingIsLeft = async (): Promise<void> => {
    await settle();
    expect(page.leftovers).to.deep.equal({ timers: 0, listeners: 0, channels: 0 });
    expect(proxy.openStreams).to.have.length(0);
  };

  beforeEach(async () => {
    page = new CallPage();
    proxy = new FakeProxy(page.tab);
    host = await page.add();
  });

  afterEach(async () => {
    page.root.remove();
    await nothingIsLeft();
  });

  it('before anything happened leaves nothing behind, and works once it is back', async () => {
    host.remove();
    await nothingIsLeft();
    page.root.append(host);
    await host.call.submit(intent);
    expect(host.phase).to.equal('requested');
  });

  it('while the site is loading leaves nothing behind, and loads it once it is back', async () => {
    proxy.override = () => 'never';
    const started = host.call.start();
    await settle();
    host.remove();
    await nothingIsLeft();
    await started;
    proxy.override = () => undefined;
    page.root.append(host);
    await host.call.start();
    expect(host.phase).to.equal('form');
    expect(host.call.site).not.to.equal(undefined);
    expect(page.count('error')).to.equal(0);
  });

  it('while the challenge is being solved stops solving, and shows the form once it is back', async () => {
    host.remove();
    proxy.site = { ...plainSite, challenge: { kind: 'altcha' } };
    let signal: AbortSignal | undefined;
    host = await page.add({
      solve: (_, given) => {
        signal = given;
        return new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(given.reason as Error)));
      },
    });
    const pressed = host.call.submit(intent);
    await until(() => signal !== undefined, 'the challenge');
    host.remove();
    await nothingIsLeft();
    await pressed;
    expect(signal?.aborted).to.equal(true);
    expect(host.phase).to.equal('form');
    expect(proxy.callRequests).to.have.length(0);
  });

  it('while it requests a call sends the request again under the same key once it is back: one call', async () => {
    // The proxy accepted the call; its response never arrived.
    const { answer } = page.tab;
    let isDeaf = true;
    page.tab.answer = async (url, init) => {
      const given = await answer(url, init);
      return isDeaf && init.method === 'POST' ? new Promise(() => {}) : given;
    };
    const pressed = host.call.submit(intent);
    await until(() => proxy.callRequests.length === 1, 'the request');
    host.remove();
    await nothingIsLeft();
    await pressed;
    expect(host.phase).to.equal('submitting');
    expect(page.count('requested')).to.equal(0);
    isDeaf = false;
    page.root.append(host);
    await phaseIs('requested');
    expect(proxy.callRequests).to.have.length(2);
    expect(proxy.placed.size).to.equal(1);
    expect(page.count('requested')).to.equal(1);
    proxy.move('completed');
    await phaseIs('ended');
    expect(page.count('ended')).to.equal(1);
  });

  it('while it follows a call stops, and shows the current state once it is back', async () => {
    await host.call.submit(intent);
    proxy.move('ringing');
    await phaseIs('ringing');
    host.remove();
    await nothingIsLeft();
    proxy.move('in-progress', { silently: true });
    page.root.append(host);
    await phaseIs('in-progress');
    expect(page.events).to.deep.equal(['before-call', 'requested', 'progress', 'progress']);
  });

  it('and whose call has ended in the meantime reports it once', async () => {
    await host.call.submit(intent);
    host.remove();
    await nothingIsLeft();
    proxy.move('no-answer', { silently: true });
    page.root.append(host);
    await phaseIs('ended');
    host.remove();
    await settle();
    page.root.append(host);
    await settle();
    expect(host.phase).to.equal('ended');
    expect(page.count('ended')).to.equal(1);
  });

  it('fifty times leaves nothing behind', async () => {
    await host.call.submit(intent);
    for (let n = 0; n < 50; n += 1) {
      host.remove();
      if (n % 3 === 0) await settle();
      page.root.append(host);
      if (n % 2 === 0) await settle();
    }
    await until(() => proxy.openStreams.length === 1, 'one stream');
    proxy.move('completed');
    await phaseIs('ended');
    expect(page.count('ended')).to.equal(1);
    expect(page.count('requested')).to.equal(1);
  });

  it('and replaced by another: the new one takes over', async () => {
    await host.call.submit(intent);
    host.remove();
    await settle();
    const other = await page.add();
    await phaseIs('requested', other);
    proxy.move('completed');
    await phaseIs('ended', other);
    expect(page.count('ended')).to.equal(1);
  });
});

describe('an element that is moved', () => {
  let page: CallPage;
  let proxy: FakeProxy;
  let host: CallHostElement;

  beforeEach(async () => {
    page = new CallPage();
    proxy = new FakeProxy(page.tab);
    host = await page.add();
  });

  afterEach(() => page.root.remove());

  const move = (): void => {
    const box = document.createElement('div');
    page.root.append(box);
    box.append(host);
  };

  it('keeps its stream', async () => {
    await host.call.submit(intent);
    move();
    await settle();
    expect(proxy.streams).to.have.length(1);
    expect(proxy.openStreams).to.have.length(1);
    proxy.move('ringing');
    await until(() => host.phase === 'ringing', 'ringing');
  });

  it('keeps its request', async () => {
    const pressed = host.call.submit(intent);
    move();
    await pressed;
    expect(host.phase).to.equal('requested');
    expect(proxy.callRequests).to.have.length(1);
  });
});

describe('two elements on a page', () => {
  it('show one call, and report its end once', async () => {
    const page = new CallPage();
    const proxy = new FakeProxy(page.tab);
    const [first, second] = [await page.add(), await page.add()];
    await first.call.submit(intent);
    await until(() => second.phase === 'requested', 'the other shows it');
    expect(first.call.state).to.include({ elsewhere: false });
    // It is this page's call, whichever element shows it and however that element learned of it.
    await settle();
    expect(second.call.state).to.include({ elsewhere: false });
    await second.call.submit(intent);
    expect(proxy.callRequests).to.have.length(1);
    proxy.move('ringing');
    await until(() => first.phase === 'ringing' && second.phase === 'ringing', 'ringing');
    proxy.move('completed');
    await until(() => first.phase === 'ended' && second.phase === 'ended', 'the end');
    expect(page.count('requested')).to.equal(1);
    expect(page.count('progress')).to.equal(1);
    expect(page.count('ended')).to.equal(1);
    page.root.remove();
  });

  it('keep the call as their own when other tabs post about it, and those show it as another tab’s', async () => {
    const page = new CallPage();
    const proxy = new FakeProxy(page.tab);
    const [first, second] = [await page.add(), await page.add()];
    const other = new CallPage(page.tab.browser);
    proxy.serve(other.tab);
    const [third, fourth] = [await other.add(), await other.add()];
    await first.call.submit(intent);
    const all = [first, second, third, fourth];
    await until(() => all.every(({ phase }) => phase === 'requested'), 'all show it');
    // A new tab pings: each tab replies, and each receives the others' replies.
    const last = new CallPage(page.tab.browser);
    proxy.serve(last.tab);
    const fifth = await last.add();
    await until(() => fifth.phase === 'requested', 'the new tab shows it');
    await settle();
    expect([...all, fifth].map(({ call }) => 'elsewhere' in call.state && call.state.elsewhere)).to.deep.equal([
      false,
      false,
      true,
      true,
      true,
    ]);
    for (const { root } of [page, other, last]) root.remove();
  });

  it('resume it after a reload, and report its end once', async () => {
    const before = new CallPage();
    const proxy = new FakeProxy(before.tab);
    const asker = await before.add();
    await asker.call.submit(intent);
    const page = await before.reload(proxy);
    const [first, second] = [await page.add(), await page.add()];
    await until(() => first.phase === 'requested' && second.phase === 'requested', 'both show it');
    proxy.move('completed');
    await until(() => first.phase === 'ended' && second.phase === 'ended', 'the end');
    expect(page.events).to.deep.equal(['ended']);
    page.root.remove();
    before.root.remove();
  });

  it('of two proxies ignore each other', async () => {
    const page = new CallPage();
    const proxy = new FakeProxy(page.tab);
    const first = await page.add();
    const second = await page.add({ endpoint: () => 'https://other.example' });
    await first.call.submit(intent);
    await settle();
    expect(second.phase).to.equal('form');
    expect(proxy.streams).to.have.length(1);
    page.root.remove();
  });
});

describe('a page in the back-forward cache', () => {
  it('keeps nothing running there, and shows the current state once it is back', async () => {
    const page = new CallPage();
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    await host.call.submit(intent);
    page.tab.fire('pagehide', { persisted: true });
    await settle();
    expect(page.tab.timers).to.equal(0);
    expect(page.tab.browser.channels).to.have.length(0);
    expect(proxy.openStreams).to.have.length(0);
    proxy.move('ringing', { silently: true });
    page.tab.fire('pageshow', { persisted: true });
    await until(() => host.phase === 'ringing', 'ringing');
    expect(proxy.openStreams).to.have.length(1);
    page.root.remove();
  });

  it('does not resume when it is shown for the first time', async () => {
    const page = new CallPage();
    const proxy = new FakeProxy(page.tab);
    await page.add();
    const { channels } = page.tab.browser;
    const before = channels.length;
    page.tab.fire('pageshow', { persisted: false });
    await settle();
    expect(channels).to.have.length(before);
    expect(proxy.received).to.have.length(0);
    page.root.remove();
  });
});
