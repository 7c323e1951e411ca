// A missed call that will be tried once more: when, and what the visitor can do. Mutations that turn each red: stay on the missed
// call; a countdown in minutes; "another time" without a number; the old token for the new call.

import { expect } from '@open-wc/testing';
import type { CallSnapshot } from '../../../src/contract.js';
import { violations } from '../fixtures/axe.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

const token = 'token-of-the-second-call';

describe('a missed call that will be tried once more', () => {
  let proxy: PageProxy;
  let requests: { readonly method: string; readonly authorization: string }[];
  const { fetch } = globalThis;
  beforeEach(() => {
    requests = [];
  });
  afterEach(() => {
    proxy.close();
    globalThis.fetch = fetch;
    sessionStorage.clear();
    localStorage.clear();
  });

  /** Misses a call; the second one is read from `second`, which a test may change. */
  const missed = async (second: { call: CallSnapshot }): Promise<Visitor> => {
    proxy = new PageProxy({ callerId: '', followUp: true, scheduling: true });
    const first = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const authorization = new Headers(init?.headers).get('authorization') ?? '';
      if (!authorization.endsWith(token)) return first.call(globalThis, input, init);
      const { method = 'GET' } = init ?? {};
      requests.push({ method, authorization });
      if (new Headers(init?.headers).get('accept') === 'text/event-stream')
        return Promise.resolve(
          new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } }),
        );
      if (method === 'DELETE')
        second.call = { ...second.call, status: 'cancelled', seq: 2, endedBecause: 'taken-back' };
      if (method === 'PATCH') second.call = { ...second.call, status: 'requested', seq: 2 };
      return Promise.resolve(Response.json(second.call));
    };
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    const at = second.call.scheduledFor?.at ?? '';
    proxy.report('no-answer', { redial: { id: second.call.id, token, at } });
    await visitor.until(() => visitor.text.includes('We’ll try once more at'), 'the second attempt');
    return visitor;
  };

  const waiting = (ms = 175_000): { call: CallSnapshot } => {
    const now = new Date().toISOString();
    return {
      call: {
        id: 'secondcallsecondcallsecondca',
        status: 'scheduled',
        seq: 1,
        history: [{ seq: 1, status: 'scheduled', at: now }],
        now,
        scheduledFor: { at: new Date(Date.now() + ms).toISOString(), zone: 'UTC', wall: '2026-01-01T00:00' },
        redialAfter: 'no-answer',
        canTakeBack: true,
      },
    };
  };

  it('says so, counts down, and offers now, another time and cancel, accessibly', async () => {
    const visitor = await missed(waiting());
    expect(visitor.title).to.equal('You missed our call');
    expect(visitor.announced).to.contain('We’ll try once more at');
    expect(visitor.root.querySelector('[part~=countdown]')!.textContent.trim()).to.match(/^2:\d\d$/);
    for (const name of ['Call me now', 'Choose a time', 'Cancel this call']) visitor.button(name);
    expect(() => visitor.button('Add to your calendar')).to.throw();
    for (const theme of ['light', 'dark'] as const) {
      visitor.element.theme = theme;
      await visitor.element.updateComplete;
      expect(await violations(visitor.element), theme).to.deep.equal([]);
    }
  });

  it('offers them in this order below the countdown, to the eye and to the keyboard', async () => {
    const visitor = await missed(waiting());
    const shown = visitor.root.querySelectorAll<HTMLElement>('[part~=countdown], .panel .row button');
    const names = [...shown].filter((one) => one.offsetParent !== null).map((one) => one.textContent.trim());
    expect(names.slice(1)).to.deep.equal([
      'Call me now',
      'Choose a time',
      'Cancel this call',
      'Use a different number',
    ]);
    expect(names[0]).to.match(/^2:\d\d$/);
    const tops = [...shown].filter((one) => one.offsetParent !== null).map((one) => one.getBoundingClientRect().top);
    expect([...tops].sort((a, b) => a - b)).to.deep.equal(tops);
  });

  it('says that it could not be made, not that a chosen time passed', async () => {
    const second = waiting();
    second.call = {
      ...second.call,
      status: 'failed',
      seq: 2,
      history: [...second.call.history, { seq: 2, status: 'failed', at: second.call.now }],
      endedBecause: 'not-allowed-when-due',
    };
    const { scheduledFor } = second.call;
    proxy = new PageProxy({ callerId: '', followUp: true, scheduling: true });
    const first = globalThis.fetch;
    globalThis.fetch = (input, init) =>
      (new Headers(init?.headers).get('authorization') ?? '').endsWith(token)
        ? Promise.resolve(Response.json(second.call))
        : first.call(globalThis, input, init);
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    proxy.report('no-answer', { redial: { id: second.call.id, token, at: scheduledFor?.at ?? '' } });
    await visitor.see('We couldn’t try again');
    expect(visitor.text).to.contain('If you’d still like a call, please request another one.');
    expect(visitor.text).not.to.contain('at the time you chose');
  });

  for (const [after, title, detail] of [
    ['voicemail', 'We reached your voicemail', 'We called, but your voicemail answered.'],
    ['message-left', 'We left you a message', 'Listen to your voicemail to hear it.'],
  ] as const) {
    it(`follows a ${after}`, async () => {
      const second = waiting();
      second.call = { ...second.call, redialAfter: after };
      const visitor = await missed(second);
      expect(visitor.title).to.equal(title);
      expect(visitor.text).to.contain(detail);
      visitor.button('Call me now');
    });
  }

  it('is called now', async () => {
    const visitor = await missed(waiting());
    visitor.press('Call me now');
    await visitor.see('We’ve received your request');
    expect(requests.filter(({ method }) => method === 'PATCH')).to.have.length(1);
  });

  it('is canceled, and both ends are reported once', async () => {
    const second = waiting();
    const ends: string[] = [];
    document.addEventListener('polyai-callback-ended', (event) =>
      ends.push((event as CustomEvent<{ outcome: string }>).detail.outcome),
    );
    const visitor = await missed(second);
    visitor.press('Cancel this call');
    await visitor.see('The call was canceled');
    expect(ends).to.deep.equal(['no-answer', 'cancelled']);
  });

  it('gives way to another time', async () => {
    const visitor = await missed(waiting());
    proxy.slots = [
      { at: new Date(Date.now() + 3_600_000).toISOString(), zone: 'Europe/London', wall: '2030-01-01T09:00' },
    ];
    visitor.press('Choose a time');
    await visitor.see('When should we call?');
    expect(requests.map(({ method }) => method)).to.include('DELETE');
  });

  it('is found again after a reload, without the number', async () => {
    const visitor = await missed(waiting());
    visitor.element.remove();
    const next = await Visitor.open(proxy);
    await next.until(() => next.text.includes('We’ll try once more at'), 'the second attempt');
    next.button('Call me now');
    expect(() => next.button('Choose a time')).to.throw();
  });
});
