// Hosted pages and the file that describes them. Mutations that turn it red: leave an escape out of campaign-page.ts; drop
// frame-ancestors or allow frames of the whole page; accept an unknown key; drop the origin rule; put an unquoted hash in the
// policy.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { generate } from 'lean-qr';
import { fields, toFile } from '../../../demo/configurator/fields.js';
import { campaignSettings, parseCampaignsFile } from '../../../src/proxy/config/files/campaigns-file.js';
import { type ProxyConfig, readConfig } from '../../../src/proxy/config/config.js';
import { hostedPages } from '../../../src/proxy/hosted/hosted-pages.js';
import type { Assets } from '../../../src/proxy/static/assets.js';
import { everything, nasty } from '../../demo/fixtures/any-settings.js';
import { realEnv } from '../fixtures/app.js';

const url = 'https://calls.example.com';
const env = {
  ...realEnv,
  ALLOWED_ORIGINS: `https://www.example.com,${url}`,
  CAMPAIGNS_FILE: 'campaigns.json',
  BUSINESS_PHONE: '+442079460000',
};

const configOf = (file: unknown, more: Readonly<Record<string, string>> = {}): ProxyConfig =>
  readConfig({ ...env, ...more }, () => (typeof file === 'string' ? file : JSON.stringify(file)));
const mistakesOf = (file: unknown, more: Readonly<Record<string, string>> = {}): string => {
  try {
    configOf(file, more);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
const pagesOf = (campaigns: unknown, more: Readonly<Record<string, string>> = {}): Assets => {
  const config = configOf({ url, campaigns }, more);
  assert.ok(config.campaigns !== undefined, 'no campaigns');
  return hostedPages(config.campaigns, config);
};
const text = (assets: Assets, path: string): string => Buffer.from(assets.get(path)?.body ?? []).toString();
const policy = (assets: Assets, path: string): string => assets.get(path)?.headers?.['Content-Security-Policy'] ?? '';

test('a campaign has its page, a form for frames and a QR code', () => {
  const assets = pagesOf({ spring: { title: 'Spring offer' } });
  assert.deepEqual([...assets.keys()], ['/c/spring', '/c/spring/frame', '/c/spring/qr.svg', '/c/spring/qr.png']);
});

test('without the setting there are no pages', () => {
  assert.equal(readConfig({ ...env, CAMPAIGNS_FILE: '' }).campaigns, undefined);
});

test('the page carries Open Graph tags, the element and a number to call instead', () => {
  const assets = pagesOf({
    spring: {
      title: 'Spring & more',
      description: 'Talk to us "now"',
      image: 'https://www.example.com/a.png?x=1&y=2',
      settings: {
        'text-heading': 'Hello',
        accent: '#0d6b4f',
        phone: '+1 415 555 0198',
        theme: 'dark',
        'meta-plan': 'pro',
        lang: 'ar',
      },
    },
    plain: { title: 'Plain' },
  });
  const html = text(assets, '/c/spring');
  for (const part of [
    '<html lang="ar" dir="rtl">',
    '<title>Spring &amp; more</title>',
    '<meta property="og:title" content="Spring &amp; more" />',
    '<meta property="og:description" content="Talk to us &quot;now&quot;" />',
    '<meta property="og:url" content="https://calls.example.com/c/spring" />',
    '<meta property="og:image" content="https://www.example.com/a.png?x=1&amp;y=2" />',
    '<link rel="canonical" href="https://calls.example.com/c/spring" />',
    'data-text-heading="Hello"',
    'data-meta-plan="pro"',
    '--polyai-callback-accent:#0d6b4f',
    'color-scheme:dark',
    'href="tel:+14155550198">+1 415 555 0198</a>',
    '<script async src="../polyai-callback.js"></script>',
  ])
    assert.ok(html.includes(part), `${part}\n${html}`);
  assert.match(text(assets, '/c/plain'), /href="tel:\+442079460000">/);
  assert.doesNotMatch(text(assets, '/c/plain'), /og:description|og:image/);
  assert.match(text(assets, '/c/spring/frame'), /<script type="module" src="\.\.\/\.\.\/polyai-callback-frame\.js">/);
  assert.match(text(assets, '/c/spring/frame'), /noindex/);
});

test('the policy allows the page’s own style and nothing inline, and frames only on allowed sites', () => {
  const assets = pagesOf({
    spring: { title: 'Spring', 'embed-on': ['https://www.notion.so', 'https://*.filesusr.com'] },
  });
  for (const path of ['/c/spring', '/c/spring/frame']) {
    const [, css = ''] = /<style>([^]*?)<\/style>/.exec(text(assets, path)) ?? [];
    const hash = createHash('sha256').update(css).digest('base64');
    assert.ok(policy(assets, path).includes(`style-src 'sha256-${hash}';`), policy(assets, path));
    assert.doesNotMatch(policy(assets, path), /unsafe|\*(?!\.filesusr)/);
    assert.doesNotMatch(text(assets, path), /<script>|onload=|style=/);
  }
  assert.match(policy(assets, '/c/spring'), /frame-ancestors 'none'$/);
  assert.match(
    policy(assets, '/c/spring/frame'),
    /frame-ancestors 'self' https:\/\/www\.example\.com https:\/\/calls\.example\.com https:\/\/www\.notion\.so https:\/\/\*\.filesusr\.com$/,
  );
  const turnstile = { CHALLENGE: 'turnstile', TURNSTILE_SITE_KEY: '0x4AAAAAAA', TURNSTILE_SECRET: '0x4BBBBBBBBBB' };
  assert.match(
    policy(pagesOf({ a: { title: 'A' } }, { ...turnstile, TURNSTILE_SITE_KEY: '0x4AAAAAAAAAA' }), '/c/a'),
    /script-src 'self' https:\/\/challenges\.cloudflare\.com;/,
  );
});

test('no campaign text becomes markup', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(nasty), fc.string({ minLength: 1, maxLength: 60 })), (typed) => {
      const value = typed.trim() === '' ? 'x' : typed;
      const campaign = {
        title: value,
        description: value,
        settings: { 'text-heading': value, 'agent-name': value.slice(0, 60), 'meta-a': value },
      };
      const assets = pagesOf({ a: campaign });
      const plain = pagesOf({
        a: { title: 'x', description: 'x', settings: { 'text-heading': 'x', 'agent-name': 'x', 'meta-a': 'x' } },
      });
      for (const path of ['/c/a', '/c/a/frame']) {
        const tags = (html: string): string[] => [...html.matchAll(/<\/?[a-z][\w-]*/gi)].map(([tag]) => tag);
        assert.deepEqual(tags(text(assets, path)), tags(text(plain, path)));
        const quotes = (html: string): number => html.split('"').length;
        assert.equal(quotes(text(assets, path)), quotes(text(plain, path)));
      }
    }),
    { numRuns: 60 },
  );
});

test('both QR codes contain the page’s URL, with a border of four modules', () => {
  const assets = pagesOf({ spring: { title: 'Spring' } });
  const code = generate(`${url}/c/spring`);
  const size = code.size + 8;
  assert.match(text(assets, '/c/spring/qr.svg'), new RegExp(`viewBox="-4 -4 ${String(size)} ${String(size)}"`));
  const png = Buffer.from(assets.get('/c/spring/qr.png')?.body ?? []);
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.equal(png.readUInt32BE(16), size * 12);
  assert.equal(png.readUInt32BE(20), size * 12);
  assert.ok(inflateSync(chunkOf(png, 'IDAT')).byteLength > size, 'the picture is empty');
});

function chunkOf(png: Buffer, name: string): Buffer {
  for (let at = 8; at < png.byteLength; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === name) return png.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  throw new Error(`no ${name}`);
}

test('every mistake in the file is named, with the key that was probably meant', () => {
  const message = mistakesOf({
    url: 'calls.example.com',
    campains: {},
    campaigns: {
      'Spring Sale': { title: 'A' },
      a: { tittle: 'A' },
      b: {
        title: 'B',
        image: 'http://x.example/a.png',
        settings: { acent: '#000000', accent: 'red', theme: 'blue', radius: 12 },
      },
      c: { title: 'C', 'embed-on': 'https://www.notion.so' },
    },
  });
  for (const part of [
    /"url" is "calls\.example\.com", not the full URL/,
    /unknown key "campains".*campaigns/s,
    /"Spring Sale" has a name.*spring-sale/s,
    /unknown key "tittle".*title/s,
    /"a" has no "title"/,
    /"image" of campaign "b" is "http:.*not an https: URL/,
    /unknown setting "acent".*accent/s,
    /"accent" of campaign "b" is "red"/,
    /"theme" of campaign "b" is "blue"/,
    /"radius" of campaign "b" is 12/,
    /"embed-on" of campaign "c"/,
  ])
    assert.match(message, part);
});

test('a file that is not one is named', () => {
  assert.match(mistakesOf('{'), /CAMPAIGNS_FILE.*not JSON/s);
  assert.match(mistakesOf('[]'), /not an object/);
  assert.match(mistakesOf({ url }), /"campaigns" is missing/);
  assert.match(mistakesOf({ url, campaigns: { a: 1 } }), /campaign "a" is not an object/);
});

test('the proxy’s own origin must be allowed, because the pages request calls from there', () => {
  const file = { url, campaigns: {} };
  assert.equal(mistakesOf(file), '');
  assert.match(
    mistakesOf(file, { ALLOWED_ORIGINS: 'https://www.example.com' }),
    /https:\/\/calls\.example\.com to be one of ALLOWED_ORIGINS/,
  );
});

test('any file content results in a list or a reported error, never in an unexpected exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (content) => {
      parseCampaignsFile('campaigns.json', () => content);
    }),
    { numRuns: 500 },
  );
});

test('a file from the configurator can be used unchanged as a campaign’s settings', () => {
  const settings: unknown = JSON.parse(toFile({ ...everything, texts: { ...everything.texts, open: 'Open' } }));
  assert.equal(mistakesOf({ url, campaigns: { a: { title: 'A', settings } } }), '');
  const missing = Object.keys(fields).filter((name) => !campaignSettings.includes(name));
  assert.deepEqual(missing, [], 'settings of the configurator that a campaign does not know');
});
