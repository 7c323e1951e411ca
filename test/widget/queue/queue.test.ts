// A limit that offers a time or a place in the queue, as a visitor meets it. Mutations that turn each red: times instead of the
// refusal; an offer for a refusal about a person; both choices in one request; a place that never changes, or is announced with
// every estimate; the chosen time's sentences for a call that has none; "Cancel this call"; "It usually rings"; a calendar file.

import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { violations } from '../fixtures/axe.js';
import { PageProxy, type ProblemDetails } from '../fixtures/page-proxy.js';
import { offers, slots } from '../fixtures/phases.js';
import { Visitor } from '../fixtures/visitor.js';

describe('a limit that visitors share', () => {
  let proxy: PageProxy;
  beforeEach(() => {
    proxy = new PageProxy({ scheduling: true, usuallyRingsInSeconds: 9 });
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const refused = async (details: ProblemDetails = offers, code: 'busy' | 'try-later' = 'busy'): Promise<Visitor> => {
    proxy.problem = PageProxy.problem(code, details);
    const visitor = await Visitor.open(proxy);
    await visitor.requestCall();
    await visitor.see('We can’t call right now');
    return visitor;
  };
  const offered = async (details?: ProblemDetails): Promise<Visitor> => {
    const visitor = await refused(details);
    await visitor.until(() => visitor.root.querySelector('[part~=queue-join], [part~=call-at]'), 'the offers');
    return visitor;
  };
  const waiting = async (place = offers.queue): Promise<Visitor> => {
    const visitor = await offered({ queue: offers.queue });
    Object.assign(proxy.extra, { queue: place, canTakeBack: true });
    visitor.press('Wait in the queue');
    await visitor.see('You’re 3rd in line');
    return visitor;
  };
  const labels = ({ buttons }: Visitor): readonly string[] =>
    buttons.map((button) => button.textContent.replace(/\s+/g, ' ').trim());

  it('offers the next time first, the others, and a place in the queue, and says so', async () => {
    const visitor = await offered();
    expect(labels(visitor)).to.have.length(5);
    expect(labels(visitor)[0]).to.match(/^Call me at .+\d:00/);
    expect(labels(visitor).slice(1)).to.deep.equal([
      'Choose another time',
      'Wait in the queue',
      'Call us instead: +44 20 7946 0900',
      'Back',
    ]);
    expect(visitor.text).to.contain('We’re getting a lot of requests right now. You can try again after');
    expect(visitor.text).to.contain('You’d be 3rd in line. The wait is about 4 minutes.');
    expect(visitor.announced).to.contain('You’d be 3rd in line. The wait is about 4 minutes.');
    const description = visitor.button('Wait in the queue').getAttribute('aria-describedby');
    expect(visitor.root.getElementById(description!)!.textContent).to.contain('3rd in line');
  });

  it('books the first time', async () => {
    const visitor = await offered();
    Object.assign(proxy.extra, { scheduledFor: slots[0], canTakeBack: true });
    visitor.press(/^Call me at/);
    await visitor.see(/^Your call is set for/);
    expect(proxy.callRequests).to.have.length(2);
    expect(proxy.callRequests[1]!.scheduleAt).to.equal(slots[0]!.at);
    expect(proxy.callRequests[1]).not.to.have.property('queue');
  });

  it('shows the times that it came with, without another request, and one of them can be booked', async () => {
    const visitor = await offered();
    const requests = proxy.paths.length;
    visitor.press('Choose another time');
    await visitor.see('When should we call?');
    expect(visitor.root.querySelectorAll('[type=radio]')).to.have.length(slots.length);
    expect(proxy.paths).to.have.length(requests);
    Object.assign(proxy.extra, { scheduledFor: slots[2], canTakeBack: true });
    visitor.root.querySelectorAll<HTMLInputElement>('[type=radio]')[2]!.click();
    visitor.press('Call me at this time');
    await visitor.see(/^Your call is set for/);
    expect(proxy.callRequests[1]!.scheduleAt).to.equal(slots[2]!.at);
  });

  it('says where the phone’s clock differs', async () => {
    const visitor = await offered({ slots: slots.map((slot) => ({ ...slot, zone: 'Pacific/Kiritimati' })) });
    expect(visitor.text).to.contain('where the phone is');
    expect(labels(visitor)).not.to.include('Wait in the queue');
  });

  it('offers what the proxy offers, whatever the page’s clock says', async () => {
    const slot = { ...slots[0]!, at: new Date(Date.now() - 86_400_000).toISOString() };
    const visitor = await offered({ slots: [slot], queue: { position: 1 } });
    expect(labels(visitor)[0]).to.match(/^Call me at /);
    expect(labels(visitor)).not.to.include('Choose another time');
    expect(visitor.text).to.contain('You’d be next in line.');
    expect(visitor.text).not.to.contain('The wait');
  });

  it('without a time offers the queue first', async () => {
    const visitor = await offered({ queue: { position: 1 } });
    expect(labels(visitor)).to.deep.equal([
      'Wait in the queue',
      'Call us instead: +44 20 7946 0900',
      'Choose a time',
      'Back',
    ]);
    expect(visitor.button('Wait in the queue').className).to.equal('primary');
  });

  it('without an offer is the refusal that it always was, and so is every refusal about a person', async () => {
    const plain = ['Call us instead: +44 20 7946 0900', 'Choose a time', 'Back'];
    const first = await refused({ retryAfterSeconds: 600 });
    expect(labels(first)).to.deep.equal(plain);
    first.element.remove();
    // A proxy never offers a place here; if it did, the page would not show it.
    const second = await refused({ queue: offers.queue }, 'try-later');
    await second.element.updateComplete;
    expect(labels(second)).to.deep.equal(plain);
    expect(second.text).not.to.contain('in line');
  });

  it('is joined by a new request of its own, and waiting says the place, the wait and the number that will ring', async () => {
    const visitor = await offered();
    const scheduled = visitor.collect('polyai-callback-scheduled');
    const before = visitor.collect('polyai-callback-before-call');
    Object.assign(proxy.extra, { queue: { position: 2, waitSeconds: 130 }, canTakeBack: true });
    visitor.press('Wait in the queue');
    await visitor.see('You’re 2nd in line');
    expect(proxy.callRequests[1]!.queue).to.equal(true);
    expect(proxy.callRequests[1]).not.to.have.property('scheduleAt');
    expect(before).to.have.length(1);
    expect(scheduled).to.deep.equal([{ callId: 'call-2', queue: { position: 2, waitSeconds: 130 } }]);
    await visitor.until(() => labels(visitor).includes('Leave the queue'), 'the way out');
    expect(visitor.text).to.contain('We’ll call you in about 3 minutes. We’ll call +44 20 7946 0958. Keep your phone');
    // The caller's number and the contact card help here too; how soon phones ring after the press does not.
    await visitor.until(() => visitor.text.includes('We’ll call you from'), 'the caller');
    expect(visitor.text).not.to.contain('usually rings');
    for (const name of ['Add to your calendar', 'Cancel this call', 'Use a different number'])
      expect(labels(visitor)).not.to.include(name);
    expect(visitor.root.querySelector('[part~=countdown]')).to.equal(null);
    expect(visitor.element.matches(':state(queued)')).to.equal(true);
    for (const theme of ['light', 'dark'] as const) {
      visitor.element.theme = theme;
      await visitor.element.updateComplete;
      expect(await violations(visitor.element), theme).to.deep.equal([]);
    }
  });

  it('moves up live, and only a new place is announced', async () => {
    const visitor = await waiting();
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    await visitor.until(() => visitor.announced.includes('in about 4 minutes'), 'the wait');
    const { announced } = visitor;
    const region = visitor.root.querySelector('[role=status]')!;
    let changes = 0;
    const observer = new MutationObserver(() => (changes += 1));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    proxy.move({ position: 3, waitSeconds: 110 });
    await visitor.until(() => visitor.text.includes('in about 2 minutes'), 'the new estimate');
    expect(visitor.announced).to.equal(announced);
    expect(changes).to.equal(0);
    proxy.move({ position: 1, waitSeconds: 40 });
    await visitor.see('You’re next in line');
    expect(visitor.announced).to.match(/^You’re next in line\. We expect to call you in less than a minute\./);
    expect(changes).to.be.greaterThan(0);
    observer.disconnect();
    proxy.report('requested');
    await visitor.see('We’ve received your request');
    expect(visitor.text).not.to.contain('in line');
  });

  it('has no estimate where the proxy reports none, and says when the wait ends instead', async () => {
    const visitor = await waiting({ position: 3 } as typeof offers.queue);
    await visitor.until(() => visitor.announced.includes('we’ll end the wait.'), 'the announcement');
    expect(visitor.text).not.to.match(/about|minute/);
    const [, minutes] =
      /If your turn doesn’t come by .*?\d:(\d\d)(?: [AP]M)?, we’ll end/i.exec(visitor.text.replaceAll(/\s/g, ' ')) ??
      [];
    // On the 12-hour or the 24-hour clock, as the browser's language has it: the minutes tell the time.
    expect(Number(minutes)).to.equal(new Date(proxy.createdAt + 30 * 60_000).getMinutes());
  });

  it('says so also when a wait that was told can no longer happen, to a screen reader, too', async () => {
    const visitor = await waiting();
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    await visitor.until(() => visitor.announced.includes('in about 4 minutes'), 'the wait');
    proxy.move({ position: 3 });
    await visitor.until(() => visitor.text.includes('we’ll end the wait'), 'the end');
    expect(visitor.text).not.to.contain('about 4 minutes');
    expect(visitor.announced).to.contain('we’ll end the wait');
    expect(visitor.announced).not.to.contain('about 4 minutes');
    proxy.move({ position: 3, waitSeconds: 100 });
    await visitor.until(() => visitor.announced.includes('in about 2 minutes'), 'the new wait');
  });

  it('is left with one press, and both events are fired once', async () => {
    const visitor = await waiting();
    const ended = visitor.collect('polyai-callback-ended');
    await visitor.until(() => labels(visitor).includes('Leave the queue'), 'the way out');
    visitor.press('Leave the queue');
    await visitor.see('The call was canceled');
    expect(proxy.paths.filter((path) => path.startsWith('DELETE'))).to.have.length(1);
    expect(ended).to.deep.equal([{ callId: 'call-2', outcome: 'cancelled', endedBecause: 'taken-back' }]);
    // "Call me again" is a call now, not another place.
    visitor.press('Call me again');
    await visitor.until(() => proxy.callRequests.length === 3, 'another request');
    expect(proxy.callRequests[2]).not.to.have.property('queue');
  });

  it('can be joined and left with the keyboard alone', async () => {
    const visitor = await offered({ queue: offers.queue });
    Object.assign(proxy.extra, { queue: offers.queue, canTakeBack: true });
    expect(visitor.focused).to.equal('title');
    await sendKeys({ press: 'Tab' });
    expect(visitor.root.activeElement!.textContent.trim()).to.equal('Wait in the queue');
    await sendKeys({ press: 'Enter' });
    await visitor.see('You’re 3rd in line');
    expect(visitor.focused).to.equal('title');
    await visitor.until(() => labels(visitor).includes('Leave the queue'), 'the way out');
    for (
      let presses = 0;
      visitor.root.activeElement?.textContent.trim() !== 'Leave the queue' && presses < 6;
      presses += 1
    )
      await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    await visitor.see('The call was canceled');
  });

  it('is found again after a reload, in its place, with the number masked', async () => {
    const first = await waiting();
    first.element.remove();
    proxy.move({ position: 2, waitSeconds: 80 });
    const visitor = await Visitor.open(proxy);
    await visitor.see('You’re 2nd in line');
    expect(visitor.text).to.contain('We’ll call +44 ••• 58.');
    expect(visitor.collect('polyai-callback-requested')).to.deep.equal([]);
    visitor.press('Leave the queue');
    await visitor.see('The call was canceled');
  });

  it('is in the queue also while its place is not known', async () => {
    const visitor = await offered({ queue: offers.queue });
    const scheduled = visitor.collect('polyai-callback-scheduled');
    Object.assign(proxy.extra, { canTakeBack: true });
    visitor.press('Wait in the queue');
    await visitor.see('Your call is in the queue');
    expect(visitor.text).to.contain('Keep your phone nearby.');
    expect(scheduled).to.deep.equal([]);
    visitor.button('Cancel this call');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    proxy.move({ position: 1 });
    await visitor.see('You’re next in line');
  });

  it('ends with its own sentence after 30 minutes, and without one that speaks of a chosen time', async () => {
    const visitor = await waiting();
    await visitor.until(() => proxy.streamRequests > 0, 'the stream is opened');
    proxy.end('failed', { endedBecause: 'not-sent' }, 30 * 60_000);
    await visitor.see('We couldn’t call you in time');
    expect(visitor.text).to.contain('Your turn didn’t come within 30 minutes');
    visitor.press('Use a different number');
    await visitor.see('Get a call now');
    proxy.extra = {};
    const second = await waiting();
    await second.until(() => proxy.streamRequests > 1, 'the stream is opened');
    proxy.end('failed', { endedBecause: 'not-allowed-when-due' });
    await second.see('We couldn’t get through');
    expect(second.text).to.contain('We couldn’t place your call.');
    expect(second.text).not.to.contain('time you chose');
  });

  it('is shown in the visitor’s language, and fits into 320 px in each', async () => {
    const visitor = await offered();
    for (const [lang, label] of [
      ['de', 'In der Warteschlange warten'],
      ['ar', 'الانضمام إلى قائمة الانتظار'],
      ['fi', 'Odota jonossa'],
    ] as const) {
      visitor.element.lang = lang;
      await visitor.until(() => labels(visitor).includes(label), label);
      visitor.element.style.maxWidth = '288px';
      await visitor.element.updateComplete;
      const panel = visitor.root.querySelector('[part~=panel]')!;
      expect(panel.scrollWidth, lang).to.be.at.most(panel.clientWidth);
    }
  });
});
