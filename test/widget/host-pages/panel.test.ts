// The floating panel beside the page's dialogs, focus traps and shortcuts. Mutations that turn each red: always open as a
// popover; drop `#becomeModal`, `keepFromPage`, `#keepPageStill`, `hostConnected`; position the panel in viewport units.

import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { hostPage } from '../fixtures/host-page.js';
import type { Visitor } from '../fixtures/visitor.js';

describe('the panel on a page', () => {
  const page = hostPage();

  const dialogOf = (visitor: Visitor): HTMLDialogElement => visitor.root.querySelector('dialog')!;
  const phoneOf = (visitor: Visitor): HTMLInputElement => visitor.root.querySelector('#phone')!;

  it('can be used over a modal dialog of the page', async () => {
    const visitor = await page.openFloating();
    const dialog = await fixture<HTMLDialogElement>(
      html`<dialog><button data-polyai-callback-open>Ring me</button></dialog>`,
    );
    dialog.showModal();
    dialog.querySelector('button')!.click();
    await visitor.see('Get a call now');
    expect(visitor.focused).to.equal('title');
    phoneOf(visitor).focus();
    expect(visitor.focused).to.equal('phone');
    dialog.close();
  });

  it('can be used inside a dialog of the page', async () => {
    const visitor = await page.openFloating();
    const dialog = await fixture<HTMLDialogElement>(html`<dialog></dialog>`);
    dialog.append(visitor.element);
    dialog.showModal();
    await visitor.until(() => visitor.buttons.length === 1, 'the launcher');
    const launcher = visitor.button('Get a call');
    const { left, top } = launcher.getBoundingClientRect();
    expect(document.elementFromPoint(left + 20, top + 20)).to.equal(visitor.element);
    dialog.close();
  });

  for (const isMarked of [true, false]) {
    it(`keeps the keys that a focus trap would take, ${isMarked ? 'with' : 'without'} aria-modal`, async () => {
      const visitor = await page.openFloating();
      const trap = await fixture<HTMLElement>(html`<div><input id="trap" /></div>`);
      if (isMarked) trap.setAttribute('aria-modal', 'true');
      const field = trap.querySelector('input')!;
      const pull = (event: FocusEvent): void => {
        if (!trap.contains(event.target as Node)) field.focus();
      };
      document.addEventListener('focusin', pull);
      field.focus();
      visitor.element.open();
      await visitor.see('Get a call now');
      phoneOf(visitor).focus();
      await visitor.until(() => visitor.focused === 'phone', 'the focus in the phone field');
      await sendKeys({ type: '415' });
      document.removeEventListener('focusin', pull);
      expect(field.value).to.equal('');
      expect(phoneOf(visitor).value).to.equal('415');
    });
  }

  it('hides what is typed from the page’s shortcuts, but not Enter, Escape and Tab', async () => {
    const visitor = await page.open();
    const heard: string[] = [];
    const shortcut = (event: KeyboardEvent): void => {
      heard.push(event.key);
      if (/^[\d+]$/.test(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', shortcut);
    phoneOf(visitor).focus();
    await sendKeys({ type: '415' });
    await sendKeys({ press: 'Tab' });
    document.removeEventListener('keydown', shortcut);
    expect(phoneOf(visitor).value).to.equal('415');
    expect(heard).to.deep.equal(['Tab']);
  });

  it('keeps the page from scrolling behind a modal dialog', async () => {
    const visitor = await page.open({ variant: 'modal' });
    await visitor.until(() => dialogOf(visitor), 'the dialog');
    visitor.element.open();
    await visitor.until(() => dialogOf(visitor).open, 'open');
    const wheel = new WheelEvent('wheel', { deltaY: 100, cancelable: true, bubbles: true, composed: true });
    dialogOf(visitor).dispatchEvent(wheel);
    expect(wheel.defaultPrevented).to.equal(true);
  });

  for (const zoom of ['1.25', '1.5']) {
    it(`is entirely on the screen where the page has a zoom of ${zoom}`, async () => {
      const visitor = await page.openFloating();
      document.body.style.zoom = zoom;
      visitor.element.open();
      await visitor.see('Get a call now');
      await aTimeout(0);
      const { top, bottom } = dialogOf(visitor).getBoundingClientRect();
      expect(top).to.be.at.least(0);
      expect(bottom).to.be.at.most(innerHeight);
    });
  }

  it('knows that it is open after it was moved with its state', async () => {
    const visitor = await page.openFloating();
    const place = await fixture<HTMLElement>(html`<div></div>`);
    if (!('moveBefore' in place)) return;
    visitor.element.open();
    await visitor.see('Get a call now');
    (place as HTMLElement & { moveBefore(node: Node, before: null): void }).moveBefore(visitor.element, null);
    visitor.element.close();
    await visitor.until(() => !dialogOf(visitor).matches(':popover-open'), 'closed');
  });
});
