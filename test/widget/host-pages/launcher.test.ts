// The launcher on third-party pages. Mutations that turn each red: count any overlap, or any size of the focused
// element; forget `focusout`; put the launcher into the top layer; drop `moveOff`; open beside an inline element.

import { expect, fixture, html } from '@open-wc/testing';
import { hostPage } from '../fixtures/host-page.js';
import type { Visitor } from '../fixtures/visitor.js';

describe('the launcher on a page', () => {
  const page = hostPage();

  const mount = async (): Promise<{ visitor: Visitor; launcher: HTMLElement }> => {
    const visitor = await page.openFloating();
    return { visitor, launcher: visitor.button('Get a call') };
  };
  const isShown = (launcher: HTMLElement): boolean => getComputedStyle(launcher).opacity === '1';
  const covers = (launcher: HTMLElement, other: Element): boolean => {
    const a = launcher.getBoundingClientRect();
    const b = other.getBoundingClientRect();
    return isShown(launcher) && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  };
  const fixed = async (style: string, content = html`<button>Accept all</button>`): Promise<HTMLElement> => {
    const box = await fixture<HTMLElement>(html`<div>${content}</div>`);
    box.setAttribute('style', `position: fixed; ${style}`);
    return box;
  };

  it('stays visible when a region as large as the page has the focus', async () => {
    const region = await fixture<HTMLElement>(html`<main tabindex="-1" style="position: fixed; inset: 0">Text</main>`);
    const { visitor, launcher } = await mount();
    region.focus();
    await visitor.until(() => document.activeElement === region && isShown(launcher), 'the launcher beside the region');
  });

  it('hides while it covers the focused element, and comes back afterward', async () => {
    const { visitor, launcher } = await mount();
    const { left, top } = launcher.getBoundingClientRect();
    const field = await fixture<HTMLElement>(html`<input />`);
    field.setAttribute(
      'style',
      `position: absolute; inline-size: 60px; left: ${left + 10 + scrollX}px; top: ${top + 10 + scrollY}px`,
    );
    field.focus({ preventScroll: true });
    await visitor.until(() => !isShown(launcher), 'hidden');
    field.blur();
    await visitor.until(() => isShown(launcher), 'back');
  });

  it('hides for the deepest focused element only, not for the component around it', async () => {
    const site = await fixture<HTMLElement>(html`<div style="position: fixed; inset: 0"></div>`);
    const field = document.createElement('input');
    site.attachShadow({ mode: 'open' }).append(field);
    const { visitor, launcher } = await mount();
    field.focus();
    await visitor.until(() => document.activeElement === site && isShown(launcher), 'the launcher beside the field');
  });

  for (const zIndex of ['auto', '2147483647']) {
    it(`covers no button of a consent banner at the bottom, z-index ${zIndex}`, async () => {
      const { visitor, launcher } = await mount();
      const banner = await fixed(`inset: auto 0 0 0; block-size: 90px; text-align: end; z-index: ${zIndex}`);
      await visitor.until(() => isShown(launcher) && !covers(launcher, banner), 'moved past the banner');
      banner.remove();
      await visitor.until(() => innerHeight - launcher.getBoundingClientRect().bottom < 60, 'back in its corner');
    });
  }

  it('does not cover another vendor’s launcher in the same corner', async () => {
    const { visitor, launcher } = await mount();
    const bubble = await fixed('inset: auto 20px 20px auto; block-size: 60px; inline-size: 60px; z-index: 9');
    await visitor.until(() => isShown(launcher) && !covers(launcher, bubble), 'moved past the other launcher');
  });

  it('stays below the page’s dialogs, backdrops and drawers', async () => {
    const { launcher } = await mount();
    const backdrop = await fixed('inset: 0; z-index: 1050', html``);
    const { left, top } = launcher.getBoundingClientRect();
    expect(document.elementFromPoint(left + 20, top + 20)).to.equal(backdrop);
  });

  it('stays in the corner of the screen where an ancestor is transformed', async () => {
    const box = await fixture<HTMLElement>(
      html`<div style="transform: translate(0); inline-size: 300px; block-size: 300px; overflow: hidden"></div>`,
    );
    const { visitor, launcher } = await mount();
    box.append(visitor.element);
    await visitor.until(() => {
      const { right, bottom } = launcher.getBoundingClientRect();
      return innerWidth - right < 60 && innerHeight - bottom < 60;
    }, 'the corner');
  });

  it('is not printed', async () => {
    const { visitor } = await mount();
    const sheets = visitor.root.adoptedStyleSheets.flatMap((sheet) => Array.from(sheet.cssRules));
    const print = sheets.filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText === 'print');
    expect(print.map(({ cssText }) => cssText).join()).to.match(/\.launcher[^]*display: none/);
  });

  it('does not open its panel for a call that an inline element shows', async () => {
    const inline = await page.open();
    const { visitor } = await mount();
    await inline.requestCall();
    await inline.until(() => visitor.element.matches(':state(requested)'), 'the call in both');
    await visitor.element.updateComplete;
    expect(visitor.root.querySelector('dialog')!.matches(':popover-open')).to.equal(false);
  });
});
