// How light the widget is on its host page, as far as that is independent of the machine: what it requests and stores before the
// visitor interacts, and that it causes no layout shift. Times are measured by `npm run bench`.
// Mutations that turn it red: load the phone code or the phases once the site is known (requests); write an id to sessionStorage
// on connect (storage); reserve no space for the read-back line (layout shift).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type E2eFixture, startFixture } from './fixture.js';

/** The rules of README, "Add it to a page". */
const reserve = `<style>
  polyai-callback { display: block; min-block-size: 38em; }
  @media (max-width: 26em) { polyai-callback { min-block-size: 44em } }</style>`;
/** Longer than the name shown before the proxy has answered. */
const env = { BUSINESS_NAME: 'Northwind Heating and Plumbing Services' };
const body = `${reserve}<h1>Before</h1>
  <polyai-callback endpoint="PROXY" phone="+14155550198" caller-id="+14155550199" privacy-url="https://www.example.com/privacy">
    <a href="tel:+14155550198">Call us</a></polyai-callback>
  <p>After: everything under the element would move with it.</p>
  <script async src="PROXY/polyai-callback.js"></script>`;

let pages: PageSource;
before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

interface Seen {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Paths requested from the proxy and URLs requested from anywhere else, in order. */
  readonly requests: string[];
}

/** Opens the host page; `hold` delays `/v1/site` as a slow network would, and makes it report a sandbox. */
async function open(fixture: E2eFixture, size: { width: number; height: number }, hold?: Promise<void>): Promise<Seen> {
  const context = await pages.context({ timezoneId: 'America/Los_Angeles', viewport: size });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (url === fixture.pageUrl || url.endsWith('/favicon.ico')) return;
    requests.push(url.startsWith(fixture.proxy.url) ? url.slice(fixture.proxy.url.length) : url);
  });
  if (hold)
    await page.route('**/v1/site', async (route) => {
      await hold;
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), sandbox: true } });
    });
  await page.addInitScript(() => {
    globalThis.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as LayoutShift[]) {
        const moved = sources.map(({ node, previousRect: from, currentRect: to }) => {
          const name = node instanceof Element ? `${node.localName}#${node.id}` : String(node?.nodeName);
          return `${name} ${[from, to].map(({ x, y, width, height }) => `${x},${y} ${width}x${height}`).join(' -> ')}`;
        });
        globalThis.shifts.push(`${String(value)}: ${moved.join('; ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(fixture.pageUrl);
  await page.locator('polyai-callback').getByLabel('Phone number').waitFor();
  return { page, context, requests };
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

declare global {
  var shifts: string[];
}

/** The country list is filled once the proxy has answered. */
const ready = (page: Page): Promise<void> =>
  page.locator('polyai-callback option', { hasText: '(+44)' }).waitFor({ state: 'attached' });

/** Everything the page stores, in every place it could. */
const stored = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split(/; */)].filter(Boolean),
  );

/** Every layout shift so far, after two frames, including those right after a key press. */
const shifts = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return globalThis.shifts;
  });

test('before the visitor interacts, only the script and the site are requested, and nothing is stored', async (t) => {
  const fixture = await startFixture(t, { body, policy: `style-src 'unsafe-inline'` });
  const { page, context, requests } = await open(fixture, { width: 1280, height: 900 });
  await ready(page);
  await page.waitForLoadState('networkidle');
  assert.deepEqual(requests, ['/polyai-callback.js', '/v1/site']);
  assert.deepEqual(await stored(page), []);
  assert.deepEqual(await context.cookies(), []);

  const widget = page.locator('polyai-callback');
  await widget.getByLabel('Phone number').fill('+14155550100');
  await widget.getByRole('checkbox').check();
  await widget.getByText('+1 415 555 0100').first().waitFor();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(
    requests.filter((request) => !request.startsWith('/')),
    [],
    'requested from somewhere other than the proxy',
  );
  assert.deepEqual(await stored(page), []);
});

for (const size of [
  { width: 1280, height: 900 },
  { width: 320, height: 900 },
])
  test(`no layout shift from first paint until the number is read back, ${String(size.width)} px wide`, async (t) => {
    // A long business name and a sandbox banner arrive with the proxy's answer.
    const fixture = await startFixture(t, { body, policy: `style-src 'unsafe-inline'`, env });
    let letGo = (): void => {};
    const { page } = await open(fixture, size, new Promise((resolve) => (letGo = resolve)));
    assert.deepEqual(await shifts(page), [], 'when the element was defined');
    letGo();
    await ready(page);
    await page.getByText('Sandbox: no real phone will ring').waitFor();
    assert.deepEqual(await shifts(page), [], 'when the proxy had answered');
    const widget = page.locator('polyai-callback');
    await widget.getByLabel('Phone number').pressSequentially('+14155550100');
    await widget.getByText('+1 415 555 0100').first().waitFor();
    assert.deepEqual(await shifts(page), [], 'when the number was read back');
  });
