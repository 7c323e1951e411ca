// A campaign's hosted page and its form in a frame: the same element, the same call, on the proxy's own origin and under its own
// policy. Mutations that turn it red: drop a directive the element needs; post to the embedding page without reporting the
// height; send an event with the number; let any site frame the form.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { PageSource } from '../../scripts/browser/page.js';
import type { RunningProxy } from '../../src/proxy/main.js';
import { type HostSite, startHostSite } from './host-site.js';

let site: HostSite;
let pages: PageSource;
let proxy: RunningProxy;

before(async () => {
  site = await startHostSite({
    env: ({ folder, proxyUrl }) => {
      const file = join(folder, 'campaigns.json');
      const settings = {
        'text-heading': 'Hello there',
        accent: '#0d6b4f',
        phone: '+1 415 555 0198',
        attribution: 'true',
      };
      const spring = { title: 'Spring offer', description: 'Talk to us now.', settings };
      writeFileSync(file, JSON.stringify({ url: proxyUrl, campaigns: { spring } }));
      return { CAMPAIGNS_FILE: file, SANDBOX_TIME_SCALE: '10' };
    },
  });
  ({ pages, proxy } = site);
  // A page on another origin with the frame, as a site builder writes it.
  site.host.html = `<!doctype html><html lang="en"><title>Host</title>
    <body><iframe src="${proxy.url}/c/spring/frame?utm_source=partner" title="Request a call" width="500" height="300"></iframe>
    <script>var heard = []; addEventListener('message', function (event) { heard.push({ origin: event.origin, data: event.data }); });</script>`;
});
after(() => site.close());

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/violates|Refused/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

test('the page requests a call and follows it to its end, under its own policy', async () => {
  for (const viewport of [
    { width: 1200, height: 900 },
    { width: 320, height: 700 },
  ]) {
    const page = await pages.page({ viewport });
    const complaints = complaintsOf(page);
    await page.goto(`${proxy.url}/c/spring?utm_source=poster`);
    assert.equal(await page.locator('meta[property="og:title"]').getAttribute('content'), 'Spring offer');
    const element = page.locator('polyai-callback');
    await element.getByRole('heading', { name: 'Hello there' }).waitFor();
    const submit = element.locator('[part~=submit]');
    assert.equal(await submit.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(13, 107, 79)');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    await element.getByLabel('Phone number').fill('+1 415 555 0100');
    await element.getByRole('checkbox').check();
    await submit.click();
    await element.getByText('The call has ended').first().waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test('without JavaScript, there is a number to call', async () => {
  const page = await pages.page({ javaScriptEnabled: false });
  for (const path of ['/c/spring', '/c/spring/frame']) {
    await page.goto(proxy.url + path);
    const link = page.getByRole('link', { name: '+1 415 555 0198' });
    assert.equal(await link.isVisible(), true);
    assert.equal(await link.getAttribute('href'), 'tel:+14155550198');
  }
});

test('in a frame, the embedding page receives the height and the call’s events, and no number', async () => {
  const page = await pages.page();
  const complaints = complaintsOf(page);
  await page.goto(site.host.url);
  const element = page.frameLocator('iframe').locator('polyai-callback');
  await element.getByRole('heading', { name: 'Hello there' }).waitFor();
  await element.getByLabel('Phone number').fill('+1 415 555 0100');
  await element.getByRole('checkbox').check();
  await element.locator('[part~=submit]').click();
  await element.getByText('The call has ended').first().waitFor();
  const heard = await page.evaluate(
    () =>
      (
        globalThis as unknown as {
          heard: {
            origin: string;
            data: { type: string; name?: string; height?: number; detail?: { outcome?: string } };
          }[];
        }
      ).heard,
  );
  assert.deepEqual([...new Set(heard.map(({ origin }) => origin))], [proxy.url]);
  const heights = heard.flatMap(({ data }) => data.height ?? []);
  assert.ok(heights.length > 0 && heights.every((height) => height > 200), JSON.stringify(heights));
  const events = heard.flatMap(({ data }) => (data.type === 'polyai-callback:event' ? [data.name] : []));
  assert.equal(events[0], 'polyai-callback-requested');
  assert.equal(events.filter((name) => name === 'polyai-callback-ended').length, 1);
  assert.equal(heard.find(({ data }) => data.name === 'polyai-callback-ended')?.data.detail?.outcome, 'completed');
  assert.doesNotMatch(JSON.stringify(heard), /5550100|555 0100/);
  assert.deepEqual(complaints, []);
});

test('a page whose own script loads late sends hello, and receives the height again', async () => {
  const page = await pages.page();
  await page.goto(site.host.url);
  await page.frameLocator('iframe').locator('polyai-callback').getByRole('heading', { name: 'Hello there' }).waitFor();
  await page.evaluate(() => {
    const page = globalThis as unknown as { heard: unknown[] };
    page.heard.length = 0;
    document.querySelector('iframe')?.contentWindow?.postMessage({ type: 'polyai-callback:hello' }, '*');
  });
  await page.waitForFunction(() =>
    JSON.stringify((globalThis as unknown as { heard: unknown }).heard).includes('polyai-callback:height'),
  );
});

test('other sites cannot frame the form, and no site can frame the whole page', async () => {
  const page = await pages.page();
  const complaints = complaintsOf(page);
  await page.goto(site.host.strangerUrl);
  while (complaints.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(complaints[0] ?? '', /frame/i);
  assert.equal(await page.frameLocator('iframe').locator('polyai-callback').count(), 0);
  const whole = await fetch(`${proxy.url}/c/spring`);
  assert.match(whole.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
});

test('a campaign that does not exist is not found', async () => {
  for (const path of ['/c/other', '/c/', '/c/spring/', '/c/spring/qr.gif', '/c/..%2fspring']) {
    const response = await fetch(proxy.url + path);
    assert.equal(response.status, 404, path);
  }
  const png = await fetch(`${proxy.url}/c/spring/qr.png`);
  assert.equal(png.headers.get('content-type'), 'image/png');
});
