// The gallery's page: one element in each phase, side by side. Photographed by test/support/gallery.ts.

import { define, type PolyaiCallback } from '../../../src/widget/define.js';
import { PageProxy } from './page-proxy.js';
import { phases, type Walker } from './phases.js';

define();

/** Waits until something holds; the photographer gives up when it never does. */
async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the phases' ways in wait for, in words no other language has. */
const states: Readonly<Record<string, string>> = {
  'Your call is requested': 'requested',
  'When should we call?': 'choosing',
};

/** Walks by states and parts, because the gallery speaks other languages too. */
function walkerFor(element: PolyaiCallback): Walker {
  const root = element.shadowRoot as ShadowRoot;
  return {
    root,
    until,
    see: (wanted) => until(() => element.matches(`:state(${states[String(wanted)] ?? ''})`)),
    press() {
      const shown = [...root.querySelectorAll<HTMLButtonElement>('.primary')].find((each) => each.checkVisibility());
      shown?.click();
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
