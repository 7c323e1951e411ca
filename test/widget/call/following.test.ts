// What is announced, where the focus is, and what the visitor can do during a call and after it.

import { expect } from '@open-wc/testing';
import { PageProxy } from '../fixtures/page-proxy.js';
import { slots } from '../fixtures/phases.js';
import { Visitor } from '../fixtures/visitor.js';

describe('a call', () => {
  let proxy: PageProxy;
  let visitor: Visitor;
  beforeEach(async () => {
    proxy = new PageProxy({ scheduling: true });
    visitor = await Visitor.open(proxy);
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  const follow = async (): Promise<void> => {
    await visitor.requestCall();
    await visitor.see('We’ve received your request');
    await visitor.until(() => proxy.streamRequests > 0, 'the stream');
  };

  it('is announced in whole sentences, in one region that stays', async () => {
    const region = visitor.root.querySelector('[role=status]')!;
    const heard: string[] = [];
    new MutationObserver(() => heard.push(visitor.announced)).observe(region, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    await follow();
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    proxy.report('in-progress');
    await visitor.see('Call in progress');
    await visitor.until(() => heard.includes('Call in progress.'), 'the announcement');
    expect(region.isConnected).to.equal(true);
    expect(heard).to.include('Answer your phone. +1 202 555 0123 is calling you.');
    for (const sentence of heard.filter(Boolean)) expect(sentence).to.match(/[.…?)]$/);
  });

  it('moves the focus with the visitor’s press and never on its own', async () => {
    await follow();
    expect(visitor.focused).to.equal('title');
    const elsewhere = document.createElement('button');
    document.body.append(elsewhere);
    elsewhere.focus();
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    expect(document.activeElement === elsewhere).to.equal(true);
    proxy.end('no-answer');
    await visitor.see('You missed our call');
    expect(document.activeElement === elsewhere).to.equal(true);
    elsewhere.remove();
  });

  it('measures the time on the call by the server’s clock', async () => {
    await follow();
    proxy.report('in-progress');
    await visitor.see('Call in progress');
    const timer = visitor.root.querySelector('[role=timer]')!;
    expect(timer.textContent.trim()).to.match(/^0:0\d$/);
    expect(timer.getAttribute('aria-label')).to.equal('Call time');
  });

  it('says that the connection is lost, and when it is back', async () => {
    await follow();
    proxy.report('ringing');
    await visitor.see('Answer your phone');
    proxy.isUp = false;
    proxy.drop();
    await visitor.until(() => visitor.text.includes('The connection was lost'), 'lost');
    expect(visitor.element.matches(':state(lost)')).to.equal(true);
    expect(visitor.title).to.equal('Answer your phone');
  });

  it('that was missed can be requested again, with a new consent record and no typing', async () => {
    await follow();
    proxy.end('no-answer');
    await visitor.see('You missed our call');
    visitor.press('Call me again');
    await visitor.until(() => proxy.callRequests.length === 2, 'the second call');
    expect(proxy.callRequests[1]!.phone).to.equal('+442079460958');
    expect(proxy.callRequests[1]!.consent).to.deep.equal(proxy.callRequests[0]!.consent);
  });

  it('that was missed offers our number, as a link and as a vCard', async () => {
    await follow();
    proxy.end('busy');
    await visitor.see('Your line was busy');
    expect(visitor.button(/Call us instead/).getAttribute('href')).to.equal('tel:+442079460900');
    const saved: string[] = [];
    const { click } = HTMLAnchorElement.prototype;
    HTMLAnchorElement.prototype.click = function press(this: HTMLAnchorElement) {
      saved.push(this.download, this.href);
    };
    const { createObjectURL } = URL;
    let card: Blob | undefined;
    URL.createObjectURL = (blob: Blob) => {
      card = blob;
      return createObjectURL.call(URL, blob);
    };
    visitor.press('Save our number');
    await visitor.until(() => saved.length > 0, 'the download');
    Object.assign(HTMLAnchorElement.prototype, { click });
    URL.createObjectURL = createObjectURL;
    expect(saved[0]).to.equal('contact.vcf');
    const lines = (await card!.text()).split('\r\n');
    expect(lines).to.include('FN:Harbour Dental');
    expect(lines).to.include('TEL;TYPE=WORK,VOICE:+12025550123');
  });

  it('that may still ring is not offered again too early', async () => {
    await follow();
    proxy.end('unknown', { tryAgainAt: new Date(Date.now() + 3_600_000).toISOString() });
    await visitor.see(/We’re not sure/);
    expect(() => visitor.button('Call me again')).to.throw();
  });

  it('leads back to an empty form for another number, with the focus there', async () => {
    await follow();
    proxy.end('failed');
    await visitor.see('We couldn’t get through');
    visitor.press('Use a different number');
    await visitor.see('Get a call now');
    expect(visitor.phone.value).to.equal('');
    await visitor.until(() => visitor.focused === 'phone', 'focus');
  });

  it('asks before it calls another country, and calls once confirmed', async () => {
    proxy.problem = PageProxy.problem('number-refused', { reason: 'confirm-country', country: 'AT' });
    await visitor.requestCall();
    await visitor.see('Is this number in Austria?');
    expect(visitor.focused).to.equal('title');
    visitor.press('Yes, call it');
    await visitor.until(() => proxy.callRequests.length === 2, 'the call');
    expect(proxy.callRequests[1]).to.include({ country: 'AT', countryConfirmed: true });
  });

  it('can be postponed to a chosen time, and canceled', async () => {
    proxy.slots = slots;
    await visitor.type('020 7946 0958');
    visitor.agree();
    visitor.press('Choose a time');
    await visitor.see('When should we call?');
    visitor.root.querySelectorAll<HTMLInputElement>('[type=radio]')[1]!.click();
    Object.assign(proxy.extra, { scheduledFor: slots[1], canTakeBack: true });
    visitor.press('Call me at this time');
    await visitor.see(/^Your call is set for/);
    expect(proxy.callRequests[0]!.scheduleAt).to.equal(slots[1]!.at);
    visitor.press('Cancel this call');
    await visitor.see('The call was canceled');
    expect(visitor.text).to.contain('You canceled this call');
  });
});
