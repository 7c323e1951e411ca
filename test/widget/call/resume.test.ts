// One call per visitor: after a reload, in other tabs, days later. Mutations that turn it red: do not say hello; tell another
// tab's end; trust a duplicate's copy; forget a scheduled call on reset; keep an old end in view for ever.

import { expect } from '@open-wc/testing';
import type { Slot } from '../../../src/contract.js';
import { intent, type CallHostElement, CallPage } from '../fixtures/call-page.js';
import { FakeProxy } from '../fixtures/fake-proxy.js';
import { FakeBrowser, settle, until } from '../fixtures/fake-browser.js';

const slot: Slot = { at: '2026-11-26T09:00:00Z', zone: 'Europe/London', wall: '2026-11-26T09:00' };
const phaseIs = (host: CallHostElement, phase: string): Promise<void> =>
  until(() => host.phase === phase, `phase ${phase}, not ${host.phase}`);

const pages: CallPage[] = [];
const open = (browser?: FakeBrowser): CallPage => {
  const page = new CallPage(browser);
  pages.push(page);
  return page;
};

afterEach(async () => {
  for (const page of pages.splice(0)) page.root.remove();
  await settle();
});

async function ringing(): Promise<{ page: CallPage; proxy: FakeProxy; host: CallHostElement }> {
  const page = open();
  const proxy = new FakeProxy(page.tab);
  const host = await page.add();
  await host.call.submit(intent);
  proxy.move('ringing');
  await phaseIs(host, 'ringing');
  return { page, proxy, host };
}

describe('after a reload', () => {
  it('the call is there at once, and its events go on where they were', async () => {
    const { page, proxy } = await ringing();
    const next = await page.reload(proxy);
    pages.push(next);
    proxy.isUp = false;
    const host = await next.add();
    await phaseIs(host, 'ringing');
    expect(host.call.state).to.include({ lost: true, elsewhere: false });
    proxy.isUp = true;
    proxy.move('in-progress', { silently: true });
    next.tab.fire('online');
    await phaseIs(host, 'in-progress');
    expect(host.call.state).to.include({ lost: false });
    proxy.move('completed');
    await phaseIs(host, 'ended');
    expect(page.events).to.deep.equal(['before-call', 'requested', 'progress']);
    expect(next.events).to.deep.equal(['progress', 'ended']);
    expect(next.heard[0]?.detail).to.include({ status: 'in-progress' });
  });

  it('an end that came meanwhile is told once, and shown again for ten minutes', async () => {
    const { page, proxy } = await ringing();
    let next = await page.reload(proxy);
    proxy.move('no-answer', { silently: true });
    let host = await next.add();
    await phaseIs(host, 'ended');
    expect(next.events).to.deep.equal(['ended']);
    next = await next.reload(proxy);
    host = await next.add();
    await phaseIs(host, 'ended');
    expect(next.events).to.deep.equal([]);
    expect(await host.call.again()).to.equal(true);
    await phaseIs(host, 'requested');
    proxy.move('completed');
    await phaseIs(host, 'ended');
    next = await next.reload(proxy);
    next.tab.clock += 11 * 60_000;
    host = await next.add();
    await settle();
    expect(host.phase).to.equal('form');
    expect(next.tab.session.length).to.equal(0);
    next.root.remove();
  });

  it('a call that is known no more is not shown', async () => {
    const { page, proxy } = await ringing();
    const next = await page.reload(proxy);
    pages.push(next);
    proxy.call = undefined;
    const host = await next.add();
    await until(() => next.count('ended') === 1, 'the end');
    expect(host.phase).to.equal('form');
    expect(next.heard[0]?.detail).to.deep.equal({ callId: 'call-1', outcome: 'unknown' });
  });

  it('somebody else’s text in the storage is nothing', async () => {
    const page = open();
    const proxy = new FakeProxy(page.tab);
    page.tab.session.setItem('polyai-callback:https://calls.example', '{"call":');
    page.tab.browser.local.setItem('polyai-callback:https://calls.example', '[{"call":{"id":"x"}}]');
    const host = await page.add();
    await settle();
    expect(host.phase).to.equal('form');
    await host.call.submit(intent);
    expect(host.phase).to.equal('requested');
    expect(proxy.asks).to.have.length(1);
  });

  it('without storage everything works but coming back', async () => {
    const page = open();
    page.tab.deniesStorage = true;
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    await host.call.submit(intent);
    host.remove();
    await settle();
    page.root.append(host);
    proxy.move('completed');
    await phaseIs(host, 'ended');
    expect(page.events).to.deep.equal(['before-call', 'requested', 'ended']);
  });
});

describe('another tab', () => {
  it('shows the call, whether it was open before or opens later, and tells nothing', async () => {
    const browser = new FakeBrowser();
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    const early = open(browser);
    proxy.serve(early.tab);
    const earlyHost = await early.add();
    await host.call.submit(intent);
    await phaseIs(earlyHost, 'requested');
    proxy.move('ringing');
    const late = open(browser);
    proxy.serve(late.tab);
    const lateHost = await late.add();
    await phaseIs(lateHost, 'ringing');
    for (const other of [earlyHost, lateHost]) {
      expect(other.call.state).to.include({ elsewhere: true });
      await other.call.submit(intent);
    }
    expect(proxy.asks).to.have.length(1);
    proxy.move('completed');
    for (const one of [host, earlyHost, lateHost]) await phaseIs(one, 'ended');
    expect(page.count('ended')).to.equal(1);
    expect([...early.events, ...late.events]).to.deep.equal([]);
  });

  it('shows the next call as well, when the first has ended', async () => {
    const browser = new FakeBrowser();
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    const other = open(browser);
    proxy.serve(other.tab);
    const otherHost = await other.add();
    await host.call.submit(intent);
    await phaseIs(otherHost, 'requested');
    proxy.move('no-answer');
    await phaseIs(otherHost, 'ended');
    await host.call.again();
    await phaseIs(otherHost, 'requested');
    expect(otherHost.call.state).to.have.nested.property('call.id', 'call-2');
  });

  it('that was about to ask does not', async () => {
    const browser = new FakeBrowser();
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    const other = open(browser);
    proxy.serve(other.tab);
    proxy.site = { ...proxy.site, challenge: { kind: 'altcha' } };
    let solve: (() => void) | undefined;
    const otherHost = await other.add({
      solve: () => new Promise((resolve) => (solve = () => resolve({ kind: 'altcha', payload: 'p' }))),
    });
    const pressed = otherHost.call.submit(intent);
    await until(() => solve !== undefined, 'the challenge');
    proxy.site = { ...proxy.site, challenge: { kind: 'none' } };
    await host.call.submit(intent);
    await phaseIs(otherHost, 'requested');
    solve?.();
    await pressed;
    expect(proxy.asks).to.have.length(1);
    expect(other.count('requested')).to.equal(0);
  });

  it('goes on when the tab that asked is closed, also after a reload', async () => {
    const browser = new FakeBrowser();
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    let other = open(browser);
    proxy.serve(other.tab);
    await other.add();
    await host.call.submit(intent);
    await settle();
    await page.unload();
    other = await other.reload(proxy);
    pages.push(other);
    const otherHost = await other.add();
    await phaseIs(otherHost, 'requested');
    expect(otherHost.call.state).to.include({ elsewhere: true });
    proxy.move('completed');
    await phaseIs(otherHost, 'ended');
    expect(other.events).to.deep.equal([]);
  });

  it('that is a duplicate leaves the end to the original', async () => {
    const browser = new FakeBrowser();
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const host = await page.add();
    await host.call.submit(intent);
    const copy = open(browser);
    copy.tab.clock += 1_000;
    proxy.serve(copy.tab);
    for (let n = 0; n < page.tab.session.length; n += 1) {
      const key = page.tab.session.key(n) ?? '';
      copy.tab.session.setItem(key, page.tab.session.getItem(key) ?? '');
    }
    const copyHost = await copy.add();
    await phaseIs(copyHost, 'requested');
    await settle();
    proxy.move('completed');
    await phaseIs(host, 'ended');
    await phaseIs(copyHost, 'ended');
    expect(page.count('ended')).to.equal(1);
    expect(copy.events).to.deep.equal([]);
  });
});

describe('a scheduled callback', () => {
  const schedule = async (): Promise<{ page: CallPage; proxy: FakeProxy; host: CallHostElement }> => {
    const page = open();
    const proxy = new FakeProxy(page.tab);
    proxy.status = 'scheduled';
    proxy.scheduledFor = slot;
    const host = await page.add();
    await host.call.submit({ ...intent, scheduleAt: slot.at });
    expect(host.phase).to.equal('scheduled');
    return { page, proxy, host };
  };

  it('is found days later in a new tab, which says what became of it, once', async () => {
    const { page, proxy } = await schedule();
    await page.unload();
    proxy.move('requested', { silently: true });
    proxy.move('no-answer', { silently: true });
    const later = open(page.tab.browser);
    later.tab.clock = page.tab.clock + 3 * 86_400_000;
    proxy.serve(later.tab);
    const host = await later.add();
    await phaseIs(host, 'ended');
    expect(later.events).to.deep.equal(['progress', 'ended']);
    const evenLater = open(page.tab.browser);
    proxy.serve(evenLater.tab);
    const other = await evenLater.add();
    await settle();
    expect(other.phase).to.equal('form');
    expect(evenLater.events).to.deep.equal([]);
  });

  it('can be taken back from the new tab', async () => {
    const { page, proxy } = await schedule();
    await page.unload();
    const later = open(page.tab.browser);
    proxy.serve(later.tab);
    const host = await later.add();
    await phaseIs(host, 'scheduled');
    await until(() => host.call.state.phase === 'following' && !host.call.state.lost, 'the truth');
    expect(await host.call.takeBack()).to.equal(true);
    await phaseIs(host, 'ended');
    expect(later.heard.at(-1)?.detail).to.include({ outcome: 'cancelled', endedBecause: 'taken-back' });
  });

  it('can be left, and is found again', async () => {
    const { page, proxy, host } = await schedule();
    host.call.reset();
    expect(host.phase).to.equal('form');
    await settle();
    expect(proxy.openStreams).to.have.length(0);
    const next = await page.reload(proxy);
    pages.push(next);
    const again = await next.add();
    await phaseIs(again, 'scheduled');
  });

  it('keeps no number in the lasting storage', async () => {
    const { page } = await schedule();
    const { local } = page.tab.browser;
    expect(local.length).to.equal(1);
    expect(local.getItem(local.key(0) ?? '')).not.to.contain('7946');
  });
});
