// Every phase: its text, its live sentence, and what axe reports about it in light and dark. Mutations that turn each red: drop
// a `case` of views/phase-body.ts, the role of a list or region, the contrast of a color, or the sentence of a key.

import { expect } from '@open-wc/testing';
import { violations } from '../fixtures/axe.js';
import { PageProxy } from '../fixtures/page-proxy.js';
import { phases } from '../fixtures/phases.js';
import { Visitor } from '../fixtures/visitor.js';

describe('each phase', () => {
  let proxy: PageProxy;
  afterEach(() => {
    proxy.close();
    sessionStorage.clear();
    localStorage.clear();
  });

  for (const { name, title, texts, reach, site } of phases) {
    it(`${name}: says what is happening, and is accessible in light and dark`, async () => {
      proxy = new PageProxy(site);
      const visitor = await Visitor.open(proxy);
      await reach(visitor, proxy);
      await visitor.see(title);
      // Waits, because what accompanies a call loads after it.
      await visitor.until(() => areInOrder(texts, visitor.text), `${texts.join(', ')} in order`);
      expect(visitor.text).not.to.contain('SERVER PROSE');
      const isAnnounced = visitor.announced.startsWith(visitor.title) || visitor.focused === 'title';
      if (name !== 'form') expect(isAnnounced, visitor.announced).to.equal(true);
      const regions = visitor.root.querySelectorAll('[role=status]');
      expect(regions).to.have.length(1);
      expect(getComputedStyle(regions[0]!).clipPath, 'for those who listen').to.equal('inset(50%)');
      const current = [...visitor.root.querySelectorAll('[aria-current=step]')].map((step) => step.textContent.trim());
      const isOpen = ['requested', 'created', 'queued', 'calling', 'ringing', 'talking'].includes(name);
      expect(current).to.have.length(isOpen ? 1 : 0);
      for (const theme of ['light', 'dark'] as const) {
        visitor.element.theme = theme;
        await visitor.element.updateComplete;
        expect(await violations(visitor.element), theme).to.deep.equal([]);
      }
      for (const button of visitor.buttons) expect(button.getBoundingClientRect().height).to.be.at.least(44);
    });
  }
});

function areInOrder(texts: readonly (string | RegExp)[], shown: string): boolean {
  let rest = shown;
  return texts.every((text) => {
    const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
    rest = rest.slice(Math.max(0, at));
    return at >= 0;
  });
}
