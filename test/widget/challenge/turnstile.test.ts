// Turnstile in the page, against a fake of its script. Mutations that turn these red, in src/widget/challenge/turnstile.ts:
//   `container.slot` dropped, or the slot in polyai-callback.ts; appended to the shadow root; `turnstile.remove` or `container.remove()` dropped; a callback dropped;
//   the race with `aborted` dropped; `script.remove()` dropped; `loading = undefined` dropped; `loading ??=` → `loading =`

import { expect } from '@open-wc/testing';
import { solveChallenge } from '../../../src/widget/chunks/challenge.js';
import '../../../src/widget/define.js';
import { renderTurnstile, type Turnstile, turnstileScript } from '../../../src/widget/challenge/turnstile.js';

type Options = Parameters<Turnstile['render']>[1];
const page = window as { turnstile?: Turnstile };
const never = new AbortController().signal;
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not rejected',
    (reason: unknown) => reason,
  );
const nextTask = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

let host: HTMLElement;
let scripts: HTMLScriptElement[];
const append = document.head.append;

beforeEach(() => {
  host = document.createElement('div');
  host.attachShadow({ mode: 'open' }).innerHTML = '<slot name="challenge"></slot>';
  host.lang = 'pt-BR';
  document.body.append(host);
  scripts = [];
  // The script tag is recorded instead of fetched.
  document.head.append = (...nodes) => {
    for (const node of nodes) {
      scripts.push(node as HTMLScriptElement);
      (node as HTMLScriptElement).type = 'text/fake';
      append.call(document.head, node);
    }
  };
});

afterEach(() => {
  host.remove();
  document.head.append = append;
  for (const script of scripts) script.remove();
  delete page.turnstile;
});

function fakeTurnstile(id: string | undefined = 'id') {
  const seen: { container?: HTMLElement; options?: Options; removed: string[] } = { removed: [] };
  page.turnstile = {
    render: (container, options) => {
      seen.container = container;
      seen.options = options;
      return id;
    },
    remove: (gone) => void seen.removed.push(gone),
  };
  return seen;
}

describe('Turnstile', () => {
  it('is shown in the light DOM, where it works, and leaves nothing behind', async () => {
    const seen = fakeTurnstile();
    const answer = solveChallenge({ kind: 'turnstile', siteKey: 'site-key' }, never, host);
    await nextTask();
    // Compared here: a library that prints two differing elements takes forever.
    expect(seen.container?.parentElement === host).to.equal(true);
    expect(seen.container?.assignedSlot?.name).to.equal('challenge');
    expect(seen.options).to.include({ sitekey: 'site-key', action: 'call', language: 'pt-br' });
    seen.options?.callback('a token');
    expect(await answer).to.deep.equal({ kind: 'turnstile', payload: 'a token' });
    expect(seen.removed).to.deep.equal(['id']);
    expect(host.childElementCount).to.equal(0);
  });

  for (const way of ['error-callback', 'expired-callback', 'timeout-callback', 'unsupported-callback'] as const)
    it(`that ends with its ${way} is a rejection`, async () => {
      const seen = fakeTurnstile();
      const token = renderTurnstile(host, 'site-key', never);
      await nextTask();
      expect(seen.options?.[way]()).to.not.equal(false);
      expect(await reasonOf(token)).to.be.instanceOf(Error);
      expect(host.childElementCount).to.equal(0);
    });

  it('that renders nothing is a rejection', async () => {
    fakeTurnstile();
    if (page.turnstile) page.turnstile.render = () => undefined;
    expect(await reasonOf(renderTurnstile(host, 'site-key', never))).to.be.instanceOf(Error);
    expect(host.childElementCount).to.equal(0);
  });

  it('is removed when the visitor cancels', async () => {
    const seen = fakeTurnstile();
    const cancel = new AbortController();
    const token = renderTurnstile(host, 'site-key', cancel.signal);
    await nextTask();
    cancel.abort(new Error('cancelled'));
    expect(await reasonOf(token)).to.have.property('message', 'cancelled');
    expect(seen.removed).to.deep.equal(['id']);
    expect(host.childElementCount).to.equal(0);
  });

  it('loads its script once for all elements, and only when it is needed', async () => {
    expect(scripts).to.have.length(0);
    const tokens = [renderTurnstile(host, 'site-key', never), renderTurnstile(host, 'site-key', never)];
    expect(scripts.map(({ src }) => src)).to.deep.equal([turnstileScript]);
    fakeTurnstile();
    if (page.turnstile)
      page.turnstile.render = (_, { callback }) => {
        callback('a token');
        return 'id';
      };
    scripts[0]?.dispatchEvent(new Event('load'));
    expect(await Promise.all(tokens)).to.deep.equal(['a token', 'a token']);
  });

  it('that fails to load is a rejection, and the next press retries', async () => {
    for (const event of ['error', 'load']) {
      const token = renderTurnstile(host, 'site-key', never);
      scripts.at(-1)?.dispatchEvent(new Event(event));
      expect(await reasonOf(token)).to.be.instanceOf(Error);
      expect(scripts.at(-1)?.isConnected).to.equal(false);
      await nextTask();
    }
    expect(scripts).to.have.length(2);
  });

  it('that is still loading when the visitor cancels is not waited for', async () => {
    const cancel = new AbortController();
    const token = renderTurnstile(host, 'site-key', cancel.signal);
    cancel.abort(new Error('cancelled'));
    expect(await reasonOf(token)).to.have.property('message', 'cancelled');
    scripts[0]?.dispatchEvent(new Event('error'));
  });

  it('has its place in the element, visible', async () => {
    fakeTurnstile();
    const element = document.createElement('polyai-callback');
    host.append(element);
    const cancel = new AbortController();
    const token = renderTurnstile(element, 'site-key', cancel.signal);
    await (element as HTMLElement & { updateComplete: Promise<unknown> }).updateComplete;
    await nextTask();
    const slot = element.querySelector('div')?.assignedSlot;
    expect(slot?.name).to.equal('challenge');
    expect(slot?.parentElement?.part.contains('panel')).to.equal(true);
    cancel.abort(new Error('cancelled'));
    await reasonOf(token);
  });

  it('without a site key or an element is a rejection', async () => {
    expect(await reasonOf(solveChallenge({ kind: 'turnstile', siteKey: 'k' }, never))).to.be.instanceOf(Error);
    expect(await reasonOf(solveChallenge({ kind: 'turnstile' }, never, host))).to.be.instanceOf(Error);
  });
});
