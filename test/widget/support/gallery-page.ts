// The gallery's page: one element in each phase, side by side. Photographed by test/support/gallery.ts.

import { define, type PolyaiCallback } from '../../../src/widget/define.js';
import { PageProxy } from './page-proxy.js';
import { phases, type Walker } from './phases.js';

define();

/** Waits until something holds; the photographer gives up when it never does. */
async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function walkerFor(element: PolyaiCallback): Walker {
  const root = element.shadowRoot as ShadowRoot;
  const title = (): string => (root.querySelector('h2')?.lastChild?.textContent ?? '').trim();
  return {
    root,
    until,
    see: (wanted) =>
      until(() => (typeof wanted === 'string' ? root.textContent.includes(wanted) : wanted.test(title()))),
    press(name) {
      const button = [...root.querySelectorAll('button')].find((each) => each.textContent.trim() === name);
      button?.click();
    },
    async ask(number = '020 7946 0958') {
      element.value = number;
      await element.updateComplete;
      root.querySelector<HTMLInputElement>('#consent')?.click();
      root.querySelector<HTMLButtonElement>('.primary')?.click();
    },
  };
}

async function show({ name, reach, site }: (typeof phases)[number]): Promise<void> {
  const proxy = new PageProxy({ sandbox: true, ...site });
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = name;
  const element = document.createElement('polyai-callback') as PolyaiCallback;
  element.endpoint = proxy.endpoint;
  figure.append(caption, element);
  document.querySelector('main')?.append(figure);
  // As if it were touched: those far down would wait until they are scrolled to.
  element.dispatchEvent(new FocusEvent('focusin'));
  await until(() => proxy.paths.includes('GET /v1/site'));
  await element.updateComplete;
  await reach(walkerFor(element), proxy);
  await until(() => element.matches(`:state(${name === 'form' ? 'idle' : name === 'asking' ? 'submitting' : name})`));
}

await Promise.all(phases.map(show));
document.body.dataset['ready'] = '';
