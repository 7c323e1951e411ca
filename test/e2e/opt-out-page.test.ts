// The opt-out page of the built proxy in a browser: with proof of work, without JavaScript, on a phone, in the dark, and with axe.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningProxy, startProxy } from '../../src/proxy/main.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-opt-out-'));
let pages: PageSource;

const start = (name: string, env: Record<string, string>): Promise<RunningProxy> =>
  startProxy(
    {
      PORT: '0',
      DATABASE_URL: `file:${folder}/${name}.db`,
      OPT_OUT_PAGE: 'true',
      BUSINESS_NAME: 'Example Ltd',
      BUSINESS_PHONE: '+442079460958',
      ...env,
    },
    { writeLog: () => {}, print: () => {} },
  );

before(async () => {
  pages = await openBrowser();
});
after(async () => {
  await pages.close();
  rmSync(folder, { recursive: true, force: true });
});

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Axe {
      run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  });
}

async function picture(page: Page, name: string): Promise<void> {
  const to = process.env['OWNER_PAGE_PICTURES'];
  if (to !== undefined) await page.screenshot({ path: `${to}/${name}.png`, fullPage: true });
}

test('the form links to the page, and only where it exists', async (t) => {
  for (const isOn of [true, false]) {
    const proxy = await start(`form-${String(isOn)}`, { OPT_OUT_PAGE: String(isOn) });
    t.after(() => proxy.close());
    const page = await pages.page();
    await page.goto(proxy.url);
    await page.getByRole('button', { name: 'Call me now' }).first().waitFor();
    const link = page.getByRole('link', { name: 'Who called me?' }).first();
    assert.equal(await link.isVisible(), isOn);
    if (!isOn) continue;
    const answer = await page.request.get((await link.getAttribute('href')) ?? '');
    assert.match(await answer.text(), /Who called me\?/);
  }
});

test('the page solves the challenge by itself, and says that it is done', async (t) => {
  const proxy = await start('altcha', {});
  t.after(() => proxy.close());
  const page = await pages.page({ viewport: { width: 320, height: 700 } });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/violates|Refused/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${proxy.url}/me`);
  await page.getByRole('heading', { name: 'Who called me?' }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axeFindings(page), [], colorScheme);
    await picture(page, `me-${colorScheme}`);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await page.getByLabel('Phone number').fill('12');
  await page.getByRole('button', { name: 'Stop calls to this number' }).click();
  await page.getByRole('alert').filter({ hasText: 'complete phone number' }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByLabel('Phone number').fill('+1 415 555 0100');
  await page.keyboard.press('Enter');
  await page.getByText('will not call this number').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await picture(page, 'me-done');
  assert.deepEqual(complaints, []);
});

test('without JavaScript, the form works where no challenge is configured, and otherwise says what it needs', async (t) => {
  const page = await pages.page({ javaScriptEnabled: false });
  const plain = await start('none', { CHALLENGE: 'none' });
  t.after(() => plain.close());
  await page.goto(`${plain.url}/me`);
  await page.getByLabel('Phone number').fill('+1 415 555 0100');
  await page.getByRole('button', { name: 'Stop calls to this number' }).click();
  await page.getByText('will not call this number').waitFor();
  const challenged = await start('script', {});
  t.after(() => challenged.close());
  await page.goto(`${challenged.url}/me`);
  await page.locator('noscript p', { hasText: 'this form needs JavaScript' }).waitFor();
  assert.equal(await page.getByRole('link', { name: /020 7946|2079460958/ }).count(), 1);
});
