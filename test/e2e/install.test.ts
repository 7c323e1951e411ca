// Every way to install the element, with the demo pages' own snippets: page, script and proxy on three origins, under the policy
// the README documents and nothing more, with Trusted Types. Asserts that there is exactly one element, that it works and that
// it leaves nothing behind; what the element does is tested elsewhere.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type E2eFixture, startFixture, type E2eOptions, type Visitor, visit } from './fixture.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const trustedTypes = "require-trusted-types-for 'script'; trusted-types lit-html";

let pages: PageSource;
let scripts: string;
const closing: (() => Promise<unknown>)[] = [];

before(async () => {
  assert.ok(existsSync(`${root}dist/widget/assets.json`), 'dist/widget is missing: run `npm run build` first');
  pages = await openBrowser();
  // The CDN: serves the built files to every origin, and nothing else.
  const server = createServer((request, response) => {
    const file = `${root}dist/widget${new URL(request.url ?? '', 'http://cdn.example').pathname}`;
    if (!/\/[\w.-]+\.js$/.test(file) || !existsSync(file)) return response.writeHead(404).end();
    const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };
    return response.writeHead(200, headers).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scripts = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  closing.push(() => pages.close());
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
});
after(() => Promise.all(closing.map((close) => close())));

/** The snippet of a demo page, with the script on the CDN and pointed at the proxy. */
function snippet(name: string): string {
  const html = readFileSync(`${root}demo/install/${name}.html`, 'utf8');
  const found = /<!-- snippet -->\s*([^]*?)\s*<!-- end of snippet -->/.exec(html)?.[1];
  assert.ok(found, `demo/install/${name}.html has no snippet`);
  return found
    .replaceAll('endpoint="/"', 'endpoint="PROXY"')
    .replaceAll('/polyai-callback.js', `${scripts}/polyai-callback.js?endpoint=PROXY`);
}

const tag = (more = ''): string => `<script async src="${scripts}/polyai-callback.js?endpoint=PROXY" ${more}></script>`;

const createFixture = (t: TestContext, body: string, options: E2eOptions = {}): Promise<E2eFixture> =>
  startFixture(t, { body, scriptSources: scripts, policy: trustedTypes, ...options });

/** There is one element, it completes a call, and the page has no violations or errors. */
async function works(visitor: Visitor, fixture: E2eFixture): Promise<void> {
  await visitor.requestCall('+1 415 555 0100');
  await visitor.sees(/The call has ended/);
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  await isOne(visitor.page);
  assert.deepEqual(await visitor.complaints(), []);
}

async function isOne(page: Page): Promise<void> {
  assert.equal(await page.locator('polyai-callback').count(), 1);
}

const launcher = (visitor: Visitor) => visitor.widget.getByRole('button', { name: 'Get a call' });
const form = (visitor: Visitor) => visitor.widget.getByLabel('Phone number');

describe('a page', () => {
  test('with the element and the script', async (t) => {
    const fixture = await createFixture(t, snippet('element'));
    await works(await visit(pages, fixture), fixture);
  });

  test('with the script alone gets a floating element configured by the tag', async (t) => {
    const fixture = await createFixture(t, `<p><a href="#polyai-callback">Call me</a></p>${snippet('script')}`);
    const visitor = await visit(pages, fixture);
    assert.equal(await visitor.widget.getAttribute('privacy-url'), '#privacy');
    assert.equal(await visitor.widget.getAttribute('phone'), '+1 415 555 0198');
    await launcher(visitor).waitFor();
    await visitor.page.getByRole('link', { name: 'Call me' }).click();
    await form(visitor).waitFor();
    await works(visitor, fixture);
  });

  test('with the script alone gets an inline element in place of the tag', async (t) => {
    const fixture = await createFixture(
      t,
      `<main id="main">${tag('data-variant="inline" data-text-heading="Ring me"')}</main><footer></footer>`,
    );
    const visitor = await visit(pages, fixture);
    await visitor.sees(/Ring me/);
    assert.equal(await visitor.page.locator('#main > polyai-callback').count(), 1);
    await works(visitor, fixture);
  });

  test('with settings in the script’s URL', async (t) => {
    const fixture = await createFixture(
      t,
      tag().replace('?', '?variant=floating&amp;text-heading=Ring+me&amp;v=3&amp;'),
    );
    const visitor = await visit(pages, fixture);
    await launcher(visitor).click();
    await visitor.sees(/Ring me/);
    assert.equal(await visitor.widget.getAttribute('v'), null);
    await works(visitor, fixture);
  });

  test('with other tools’ attributes on the script gets no unrequested element', async (t) => {
    const body = `${tag('data-cfasync="false" data-name="calls"').replace('?', '?v=3&amp;')}<div id="late"></div>`;
    const fixture = await createFixture(t, body);
    const visitor = await visit(pages, fixture);
    await visitor.page.waitForFunction(() => customElements.get('polyai-callback') !== undefined);
    await visitor.page.evaluate(() => {
      const place = document.createElement('div');
      place.dataset['polyaiCallback'] = '';
      document.querySelector('#late')!.append(place);
    });
    await form(visitor).waitFor();
    await isOne(visitor.page);
  });

  test('with a data-polyai-callback div: its content is the fallback and its data the attributes, also when they change', async (t) => {
    const body = `${snippet('div').replace('<a ', '<p data-slot="heading">Ring me</p><a id="own" ')}${tag()}`;
    const fixture = await createFixture(t, body);
    const visitor = await visit(pages, fixture);
    await form(visitor).waitFor();
    await visitor.page.locator('polyai-callback').getByText('Ring me').waitFor();
    assert.equal(await visitor.page.locator('[data-polyai-callback] > polyai-callback > #own').count(), 1);
    await visitor.page.evaluate(() => {
      const place = document.querySelector<HTMLElement>('[data-polyai-callback]')!;
      place.dataset['theme'] = 'dark';
      delete place.dataset['privacyUrl'];
    });
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback[theme=dark]:not([privacy-url])'));
    await works(visitor, fixture);
  });

  test('with a tag manager’s code, where document.currentScript is null', async (t) => {
    const code = snippet('tag-manager');
    // A tag manager cannot create a Trusted Types policy; its inline code is allowed by hash.
    const fixture = await tagManagerFixture(t, (proxy) => code.replaceAll('PROXY', proxy));
    const context = await pages.context({ timezoneId: 'America/Los_Angeles' });
    await context.addInitScript("Object.defineProperty(document, 'currentScript', { get: () => null })");
    const visitor = await visit(pages, fixture, { context });
    await launcher(visitor).waitFor();
    assert.equal(await visitor.widget.getAttribute('privacy-url'), '#privacy');
    await visitor.page.evaluate(() => globalThis.polyaiCallback.open());
    await works(visitor, fixture);
  });
});

describe('the demo page', () => {
  for (const name of ['element', 'script', 'div', 'tag-manager', 'npm'])
    test(`${name}.html works as the proxy serves it`, async (t) => {
      assert.ok(existsSync(`${root}dist/demo/install/npm.js`), 'dist/demo is missing: run `npm run build` first');
      const port = String(await freePort());
      const proxy = `http://127.0.0.1:${port}`;
      const fixture = await startFixture(t, { env: { PORT: port, ALLOWED_ORIGINS: proxy } });
      const visitor = await visit(pages, { ...fixture, pageUrl: `${proxy}/install/${name}.html` });
      const opener = visitor.page.getByText('Request a call', { exact: true });
      await visitor.page.waitForFunction(() => document.querySelector('polyai-callback')?.shadowRoot);
      if ((await opener.count()) > 0) await opener.click();
      await form(visitor).waitFor();
      await isOne(visitor.page);
      assert.deepEqual(await visitor.complaints(), []);
      await visitor.page.getByRole('link', { name: 'Ways to install' }).click();
      await visitor.page.getByRole('link', { name: 'The script alone' }).waitFor();
    });
});

describe('window.polyaiCallback', () => {
  test('is a queue before the script loads and live after it; assigning to it again is one more command', async (t) => {
    const files = {
      '/before.js': `window.polyaiCallback = [['open'], { variant: 'modal', strings: { heading: 'Ring me' }, metadata: { topic: 'x' } }];`,
    };
    const fixture = await createFixture(t, `<script src="/before.js"></script>${tag()}`, {
      files,
      scriptSources: `'self' ${scripts}`,
    });
    const visitor = await visit(pages, fixture);
    await visitor.sees(/Ring me/);
    assert.equal(await visitor.widget.getAttribute('metadata'), '{"topic":"x"}');
    await visitor.page.evaluate(() => globalThis.polyaiCallback.close());
    await form(visitor).waitFor({ state: 'hidden' });
    await visitor.page.evaluate(() => globalThis.polyaiCallback.push({ theme: 'dark', phone: false }));
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback[theme=dark]'));
    await visitor.page.evaluate(() => Object.assign(globalThis, { polyaiCallback: { privacyUrl: '#later' } }));
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback[privacy-url="#later"]'));
    await visitor.page.evaluate(() => globalThis.polyaiCallback.open());
    await form(visitor).waitFor();
    await isOne(visitor.page);
    assert.deepEqual(await visitor.complaints(), []);
  });

  test('as an object does not override attributes the page set on its own element', async (t) => {
    const files = { '/before.js': `window.polyaiCallback = { theme: 'dark', phone: '+14155550198' };` };
    const body = `<polyai-callback theme="light"></polyai-callback><script src="/before.js"></script>${tag()}`;
    const fixture = await createFixture(t, body, { files, scriptSources: `'self' ${scripts}` });
    const visitor = await visit(pages, fixture);
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback[theme=light][phone]'));
    await isOne(visitor.page);
  });

  test('requests a call as soon as there is an element', async (t) => {
    const fixture = await createFixture(t, tag());
    const visitor = await visit(pages, fixture);
    await visitor.page.waitForFunction(() => 'polyaiCallback' in globalThis);
    await visitor.page.evaluate(() => globalThis.polyaiCallback.request('+1 415 555 0100'));
    await visitor.page.evaluate(() => document.body.append(document.createElement('polyai-callback')));
    // It does not give consent.
    await visitor.reads(/agree|tick|box/i);
    await visitor.page.waitForFunction(
      () =>
        document.querySelector('polyai-callback')?.shadowRoot?.querySelector<HTMLInputElement>('input[type=tel]')
          ?.value === '+1 415 555 0100',
    );
    assert.equal(fixture.fakePolyAi.triggers().length, 0);
  });
});

describe('one element', () => {
  test('however often the script loads, in whichever version', async (t) => {
    const body = `${tag('data-variant="floating"')}${tag('data-variant="floating"')}`;
    const fixture = await createFixture(t, body, { policy: `${trustedTypes} page` });
    const visitor = await visit(pages, fixture);
    await launcher(visitor).waitFor();
    const again = async (): Promise<void> => {
      // The browser treats another URL as another script and runs it again.
      await visitor.page.evaluate(
        (src) =>
          new Promise((resolve) => {
            const script = document.createElement('script');
            const policy = (globalThis as unknown as { policy?: { createScriptURL(url: string): string } }).policy;
            script.onload = resolve;
            script.src = policy?.createScriptURL(src) ?? src;
            script.dataset['variant'] = 'floating';
            script.dataset['theme'] = 'dark';
            document.body.append(script);
          }),
        `${scripts}/polyai-callback.js?again=1`,
      );
    };
    await visitor.page.evaluate(() => {
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): object };
      };
      // The page's own policy uses the name that this page's CSP allows.
      Object.assign(globalThis, {
        policy: trustedTypes.createPolicy('page', { createScriptURL: (url: string) => url }),
      });
    });
    await again();
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback[theme=dark]'));
    await isOne(visitor.page);
    assert.equal(await visitor.widget.getAttribute('endpoint'), fixture.proxy.url);
    assert.deepEqual(await visitor.complaints(), []);
  });

  test('when the body is replaced: a call in progress continues in the same element', async (t) => {
    const fixture = await createFixture(t, tag('data-variant="floating"'), { speed: 4 });
    const visitor = await visit(pages, fixture);
    await launcher(visitor).click();
    await visitor.requestCall('+1 415 555 0100');
    await visitor.sees(/Answer|calling|way/i);
    const streams: string[] = [];
    visitor.page.on('request', (request) => {
      if (request.headers()['accept'] === 'text/event-stream') streams.push(request.url());
    });
    const there = await visitor.page.evaluate(async () => {
      const own = document.querySelector('polyai-callback')!;
      Object.assign(globalThis, { own });
      // As Turbo does: clone for the cache, swap the body; on going back, show the clone.
      const cached = document.body.cloneNode(true) as HTMLElement;
      history.pushState(null, '', '/second');
      document.documentElement.replaceChild(document.createElement('body'), document.body);
      await Promise.resolve();
      history.pushState(null, '', '/');
      document.documentElement.replaceChild(cached, document.body);
      await new Promise((resolve) => setTimeout(resolve));
      const count = document.querySelectorAll('polyai-callback').length;
      // As Astro and many routers do: replace the body's content.
      document.body.replaceChildren(document.createElement('main'), document.createElement('footer'));
      return count;
    });
    assert.equal(there, 1);
    await visitor.page.waitForFunction(() => document.querySelector('polyai-callback')?.isConnected);
    assert.equal(
      await visitor.page.evaluate(() => document.querySelector('polyai-callback') === Reflect.get(globalThis, 'own')),
      true,
    );
    await isOne(visitor.page);
    await visitor.sees(/The call has ended/);
    assert.deepEqual(streams, []);
    assert.equal(fixture.fakePolyAi.triggers().length, 1);
    assert.deepEqual(await visitor.complaints(), []);
  });

  test('that the page removes stays removed until it is requested again', async (t) => {
    const fixture = await createFixture(t, tag('data-variant="floating"'));
    const visitor = await visit(pages, fixture);
    await launcher(visitor).waitFor();
    await visitor.page.evaluate(() => document.querySelector('polyai-callback')!.remove());
    await visitor.page.evaluate(() => document.body.append(document.createElement('main')));
    assert.equal(await visitor.page.locator('polyai-callback').count(), 0);
    await visitor.page.evaluate(() => globalThis.polyaiCallback.push({ variant: 'floating' }));
    await launcher(visitor).waitFor();
    await isOne(visitor.page);
  });

  test('for each placeholder div, inserted late, moved, emptied and refilled', async (t) => {
    const fixture = await createFixture(t, tag());
    const visitor = await visit(pages, fixture);
    await visitor.page.waitForFunction(() => customElements.get('polyai-callback') !== undefined);
    await visitor.page.evaluate(() => {
      const page = document.createElement('main');
      for (const text of ['One', 'Two']) {
        const place = document.createElement('div');
        place.setAttribute('data-polyai-callback', '');
        place.append(text);
        page.append(place);
      }
      document.body.append(page);
    });
    await visitor.page.waitForFunction(() => document.querySelectorAll('polyai-callback').length === 2);
    const shape = await visitor.page.evaluate(async () => {
      const places = [...document.querySelectorAll<HTMLElement>('[data-polyai-callback]')];
      const [first, second] = places.map((place) => place.querySelector('polyai-callback'));
      document.body.prepend(places[0]!);
      places[1]!.replaceChildren('New');
      document.body.append(places[0]!.cloneNode(true));
      await new Promise((resolve) => setTimeout(resolve));
      return [...document.querySelectorAll('[data-polyai-callback]')].map((place) => [
        place.querySelectorAll('polyai-callback').length,
        place.querySelector('polyai-callback')?.textContent,
        [first, second].includes(place.querySelector('polyai-callback')),
      ]);
    });
    assert.deepEqual(shape, [
      [1, 'One', true],
      [1, 'New', false],
      [1, 'One', false],
    ]);
    assert.deepEqual(await visitor.complaints(), []);
  });

  test('mounted twice by a framework’s strict mode, and moved while its call rings', async (t) => {
    const fixture = await createFixture(t, `${tag()}<div id="a"></div><div id="b"></div>`, { speed: 4 });
    const visitor = await visit(pages, fixture);
    await visitor.page.waitForFunction(() => customElements.get('polyai-callback') !== undefined);
    await visitor.page.evaluate(async () => {
      const a = document.querySelector('#a')!;
      const element = document.createElement('polyai-callback');
      a.append(element);
      element.remove();
      a.append(element);
      await Promise.resolve();
    });
    await visitor.requestCall('+1 415 555 0100');
    await visitor.sees(/Answer|calling|way/i);
    const streams: string[] = [];
    visitor.page.on('request', (request) => {
      if (request.headers()['accept'] === 'text/event-stream') streams.push(request.url());
    });
    await visitor.page.evaluate(() => document.querySelector('#b')!.append(document.querySelector('polyai-callback')!));
    await visitor.sees(/The call has ended/);
    assert.deepEqual(streams, []);
    await isOne(visitor.page);
  });
});

describe('fifty mounts', () => {
  for (const [way, mount] of [
    ['of the element', () => document.createElement('polyai-callback')],
    [
      'of a placeholder div',
      () => {
        const place = document.createElement('div');
        place.setAttribute('data-polyai-callback', '');
        return place;
      },
    ],
  ] as const)
    test(`${way} leave nothing on the heap`, async (t) => {
      const fixture = await createFixture(t, tag());
      const visitor = await visit(pages, fixture);
      const { page } = visitor;
      await page.waitForFunction(() => customElements.get('polyai-callback') !== undefined);
      await page.evaluate(`globalThis.mountOne = ${mount.toString()}`);
      for (let n = 0; n < 50; n += 1)
        await page.evaluate(async () => {
          const place = (globalThis as unknown as { mountOne(): HTMLElement }).mountOne();
          document.body.append(place);
          const element = await new Promise<HTMLElement & { updateComplete: Promise<unknown> }>((resolve) => {
            const look = (): void => {
              const found = document.querySelector('polyai-callback');
              if (found) resolve(found as never);
              else setTimeout(look);
            };
            look();
          });
          await element.updateComplete;
          element.shadowRoot!.querySelector('input')?.focus();
          place.remove();
        });
      await page.evaluate(() => document.body.focus());
      assert.equal(await page.locator('polyai-callback').count(), 0);
      const left = await elementsInHeap(page);
      // The browser may still hold the last one as the previously focused element.
      assert.ok(left <= 2, `${String(left)} elements are left`);
      assert.deepEqual(await visitor.complaints(), []);
    });
});

/** Elements still alive after a garbage collection. */
async function elementsInHeap(page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  await client.send('HeapProfiler.collectGarbage');
  const expression = "customElements.get('polyai-callback').prototype";
  const { result } = await client.send('Runtime.evaluate', { expression });
  const { objects } = await client.send('Runtime.queryObjects', { prototypeObjectId: result.objectId! });
  const { result: count } = await client.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration: 'function () { return this.length; }',
    returnByValue: true,
  });
  return count.value as number;
}

/** The page's policy must contain the hash of its inline code, which contains the proxy's URL. */
async function tagManagerFixture(t: TestContext, body: (proxy: string) => string): Promise<E2eFixture> {
  const port = await freePort();
  const html = body(`http://127.0.0.1:${String(port)}`);
  const code = /<script>([^]*)<\/script>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(code).digest('base64');
  return startFixture(t, { body: html, scriptSources: `${scripts} 'sha256-${hash}'`, env: { PORT: String(port) } });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

declare global {
  var polyaiCallback: {
    push(...commands: unknown[]): void;
    open(): void;
    close(): void;
    request(phone?: string): void;
  };
}
