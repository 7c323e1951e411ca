// The page a marketer uses: every choice shows in the preview, in every phase, and the copied snippet produces the same element on
// another page. Mutations that turn it red: omit a setting from attributesOf, a phase from phases.js, an escape from snippets.js,
// or frame-src from the demo's policy.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { phaseGroups } from '../../demo/configurator/phases.js';
import { fastClock } from '../fixtures/clock.js';
import { type HostSite, startHostSite } from './host-site.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let site: HostSite;
before(async () => {
  site = await startHostSite();
});
after(() => site.close());

const hostPage = (pasted: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><body>${pasted}</body></html>`;

interface Configurator {
  readonly page: Page;
  readonly widget: Locator;
  readonly complaints: readonly string[];
  shows(phase: string): Promise<void>;
}

async function open(options: BrowserContextOptions = {}): Promise<Configurator> {
  const page = await site.pages.page({ viewport: { width: 1400, height: 1000 }, ...options });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/violates|Refused/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(`${site.proxy.url}/configurator.html`);
  return {
    page,
    widget: page.frameLocator('#frame').locator('polyai-callback'),
    complaints,
    shows: (phase) => page.locator(`#frame[data-shown="${phase}"]`).waitFor(),
  };
}

/** The phases of the queue share the states of others: what each shows. */
const atLimit: Readonly<Record<string, readonly RegExp[]>> = {
  'limit-offers': [/^Call me at /, /^You’d be 3rd in line. The wait is about 4 minutes\.$/, /^Wait in the queue$/],
  'in-line': [/You’re 3rd in line$/, /^We’ll call you in about 4 minutes\./, /^Leave the queue$/],
  'next-in-line': [/You’re next in line$/, /^We expect to call you in less than a minute\./],
  'in-line-without-wait': [/You’re 3rd in line$/, /^If your turn doesn’t come by .*, we’ll end the wait\./],
  'wait-ended': [/We couldn’t call you in time$/, /^Your turn didn’t come within 30 minutes/],
};

test('every phase can be previewed, and the focus stays where it was', async () => {
  const { page, widget, shows, complaints } = await open();
  await shows('form');
  const keys = phaseGroups.flatMap(([, group]) => Object.keys(group));
  assert.ok(keys.length >= 28);
  for (const variant of ['inline', 'modal']) {
    await page.locator(`[name=variant][value=${variant}]`).check();
    for (const key of variant === 'inline' ? keys : ['form', 'ringing']) {
      await page.locator('#phase').selectOption(key);
      await page.locator('#phase').focus();
      await shows(key);
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'phase', key);
      for (const text of atLimit[key] ?? []) await widget.getByText(text).filter({ visible: true }).first().waitFor();
      if (key in atLimit) continue;
      const isShown = await widget.evaluate((element, name) => {
        const { textContent } = element.shadowRoot!;
        if (name === 'not-served') return textContent.includes('We can’t call numbers');
        if (name === 'offline') return textContent.includes('You’re offline');
        return name === 'form' || element.matches(`:state(${name})`);
      }, key);
      assert.ok(isShown, key);
    }
  }
  assert.deepEqual(complaints, []);
});

test('with a credential too, every phase can be previewed, whatever countries may be called, and no number is called', async () => {
  const real = await startHostSite({ credentialAt: fastClock(4), env: () => ({ ALLOWED_COUNTRIES: 'JP,DE' }) });
  try {
    const page = await real.pages.page({ viewport: { width: 1400, height: 1000 } });
    await page.goto(`${real.proxy.url}/configurator.html`);
    for (const key of phaseGroups.flatMap(([, group]) => Object.keys(group))) {
      await page.locator('#phase').selectOption(key);
      await page.locator(`#frame[data-shown="${key}"]`).waitFor();
    }
    // The example page is not served, and so is not linked.
    assert.equal(await page.locator('#example').isVisible(), false);
    assert.deepEqual(real.fakePolyAi?.triggers(), []);
  } finally {
    await real.close();
  }
});

test('a choice shows in the preview immediately', async () => {
  const { page, widget, shows } = await open();
  await shows('form');
  await page.getByLabel('Heading').fill('Call me <b>back</b>');
  await widget.getByRole('heading', { name: 'Call me <b>back</b>' }).waitFor();
  await page.locator('[name=accent]').fill('#a01050');
  await page.waitForFunction(() => {
    const inside = document.querySelector('iframe')!.contentDocument!.querySelector('polyai-callback')!.shadowRoot!;
    return getComputedStyle(inside.querySelector('.primary')!).backgroundColor === 'rgb(160, 16, 80)';
  });
  await page.getByRole('button', { name: 'Phone, 320 px' }).click();
  assert.equal(await page.locator('#frame').evaluate((frame) => frame.clientWidth), 320);
  await page.getByText('Your company').click();
  await page.getByLabel('Caller ID').fill('+1 415 555 0199');
  await page.locator('#phase').selectOption('ringing');
  await widget.getByText('+1 415 555 0199').filter({ visible: true }).first().waitFor();
  await page.locator('[name=accent]').fill('#ffee00');
  await page.getByText('The button text is hard to read').waitFor();
  await page.getByRole('button', { name: 'Use #000000 instead' }).click();
  await page.getByText('The button text is hard to read').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.locator('#snippet').getByText('data-text-heading').waitFor({ state: 'detached' });
});

/** Copies the code. The space to reserve may be measured meanwhile; then the code is another one, and is copied again, as a visitor would. */
async function copy(page: Page): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    const isCopied = await page
      .getByText('Copied. Paste it')
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
    if (isCopied) return;
  }
  assert.fail('nothing was copied');
}

test('each copied snippet produces the same element on another page', async () => {
  const { page, shows } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await shows('form');
  const heading = `"Talk" to 'us' </script> & <b>win</b>`;
  await page.getByLabel('Heading').fill(heading);
  await page.locator('[name=accent]').fill('#a01050');
  await page.getByText('Your company').click();
  await page.getByLabel('Number to call instead').fill('+1 415 555 0198');
  for (const way of ['element', 'script', 'div', 'tag-manager']) {
    await page.locator(`[name=way][value=${way}]`).check();
    await copy(page);
    site.host.html = hostPage(await page.evaluate(() => navigator.clipboard.readText()));
    const other = await site.pages.page();
    await other.goto(site.host.url);
    const widget = other.locator('polyai-callback');
    await widget.getByRole('heading', { name: heading }).waitFor();
    const submit = widget.locator('[part~=submit]');
    assert.equal(await submit.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(160, 16, 80)', way);
    assert.equal(await widget.getAttribute('phone'), '+1 415 555 0198', way);
    assert.equal(await widget.count(), 1, way);
    await other.context().close();
    await page
      .getByRole('button', { name: 'Copy' })
      .filter({ hasText: /^Copy$/ })
      .waitFor();
  }
});

for (const [name, options] of Object.entries({
  light: {},
  'dark, on a phone': { colorScheme: 'dark', viewport: { width: 320, height: 700 } },
}) as [string, BrowserContextOptions][])
  test(`the page is accessible: ${name}`, async () => {
    const { page, shows } = await open(options);
    await shows('form');
    await page.evaluate(() => {
      for (const group of document.querySelectorAll('details')) group.open = true;
    });
    await page.locator('[name=accent]').fill('#ffee00');
    await page.locator('.warning').first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    // Evaluated over the DevTools protocol: the page's policy blocks any other script.
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { run } = (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe;
      const { violations } = await run({ resultTypes: ['violations'], iframes: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    assert.deepEqual(found, []);
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'button, select, input:not([type=radio], [type=checkbox], [type=range]), summary, .check',
        ),
      ]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
        .map((element) => element.outerHTML),
    );
    assert.deepEqual(small, []);
  });

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
