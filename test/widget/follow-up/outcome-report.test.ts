// What the page shows of the agent's report, and when. Mutations that turn each red: stop following at the end; accept no snapshot
// after the end; show a voicemail as a conversation; `unsafeHTML` for a point; drop the check of https; fire the event twice.

import { expect } from '@open-wc/testing';
import type { CallOutcome } from '../../../src/contract.js';
import { violations } from '../fixtures/axe.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

const base: CallOutcome = {
  answeredBy: 'person',
  disposition: 'appointment-booked',
  agreed: ['We’ll check the boiler on Tuesday.', '<img src=x onerror=alert(1)> & <b>bold</b>'],
  appointment: {
    start: '2026-03-10T09:00:00.000Z',
    end: '2026-03-10T10:00:00.000Z',
    zone: 'Pacific/Kiritimati',
    title: 'Boiler inspection',
  },
  links: [{ url: 'https://book.example.com/17', title: 'Change your appointment' }],
  reportedAt: '2026-03-02T15:00:00.000Z',
};

describe('after the call', () => {
  let proxy: PageProxy;
  let events: { name: string; detail: unknown }[] = [];
  const onEvent = (event: Event): void => void events.push({ name: event.type, detail: (event as CustomEvent).detail });
  const names = ['polyai-callback-ended', 'polyai-callback-outcome'];
  beforeEach(() => {
    events = [];
    for (const name of names) document.addEventListener(name, onEvent);
  });
  afterEach(() => {
    proxy.close();
    for (const name of names) document.removeEventListener(name, onEvent);
    sessionStorage.clear();
    localStorage.clear();
    delete (globalThis as { pageLayer?: unknown }).pageLayer;
  });

  /** A call that has ended, whose report is awaited. */
  async function ended(attributes: Readonly<Record<string, string>> = {}, content = ''): Promise<Visitor> {
    proxy = new PageProxy({ followUp: true });
    const visitor = await Visitor.open(proxy, attributes, content);
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    proxy.report('in-progress');
    await visitor.see('Call in progress');
    proxy.report('completed', { outcomePending: true });
    await visitor.see('The call has ended');
    return visitor;
  }
  const report = ({ root }: Visitor): HTMLElement | null => root.querySelector('[part=outcome]');

  it('the page keeps listening after the end, and shows what was agreed as text', async () => {
    const visitor = await ended({ 'data-layer': 'pageLayer' });
    expect(report(visitor)).to.equal(null);
    proxy.reportOutcome(base);
    await visitor.until(() => report(visitor), 'the report');
    expect(visitor.title).to.equal('Thank you for the call');
    const shown = report(visitor)!;
    expect(shown.querySelector('img, b')).to.equal(null);
    expect(visitor.text).to.contain('What we agreed');
    expect(visitor.text).to.contain('<img src=x onerror=alert(1)> & <b>bold</b>');
    expect(visitor.text).to.contain('Your appointment');
    expect(visitor.text).to.contain('Boiler inspection');
    expect(visitor.text).to.match(/Tuesday,? 10 March at 23:00|Tuesday,? March 10 at 11:00 PM/);
    expect(visitor.text).to.contain('in your time zone');
    const link = shown.querySelector('a')!;
    expect(link.href).to.equal('https://book.example.com/17');
    expect(link.rel).to.equal('noopener noreferrer');
    expect(visitor.button('Add to your calendar').getBoundingClientRect().height).to.be.at.least(44);
    const expected = {
      callId: 'call-1',
      answeredBy: 'person',
      disposition: 'appointment-booked',
      hasAppointment: true,
    };
    expect(events.map(({ name }) => name)).to.deep.equal(names);
    expect(events[1]!.detail).to.deep.equal(expected);
    const layer = (globalThis as { pageLayer?: Record<string, unknown>[] }).pageLayer ?? [];
    expect(layer.at(-1)).to.deep.equal({ event: 'polyai_callback_outcome', ...expected });
    for (const theme of ['light', 'dark'] as const) {
      visitor.element.theme = theme;
      await visitor.element.updateComplete;
      expect(await violations(visitor.element), theme).to.deep.equal([]);
    }
  });

  it('a voicemail is never called a conversation', async () => {
    const visitor = await ended();
    proxy.reportOutcome({
      ...base,
      answeredBy: 'voicemail',
      disposition: 'message-left',
      agreed: [],
      links: [],
      appointment: undefined,
    });
    await visitor.see('We left you a message');
    expect(visitor.text).to.contain('Listen to your voicemail to hear it.');
    expect(report(visitor)).to.equal(null);
    expect(visitor.announced).to.contain('We left you a message');
  });

  for (const [what, over, isShown] of [
    ['a person', {}, true],
    ['a voicemail', { answeredBy: 'voicemail', disposition: 'message-left' }, false],
    ['the wrong person', { disposition: 'wrong-person' }, false],
    ['somebody who said nothing', { disposition: 'no-conversation' }, false],
  ] as const) {
    it(`the page’s own thanks are ${isShown ? '' : 'not '}shown when ${what} was reached`, async () => {
      const visitor = await ended({}, '<p slot="success">Lovely talking to you!</p>');
      proxy.reportOutcome({ ...base, ...over });
      await visitor.until(() => report(visitor), 'the report');
      const thanks = visitor.element.querySelector<HTMLElement>('[slot=success]')!;
      expect(thanks.checkVisibility()).to.equal(isShown);
    });
  }

  it('a voicemail without a message promises none', async () => {
    const visitor = await ended();
    proxy.reportOutcome({ ...base, answeredBy: 'voicemail', disposition: 'no-message', agreed: [] });
    await visitor.see('We reached your voicemail');
  });

  it('a conversation that was none is not thanked for', async () => {
    const visitor = await ended();
    proxy.reportOutcome({ ...base, disposition: 'wrong-person', appointment: undefined, links: [] });
    await visitor.until(() => report(visitor), 'the report');
    expect(visitor.title).to.equal('The call has ended');
  });

  it('a link that is not https is not shown, and a malformed report is not shown at all', async () => {
    const visitor = await ended();
    const url = ['java', 'script:alert(1)'].join('');
    proxy.reportOutcome({ ...base, links: [{ url, title: 'Click' }, ...base.links] });
    await visitor.until(() => report(visitor), 'the report');
    expect([...report(visitor)!.querySelectorAll('a')].map(({ href }) => href)).to.deep.equal([base.links[0]!.url]);
    visitor.press('Request another call');
    await visitor.see('Get a call now');
    Object.assign(proxy.extra, { outcome: undefined });
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => proxy.streamRequests > 1, 'the stream is opened');
    proxy.report('completed', { outcomePending: true });
    await visitor.see('The call has ended');
    proxy.reportOutcome({ ...base, agreed: [{ html: '<b>' }] });
    await visitor.until(() => events.length === 4, 'the second report');
    expect(report(visitor)).to.equal(null);
  });

  it('a reload shows the report again, without a second event', async () => {
    const first = await ended();
    proxy.reportOutcome(base);
    await first.until(() => report(first), 'the report');
    const { parentElement } = first.element;
    first.element.remove();
    const again = document.createElement('polyai-callback');
    again.setAttribute('endpoint', proxy.endpoint);
    parentElement!.append(again);
    const visitor = new Visitor(again);
    await visitor.until(() => visitor.root && report(visitor), 'the report again');
    expect(events.length).to.equal(2);
  });
});
