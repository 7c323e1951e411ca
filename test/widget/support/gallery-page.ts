// The gallery's page: one element in each phase, side by side. Photographed by test/support/gallery.ts, examined by the tests of
// accessibility. Each phase is reached in English; then the page takes the language and direction it is asked for.

import { define, type PolyaiCallback } from '../../../src/widget/define.js';
import { PageProxy } from './page-proxy.js';
import { moments, type PhaseStep, type Walker } from './phases.js';

define();

/** Waits until something holds; the photographer gives up when it never does. */
async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the phases' ways in wait for, in words no other language has. */
const states: Readonly<Record<string, string>> = {
  'Your call is requested': 'requested',
  'When should we call?': 'choosing',
  'Answer your phone': 'ringing',
};

/** Walks by states and parts, because the gallery speaks other languages too. */
function walkerFor(element: PolyaiCallback): Walker {
  const root = element.shadowRoot as ShadowRoot;
  return {
    root,
    until,
    see: (wanted) => {
      const state = states[String(wanted)];
      if (state === undefined) throw new Error(`the gallery knows no state for "${String(wanted)}"`);
      return until(() => element.matches(`:state(${state})`));
    },
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

async function show({ name, reach, site, state = name }: PhaseStep): Promise<void> {
  const proxy = new PageProxy({ sandbox: true, ...site });
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = name;
  figure.dataset['phase'] = name;
  figure.ariaLabel = name;
  const element = document.createElement('polyai-callback');
  element.endpoint = proxy.endpoint;
  figure.append(caption, element);
  document.querySelector('main')?.append(figure);
  if (name === 'fallback') proxy.isUp = false;
  // As if it were touched: those far down would wait until they are scrolled to.
  element.dispatchEvent(new FocusEvent('focusin'));
  await until(() => proxy.paths.includes('GET /v1/site'));
  await element.updateComplete;
  await reach(walkerFor(element), proxy);
  await until(() =>
    element.matches(`:state(${state === 'form' ? 'idle' : state === 'asking' ? 'submitting' : state})`),
  );
}

/** Gives the page a language and a direction, and waits until every element speaks it. */
async function speak(lang: string, dir: string): Promise<void> {
  Object.assign(document.documentElement, { lang, dir });
  const panels = [...document.querySelectorAll('polyai-callback')].map(({ shadowRoot }) =>
    shadowRoot?.querySelector<HTMLElement>('.panel'),
  );
  await until(() => panels.every((panel) => panel?.lang === lang));
}
Object.assign(globalThis, { speak });

await Promise.all(moments.map(show));
const query = new URLSearchParams(location.search);
await speak(query.get('lang') ?? 'en', query.get('dir') ?? 'ltr');
document.body.dataset['ready'] = '';
