// The snippets the configurator generates for each way to install, and its contrast warnings. Mutations that turn it red: drop an
// escape in snippets.js, a check in cssOf, or 4.5 in contrast.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext, Script } from 'node:vm';
import { contrast, contrastWarnings } from '../../demo/configurator/contrast.js';
import { presets } from '../../demo/configurator/presets.js';
import { recipes } from '../../demo/configurator/recipes.js';
import { attributesOf, colorNames, cssOf, languages, plain, type Settings } from '../../demo/configurator/settings.js';
import { bookmarklet, snippet, ways } from '../../demo/configurator/snippets.js';
import { parseCampaignsFile } from '../../src/proxy/config/files/campaigns-file.js';
import { everything, nasty } from './fixtures/any-settings.js';

const settings: Settings = { ...plain, endpoint: 'https://calls.example.com/' };
const chosen: Settings = {
  ...settings,
  variant: 'floating',
  placement: 'top-start',
  theme: 'dark',
  lang: 'ar',
  countries: ['US', 'CA'],
  defaultCountry: 'CA',
  agentName: nasty,
  callerId: '+1 (415) 555-0199',
  phone: '+1 415 555 0198',
  texts: { heading: nasty, submit: '  ', consent: 'Line one\nline two' },
  styles: { accent: '#0d6b4f', surface: 'red;} body {display:none', radius: '20', font: 'serif' },
};

test('default settings give the shortest snippet', () => {
  assert.equal(
    snippet('element', settings),
    `<polyai-callback endpoint="https://calls.example.com"></polyai-callback>
<script async src="https://calls.example.com/polyai-callback.js"></script>`,
  );
});

test('defaults are omitted', () => {
  assert.deepEqual(attributesOf({ ...plain, texts: { heading: ' ' } }), []);
  assert.equal(cssOf({ styles: {} }), '');
});

test('a number is written in E.164 and shown as typed', () => {
  const text = snippet('element', chosen);
  assert.match(text, /phone="\+1 415 555 0198"/);
  assert.match(text, /caller-id="\+14155550199"/);
  assert.match(text, /<a href="tel:\+14155550198">\+1 415 555 0198<\/a>/);
});

test('invalid colors are omitted', () => {
  const css = cssOf(chosen);
  assert.doesNotMatch(css, /surface|body/);
  assert.match(css, /--polyai-callback-accent: #0d6b4f;/);
  assert.match(css, /--polyai-callback-radius: 20px;/);
  assert.match(css, /--polyai-callback-font: .*serif;/);
});

for (const way of ways.filter((one) => one !== 'hosted')) {
  test(`${way}: no input can end a tag, an attribute or a script`, () => {
    const text = snippet(way, chosen);
    assert.doesNotMatch(text, /<b>|<!-- &|"Talk" to/);
    const ends = text.match(/<\/script>/gi)?.length ?? 0;
    assert.equal(ends, text.match(/<script/gi)?.length ?? 0);
  });
}

test('an attribute contains exactly what was typed', () => {
  const written = /data-text-heading="([^"]*)"/.exec(snippet('element', chosen))?.[1] ?? '';
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  assert.equal(
    written.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '?'),
    nasty.trim(),
  );
});

test('the tag manager’s script is ES5, and contains exactly what was typed', () => {
  const code = /<script>([^]*)<\/script>/.exec(snippet('tag-manager', chosen))?.[1] ?? '';
  assert.doesNotMatch(code, /\b(?:let|const)\b|=>|`/);
  const added: { src?: string; async?: boolean }[] = [];
  const page = { createElement: () => ({}), head: { appendChild: (script: object) => void added.push(script) } };
  const context: Record<string, unknown> = { document: page };
  context['window'] = context;
  runInNewContext(code, context);
  const sent = context['polyaiCallback'] as Record<string, string>;
  assert.equal(sent['data-text-heading'], nasty);
  assert.equal(sent['variant'], 'floating');
  assert.deepEqual(
    added.map(({ src, async }) => [src, async]),
    [['https://calls.example.com/polyai-callback.js', true]],
  );
});

test('the script tag alone carries the settings, and finds its server by its own URL', () => {
  const text = snippet('script', { ...chosen, styles: {} });
  assert.match(text, /^<script async\n {2}src="https:\/\/calls\.example\.com\/polyai-callback\.js"/);
  assert.match(text, /data-variant="floating"/);
  assert.match(text, /data-text-consent="Line one&#10;line two"/);
  assert.doesNotMatch(text, /endpoint/);
  // A tag without settings creates no element.
  assert.match(snippet('script', settings), /data-variant="inline"/);
});

test('a placeholder div contains the fallback', () => {
  assert.match(
    snippet('div', { ...settings, phone: '+1 415 555 0198' }),
    /<div data-polyai-callback\n {2}data-endpoint="https:\/\/calls\.example\.com"\n {2}data-phone="\+1 415 555 0198"\n>\n {2}<a /,
  );
});

test('a modal comes with a button that opens it', () => {
  const text = snippet('element', { ...settings, variant: 'modal', texts: { open: 'Call <me>' } });
  assert.match(text, /<button type="button" data-polyai-callback-open>Call &lt;me&gt;<\/button>/);
});

test('there are twenty languages', () => {
  assert.equal(new Set(languages).size, 20);
  assert.deepEqual(Intl.getCanonicalLocales([...languages]), languages);
});

test('contrast follows WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
});

test('low contrast is reported together with a color that fixes it', () => {
  assert.deepEqual(contrastWarnings(plain), []);
  assert.deepEqual(
    contrastWarnings({ theme: 'dark', styles: { accent: '#777777' } }).map(({ instead }) => instead),
    [{ 'on-accent': '#000000' }],
  );
  assert.deepEqual(contrastWarnings({ theme: 'dark', styles: { accent: '#767676' } }), []);
  const onDark = contrastWarnings({ theme: 'auto', styles: { surface: '#101010' } });
  assert.ok(onDark.some(({ text, instead }) => text.includes('on a light page') && instead?.['text'] === '#f2f3f6'));
});

test('the sets of colors to start from are readable in every theme', () => {
  assert.ok(presets.length >= 6);
  for (const [name, { theme = 'auto', ...styles }] of presets) {
    assert.deepEqual(contrastWarnings({ styles, theme }), [], name);
    assert.equal(cssOf({ styles }) === '', Object.keys(styles).length === 0, name);
    for (const color of Object.keys(styles)) assert.ok(colorNames.includes(color), color);
  }
});

test('a card color that makes other colors unreadable is reported for each of them', () => {
  const warnings = contrastWarnings({ theme: 'light', styles: { surface: '#10131f', text: '#f1f3ff' } });
  assert.deepEqual(
    warnings.map(({ instead }) => Object.keys(instead ?? {})[0]),
    ['muted', 'danger', undefined],
  );
});

test('the measured height is reserved for an inline form, and for no other', () => {
  const space = { wide: 38.5, narrow: 44 };
  const selectors = {
    element: 'polyai-callback',
    script: '.polyai-callback-box',
    div: '[data-polyai-callback]',
    npm: 'polyai-callback',
  };
  for (const [way, selector] of Object.entries(selectors)) {
    const rule = `${selector} { display: block; min-block-size: 38.5em }`;
    assert.ok(snippet(way, settings, space).includes(rule), way);
    assert.ok(
      snippet(way, settings, space).includes(`@media (max-width: 26em) { ${selector} { min-block-size: 44em } }`),
      way,
    );
    assert.doesNotMatch(snippet(way, { ...settings, variant: 'floating' }, space), /min-block-size/);
    assert.doesNotMatch(snippet(way, settings), /min-block-size/);
  }
  assert.doesNotMatch(snippet('tag-manager', settings, space), /min-block-size/);
});

test('the part for editors who may not use scripts contains neither script nor style', () => {
  const [once = '', page = ''] = snippet('div', everything, { wide: 38, narrow: 44 }).split('<!-- On the page');
  assert.match(once, /<style>[^]*<script async/);
  assert.doesNotMatch(page, /<style|<script/);
  assert.match(page, /<!-- wp:html -->\n<div data-polyai-callback[^]*<\/div>\n<!-- \/wp:html -->$/);
});

test('the snippet for hosted pages contains a file that the proxy accepts, a link and a frame', () => {
  const text = snippet('hosted', { ...everything, texts: { ...everything.texts, open: 'Call <me>' } });
  const [, file = ''] = /CAMPAIGNS_FILE\n(\{[^]*?\n\})\n/.exec(text) ?? [];
  const parsed = parseCampaignsFile('campaigns.json', () => file);
  assert.deepEqual(parsed.ok ? [] : parsed.rejections, []);
  assert.ok(text.includes('<a href="https://calls.example.com/c/offer">Call &lt;me&gt;</a>'), text);
  assert.ok(text.includes('<iframe src="https://calls.example.com/c/offer/frame"'), text);
  assert.ok(text.includes('https://calls.example.com/c/offer/qr.svg'), text);
});

test('the bookmark is a URL that a bookmarks bar leaves unchanged', () => {
  const url = bookmarklet(everything);
  assert.match(url, /^javascript:[\w%.!~*'()-]+$/);
  assert.doesNotThrow(() => new Script(decodeURIComponent(new URL(url).pathname)));
});

/** What each platform receives for one call: as its documentation, which docs/analytics.md names, wants it. */
const reported: Readonly<Record<string, unknown>> = {
  ga4: [
    ['event', 'generate_lead', { lead_source: 'callback', country: 'US' }],
    ['event', 'qualify_lead', { lead_source: 'callback', talked_seconds: 30 }],
  ],
  'google-ads': [
    ['event', 'conversion', { send_to: 'AW-000000000/REQUESTED', transaction_id: 'call-1' }],
    ['event', 'conversion', { send_to: 'AW-000000000/TALKED', transaction_id: 'call-1' }],
  ],
  meta: [
    ['track', 'Lead', { content_category: 'callback' }, { eventID: 'call-1' }],
    ['trackCustom', 'QualifiedCallback', { seconds: 30 }, { eventID: 'call-1-talked' }],
  ],
};

test('every recipe runs and reports one lead, one qualified lead and no phone number', () => {
  for (const { id, code } of recipes) {
    const script = /<script>([^]*)<\/script>/.exec(code)?.[1];
    if (script === undefined) continue;
    const sent: unknown[][] = [];
    const listeners = new Map<string, (event: object) => void>();
    const set: string[] = [];
    const context = {
      gtag: (...values: unknown[]) => void sent.push(values),
      fbq: (...values: unknown[]) => void sent.push(values),
      document: {
        addEventListener: (name: string, listener: (event: object) => void) => listeners.set(name, listener),
        querySelector: () => ({ setAttribute: (...values: string[]) => void set.push(values.join('=')) }),
      },
    };
    runInNewContext(`${script}${id === 'consent' ? '\nonMarketingConsent();' : ''}`, context);
    if (id === 'consent') {
      assert.deepEqual(set, ['data-layer=dataLayer', 'attribution=true']);
      assert.equal(sent[0]?.[1], 'update');
      assert.deepEqual(Object.keys(sent[0]?.[2] as object), [
        'ad_storage',
        'ad_user_data',
        'ad_personalization',
        'analytics_storage',
      ]);
      continue;
    }
    const fire = (name: string, detail: object): void => listeners.get(`polyai-callback-${name}`)?.({ detail });
    fire('requested', { callId: 'call-1', country: 'US' });
    assert.equal(sent.length, 1, id);
    for (const outcome of ['busy', 'no-answer', 'failed', 'unknown']) fire('ended', { callId: 'call-1', outcome });
    fire('ended', { callId: 'call-1', outcome: 'completed', talkedSeconds: 5 });
    assert.equal(sent.length, 1, `${id}: a voicemail is not a qualified lead`);
    fire('ended', { callId: 'call-1', outcome: 'completed', talkedSeconds: 30 });
    assert.equal(sent.length, 2, id);
    assert.deepEqual(JSON.parse(JSON.stringify(sent)), reported[id], id);
    assert.doesNotMatch(JSON.stringify(sent), /\+\d{6}/, id);
  }
});
