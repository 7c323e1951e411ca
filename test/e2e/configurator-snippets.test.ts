// Every snippet the configurator can produce, pasted into a page of another origin: the browser's own parser reads the
// chosen settings from it, each way and variant creates exactly one element, and the reserved space is the space it needs. Mutations that turn
// it red: drop an escape or a setting in snippets.js; measure one width for both; leave the box around the script out.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { attributesOf, cssOf, plain, type Settings } from '../../demo/configurator/settings.js';
import { bookmarklet, snippet, ways } from '../../demo/configurator/snippets.js';
import type { PageSource } from '../../scripts/browser/page.js';
import type { RunningProxy } from '../../src/proxy/main.js';
import { anySettings, everything } from '../demo/fixtures/any-settings.js';
import { type HostServer, type HostSite, startHostSite } from './host-site.js';

let site: HostSite;
let pages: PageSource;
let proxy: RunningProxy;
let host: HostServer;

before(async () => {
  site = await startHostSite();
  ({ pages, proxy, host } = site);
});
after(() => site.close());

/** Pastes this into the host's page. */
const paste = (pasted: string): void => {
  host.html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Host</title><body style="margin: 0 1rem">${pasted}<p id="after">After</p></body></html>`;
};

/** What the element must have, by attribute; the tag manager's code sets the variant even if it is the default. */
const expected = (way: string, settings: Settings): Record<string, string> => {
  const all = Object.fromEntries(attributesOf(settings));
  if (way === 'script') delete all['endpoint'];
  if (settings.variant === 'inline' && (way === 'script' || way === 'tag-manager')) all['variant'] = 'inline';
  return all;
};

test('the browser reads exactly the chosen settings from any snippet', async () => {
  const page = await pages.page();
  const samples = fc.sample(anySettings, 250);
  for (const way of ways.filter((one) => one !== 'hosted')) {
    const cases = samples.map((settings) => ({
      html: snippet(way, settings, { wide: 38, narrow: 44 }).replace(/^[^]*<!-- In your page -->\n/, ''),
      attributes: expected(way, settings),
      css: cssOf(settings),
    }));
    const read = await page.evaluate(
      ({ way, cases }) =>
        cases.map(({ html }) => {
          const parsed = new DOMParser().parseFromString(html, 'text/html');
          const selector =
            way === 'div'
              ? 'div[data-polyai-callback]'
              : way === 'script' || way === 'tag-manager'
                ? 'script'
                : 'polyai-callback';
          const all = [...parsed.querySelectorAll(selector)];
          return {
            count: all.length,
            code: all[0]?.textContent ?? '',
            attributes: [...(all[0]?.attributes ?? [])].map(({ name, value }) => [name, value] as const),
            style: way === 'npm' ? html : (parsed.querySelector('style')?.textContent ?? ''),
            // No typed text became a tag.
            isBroken: parsed.querySelector('b') !== null,
          };
        }),
      { way, cases },
    );
    for (const [index, { count, code, attributes, style, isBroken }] of read.entries()) {
      const { html, attributes: wanted, css } = cases[index]!;
      assert.equal(count, 1, html);
      assert.equal(isBroken, false, html);
      assert.ok(withoutBlanks(style).includes(withoutBlanks(css)), html);
      const found =
        way === 'tag-manager'
          ? settingsSent(code)
          : Object.fromEntries(attributes.flatMap((pair) => attributeOf(way, pair)));
      assert.deepEqual({ ...found }, wanted, html);
    }
  }
});

test('the browser reads one link and one frame, with the chosen text, from any snippet for hosted pages', async () => {
  const page = await pages.page();
  // marketer.test.ts follows the link, reads the QR code and uses the frame.
  const cases = fc.sample(anySettings, 150).map((settings) => {
    const code = snippet('hosted', { ...settings, endpoint: proxy.url });
    return { html: code.slice(code.indexOf('<!-- A link')), text: settings.texts['open']?.trim() || 'Request a call' };
  });
  const read = await page.evaluate(
    (all) =>
      all.map((html) => {
        const { body } = new DOMParser().parseFromString(html, 'text/html');
        const [link, frame] = [body.querySelector('a'), body.querySelector('iframe')];
        return {
          tags: [...body.querySelectorAll('*')].map(({ localName }) => localName),
          urls: [link?.href, frame?.src],
          text: link?.textContent,
        };
      }),
    cases.map(({ html }) => html),
  );
  for (const [index, found] of read.entries()) {
    const { html, text } = cases[index]!;
    const urls = [`${proxy.url}/c/offer`, `${proxy.url}/c/offer/frame`];
    assert.deepEqual(found, { tags: ['a', 'iframe', 'script'], urls, text }, html);
  }
});

const withoutBlanks = (css: string): string => css.replace(/\s+/g, '');

/** The element's attribute that corresponds to an attribute in a snippet. */
function attributeOf(way: string, [name, value]: readonly [string, string]): (readonly [string, string])[] {
  if (['async', 'src', 'data-polyai-callback'].includes(name)) return [];
  const isOwn = way === 'element' || way === 'npm' || /^data-(?:text|meta|layer)/.test(name);
  return [[isOwn ? name : name.replace(/^data-/, ''), value]];
}

/** What the tag manager's code assigns. */
function settingsSent(code: string): Record<string, string> {
  const context: Record<string, unknown> = {
    document: { createElement: () => ({}), head: { appendChild: () => {} } },
  };
  context['window'] = context;
  runInNewContext(code, context);
  return context['polyaiCallback'] as Record<string, string>;
}

for (const way of ways.filter((one) => one !== 'npm' && one !== 'hosted'))
  test(`${way}: every variant, with no settings and with all of them, creates exactly one element`, async () => {
    for (const variant of ['inline', 'floating', 'modal'])
      for (const base of [plain, everything]) {
        const settings = { ...base, variant, endpoint: proxy.url };
        paste(snippet(way, settings));
        const page = await pages.page();
        const complaints: string[] = [];
        page.on('pageerror', ({ message }) => complaints.push(message));
        await page.goto(host.url);
        const element = page.locator('polyai-callback');
        await page.waitForFunction(() => document.querySelector('polyai-callback')?.matches(':state(idle)'));
        assert.equal(await element.count(), 1, `${way} ${variant}`);
        const attributes = await element.evaluate((found) =>
          Object.fromEntries([...found.attributes].map(({ name, value }) => [name, value])),
        );
        for (const [name, value] of Object.entries(expected(way, settings)))
          assert.equal(attributes[name], value, `${way} ${variant} ${name}`);
        assert.deepEqual(complaints, []);
        await page.context().close();
      }
  });

test('the reserved space is the space the form needs, on desktops and phones', async () => {
  const configurator = await pages.page({ viewport: { width: 1400, height: 1000 } });
  const texts = {
    description: 'A longer description than the usual one, so that it needs another line. '.repeat(3),
    consent: 'I agree. '.repeat(30),
  };
  const hash = new URLSearchParams(Object.entries(texts).map(([key, text]) => [`text-${key}`, text.trim()])).toString();
  await configurator.goto(`${proxy.url}/configurator.html#${hash}`);
  const shown = configurator.locator('#snippet', { hasText: 'min-block-size' });
  await shown.waitFor();
  for (const way of ['element', 'div', 'script']) {
    await configurator.locator(`[name=way][value=${way}]`).check();
    const code = await configurator.locator('#snippet').innerText();
    paste(code);
    assert.match(code, /min-block-size: [\d.]+em/);
    for (const width of [1280, 800, 360, 320]) {
      const page = await pages.page({ viewport: { width, height: 900 } });
      let isHeld = true;
      const held: (() => void)[] = [];
      await page.route(/polyai-callback\.js/, async (route) => {
        if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
        await route.continue();
      });
      await page.goto(host.url, { waitUntil: 'commit' });
      const top = () => page.locator('#after').evaluate((after) => Math.round(after.getBoundingClientRect().top));
      await page.locator('#after').waitFor();
      const before = await top();
      isHeld = false;
      for (const release of held) release();
      await page.waitForFunction(() => document.querySelector('polyai-callback')?.matches(':state(sandbox)'));
      await page.locator('polyai-callback').getByText('I agree. I agree.').first().waitFor();
      // The sandbox adds a line that says so; real pages have none.
      const moved = (await top()) - before;
      assert.ok(moved <= 2, `${way} at ${String(width)} px: what follows moved by ${String(moved)} px`);
      await page.context().close();
    }
  }
});

test('the bookmark shows the form on an allowed page, and explains on others why it cannot', async () => {
  const run = decodeURIComponent(new URL(bookmarklet({ ...everything, endpoint: proxy.url })).pathname);
  const press = async (
    url: string,
  ): Promise<{ said: string[]; isShown: () => Promise<void>; close: () => Promise<void> }> => {
    const page = await pages.page({ viewport: { width: 1000, height: 800 } });
    const said: string[] = [];
    page.on('dialog', (dialog) => {
      said.push(dialog.message());
      void dialog.accept();
    });
    await page.goto(url);
    // Through the DevTools protocol, because a page's policy does not apply to a bookmark itself.
    await page.evaluate(run);
    return {
      said,
      isShown: () => page.locator('polyai-callback').getByText('I agree.').first().waitFor(),
      close: () => page.context().close(),
    };
  };
  paste('<h1>My own page</h1>');
  const own = await press(host.url);
  await own.isShown();
  assert.deepEqual(own.said, []);
  await own.close();

  const stranger = await press(host.strangerUrl);
  while (stranger.said.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(stranger.said[0] ?? '', new RegExp(`does not allow ${host.strangerUrl} yet`));
  await stranger.close();

  host.policy = "default-src 'none'";
  const strict = await press(host.url);
  while (strict.said.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(
    strict.said.some((text) => text.includes('Content Security Policy')),
    strict.said.join(),
  );
  await strict.close();
  host.policy = undefined;
});

test('settings can be shared as a link and as a file, and mistakes are named', async () => {
  const page = await pages.page({ viewport: { width: 1400, height: 1000 }, acceptDownloads: true });
  await page.goto(
    `${proxy.url}/configurator.html#variant=floating&accent=%230d6b4f&text-heading=Hello&endpoint=https%3A%2F%2Fevil.example&radius=400`,
  );
  await page.getByText('There is no setting “endpoint”').waitFor();
  await page.getByText('“radius” should be a whole number from 0 to 28').waitFor();
  const code = page.locator('#snippet');
  await code.getByText('data-text-heading="Hello"').waitFor();
  assert.doesNotMatch(await code.innerText(), /evil/);
  assert.equal(await page.locator('[name=variant][value=floating]').isChecked(), true);
  await page.getByLabel('Heading').fill('Changed');
  await page.waitForFunction(() => location.hash.includes('text-heading=Changed'));
  await page.reload();
  await code.getByText('data-text-heading="Changed"').waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const file = join(site.folder, 'call-form.json');
  await download.saveAs(file);
  await page.getByRole('button', { name: 'Start over' }).click();
  await code.getByText('data-text-heading').waitFor({ state: 'detached' });
  await page.locator('#open-file').setInputFiles(file);
  await code.getByText('data-text-heading="Changed"').waitFor();
  await page.getByText('Opened call-form.json.').waitFor();
  await page
    .locator('#open-file')
    .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"hedding": 1}') });
  await page.getByText('There is no setting “hedding”').waitFor();
});

test('the configurator shows whether a page may request calls', async () => {
  const page = await pages.page();
  await page.goto(`${proxy.url}/configurator.html`);
  const check = async (address: string, answer: RegExp): Promise<void> => {
    await page.getByLabel('Address of your page').fill(address);
    await page.getByRole('button', { name: 'May it request calls?' }).click();
    await page.locator('#checked').getByText(answer).waitFor();
  };
  await check(`${host.url}/offer?utm_source=x`, /^Yes\. Pages of http:\/\/127/);
  await check('www.example.com', /^Not yet\. Ask .* https:\/\/www\.example\.com to ALLOWED_ORIGINS/);
  await check('nothing', /^Enter the address/);
});

test('an invalid hex color is marked and left out', async () => {
  const page = await pages.page();
  await page.goto(`${proxy.url}/configurator.html`);
  const hex = page.getByLabel('Main color, as a hex color');
  await hex.fill('0d6b4');
  await page.getByText('This should be a color such as #0d6b4f.').waitFor();
  assert.equal(await hex.getAttribute('aria-invalid'), 'true');
  assert.doesNotMatch(await page.locator('#snippet').innerText(), /accent/);
  await hex.fill('0D6B4F');
  await page.locator('#snippet').getByText('--polyai-callback-accent: #0d6b4f;').waitFor();
  await page.getByText('This should be a color').waitFor({ state: 'detached' });
});
