// Page CSS that reaches the card by inheritance: every inherited property that the browser knows, set around the element
// and by `*{}`. Mutations that turn it red: drop `all: initial` of the card, or a width that a page's `*{}` cannot override.

import { expect, fixture, html } from '@open-wc/testing';
import { hostPage } from '../fixtures/host-page.js';

/** Kept on purpose: the page's typeface, case, colors, direction and visibility; and properties that change nothing visible. */
const kept =
  /^(?:font-family|text-transform|color-scheme|visibility|direction|-webkit-locale|cursor|.*font-smooth.*|-webkit-tap-highlight-color|interactivity|speak.*|math-.*|-webkit-print-color-adjust|print-color-adjust|forced-color-adjust|.*text-size-adjust)$/;

/** Values that make a visible difference, by property; for the others any keyword that takes effect. */
const values: readonly string[] = [
  'nowrap',
  'pre',
  '37px',
  '3',
  '-999px',
  '0',
  'red',
  'justify',
  'center',
  'none',
  'hidden',
  'vertical-rl',
  'italic',
  '900',
  'all-small-caps',
  'small-caps',
  'underline',
  'break-all',
  'keep-all',
  'always',
  'auto',
  'rtl',
  '1px 1px red',
  'inside',
  'lower-roman',
  'under',
  'contents',
  'all',
  'optimizespeed',
  'geometricprecision',
  'sideways',
  'upright',
  'balance',
  'collapse',
  'hide',
  '"+" "-"',
];

/** Properties that a child inherits by default, each with a value that shows it. */
function inheritedProperties(): readonly (readonly [string, string])[] {
  const parent = document.createElement('div');
  const child = document.createElement('div');
  parent.append(child);
  document.body.append(parent);
  const found = [...getComputedStyle(child)].flatMap((name): [string, string][] => {
    const before = getComputedStyle(child).getPropertyValue(name);
    for (const value of values) {
      parent.style.cssText = '';
      parent.style.setProperty(name, value);
      if (parent.style.length === 0) continue;
      if (getComputedStyle(child).getPropertyValue(name) !== before && isOwn(name, child)) return [[name, value]];
    }
    return [];
  });
  parent.remove();
  return found;
}

/** False for a property computed from another one, as a size in em or a used width is. */
const isOwn = (name: string, child: HTMLElement): boolean => {
  child.style.setProperty(name, 'initial');
  const own = getComputedStyle(child).getPropertyValue(name);
  child.style.cssText = '';
  return own !== getComputedStyle(child).getPropertyValue(name);
};

describe('CSS that the page’s text inherits', () => {
  const page = hostPage();

  it('stops at the card: whatever is set around it, and by *{}', async () => {
    // Text as large as the page's, but never smaller than 14 px: on a page with 14 px smaller sizes change nothing.
    document.body.style.fontSize = '14px';
    const properties = inheritedProperties()
      .filter(([name]) => !kept.test(name))
      .flatMap(([name, value]) => (name === 'font-size' ? ['0', '10px'] : [value]).map((one) => [name, one] as const));
    expect(properties.map(([name]) => name)).to.include('font-size');
    expect(properties.length, 'inherited properties found').to.be.greaterThan(25);
    const visitor = await page.open();
    const around = visitor.element.parentElement!;
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    const parts = ['h2', '.detail', 'label', 'select', '#phone', '.consent span', '.primary'];
    const read = (name: string): string =>
      parts.map((part) => getComputedStyle(visitor.root.querySelector(part)!).getPropertyValue(name)).join(' | ');
    const changed: string[] = [];
    for (const [name, value] of properties) {
      const before = read(name);
      around.style.setProperty(name, value);
      if (read(name) !== before) changed.push(`around: ${name}: ${value}`);
      around.style.cssText = '';
      sheet.replaceSync(`* { ${name}: ${value} }`);
      if (read(name) !== before) changed.push(`*: ${name}: ${value}`);
      sheet.replaceSync('');
    }
    document.adoptedStyleSheets.pop();
    document.body.style.fontSize = '';
    expect(changed).to.deep.equal([]);
  });

  for (const css of ['max-width: 100%', 'all: unset', 'all: revert', 'display: inline', 'box-sizing: content-box']) {
    it(`keeps its width under *{${css}}`, async () => {
      const visitor = await page.open();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`* { ${css} }`);
      document.adoptedStyleSheets.push(sheet);
      const { width } = visitor.root.querySelector('.panel')!.getBoundingClientRect();
      document.adoptedStyleSheets.pop();
      expect(width).to.be.within(200, 401);
    });
  }

  for (const size of ['0', '10px']) {
    it(`is readable on a page with a font size of ${size}`, async () => {
      const around = await fixture<HTMLElement>(html`<div></div>`);
      around.style.fontSize = size;
      const visitor = await page.open();
      around.append(visitor.element);
      for (const part of ['.consent span', '.primary']) {
        expect(parseFloat(getComputedStyle(visitor.root.querySelector(part)!).fontSize)).to.be.at.least(12);
      }
      expect(visitor.root.querySelector('.panel')!.getBoundingClientRect().width).to.be.within(340, 401);
    });
  }

  it('does not break the steps of a call letter by letter at 320 px with text at 200 %', async () => {
    const around = await fixture<HTMLElement>(html`<div></div>`);
    around.style.cssText = 'inline-size: 320px; font-size: 32px';
    const visitor = await page.open();
    around.append(visitor.element);
    await visitor.requestCall();
    await visitor.until(() => visitor.root.querySelector('li'), 'the steps');
    for (const text of visitor.root.querySelectorAll('li span, li small')) {
      const lines = text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).lineHeight);
      expect(Math.round(lines), text.textContent).to.be.at.most(2);
    }
    const { scrollWidth, clientWidth } = visitor.root.querySelector('.panel')!;
    expect(scrollWidth).to.be.at.most(clientWidth);
  });
});
