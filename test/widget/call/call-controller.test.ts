// One press and its results: phases, requests and DOM events. Mutations that turn it red: fire an event twice or with the
// number in it; use a new key on a double click; send the request although the page canceled it.

import type { SolveChallenge } from '../../../src/widget/call/call-options.js';
import { expect } from '@open-wc/testing';
import type { CallRequest, Slot } from '../../../src/contract.js';
import { intent, type CallHostElement, CallPage } from '../fixtures/call-page.js';
import { FakeProxy, plainSite, problem } from '../fixtures/fake-proxy.js';
import { settle, until } from '../fixtures/fake-browser.js';

const slot: Slot = { at: '2026-11-24T09:00:00Z', zone: 'Europe/London', wall: '2026-11-24T09:00' };

describe('a call controller', () => {
  let page: CallPage;
  let proxy: FakeProxy;
  let host: CallHostElement;

  const phaseIs = (phase: string): Promise<void> =>
    until(() => host.phase === phase, `phase ${phase}, not ${host.phase}`);

  beforeEach(async () => {
    page = new CallPage();
    proxy = new FakeProxy(page.tab);
    host = await page.add();
  });

  afterEach(async () => {
    page.root.remove();
    await settle();
    expect(page.leftovers).to.deep.equal({ timers: 0, listeners: 0, channels: 0 });
    expect(proxy.openStreams).to.have.length(0);
    // No event contains a phone number, whatever happened.
    expect(JSON.stringify(page.recorded.map(({ detail }) => detail))).not.to.match(/7946|token/);
  });

  it('requests and stores nothing before it is started', async () => {
    expect(proxy.received).to.have.length(0);
    expect(page.tab.session.length + page.tab.browser.local.length).to.equal(0);
    await host.call.start();
    expect(proxy.received.map(({ path }) => path)).to.deep.equal(['/v1/site']);
    expect(host.call.countries).to.deep.equal(['GB', 'US', 'AT']);
  });

  it('takes a call from the press to its end', async () => {
    await host.call.submit(intent);
    expect(host.phase).to.equal('requested');
    for (const status of ['queued', 'ringing', 'in-progress'] as const) {
      page.tab.clock += 1_000;
      proxy.move(status);
      await phaseIs(status);
    }
    page.tab.clock += 42_000;
    proxy.move('completed');
    await phaseIs('ended');
    expect(page.events).to.deep.equal(['before-call', 'requested', 'progress', 'progress', 'progress', 'ended']);
    expect(page.recorded.map(({ detail }) => detail)).to.deep.equal([
      { country: 'GB' },
      { callId: 'call-1', country: 'GB' },
      { callId: 'call-1', status: 'queued', at: proxy.call?.history[1]?.at },
      { callId: 'call-1', status: 'ringing', at: proxy.call?.history[2]?.at },
      { callId: 'call-1', status: 'in-progress', at: proxy.call?.history[3]?.at },
      { callId: 'call-1', outcome: 'completed', talkedSeconds: 42 },
    ]);
    for (const { name, event } of page.recorded) {
      expect(event.bubbles && event.composed).to.equal(true);
      expect(event.cancelable).to.equal(name === 'before-call');
    }
  });

  it('sends what the page shows, and nothing else', async () => {
    await host.call.submit(intent);
    const [sent] = proxy.callRequests as readonly [CallRequest];
    const { consent, timeZone, page: address, ...rest } = sent;
    expect(rest).to.deep.equal({ ...intent, locale: 'en', widgetVersion: '0.0.0-dev' });
    expect(consent).to.deep.equal({
      text: 'I agree to be called.',
      source: 'page',
      version: await hashOf(consent.text),
    });
    expect(timeZone).to.equal(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(address).to.equal(location.origin + location.pathname);
  });

  it('uses the proxy’s time, not the page’s', async () => {
    proxy.skewMs = -90_000;
    await host.call.submit(intent);
    expect(host.call.clockOffset).to.equal(-90_000);
    page.tab.clock += 3_600_000;
    proxy.skewMs -= 3_600_000;
    proxy.move('ringing');
    await phaseIs('ringing');
    expect(host.call.clockOffset).to.equal(-3_690_000);
  });

  it('sends one request for a double click', async () => {
    await Promise.all([host.call.submit(intent), host.call.submit(intent), host.call.submit(intent)]);
    await host.call.submit(intent);
    expect(proxy.callRequests).to.have.length(1);
    expect(page.count('requested')).to.equal(1);
    expect(page.count('before-call')).to.equal(1);
  });

  it('sends nothing when the page cancels the event', async () => {
    page.root.addEventListener('polyai-callback-before-call', (event) => event.preventDefault(), { once: true });
    await host.call.submit(intent);
    expect(host.phase).to.equal('form');
    expect(proxy.callRequests).to.have.length(0);
    await host.call.submit(intent);
    expect(proxy.callRequests).to.have.length(1);
  });

  it('ends each requested call once, also when another follows', async () => {
    await host.call.submit(intent);
    proxy.move('no-answer');
    await phaseIs('ended');
    expect(await host.call.flow!.again()).to.equal(true);
    expect(proxy.callRequests).to.have.length(2);
    expect(
      new Set(proxy.requestsTo('POST', '/v1/calls').map((one) => one.headers.get('idempotency-key'))).size,
    ).to.equal(2);
    proxy.move('busy');
    await phaseIs('ended');
    expect(page.count('requested')).to.equal(2);
    expect(page.recorded.filter(({ name }) => name === 'ended').map(({ detail }) => detail)).to.deep.equal([
      { callId: 'call-1', outcome: 'no-answer' },
      { callId: 'call-2', outcome: 'busy' },
    ]);
  });

  it('returns to the form on reset, but never while a phone is ringing', async () => {
    await host.call.submit(intent);
    host.call.flow!.end('reset');
    expect(host.phase).to.equal('requested');
    proxy.move('completed');
    await phaseIs('ended');
    host.call.flow!.end('reset');
    expect(host.phase).to.equal('form');
    expect(page.tab.session.length).to.equal(0);
  });

  it('reports an unknown outcome for a call that the proxy has forgotten', async () => {
    await host.call.submit(intent);
    proxy.override = ({ method }) => (method === 'GET' ? problem('not-found') : undefined);
    page.tab.fire('online');
    await phaseIs('form');
    expect(page.recorded.at(-1)?.detail).to.deep.equal({ callId: 'call-1', outcome: 'unknown' });
    expect(page.count('ended')).to.equal(1);
    expect(page.tab.session.length).to.equal(0);
  });

  describe('with a challenge', () => {
    beforeEach(async () => {
      page.root.replaceChildren();
      proxy.site = { ...plainSite, challenge: { kind: 'altcha' } };
    });

    it('whose chunk fails to load, shows the page’s own content or says that it is offline; nobody is refused', async () => {
      let isThere = false;
      const loadChallenge = (): Promise<{ solveChallenge: SolveChallenge }> =>
        isThere
          ? Promise.resolve({ solveChallenge: async () => ({ kind: 'altcha', payload: 'x' }) })
          : Promise.reject(new TypeError('404'));
      const first = await page.add({ loadChallenge });
      await first.call.start();
      await first.call.submit(intent);
      expect(first.phase).to.equal('fallback');
      expect(page.recorded.at(-1)?.detail).to.deep.equal({ code: 'unreachable' });
      expect(page.count('refused')).to.equal(0);
      first.remove();
      const second = await page.add({ loadChallenge });
      await second.call.start();
      page.tab.isOnline = false;
      await second.call.submit(intent);
      expect(second.call.state).to.deep.equal({ phase: 'form', error: { code: 'offline' } });
      expect(page.recorded.at(-1)?.detail).to.deep.equal({ code: 'offline' });
      page.tab.isOnline = isThere = true;
      await second.call.submit(intent);
      expect(second.phase).to.equal('requested');
    });

    it('solves it while checking, and sends the solution', async () => {
      let solved: (() => void) | undefined;
      const tasks: unknown[] = [];
      host = await page.add({
        solve: (task) => {
          tasks.push(task);
          return new Promise((resolve) => (solved = () => resolve({ kind: 'altcha', payload: 'p' })));
        },
      });
      void host.call.submit(intent);
      await until(() => solved !== undefined, 'the challenge');
      expect(host.phase).to.equal('checking');
      expect(proxy.callRequests).to.have.length(0);
      solved?.();
      await phaseIs('requested');
      expect(tasks).to.deep.equal([{ kind: 'altcha', puzzle: { puzzle: 1 } }]);
      expect(proxy.callRequests[0]?.challenge).to.deep.equal({ kind: 'altcha', payload: 'p' });
    });

    it('stops solving on cancel, and sends nothing', async () => {
      let signal: AbortSignal | undefined;
      host = await page.add({
        solve: (_, given) => {
          signal = given;
          return new Promise((_resolve, reject) =>
            given.addEventListener('abort', () => reject(given.reason as Error)),
          );
        },
      });
      const pressed = host.call.submit(intent);
      await until(() => signal !== undefined, 'the challenge');
      host.call.flow!.cancel();
      expect(host.phase).to.equal('form');
      expect(signal?.aborted).to.equal(true);
      await pressed;
      expect(proxy.callRequests).to.have.length(0);
      expect(page.events).to.deep.equal(['before-call']);
    });

    it('solves a second one when the first was refused, but no third', async () => {
      let tries = 0;
      host = await page.add({ solve: () => Promise.resolve({ kind: 'altcha', payload: String((tries += 1)) }) });
      proxy.callAnswers.push(problem('challenge-failed'));
      await host.call.submit(intent);
      expect(host.phase).to.equal('requested');
      expect(proxy.callRequests.map(({ challenge }) => challenge?.payload)).to.deep.equal(['1', '2']);
      proxy.move('completed');
      await phaseIs('ended');
      proxy.callAnswers.push(problem('challenge-failed'), problem('challenge-failed'));
      await host.call.flow!.again();
      expect(host.call.state).to.deep.equal({ phase: 'form', error: { code: 'challenge-failed', requestId: 'r-1' } });
      expect(tries).to.equal(4);
    });

    it('shows an error when it cannot be solved', async () => {
      host = await page.add({ solve: () => Promise.reject(new Error('no')) });
      await host.call.submit(intent);
      expect(host.call.state).to.deep.equal({ phase: 'form', error: { code: 'challenge-failed' } });
      expect(proxy.callRequests).to.have.length(0);
    });
  });

  describe('that is refused', () => {
    it('asks which country it is, and sends the answer with the next request', async () => {
      proxy.callAnswers.push(problem('number-refused', { reason: 'confirm-country', country: 'AT' }));
      await host.call.submit(intent);
      expect(host.phase).to.equal('confirm-country');
      await host.call.flow!.confirmCountry();
      expect(host.phase).to.equal('requested');
      expect(proxy.callRequests[1]).to.include({ country: 'AT', countryConfirmed: true });
      expect(page.events).to.deep.equal(['before-call', 'requested']);
    });

    it('offers times outside the hours, and schedules one', async () => {
      proxy.callAnswers.push(problem('outside-hours', { slots: [slot] }));
      await host.call.submit(intent);
      expect(host.phase).to.equal('choosing');
      proxy.status = 'scheduled';
      proxy.scheduledFor = slot;
      await host.call.flow!.press({ type: 'choose', choice: { scheduleAt: slot.at } });
      expect(host.phase).to.equal('scheduled');
      expect(proxy.callRequests[1]?.scheduleAt).to.equal(slot.at);
      expect(page.events).to.deep.equal(['before-call', 'refused', 'before-call', 'requested', 'scheduled']);
      expect(page.recorded[2]?.detail).to.deep.equal({ country: 'GB', scheduleAt: slot.at });
      expect(page.recorded[4]?.detail).to.deep.equal({ callId: 'call-1', scheduledFor: slot });
    });

    it('offers times when the visitor prefers one', async () => {
      proxy.override = ({ path }) =>
        path === '/v1/slots' ? Response.json({ openNow: true, slots: [slot] }) : undefined;
      await host.call.submit(intent, true);
      expect(host.call.state).to.deep.equal({ phase: 'choosing', intent, slots: [slot], because: 'preferred' });
      host.call.flow!.cancel();
      expect(host.phase).to.equal('form');
    });

    it('offers only times while the business is closed', async () => {
      page.root.replaceChildren();
      proxy.site = { ...plainSite, opening: { open: false, mode: 'schedule' } };
      proxy.override = ({ path }) =>
        path === '/v1/slots' ? Response.json({ openNow: false, slots: [slot] }) : undefined;
      host = await page.add();
      await host.call.submit(intent);
      expect(host.call.state).to.include({ phase: 'choosing', because: 'closed' });
      expect(proxy.callRequests).to.have.length(0);
    });

    it('cancels a scheduled callback, or says that it could not', async () => {
      proxy.status = 'scheduled';
      proxy.scheduledFor = slot;
      await host.call.submit({ ...intent, scheduleAt: slot.at });
      expect(await host.call.flow!.cancelCall()).to.equal(true);
      await phaseIs('ended');
      expect(page.recorded.at(-1)?.detail).to.deep.equal({
        callId: 'call-1',
        outcome: 'cancelled',
        endedBecause: 'taken-back',
      });
      host.call.flow!.end('reset');
      await host.call.submit({ ...intent, scheduleAt: slot.at });
      proxy.call = { ...proxy.call!, canTakeBack: false };
      proxy.move('ringing', { silently: true });
      expect(await host.call.flow!.cancelCall()).to.equal(false);
      await phaseIs('ringing');
    });

    it('shows the new consent when its text has changed', async () => {
      await host.call.start();
      proxy.site = { ...plainSite, consent: { text: 'New.', version: '0'.repeat(16) } };
      proxy.callAnswers.push(problem('consent-outdated'));
      await host.call.submit(intent);
      expect(host.call.state).to.deep.equal({ phase: 'form', error: { code: 'consent-outdated', requestId: 'r-1' } });
      expect(host.call.site?.consent?.text).to.equal('New.');
    });

    it('says when to try again', async () => {
      proxy.callAnswers.push(problem('try-later', { retryAfterSeconds: 600 }));
      await host.call.submit(intent);
      expect(host.phase).to.equal('refused');
      expect(page.recorded.at(-1)?.detail).to.deep.equal({ code: 'try-later', retryAt: page.tab.clock + 600_000 });
      expect(page.count('requested')).to.equal(0);
    });

    it('distinguishes a failure from a refusal', async () => {
      proxy.callAnswers.push(problem('store-unavailable'));
      await host.call.submit(intent);
      expect(host.phase).to.equal('refused');
      expect(page.recorded.at(-1)).to.include({ name: 'error' });
      expect(page.recorded.at(-1)?.detail).to.deep.equal({ code: 'store-unavailable', requestId: 'r-1' });
    });
  });

  describe('when the proxy is unreachable', () => {
    it('shows the page’s own content when a chunk fails to load; only offline has a message', async () => {
      page.tab.isOnline = false;
      host.call.fail();
      expect(host.call.state).to.deep.equal({ phase: 'form', error: { code: 'offline' } });
      page.tab.isOnline = true;
      host.call.fail();
      expect(host.call.state).to.deep.equal({ phase: 'fallback', because: 'unreachable' });
      expect(page.recorded.map(({ detail }) => detail)).to.deep.equal([{ code: 'offline' }, { code: 'unreachable' }]);
      // It may be available once the network is back.
      page.tab.fire('online');
      await until(() => host.phase === 'form', 'the form');
    });

    it('also during a call that it cannot show', async () => {
      await host.call.submit(intent);
      host.call.fail();
      expect(host.phase).to.equal('fallback');
      page.tab.fire('online');
      await phaseIs('requested');
      expect(page.events).to.deep.equal(['before-call', 'requested', 'error']);
    });

    it('warns the page’s developers once, and never while offline', async () => {
      proxy.isUp = false;
      page.tab.isOnline = false;
      await host.call.start();
      expect(page.tab.warnings).to.deep.equal([]);
      page.tab.isOnline = true;
      await host.call.start();
      await host.call.start();
      expect(page.tab.warnings).to.have.length(1);
      expect(page.tab.warnings[0]).to.include('https://calls.example').and.include(location.origin);
      expect(page.tab.warnings[0]).to.match(/full URL.*ALLOWED_ORIGINS/);
    });

    it('shows the fallback, and recovers with the network', async () => {
      proxy.isUp = false;
      await host.call.start();
      expect(host.call.state).to.deep.equal({ phase: 'fallback', because: 'unreachable' });
      expect(page.events).to.deep.equal(['error']);
      await host.call.start();
      expect(page.events).to.deep.equal(['error']);
      proxy.isUp = true;
      page.tab.fire('online');
      await phaseIs('form');
      expect(host.call.site).not.to.equal(undefined);
    });

    it('shows the fallback for a response that is not a site', async () => {
      proxy.override = () => new Response('<h1>Hello</h1>');
      await host.call.start();
      expect(host.phase).to.equal('fallback');
    });

    it('keeps the form when the network fails at the press', async () => {
      await host.call.start();
      proxy.isUp = false;
      page.tab.isOnline = false;
      const pressed = host.call.submit(intent);
      await page.tab.advance(30_000);
      await pressed;
      expect(host.call.state).to.deep.equal({ phase: 'form', error: { code: 'offline' } });
      expect(page.recorded.at(-1)).to.deep.include({ name: 'error', detail: { code: 'offline' } });
    });
  });

  it('hides, says that it is closed, and opens again', async () => {
    proxy.site = { ...plainSite, opening: { open: false, mode: 'hide' } };
    await host.call.start();
    expect(host.call.state).to.deep.equal({ phase: 'fallback', because: 'hidden' });
    proxy.site = { ...plainSite, opening: { open: false, mode: 'message' } };
    page.tab.clock += 61_000;
    await host.call.start();
    expect(host.call.state).to.deep.equal({ phase: 'fallback', because: 'closed' });
    proxy.site = plainSite;
    page.tab.clock += 61_000;
    page.tab.fire('visibilitychange');
    await phaseIs('form');
  });

  it('requests the site at most once a minute', async () => {
    await Promise.all([host.call.start(), host.call.start()]);
    await host.call.start();
    expect(proxy.received).to.have.length(1);
    page.tab.clock += 61_000;
    await host.call.start();
    expect(proxy.received).to.have.length(2);
  });

  it('starts over with another endpoint', async () => {
    await host.call.submit(intent);
    expect(host.phase).to.equal('requested');
    host.endpoint = 'https://other.example';
    host.requestUpdate();
    await host.updateComplete;
    expect(host.phase).to.equal('form');
    await settle();
    expect(proxy.openStreams).to.have.length(0);
    host.endpoint = 'https://calls.example';
    host.requestUpdate();
    await host.updateComplete;
    await phaseIs('requested');
  });
});

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(hash)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 16);
}
