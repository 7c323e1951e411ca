// What a marketer does, from the address of a running proxy with a credential to a measured call, for each way of installing: open
// the configurator, brand the form, copy, paste into a page of another origin that is built the way the platform builds it, place a
// call, find the conversion. Counts the marketer's actions, which must not grow, and estimates their time.
// Mutations that turn it red: serve the configurator in a sandbox only; leave a setting out of a snippet; another step in the
// configurator; an event that is not pushed.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import jsQr from 'jsqr';
import type { Frame, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { dist } from '../../scripts/paths.js';
import { type FastClock, fastClock } from '../fixtures/clock.js';
import { type HostSite, startHostSite } from './host-site.js';

const clock: FastClock = fastClock(8);
let site: HostSite;
before(async () => {
  site = await startHostSite({
    credentialAt: clock,
    env: ({ folder, proxyUrl, host }) => {
      const file = join(folder, 'campaigns.json');
      if (campaigns === '') campaigns = JSON.stringify({ url: proxyUrl, campaigns: {} });
      writeFileSync(file, campaigns);
      return { CAMPAIGNS_FILE: file, ALLOWED_ORIGINS: `${host.url},${proxyUrl}`, KEEP_ATTRIBUTION: 'true' };
    },
  });
});
after(() => site.close());

/** What whoever runs the proxy has in CAMPAIGNS_FILE. */
let campaigns = '';

/** The keystroke-level model (Card, Moran and Newell, 1980), seconds: a click with the decision for it, and a typed character. */
const secondsPerClick = 1.35 + 1.1 + 0.2;
const secondsPerCharacter = 0.28;

/** A marketer's hand: every action is counted. */
interface Hand {
  click(target: Locator): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
  /** Clicks, including the one into each field, and pasting as one. */
  readonly clicks: number;
  readonly characters: number;
  paste(): void;
}

function createHand(): Hand {
  let clicks = 0;
  let characters = 0;
  return {
    get clicks() {
      return clicks;
    },
    get characters() {
      return characters;
    },
    click: async (target) => {
      clicks += 1;
      await target.click();
    },
    type: async (target, text) => {
      clicks += 1;
      characters += text.length;
      await target.fill(text);
    },
    // A click into the editor's field, and the keys.
    paste: () => {
      clicks += 1;
      characters += 2;
    },
  };
}

interface Copied {
  readonly code: string;
  readonly recipe: string;
}

/** Opens the configurator, brands the form, and copies the code for one way and the recipe. */
async function configure(hand: Hand, way: string, variant: string, hasRecipe = true): Promise<Copied> {
  const page = await site.pages.page({
    viewport: { width: 1400, height: 1000 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  hand.paste();
  await page.goto(`${site.proxy.url}/configurator.html`);
  await page.locator('#frame[data-shown="form"]').waitFor();
  if (variant !== 'inline') await hand.click(page.locator('#variants label', { hasText: 'In a corner' }));
  await hand.type(page.getByLabel('Heading'), 'Talk to Acme');
  // Choosing in a list: a click to open it, and one on the entry.
  await hand.click(page.locator('#presets'));
  await hand.click(page.locator('#presets'));
  await page.locator('#presets').selectOption({ index: 2 });
  await hand.type(page.getByLabel('Main color, as a hex color'), '#0d6b4f');
  await hand.click(page.getByText('Measuring', { exact: true }));
  await hand.type(page.getByLabel('Data layer'), 'dataLayer');
  await hand.click(page.getByLabel('Campaign and click IDs'));
  await hand.click(page.locator('#ways label', { has: page.locator(`[value=${way}]`) }));
  // The space to reserve is measured a moment after the last change.
  if (variant === 'inline' && ['element', 'div', 'npm'].includes(way))
    await page.locator('#snippet', { hasText: 'min-block-size' }).waitFor();
  const copied = async (name: string, report: string): Promise<string> => {
    await hand.click(page.getByRole('button', { name, exact: true }));
    await page.locator(report).getByText('Copied. Paste it').waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const code = await copied('Copy', '#copied');
  let recipe = '';
  if (hasRecipe) {
    await hand.click(page.locator('#recipe'));
    await hand.click(page.locator('#recipe'));
    await page.locator('#recipe').selectOption('ga4');
    recipe = await copied('Copy the code to count calls', '#copied-recipe');
  }
  await page.context().close();
  return { code, recipe };
}

/** The page's own Google tag, without Google: it records what it is given. */
const recorder = `<script>window.dataLayer = []; function gtag() { dataLayer.push([].slice.call(arguments)); }</script>`;
const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${recorder}</head><body>${body}</body></html>`;

/** A zone of the number: others narrow the hours. */
const zone = 'America/Los_Angeles';
const week = 7 * 24 * 3_600_000;

/** A call that is answered and lasts a minute, a week after the one before, so that no limit is reached. */
async function placeCall(form: Page | Frame): Promise<void> {
  clock.advance(week);
  const element = form.locator('polyai-callback');
  await element.getByRole('heading', { name: 'Talk to Acme' }).waitFor();
  const submit = element.locator('[part~=submit]');
  assert.equal(await submit.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(13, 107, 79)');
  await element.getByLabel('Phone number').fill('+1 415 555 0106');
  await element.getByRole('checkbox').check();
  await submit.click();
  for (const step of ['Answer your phone', 'Call in progress']) {
    await element.getByText(step).filter({ visible: true }).first().waitFor();
    clock.advance(60_000);
  }
  await element.getByText('Thank you for the call').first().waitFor();
}

type Recorded = readonly (Readonly<Record<string, unknown>> | readonly unknown[])[];
const recordedOn = (visitor: Page): Promise<Recorded> =>
  visitor.evaluate(() => (globalThis as unknown as { dataLayer: Recorded }).dataLayer);

/** The data layer has one lead and one qualified call, from the element and from the recipe. */
function hasConversion(recorded: Recorded, hasRecipe = true): void {
  const named = (name: string): Recorded =>
    recorded.filter((entry) => (Array.isArray(entry) ? entry[1] : (entry as { event?: string }).event) === name);
  assert.equal(named('polyai_callback_requested').length, 1);
  const [ended, ...more] = named('polyai_callback_ended') as readonly { outcome?: string; talkedSeconds?: number }[];
  assert.equal(ended?.outcome, 'completed');
  assert.ok((ended.talkedSeconds ?? 0) >= 30, JSON.stringify(ended));
  assert.deepEqual(more, []);
  if (!hasRecipe) return;
  assert.equal(named('generate_lead').length, 1);
  assert.equal(named('qualify_lead').length, 1);
  assert.doesNotMatch(JSON.stringify(recorded), /5550106|555 0106/);
}

/** A visitor who came from an advertisement. */
async function visit(path = '/'): Promise<Page> {
  const visitor = await site.pages.page({ timezoneId: zone });
  await visitor.goto(`${site.host.url}${path}?utm_source=google&utm_campaign=spring&gclid=EAIaIQobChMI-example_01`);
  return visitor;
}

function report(t: TestContext, hand: Hand, clicks: number): void {
  const seconds = hand.clicks * secondsPerClick + hand.characters * secondsPerCharacter;
  t.diagnostic(
    `${String(hand.clicks)} clicks, ${String(hand.characters)} characters: about ${String(Math.round(seconds))} s`,
  );
  assert.equal(hand.clicks, clicks);
  assert.ok(seconds < 300, 'five minutes');
}

/** Pages as platforms build them, and which code a marketer pastes where. */
const platforms: readonly {
  readonly name: string;
  readonly way: string;
  readonly variant: string;
  readonly clicks: number;
  readonly pastes: number;
  readonly html: (copied: Copied) => string;
}[] = [
  {
    name: 'website code, in a page of one’s own',
    way: 'element',
    variant: 'inline',
    clicks: 15,
    pastes: 2,
    html: ({ code, recipe }) => page('Own site', `<main><h1>Offer</h1>${code}</main>${recipe}`),
  },
  {
    name: 'a page builder, before the end of every page (Squarespace: code injection; Wix: custom code; Webflow: footer code)',
    way: 'script',
    variant: 'floating',
    clicks: 15,
    pastes: 1,
    html: ({ code, recipe }) =>
      page(
        'Builder',
        `<div id="siteWrapper"><main id="page"><section class="page-section"><h1>Offer</h1></section></main></div>\n${code}\n${recipe}`,
      ),
  },
  {
    name: 'a page builder’s block in the page (Squarespace: code block; Webflow: code embed; Shopify: custom Liquid)',
    way: 'element',
    variant: 'inline',
    clicks: 15,
    pastes: 2,
    html: ({ code, recipe }) =>
      page(
        'Block',
        `<section class="sqs-block code-block"><div class="sqs-block-content">${code}</div></section><div class="w-embed w-script">${recipe}</div>`,
      ),
  },
  {
    name: 'WordPress: the script in the footer, the placeholder in the page',
    way: 'div',
    variant: 'inline',
    clicks: 16,
    pastes: 3,
    html: ({ code, recipe }) => {
      const [once = '', onPage = ''] = code.split(/<!-- (?:Once|On) .* -->\n/).slice(1);
      return page(
        'WordPress',
        `<div class="wp-site-blocks"><main class="wp-block-group"><div class="entry-content wp-block-post-content is-layout-flow">
<p>Offer</p>\n${onPage}</div></main><footer class="wp-block-template-part">${once}${recipe}</footer></div>`,
      );
    },
  },
  {
    name: 'Google Tag Manager: two Custom HTML tags',
    way: 'tag-manager',
    variant: 'floating',
    clicks: 16,
    pastes: 2,
    // The tag manager inserts each tag through innerHTML, then replaces its scripts by new ones with the same text and no attributes.
    html: ({ code, recipe }) =>
      page(
        'Tag Manager',
        `<main><h1>Offer</h1></main><script>
for (const tag of ${JSON.stringify([code, recipe]).replaceAll('<', '\\u003c')}) {
  const box = document.createElement('div');
  box.innerHTML = tag;
  for (const old of box.querySelectorAll('script')) {
    const made = document.createElement('script');
    made.text = old.text;
    old.replaceWith(made);
  }
  document.body.append(...box.childNodes);
}</script>`,
      ),
  },
];

for (const { name, way, variant, clicks, pastes, html } of platforms)
  test(name, async (t) => {
    const hand = createHand();
    const copied = await configure(hand, way, variant);
    for (let index = 0; index < pastes; index += 1) hand.paste();
    site.host.html = html(copied);
    const visitor = await visit();
    if (variant === 'floating')
      await visitor.locator('polyai-callback').getByRole('button', { name: 'Get a call' }).click();
    await placeCall(visitor);
    hasConversion(await recordedOn(visitor));
    assert.equal(await visitor.locator('polyai-callback').count(), 1);
    await visitor.context().close();
    report(t, hand, clicks);
  });

test('npm: the developer’s part of the code, bundled', async (t) => {
  const hand = createHand();
  const { code, recipe } = await configure(hand, 'npm', 'inline');
  for (let index = 0; index < 3; index += 1) hand.paste();
  const [, importLine = '', markup = '', css = ''] =
    /\/\/ In your script\n([^]*?)\n\n<!-- In your page -->\n([^]*?)\n\n\/\* In your style sheet \*\/\n([^]*)$/.exec(
      code,
    ) ?? [];
  const entry = join(site.folder, 'app.js');
  writeFileSync(entry, importLine);
  await build({
    configFile: false,
    root: site.folder,
    logLevel: 'silent',
    resolve: { alias: { 'polyai-callback/define': `${dist}esm/widget/define.js` } },
    build: {
      outDir: 'out',
      rolldownOptions: { input: entry, output: { entryFileNames: 'app.js', codeSplitting: false } },
    },
  });
  const script = readFileSync(join(site.folder, 'out/app.js'), 'utf8').replaceAll('</script', '<\\/script');
  site.host.html = page(
    'App',
    `<style>${css}</style><div id="app">${markup}</div><script type="module">${script}</script>${recipe}`,
  );
  const visitor = await visit();
  await placeCall(visitor);
  hasConversion(await recordedOn(visitor));
  await visitor.context().close();
  report(t, hand, 16);
});

test('a link, a QR code and a frame: what goes where no script can', async (t) => {
  const hand = createHand();
  const { code } = await configure(hand, 'hosted', 'inline', false);
  // Whoever runs the proxy puts the first part into the file, once.
  const [, file = ''] = /CAMPAIGNS_FILE\n(\{[^]*?\n\})\n/.exec(code) ?? [];
  campaigns = file;
  await site.restart();

  await t.test('a link on a page of another site', async (t) => {
    const own = /<a href=[^]*?<\/a>/.exec(code)?.[0] ?? '';
    site.host.html = page('Newsletter', `<p>Our offer: ${own}</p>`);
    hand.paste();
    const visitor = await visit();
    await visitor.getByRole('link').click();
    await placeCall(visitor);
    assert.equal(new URL(visitor.url()).origin, site.proxy.url);
    await visitor.context().close();
    report(t, hand, 11);
  });

  await t.test('a QR code, as a phone’s camera reads it from the picture', async () => {
    const visitor = await site.pages.page({ viewport: { width: 390, height: 844 }, timezoneId: zone });
    for (const kind of ['svg', 'png']) {
      await visitor.goto(`${site.proxy.url}/configurator.html`);
      const { data, width } = await pixelsOf(visitor, `/c/offer/qr.${kind}`);
      const read = jsQr(data, width, width);
      assert.equal(read?.data, `${site.proxy.url}/c/offer`, kind);
    }
    await visitor.goto(`${site.proxy.url}/c/offer`);
    await placeCall(visitor);
    await visitor.context().close();
  });

  await t.test(
    'a frame in a page (Wix, Notion, or any site without scripts): it fits its content, and reports the call',
    async () => {
      const own = code.slice(code.indexOf('<iframe'));
      const listener = `<script>addEventListener('message', function (event) {
      if (event.origin === '${site.proxy.url}' && event.data.type === 'polyai-callback:event')
        dataLayer.push(Object.assign({ event: event.data.name.replace(/-/g, '_') }, event.data.detail));
    });</script>`;
      site.host.html = page('Frame', `${listener}<div class="notion-embed">${own}</div>`);
      const visitor = await visit();
      const frame = visitor.frames().find((one) => one.url().includes('/c/offer/frame'));
      assert.ok(frame !== undefined, 'the page has no frame');
      await placeCall(frame);
      hasConversion(await recordedOn(visitor), false);
      const [outer, inner] = await Promise.all([
        visitor.locator('iframe').evaluate((iframe) => iframe.clientHeight),
        frame.evaluate(() => document.body.getBoundingClientRect().height),
      ]);
      assert.ok(Math.abs(outer - inner) <= 1, `the frame is ${String(outer)} px high, its content ${String(inner)} px`);
      await visitor.context().close();
    },
  );
});

/** What a camera sees of a picture: enlarged, on a gray page. Red, green, blue and alpha of each pixel. */
async function pixelsOf(visitor: Page, url: string): Promise<{ data: Uint8ClampedArray; width: number }> {
  const width = 400;
  const reds = await visitor.evaluate(
    async ({ source, width }) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = width;
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#999';
      context.fillRect(0, 0, width, width);
      context.drawImage(image, 40, 40, width - 80, width - 80);
      const { data } = context.getImageData(0, 0, width, width);
      // One channel, as text: the protocol is slow with long lists.
      let text = '';
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at] ?? 0);
      return btoa(text);
    },
    { source: url, width },
  );
  const data = Uint8ClampedArray.from([...Buffer.from(reds, 'base64')].flatMap((red) => [red, red, red, 255]));
  return { data, width };
}
