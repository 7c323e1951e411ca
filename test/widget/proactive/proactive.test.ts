// The floating form opens automatically on pages that enable it, on a clock that the test advances. Mutations that turn it red:
// open over a focused field; forget the day or the opt-out; open without storage, on a phone, in a hidden page or over a dialog; move
// focus; animate although the visitor prefers reduced motion.

import { expect, fixture, html } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import type { OpenDetail } from '../../../src/widget/internal/events.js';
import { ProactiveOpening } from '../../../src/widget/proactive/proactive-opening.js';
import { proactiveKey } from '../../../src/widget/proactive/rules.js';
import { cannotEmulateMedia, cannotResize } from '../fixtures/engine.js';
import { violations } from '../fixtures/axe.js';
import { FakeBrowser, FakeTab } from '../fixtures/fake-browser.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { Visitor } from '../fixtures/visitor.js';

const second = 1_000;
const day = 86_400_000;

/** A host that only counts the calls to it. */
class Host extends HTMLElement {
  readonly updateComplete = Promise.resolve(true);
  addController(): void {}
  removeController(): void {}
  requestUpdate(): void {}
}
customElements.define('proactive-host', Host);

class Target {
  isIdle = true;
  readonly opened: OpenDetail[] = [];
  closed = 0;
  readonly host: Host;
  constructor(host: Host) {
    this.host = host;
  }
  open(_withFocus: boolean, detail: OpenDetail): void {
    this.opened.push(detail);
    this.isIdle = false;
    this.host.dispatchEvent(new CustomEvent('polyai-callback-open'));
  }
  close(): void {
    this.closed += 1;
    this.isIdle = true;
    this.host.dispatchEvent(new CustomEvent('polyai-callback-close'));
  }
}

describe('proactive opening', () => {
  let running: ProactiveOpening[] = [];
  before(async () => {
    if (!cannotResize) await setViewport({ width: 1000, height: 800 });
  });
  afterEach(() => {
    for (const opening of running) opening.hostDisconnected();
    running = [];
  });

  const start = (attributes: Readonly<Record<string, string>>, tab = new FakeTab()) => {
    const host = document.createElement('proactive-host') as Host;
    for (const [name, value] of Object.entries(attributes)) host.setAttribute(name, value);
    const target = new Target(host);
    const opening = new ProactiveOpening(host, target, tab);
    opening.hostConnected();
    running.push(opening);
    return { host, target, tab, opening };
  };

  it('opens after its time, once, and not before', async () => {
    const { target, tab } = start({ 'open-after': '20' });
    await tab.advance(20 * second - 1);
    expect(target.opened).to.have.length(0);
    await tab.advance(1);
    expect(target.opened).to.deep.equal([{ proactive: true }]);
    target.close();
    await tab.advance(day / 2);
    expect(target.opened).to.have.length(1);
    expect(tab.timers).to.equal(0);
  });

  it('does nothing when the page does not enable it', async () => {
    const { target, tab } = start({ 'open-after': 'soon' });
    expect(tab.timers).to.equal(0);
    await tab.advance(day);
    expect(target.opened).to.have.length(0);
    expect(tab.browser.local.length).to.equal(0);
  });

  it('opens once a day per visitor, across tabs', async () => {
    const browser = new FakeBrowser();
    const first = start({ 'open-after': '1' }, new FakeTab(browser));
    const other = start({ 'open-after': '2' }, new FakeTab(browser));
    await first.tab.advance(5 * second);
    await other.tab.advance(5 * second);
    expect(first.target.opened).to.have.length(1);
    expect(other.target.opened).to.have.length(0);
    const tomorrow = new FakeTab(browser);
    tomorrow.clock += day;
    const third = start({ 'open-after': '1' }, tomorrow);
    await tomorrow.advance(5 * second);
    expect(third.target.opened).to.have.length(1);
  });

  it('never opens again after the visitor opts out', async () => {
    const { target, tab, opening } = start({ 'open-after': '1' });
    await tab.advance(5 * second);
    opening.refuse();
    expect(target.closed).to.equal(1);
    const later = new FakeTab(tab.browser);
    later.clock += 400 * day;
    const again = start({ 'open-after': '1' }, later);
    await later.advance(day);
    expect(again.target.opened).to.have.length(0);
    expect(later.timers).to.equal(0);
  });

  it('never opens if the once-a-day limit cannot be enforced', async () => {
    const tab = new FakeTab();
    tab.deniesStorage = true;
    const { target } = start({ 'open-after': '1' }, tab);
    await tab.advance(day);
    expect(target.opened).to.have.length(0);
    const full = new FakeTab();
    full.browser.local.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const other = start({ 'open-after': '1' }, full);
    await full.advance(day);
    expect(other.target.opened).to.have.length(0);
  });

  it('does not open again on a day when the visitor opened it', async () => {
    const { host, target, tab } = start({ 'open-after': '20' });
    host.dispatchEvent(new CustomEvent('polyai-callback-open'));
    await tab.advance(day / 2);
    expect(target.opened).to.have.length(0);
    expect(tab.browser.local.getItem(proactiveKey)).to.be.a('string');
  });

  it('never opens over a focused field, and waits until the visitor has finished', async () => {
    for (const markup of [
      html`<input />`,
      html`<textarea></textarea>`,
      html`<select><option>a</option></select>`,
      html`<div contenteditable="true" tabindex="0">x</div>`,
      html`<div role="textbox" tabindex="0">x</div>`,
    ]) {
      const holder = await fixture<HTMLElement>(html`<div>${markup}</div>`);
      const field = holder.firstElementChild as HTMLElement;
      const { target, tab } = start({ 'open-after': '1' });
      field.focus();
      await tab.advance(20 * second);
      expect(target.opened, holder.innerHTML).to.have.length(0);
      field.blur();
      await tab.advance(2 * second);
      expect(target.opened, 'at once after the field').to.have.length(0);
      await tab.advance(3 * second);
      expect(target.opened).to.have.length(1);
    }
  });

  it('never opens over a dialog of the page, in a hidden page, or when there is nothing to open', async () => {
    const dialog = await fixture<HTMLDialogElement>(html`<dialog>Cookies?</dialog>`);
    dialog.showModal();
    const { target, tab } = start({ 'open-after': '1' });
    await tab.advance(20 * second);
    expect(target.opened).to.have.length(0);
    dialog.close();
    tab.isVisible = false;
    await tab.advance(20 * second);
    expect(target.opened).to.have.length(0);
    tab.isVisible = true;
    target.isIdle = false;
    await tab.advance(20 * second);
    expect(target.opened).to.have.length(0);
    target.isIdle = true;
    await tab.advance(10 * second);
    expect(target.opened).to.have.length(1);
  });

  it('opens only on the chosen paths, even after a client-side navigation', async () => {
    const { target, tab } = start({ 'open-on-paths': '/somewhere/else' });
    await tab.advance(20 * second);
    expect(target.opened).to.have.length(0);
    const here = location.href;
    history.pushState(null, '', '/somewhere/else');
    await tab.advance(5 * second);
    history.replaceState(null, '', here);
    expect(target.opened).to.have.length(1);
  });

  it('opens at a scroll depth', async () => {
    const page = await fixture<HTMLElement>(html`<div style="block-size: 5000px"></div>`);
    const { target, tab } = start({ 'open-at-scroll': '50' });
    scrollTo(0, 500);
    dispatchEvent(new Event('scroll'));
    await tab.advance(10 * second);
    expect(target.opened).to.have.length(0);
    scrollTo(0, 4000);
    dispatchEvent(new Event('scroll'));
    await tab.advance(10 * second);
    expect(target.opened).to.have.length(1);
    page.remove();
  });

  it('opens when the pointer leaves the page at the top, and not elsewhere or later', async () => {
    const { target, tab } = start({ 'open-on-exit': '' });
    const leave = (clientY: number): void =>
      void document.documentElement.dispatchEvent(new MouseEvent('mouseleave', { clientY }));
    leave(400);
    expect(target.opened).to.have.length(0);
    const field = await fixture<HTMLInputElement>(html`<input />`);
    field.focus();
    leave(-1);
    field.blur();
    await tab.advance(day / 2);
    expect(target.opened, 'long after the visitor left').to.have.length(0);
    leave(-1);
    expect(target.opened).to.have.length(1);
  });

  (cannotResize ? it.skip : it)('does not open on a phone, where it would cover the page', async () => {
    await setViewport({ width: 360, height: 700 });
    const { target, tab } = start({ 'open-after': '1' });
    await tab.advance(20 * second);
    expect(target.opened).to.have.length(0);
    await setViewport({ width: 1000, height: 800 });
    await tab.advance(5 * second);
    expect(target.opened).to.have.length(1);
  });

  it('leaves nothing behind when it is removed', async () => {
    const { target, tab, opening } = start({ 'open-after': '1', 'open-on-exit': '' });
    opening.hostDisconnected();
    expect(tab.timers).to.equal(0);
    document.documentElement.dispatchEvent(new MouseEvent('mouseleave', { clientY: -1 }));
    await tab.advance(day);
    expect(target.opened).to.have.length(0);
  });

  it('responds to changed attributes', async () => {
    const { host, target, tab, opening } = start({ 'open-after': '3000' });
    await tab.advance(10 * second);
    host.setAttribute('open-after', '5');
    opening.hostUpdated();
    await tab.advance(5 * second);
    expect(target.opened).to.have.length(1);
  });
});

describe('the element', () => {
  let proxy: PageProxy;
  beforeEach(async () => {
    proxy = new PageProxy();
    localStorage.clear();
    if (!cannotResize) await setViewport({ width: 1000, height: 800 });
  });
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  it('opens automatically without moving focus, and offers a button to opt out', async () => {
    const link = await fixture<HTMLElement>(html`<a href="#x">A link</a>`);
    link.focus();
    const visitor = await Visitor.open(proxy, { variant: 'floating', 'open-on-paths': '/*' });
    await visitor.until(() => visitor.root.querySelector('.never'), 'open by itself');
    expect(document.activeElement).to.equal(link);
    const dialog = visitor.root.querySelector('dialog')!;
    expect(dialog.matches(':popover-open:not(:modal)')).to.equal(true);
    // While it fades in, its contrast is not final.
    await Promise.all(dialog.getAnimations({ subtree: true }).map(({ finished }) => finished));
    expect(await violations(visitor.element)).to.deep.equal([]);
    expect(visitor.button('Don’t open this automatically again').getBoundingClientRect().height).to.be.at.least(44);
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await visitor.until(() => visitor.buttons.length === 1, 'closed');
    expect(document.activeElement, 'the focus stays where it was').to.equal(link);
    visitor.element.remove();
    const again = await Visitor.open(proxy, { variant: 'floating', 'open-on-paths': '/*' });
    await again.until(() => again.buttons.length === 1, 'the launcher');
    expect(localStorage.getItem(proactiveKey)).to.match(/^\d+-\d+-\d+$/);
  });

  it('closes for good when the visitor opts out', async () => {
    const visitor = await Visitor.open(proxy, { variant: 'floating', 'open-on-paths': '/*' });
    await visitor.until(() => visitor.root.querySelector('.never'), 'open by itself');
    visitor.press('Don’t open this automatically again');
    await visitor.until(() => visitor.buttons.length === 1, 'closed');
    expect(localStorage.getItem(proactiveKey)).to.equal('never');
    visitor.press('Get a call');
    await visitor.see('Get a call now');
    expect(visitor.root.querySelector('.never'), 'only where it opened by itself').to.equal(null);
  });

  it('reports in its event that it opened automatically', async () => {
    const details: unknown[] = [];
    const note = (event: Event): void => void details.push((event as CustomEvent).detail);
    document.addEventListener('polyai-callback-open', note);
    const visitor = await Visitor.open(proxy, { variant: 'floating', 'open-on-paths': '/*' });
    await visitor.until(() => details.length === 1, 'the event');
    document.removeEventListener('polyai-callback-open', note);
    expect(details).to.deep.equal([{ proactive: true }]);
  });

  it('uses the page’s language and the page’s own texts', async () => {
    const visitor = await Visitor.open(proxy, {
      variant: 'floating',
      'open-on-paths': '/*',
      'data-text-open-never': 'Leave me alone',
    });
    await visitor.until(() => visitor.root.querySelector('.never'), 'open by itself');
    expect(visitor.button('Leave me alone')).to.be.instanceOf(HTMLElement);
  });

  (cannotEmulateMedia ? it.skip : it)('does not move where the visitor asked for less motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const visitor = await Visitor.open(proxy, { variant: 'floating', 'open-on-paths': '/*' });
    await visitor.until(() => visitor.root.querySelector('.never'), 'open by itself');
    expect(visitor.root.querySelector('dialog')!.getAnimations()).to.deep.equal([]);
    await emulateMedia({ reducedMotion: 'no-preference' });
  });
});
