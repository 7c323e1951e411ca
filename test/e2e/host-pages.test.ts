// Host pages that only a real navigation, a real framework or a real service worker can show: React that hydrates a placeholder,
// a fetch polyfill, a worker that caches everything, Trusted Types, the Back button. Mutations that turn each red: move a placeholder's
// children into the element; no `formStateRestoreCallback`; open streams where `fetch` cannot stream; create Lit's policy unconditionally.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { startFixture, visit } from './fixture.js';

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

const npmFile = (path: string): string => readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), 'utf8');

describe('a placeholder in markup that React owns', () => {
  const react = {
    '/react.js': npmFile('react/umd/react.production.min.js'),
    '/react-dom.js': npmFile('react-dom/umd/react-dom.production.min.js'),
    '/app.js': `
      const { createElement: h, useState } = React;
      function App() {
        const [count, setCount] = useState(0);
        window.press = () => setCount((count) => count + 1);
        const link = h('a', { key: 'a', href: 'tel:+14155550198' }, 'Call us ' + count);
        return h('main', null,
          h('p', null, 'Count ' + count),
          count < 3 && h('div', { 'data-polyai-callback': '', 'data-endpoint': document.body.dataset.proxy }, count < 2 ? [link, ' now'] : null));
      }
      window.errors = [];
      const options = { onRecoverableError: (error) => window.errors.push(String(error)) };
      const root = document.getElementById('root');
      window.hydrate = () => ReactDOM.hydrateRoot(root, h(App), options);
      window.render = () => { root.textContent = ''; ReactDOM.createRoot(root, options).render(h(App)); };`,
  };
  const body = `<div id="root"><main><p>Count 0</p><div data-polyai-callback="" data-endpoint="PROXY"><a href="tel:+14155550198">Call us 0</a> now</div></main></div>
    <script src="/react.js"></script><script src="/react-dom.js"></script><script src="/proxy.js"></script><script src="/app.js"></script>
    <script src="PROXY/polyai-callback.js"></script>`;

  for (const way of ['hydrate', 'render'] as const)
    test(`can be ${way === 'hydrate' ? 'hydrated' : 'rendered'} after the script ran, changed, emptied and removed`, async (t) => {
      const files: Record<string, string> = { ...react };
      const fixture = await startFixture(t, { body, files, scriptSources: "'self' PROXY" });
      files['/proxy.js'] = `document.body.dataset.proxy = ${JSON.stringify(fixture.proxy.url)}`;
      const visitor = await visit(pages, fixture);
      const { page, widget } = visitor;
      await widget.getByLabel('Phone number').waitFor();
      await page.evaluate((name) => globalThis[name as 'hydrate'](), way);
      await widget.getByLabel('Phone number').waitFor();
      await page.evaluate(() => globalThis.press());
      await page.getByText('Count 1').waitFor();
      assert.equal(
        await page.locator('#root a:visible').count(),
        0,
        'React’s own link is the fallback and stays hidden',
      );
      await visitor.requestCall('+14155550100');
      await visitor.sees(/The call has ended/);
      for (const count of [2, 3]) {
        await page.evaluate(() => globalThis.press());
        await page.getByText(`Count ${String(count)}`).waitFor();
      }
      assert.equal(await page.locator('polyai-callback').count(), 0, 'removed with what React removed');
      // React finds an element that its own markup does not have: it recovers by rendering again (418, 423), and nothing breaks.
      const errors = await page.evaluate(() => globalThis.errors);
      assert.deepEqual(way === 'render' ? errors : errors.filter((error) => !/#4(?:18|23);/.test(error)), []);
      assert.deepEqual(await visitor.complaints(), []);
    });
});

describe('the Back button', () => {
  const body = `<form><input name="mail" aria-label="Mail"><polyai-callback name="phone" endpoint="PROXY"></polyai-callback></form>
    <a href="/elsewhere.js">Elsewhere</a><script src="PROXY/polyai-callback.js"></script>`;
  const files = { '/elsewhere.js': 'elsewhere' };

  test('restores the number when the browser loads the page again', async (t) => {
    const fixture = await startFixture(t, { body, files });
    const visitor = await visit(pages, fixture);
    await visitor.page.getByLabel('Mail').fill('a@example.com');
    await visitor.widget.getByLabel('Phone number').fill('+14155550100');
    await visitor.reads(/\+1\s415\s555\s0100/);
    await visitor.page.getByRole('link', { name: 'Elsewhere' }).click();
    await visitor.page.getByText('elsewhere').waitFor();
    await visitor.page.goBack();
    assert.equal(await visitor.page.getByLabel('Mail').inputValue(), 'a@example.com', 'the browser restores the form');
    await visitor.reads(/\+1\s415\s555\s0100/);
    assert.equal(await visitor.widget.getByLabel('Phone number').inputValue(), '+14155550100');
  });
});

test('a page that replaces fetch with one without streams follows the call by polling, and does not lose it', async (t) => {
  const polyfill = `
    class OldResponse {
      constructor(text, { status, headers }) { this.text = async () => text; this.status = status; this.ok = status < 300; this.headers = headers; }
      async json() { return JSON.parse(await this.text()); }
    }
    window.Response = OldResponse;
    window.fetch = (url, { method = 'GET', headers = {}, body, signal }) => new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.onload = () => resolve(new OldResponse(request.responseText, { status: request.status, headers: { get: (name) => request.getResponseHeader(name) } }));
      request.onerror = () => reject(new TypeError('failed'));
      signal?.addEventListener('abort', () => { request.abort(); reject(new DOMException('aborted', 'AbortError')); });
      request.send(body);
    });`;
  const fixture = await startFixture(t, {
    speed: 2,
    body: `<script src="/polyfill.js"></script><polyai-callback endpoint="PROXY"></polyai-callback><script src="PROXY/polyai-callback.js"></script>`,
    files: { '/polyfill.js': polyfill },
    scriptSources: "'self' PROXY",
  });
  const visitor = await visit(pages, fixture);
  const streams: string[] = [];
  visitor.page.on('request', (request) => {
    if (request.headers()['accept'] === 'text/event-stream') streams.push(request.url());
  });
  await visitor.requestCall('+14155550100');
  await visitor.sees(/The call has ended/);
  assert.deepEqual(streams, []);
  assert.ok(!(await visitor.headings()).includes('Reconnecting…'), 'never lost');
});

test('a service worker that responds from its cache first does not leave the call in an old state', async (t) => {
  const worker = `
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('fetch', (event) => {
      if (event.request.method !== 'GET') return;
      event.respondWith((async () => {
        const cache = await caches.open('all');
        const found = await cache.match(event.request);
        if (found) return found;
        const answer = await fetch(event.request);
        event.waitUntil(cache.put(event.request, answer.clone()).catch(() => {}));
        return answer;
      })());
    });`;
  const fixture = await startFixture(t, {
    speed: 4,
    files: { '/sw.js': worker, '/start.js': `navigator.serviceWorker.register('/sw.js')` },
    scriptSources: "'self' PROXY",
    policy: "worker-src 'self';",
  });
  const visitor = await visit(pages, fixture);
  await visitor.page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
  });
  await visitor.page.reload();
  assert.ok(await visitor.page.evaluate(() => navigator.serviceWorker.controller !== null), 'the worker is in charge');
  await visitor.requestCall('+14155550100');
  await visitor.sees(/Answer your phone/);
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

describe('a page with a Trusted Types policy', () => {
  const body = `<polyai-callback endpoint="PROXY"><a href="tel:+14155550198">Call us</a></polyai-callback><script async src="PROXY/polyai-callback.js"></script>`;

  for (const [what, policy] of [
    ['that allows none but enforces nothing', "trusted-types 'none'"],
    ['that enforces them and allows Lit’s', "require-trusted-types-for 'script'; trusted-types lit-html"],
  ] as const)
    test(`${what} can request a call`, async (t) => {
      const fixture = await startFixture(t, { body, policy, env: { CHALLENGE: 'none' } });
      const visitor = await visit(pages, fixture);
      await visitor.requestCall('+14155550100');
      await visitor.sees(/The call has ended/);
      assert.equal(fixture.fakePolyAi.triggers().length, 1);
    });

  test('that enforces them and allows none keeps its own content', async (t) => {
    const policy = "require-trusted-types-for 'script'; trusted-types 'none'";
    const visitor = await visit(pages, await startFixture(t, { body, policy }));
    await visitor.page.waitForLoadState('networkidle');
    await visitor.page.getByRole('link', { name: 'Call us' }).waitFor();
    assert.ok(!(await visitor.page.evaluate(() => customElements.get('polyai-callback'))));
  });
});

declare global {
  var errors: string[];
  function press(): void;
  function hydrate(): void;
}
