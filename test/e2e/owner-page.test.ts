// The built owner's page in a browser, served by the real admin listener from calls that are made up: figures, filters in the URL, one
// call's timeline, keyboard, live updates, its empty, error and loading states, signing in, and axe in light, dark and forced colors
// on a phone and on a desktop.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { type AdminPage, listenAdmin } from '../../src/proxy/admin/admin-server.js';
import { createActivityRecorder } from '../../src/proxy/admin/recent-activity.js';
import { readConfig } from '../../src/proxy/config/config.js';
import { systemClock } from '../../src/proxy/core/clock.js';
import { createOwnerData } from '../../src/proxy/owner/owner-data.js';
import { readOwnerFiles } from '../../src/proxy/owner/owner-files.js';
import { ownerPages, pagePolicy } from '../../src/proxy/owner/owner-pages.js';
import type { OwnerStore } from '../../src/proxy/owner/owner-store.js';
import { createKeyring } from '../../src/proxy/secrets/keyring.js';
import type { CallDetails } from '../../src/proxy/store/store.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { call, journals, storeOf } from '../proxy/owner/fixtures/owner-store.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let pages: PageSource;

before(async () => {
  pages = await openBrowser();
});
after(() => pages.close());

const site = 'https://www.example.com';
const other = 'https://shop.example.com';

/** A week of calls, the latest first. */
function someCalls(): CallDetails[] {
  const now = Date.now();
  const hour = 3_600_000;
  return Array.from({ length: 60 }, (_, index) =>
    call({
      id: `call-${String(index)}`,
      at: now - 60_000 - index * 2.3 * hour,
      site: index % 4 === 0 ? other : site,
      page: `${site}/${['pricing', 'contact', 'offers/spring-sale-with-a-long-name'][index % 3] ?? ''}`,
      country: index % 5 === 0 ? 'US' : 'GB',
      locale: 'en-GB',
      ...(index % 2 === 0 && { attribution: { source: 'poster', campaign: 'spring', sealed: '' } }),
      journal: [journals.answered, journals.missed, journals.answered, journals.busy][index % 4] ?? [],
    }),
  );
}

interface Options {
  readonly calls?: CallDetails[];
  readonly env?: Record<string, string>;
  readonly token?: string;
  /** Wraps the page's data. */
  readonly around?: (path: string, page: AdminPage) => AdminPage;
}

/** The admin listener with the built page. */
async function start(
  t: TestContext,
  { calls = someCalls(), env = {}, token, around = (_, page) => page }: Options = {},
) {
  const files = readOwnerFiles(new URL('../../src/proxy/admin/admin.ts', import.meta.url).href);
  assert.ok(files !== undefined, 'dist/owner is missing: run `npm run build` first');
  const used = { 'allPerDay:all': 83, [`sitePerDay:${site}`]: 60 };
  const config = readConfig({
    POLYAI_REGION: 'us',
    POLYAI_ACCOUNT_ID: 'a',
    POLYAI_PROJECT_ID: 'p',
    POLYAI_CONNECTOR_ID: 'connector-1',
    ALLOWED_ORIGINS: `${site},${other}`,
    ALLOWED_COUNTRIES: 'GB,US',
    BUSINESS_NAME: 'Example Ltd',
    PRICE_PER_MINUTE: '0.15',
    ...env,
  });
  const activity = createActivityRecorder(systemClock);
  activity.observer.note({ kind: 'refused', code: 'visitor-limit' });
  activity.observer.note({ kind: 'limited', scope: 'address' });
  // Reads the list anew each time: calls may be added while the page is open.
  const store: OwnerStore = new Proxy(storeOf([]), {
    get: (_, name) => Reflect.get(storeOf(calls, used), name) as unknown,
  });
  const data = createOwnerData({ config, store, activity, isCredentialRefused: () => false, clock: systemClock });
  const keyring = createKeyring([{ name: 'v1', secret: Buffer.alloc(32, 1) }]);
  const served = Object.entries(ownerPages({ data, files, keyring, hasToken: token !== undefined }));
  const refused: string[] = [];
  const server = await listenAdmin({
    host: '127.0.0.1',
    port: 0,
    token,
    clock: systemClock,
    signInPolicy: pagePolicy,
    pages: Object.fromEntries(served.map(([path, page]) => [path, around(path, page)])),
    onRefused: (reason) => refused.push(reason),
    onFault: () => {},
  });
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${String(server.port)}`, refused, calls };
}

/** Opens a page and collects what its policy refused and its uncaught errors. */
async function open(options: Parameters<PageSource['page']>[0] = {}): Promise<{ page: Page; complaints: string[] }> {
  const page = await pages.page(options);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/violates|Refused|TrustedHTML/.test(message.text())) complaints.push(message.text());
  });
  return { page, complaints };
}

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { run } = (
      globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      }
    ).axe;
    const { violations } = await run({ resultTypes: ['violations'] });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join()}`,
    );
  });
}

/** Pictures for people, written only where a folder is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['OWNER_PAGE_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test('shows the figures, and each filter is in the URL and can be undone', async (t) => {
  const { url } = await start(t);
  const { page, complaints } = await open({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Example Ltd' }).waitFor();
  const figure = (name: string) => page.locator('.figures > div', { hasText: name }).locator('.value');
  assert.equal(await figure('Answer rate').textContent(), '50%');
  assert.equal(await figure('Time to ring').textContent(), '7 s');
  await page.getByText('83 of 100').waitFor();
  await page.getByText('60 of 60').waitFor();
  assert.equal(await page.locator('owner-chart canvas').count(), 2);
  await picture(page, 'desktop');

  await page.getByRole('region', { name: 'Country' }).last().getByRole('link', { name: 'US' }).click();
  await page.waitForURL(/country=US/);
  await page.getByRole('link', { name: 'Remove the filter Country: US' }).waitFor();
  await page.getByRole('link', { name: 'Last 30 days' }).click();
  await page.waitForURL(/period=month.*country=US/);
  await page.reload();
  await page.getByRole('link', { name: 'Remove the filter Country: US' }).waitFor();
  await page.goBack();
  await page.waitForURL(/period=week.*country=US/);
  await page.getByRole('link', { name: 'Remove the filter Country: US' }).click();
  await page.waitForURL((at) => !at.search.includes('country'));
  assert.deepEqual(complaints, []);
});

test('one call’s timeline opens and closes with the keyboard, and its link can be shared', async (t) => {
  const { url } = await start(t);
  const { page, complaints } = await open();
  await page.goto(url);
  const first = page
    .locator('section', { has: page.locator('#calls') })
    .locator('tbody a')
    .first();
  await first.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Call' });
  await dialog.getByText('in-progress').waitFor();
  assert.match(page.url(), /call=call-0/);
  assert.equal(await dialog.getByText('call-0', { exact: true }).count(), 1);
  assert.deepEqual(await axeFindings(page), []);
  await picture(page, 'call');
  await page.keyboard.press('Escape');
  await page.waitForURL((at) => !at.search.includes('call='));
  await page.goto(`${url}/?call=nobody`);
  await dialog.getByText('This call is not stored').waitFor();
  assert.deepEqual(complaints, []);
});

test('a new call appears by itself', async (t) => {
  const fixture = await start(t, { calls: [] });
  const { page } = await open();
  await page.goto(fixture.url);
  await page.getByText('No calls in this period yet.').waitFor();
  await picture(page, 'empty');
  fixture.calls.push(call({ at: Date.now() - 1_000, journal: journals.talking }));
  await page.getByText('1 answered', { exact: true }).waitFor();
});

test('says when no call matches, and offers to remove the filters', async (t) => {
  const { url } = await start(t);
  const { page } = await open();
  await page.goto(`${url}/?country=DE`);
  await page.getByText('No call matches these filters.').waitFor();
  await page.getByRole('link', { name: 'Remove all filters' }).click();
  await page.locator('.figures').waitFor();
});

test('shows that it is loading, says when the proxy fails, keeps the last figures, and recovers', async (t) => {
  let failing = false;
  let release = (): void => {};
  const first = new Promise<void>((resolve) => (release = resolve));
  const { url } = await start(t, {
    around: (path, page) =>
      path !== '/api/summary'
        ? page
        : async (query) => {
            await first;
            if (failing) throw new Error('locked');
            return page(query);
          },
  });
  const { page } = await open();
  await page.goto(url);
  await page.getByRole('status').filter({ hasText: 'Loading' }).waitFor();
  await picture(page, 'loading');
  release();
  await page.locator('.figures').waitFor();
  failing = true;
  await page.getByRole('alert').filter({ hasText: 'could not read its data' }).waitFor();
  assert.equal(await page.locator('.figures').count(), 1);
  await picture(page, 'error');
  failing = false;
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.context().setOffline(true);
  await page.getByRole('alert').filter({ hasText: 'does not respond' }).waitFor();
});

for (const width of [320, 1280])
  test(`${String(width)} px: accessible in light, dark and forced colors, and nothing overflows`, async (t) => {
    const { url } = await start(t);
    const { page } = await open({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await page.goto(url);
    await page.locator('.figures').waitFor();
    for (const details of await page.locator('details').all())
      await details.evaluate((one) => one.setAttribute('open', ''));
    for (const [name, media] of Object.entries({
      light: { colorScheme: 'light', forcedColors: 'none' },
      dark: { colorScheme: 'dark', forcedColors: 'none' },
      forced: { colorScheme: 'light', forcedColors: 'active' },
    } as const)) {
      await page.emulateMedia(media);
      assert.deepEqual(await axeFindings(page), [], name);
      await picture(page, `${String(width)}-${name}`);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });

test('with a token, a browser signs in, stays signed in after a reload, and signs out', async (t) => {
  const token = 'admin-canary-0123456789';
  const { url, refused } = await start(t, { token });
  const { page, complaints } = await open({ viewport: { width: 320, height: 700 } });
  await page.goto(url);
  await page.getByLabel('Admin token').fill('not-the-token-at-all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'That is not the token' }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await picture(page, 'sign-in');
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.figures').waitFor();
  await page.reload();
  await page.locator('.figures').waitFor();
  assert.equal(await page.evaluate(() => document.cookie), '');
  assert.doesNotMatch(page.url(), /canary/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Admin token').waitFor();
  assert.equal((await page.context().cookies()).length, 0);
  assert.deepEqual(refused, ['token']);
  assert.deepEqual(complaints, []);
});
