// One call per visitor: after a reload, in other tabs, days later. Mutations that turn it red: do not send the ping; report another
// tab's end; trust a duplicate's copy; forget a scheduled call on reset; keep showing an old end forever.

import { expect } from '@open-wc/testing';
import type { Slot } from '../../../src/contract.js';
import { intent, type CallHostElement, CallPage } from '../fixtures/call-page.js';
import { FakeProxy, problem } from '../fixtures/fake-proxy.js';
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
  it('the call is shown at once, and its events continue where they stopped', async () => {
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
    expect(next.recorded[0]?.detail).to.include({ status: 'in-progress' });
  });

  it('an end in the meantime is reported once, and shown for ten minutes', async () => {
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
    // The number is not stored: the visitor sees which one it was, and types it again.
    expect(host.call.state).to.include({ maskedPhone: '+44 ••• 58' });
    expect(await host.call.flow!.again()).to.equal(false);
    expect(host.phase).to.equal('form');
    await host.call.submit(intent);
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

  it('no number is left in the storage once a call is accepted', async () => {
    const { page } = await ringing();
    const { session } = page.tab;
    for (let n = 0; n < session.length; n += 1)
      expect(session.getItem(session.key(n) ?? '')).not.to.match(/7946|\+442/);
  });

  it('a call that the proxy no longer knows is not shown', async () => {
    const { page, proxy } = await ringing();
    const next = await page.reload(proxy);
    pages.push(next);
    proxy.call = undefined;
    const host = await next.add();
    await until(() => next.count('ended') === 1, 'the end');
    expect(host.phase).to.equal('form');
    expect(next.recorded[0]?.detail).to.deep.equal({ callId: 'call-1', outcome: 'unknown' });
  });

  it('someone else’s data in the storage is ignored', async () => {
    const page = open();
    const proxy = new FakeProxy(page.tab);
    page.tab.session.setItem('polyai-callback:https://calls.example', '{"call":');
    page.tab.browser.local.setItem('polyai-callback:https://calls.example', '[{"call":{"id":"x"}}]');
    const host = await page.add();
    await settle();
    expect(host.phase).to.equal('form');
    await host.call.submit(intent);
    expect(host.phase).to.equal('requested');
    expect(proxy.callRequests).to.have.length(1);
  });

  it('without storage everything works except resuming', async () => {
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

describe('a reload before the proxy has answered', () => {
  /** The proxy accepted the request; its response never reaches this page. */
  const leftWaiting = async (browser?: FakeBrowser): Promise<{ page: CallPage; proxy: FakeProxy }> => {
    const page = open(browser);
    const proxy = new FakeProxy(page.tab);
    const { answer } = page.tab;
    page.tab.answer = async (url, init) => {
      const given = await answer(url, init);
      return init.method === 'POST' ? new Promise(() => {}) : given;
    };
    const host = await page.add();
    void host.call.submit(intent);
    await until(() => proxy.callRequests.length === 1, 'the request');
    return { page, proxy };
  };

  it('sends the same request again under the same key: one call, requested once', async () => {
    const { page, proxy } = await leftWaiting();
    const next = await page.reload(proxy);
    pages.push(next);
    const host = await next.add();
    await phaseIs(host, 'requested');
    expect(proxy.callRequests).to.have.length(2);
    expect(proxy.callRequests[1]).to.deep.equal(proxy.callRequests[0]);
    expect(proxy.placed.size).to.equal(1);
    expect([...page.events, ...next.events]).to.deep.equal(['before-call', 'requested']);
    expect(host.call.state).to.deep.include({ intent });
    proxy.move('completed');
    await phaseIs(host, 'ended');
    expect(next.count('ended')).to.equal(1);
    expect(next.tab.session.getItem('polyai-callback:https://calls.example')).not.to.match(/7946/);
  });

  it('shows one call in both elements of the page, and fires its events once', async () => {
    const { page, proxy } = await leftWaiting();
    const next = await page.reload(proxy);
    pages.push(next);
    const [first, second] = [await next.add(), await next.add()];
    await phaseIs(first, 'requested');
    await phaseIs(second, 'requested');
    expect(proxy.placed.size).to.equal(1);
    expect(next.count('requested')).to.equal(1);
    proxy.move('completed');
    await phaseIs(first, 'ended');
    expect(next.count('ended')).to.equal(1);
  });

  it('followed by a refusal leaves no number behind', async () => {
    const { page, proxy } = await leftWaiting();
    const next = await page.reload(proxy);
    pages.push(next);
    proxy.callAnswers.push(problem('try-later', { retryAfterSeconds: 60 }));
    const host = await next.add();
    await phaseIs(host, 'refused');
    expect(next.events).to.deep.equal(['refused']);
    expect(next.tab.session.length).to.equal(0);
  });

  it('is too late after two minutes: nobody is still waiting for that phone to ring', async () => {
    const { page, proxy } = await leftWaiting();
    const next = await page.reload(proxy);
    pages.push(next);
    next.tab.clock += 120_000;
    const host = await next.add();
    await settle();
    expect(host.phase).to.equal('form');
    expect(proxy.callRequests).to.have.length(1);
    expect(next.tab.session.length).to.equal(0);
  });

  it('is not repeated by a duplicate of the tab, which only shows the call', async () => {
    const browser = new FakeBrowser();
    const { page, proxy } = await leftWaiting(browser);
    const copy = open(browser);
    const key = 'polyai-callback:https://calls.example';
    copy.tab.session.setItem(key, page.tab.session.getItem(key) ?? '');
    proxy.serve(copy.tab);
    const host = await copy.add();
    await settle();
    expect(host.phase).to.equal('form');
    expect(proxy.callRequests).to.have.length(1);
  });

  it('counts even if the page was hidden and then killed without another event', async () => {
    const { page, proxy } = await leftWaiting();
    page.tab.isVisible = false;
    page.tab.fire('visibilitychange');
    const next = open(page.tab.browser);
    const key = 'polyai-callback:https://calls.example';
    next.tab.session.setItem(key, page.tab.session.getItem(key) ?? '');
    next.tab.clock = page.tab.clock;
    proxy.serve(next.tab);
    const host = await next.add();
    await phaseIs(host, 'requested');
    expect(proxy.placed.size).to.equal(1);
  });
});

describe('another tab', () => {
  it('shows the call, whether it was open before or opens later, and fires no events', async () => {
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
    expect(proxy.callRequests).to.have.length(1);
    proxy.move('completed');
    for (const one of [host, earlyHost, lateHost]) await phaseIs(one, 'ended');
    expect(page.count('ended')).to.equal(1);
    expect([...early.events, ...late.events]).to.deep.equal([]);
  });

  it('shows the next call too, when the first has ended', async () => {
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
    await host.call.flow!.again();
    await phaseIs(otherHost, 'requested');
    expect(otherHost.call.state).to.have.nested.property('call.id', 'call-2');
  });

  it('that was about to request a call does not', async () => {
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
    expect(proxy.callRequests).to.have.length(1);
    expect(other.count('requested')).to.equal(0);
  });

  it('continues when the tab that requested the call is closed, even after a reload', async () => {
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

  it('is found days later in a new tab, which reports its outcome, once', async () => {
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

  it('can be canceled from the new tab', async () => {
    const { page, proxy } = await schedule();
    await page.unload();
    const later = open(page.tab.browser);
    proxy.serve(later.tab);
    const host = await later.add();
    await phaseIs(host, 'scheduled');
    // Shows which number will ring, so that the visitor can decide whether to cancel.
    expect(host.call.state).to.include({ maskedPhone: '+44 ••• 58' });
    await until(() => host.call.state.phase === 'following' && !host.call.state.lost, 'the current state');
    expect(await host.call.flow!.cancelCall()).to.equal(true);
    await phaseIs(host, 'ended');
    expect(later.recorded.at(-1)?.detail).to.include({ outcome: 'cancelled', endedBecause: 'taken-back' });
  });

  it('can be closed, and is found again', async () => {
    const { page, proxy, host } = await schedule();
    host.call.flow!.end('reset');
    expect(host.phase).to.equal('form');
    await settle();
    expect(proxy.openStreams).to.have.length(0);
    const next = await page.reload(proxy);
    pages.push(next);
    const again = await next.add();
    await phaseIs(again, 'scheduled');
  });

  it('is not forgotten when a second tab shows it', async () => {
    const { page, proxy, host } = await schedule();
    const second = open(page.tab.browser);
    second.tab.clock = page.tab.clock + 1_000;
    proxy.serve(second.tab);
    const secondHost = await second.add();
    await phaseIs(secondHost, 'scheduled');
    await settle();
    expect(secondHost.call.state).to.include({ elsewhere: true });
    expect(host.call.state).to.include({ elsewhere: false });
    expect(page.tab.browser.local.length).to.equal(1);
    // Reloaded, it still only shows the call; and nothing it does is reported twice.
    const reloaded = await second.reload(proxy);
    pages.push(reloaded);
    await phaseIs(await reloaded.add(), 'scheduled');
    await page.unload();
    const later = open(page.tab.browser);
    later.tab.clock = page.tab.clock + 86_400_000;
    proxy.serve(later.tab);
    await reloaded.unload();
    const laterHost = await later.add();
    await phaseIs(laterHost, 'scheduled');
    proxy.move('no-answer');
    await phaseIs(laterHost, 'ended');
    expect([...page.events, ...second.events, ...reloaded.events, ...later.events]).to.deep.equal([
      'before-call',
      'requested',
      'scheduled',
      'ended',
    ]);
    expect(page.tab.browser.local.length).to.equal(0);
  });

  it('reports its end once, whichever of the tabs that found it is first', async () => {
    const { page, proxy } = await schedule();
    await page.unload();
    const tabs = [open(page.tab.browser), open(page.tab.browser)];
    const hosts: CallHostElement[] = [];
    for (const [n, one] of tabs.entries()) {
      one.tab.clock = page.tab.clock + n * 1_000;
      proxy.serve(one.tab);
      hosts.push(await one.add());
    }
    for (const one of hosts) await phaseIs(one, 'scheduled');
    proxy.move('requested');
    proxy.move('completed');
    for (const one of hosts) await phaseIs(one, 'ended');
    expect(tabs.flatMap(({ events }) => events)).to.deep.equal(['progress', 'ended']);
  });

  it('keeps no number in local storage, only a masked one', async () => {
    const { page } = await schedule();
    const { local } = page.tab.browser;
    expect(local.length).to.equal(1);
    expect(local.getItem(local.key(0) ?? ''))
      .to.contain('+44 ••• 58')
      .and.not.to.match(/\d{3,}58|7946/);
  });
});
