// What anyone may read: the site, the metadata slice, the script and its chunks.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { get, ServerResponse } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parsePhoneNumberWithError, type MetadataJson } from 'libphonenumber-js/core';
import { isSite, type Site, type SlotsOffered } from '../../../src/contract.js';
import { demoAssets, widgetAssets } from '../../../src/proxy/static/assets.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { silentLog } from '../../../src/proxy/core/log.js';
import { listen } from '../../../src/proxy/process/http-server.js';
import { serverLimits } from '../../../src/proxy/process/server-limits.js';
import { createPhoneMetadata, sliceMetadata } from '../../../src/proxy/static/phone-metadata.js';
import { ownOrigins, readServedFiles } from '../../../src/proxy/static/locate-assets.js';
import { fileResponse } from '../../../src/proxy/static/static-file.js';
import { callRequest, origin, problemOf, realEnv, createFixture } from '../fixtures/app.js';

test('the site holds what the widget needs and no secret', async () => {
  const { request } = createFixture({
    env: {
      CONSENT_TEXT: 'Call me.',
      BUSINESS_NAME: 'Acme',
      CALLER_ID: '+442079460000',
      METADATA_KEYS: 'topic',
      PRIVACY_URL: 'https://www.example.com/privacy',
      WEBHOOK_SECRET: `whsec_${'A'.repeat(40)}`,
    },
  });
  const response = await request('/v1/site', { headers: { Origin: origin } });
  assert.equal(response.headers.get('cache-control'), 'public, max-age=60');
  assert.equal(response.headers.get('vary'), 'Origin');
  const text = await response.text();
  assert.doesNotMatch(text, /connector-canary|whsec|acme"|callbacks/);
  const site = JSON.parse(text) as Site;
  assert.ok(isSite(site));
  assert.deepEqual(
    { ...site, phoneMetadata: '' },
    {
      sandbox: false,
      business: 'Acme',
      countries: ['GB', 'US'],
      callingCodes: { GB: '44', US: '1' },
      callerId: '+442079460000',
      formattedNumbers: { '+442079460000': '+44 20 7946 0000' },
      consent: { text: 'Call me.', version: createHash('sha256').update('Call me.').digest('hex').slice(0, 16) },
      privacyUrl: 'https://www.example.com/privacy',
      challenge: { kind: 'none' },
      phoneMetadata: '',
      opening: { open: true },
      scheduling: true,
      metadataKeys: ['topic'],
    },
  );
  const again = await request('/v1/site', { headers: { 'If-None-Match': response.headers.get('etag') ?? '' } });
  assert.equal(again.status, 304);
});

test("the site's own consent text is accepted with its version, and an older version must be accepted again", async () => {
  const fixture = createFixture({ env: { CONSENT_TEXT: 'Call me, says version two.' } });
  const site = (await (await fixture.request('/v1/site')).json()) as Site;
  const consent = { text: site.consent?.text ?? '', version: site.consent?.version ?? '', source: 'site' as const };
  assert.equal((await fixture.post(callRequest({ consent }))).status, 202);
  const old = await fixture.post(
    callRequest({ phone: '+442079460001', consent: { text: 'Call me.', source: 'site' } }),
  );
  assert.equal(old.status, 409);
  assert.equal((await problemOf(old)).code, 'consent-outdated');
});

test('where no callback may be scheduled, none is offered', async () => {
  for (const [most, isOffered] of [
    ['0', false],
    ['1', true],
  ] as const) {
    const { request } = createFixture({ env: { LIMIT_SCHEDULED: most } });
    assert.equal(((await (await request('/v1/site')).json()) as Site).scheduling, isOffered, most);
    const offered = await request('/v1/slots', {
      method: 'POST',
      headers: { Origin: origin, 'Content-Type': 'application/json' },
      body: JSON.stringify({ phone: '+442079460000' }),
    });
    assert.equal(((await offered.json()) as SlotsOffered).slots.length > 0, isOffered, most);
  }
});

test('a country hint is taken only from the configured header, and makes the response private', async () => {
  const fixture = createFixture({ env: { COUNTRY_HEADER: 'CF-IPCountry' } });
  const hinted = async (country: string): Promise<string | undefined> =>
    ((await (await fixture.request('/v1/site', { headers: { 'CF-IPCountry': country } })).json()) as Site).countryHint;
  assert.equal(await hinted('at'), 'AT');
  for (const nothing of ['XX', 'T1', 'Austria', '']) assert.equal(await hinted(nothing), undefined);
  assert.equal((await fixture.request('/v1/site')).headers.get('cache-control'), 'private, max-age=60');
  const deaf = (await (
    await createFixture().request('/v1/site', { headers: { 'CF-IPCountry': 'AT' } })
  ).json()) as Site;
  assert.equal(deaf.countryHint, undefined);
});

test('the slice holds the allowed countries and the main country of each calling code, and can be parsed', () => {
  const slice = sliceMetadata(['CA', 'DE', 'JE']);
  assert.deepEqual(Object.keys(slice.countries).sort(), ['CA', 'DE', 'GB', 'JE', 'US']);
  assert.deepEqual(slice.country_calling_codes, { 1: ['US', 'CA'], 44: ['GB', 'JE'], 49: ['DE'] });
  const number = parsePhoneNumberWithError('030 23125000', 'DE', JSON.parse(JSON.stringify(slice)) as MetadataJson);
  assert.equal(number.number, '+493023125000');
  assert.equal(number.formatNational(), '030 23125000');
});

test('the slice is served under its hash, cached forever, compressed', async () => {
  const fixture = createFixture();
  const { phoneMetadata } = (await (await fixture.request('/v1/site')).json()) as Site;
  const response = await fixture.request(phoneMetadata, { headers: { 'Accept-Encoding': 'gzip, br' } });
  assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(response.headers.get('content-encoding'), 'br');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  const slice = JSON.parse(brotliDecompressSync(Buffer.from(await response.arrayBuffer())).toString()) as MetadataJson;
  assert.deepEqual(Object.keys(slice.countries).sort(), ['GB', 'US']);
  assert.equal((await fixture.request('/v1/phone-metadata/000000000000.json')).status, 404);
});

test('the smallest accepted encoding is sent, and never compressed twice', async () => {
  const { file } = createPhoneMetadata(['US']);
  const answer = (headers: Record<string, string>): Response => fileResponse(file, new Headers(headers));
  assert.equal(answer({}).headers.get('content-encoding'), null);
  assert.equal(answer({ 'Accept-Encoding': 'gzip;q=0.5, br;q=0' }).headers.get('content-encoding'), 'gzip');
  assert.equal(answer({ 'Accept-Encoding': 'gzip, deflate, br, zstd' }).headers.get('content-encoding'), 'br');
  const gzip = Buffer.from(await answer({ 'Accept-Encoding': 'gzip' }).arrayBuffer());
  assert.deepEqual(gunzipSync(gzip), Buffer.from(file.body));
  const known = answer({ 'If-None-Match': `"x", ${file.etag}` });
  assert.equal(known.status, 304);
  assert.equal(known.headers.get('etag'), file.etag);
});

test('all responses send a file from its one copy in memory', async (t) => {
  const fixture = createFixture();
  const { phoneMetadata } = (await (await fixture.request('/v1/site')).json()) as Site;
  const server = await listen(0, '127.0.0.1', serverLimits);
  server.answerWith(fixture.app.fetch);
  t.after(async () => {
    server.drop();
    await server.close();
    await fixture.store.close();
  });
  const ended = t.mock.method(ServerResponse.prototype, 'end');
  const written = t.mock.method(ServerResponse.prototype, 'write');
  for (const coding of ['identity', 'gzip', 'br']) {
    const sent: unknown[] = [];
    for (const _ of [1, 2]) {
      await new Promise<void>((resolve, reject) => {
        const headers = { 'Accept-Encoding': coding };
        get({ port: server.port, path: phoneMetadata, headers }, (response) =>
          response.resume().on('end', () => resolve()),
        ).on('error', reject);
      });
      sent.push((ended.mock.calls.at(-1)?.arguments as readonly unknown[] | undefined)?.[0]);
    }
    assert.ok(sent[0] instanceof Uint8Array, coding);
    assert.equal(sent[0], sent[1], `${coding}: the very same bytes`);
  }
  assert.equal(written.mock.callCount(), 0);
});

const accepting: readonly (readonly [header: string, coding: string | null])[] = [
  ['', null],
  ['identity', null],
  ['BR', 'br'],
  ['gzip', 'gzip'],
  ['x-gzip, brotli', null],
  [' gzip ; q=0.5 , br ; q=0.0', 'gzip'],
  ['br;q=0.001', 'br'],
  ['br;q=0, gzip;q=0.000', null],
  [`gzip, ${'a'.repeat(5_000)}`, null],
];
for (const [header, coding] of accepting) {
  test(`Accept-Encoding ${JSON.stringify(header.slice(0, 40))}: ${coding ?? 'uncompressed'}`, () => {
    const { file } = createPhoneMetadata(['US']);
    const response = fileResponse(file, new Headers({ 'Accept-Encoding': header }));
    assert.equal(response.headers.get('content-encoding'), coding);
  });
}

test('every encoding has its own ETag', () => {
  const { file } = createPhoneMetadata(['US']);
  const tags = ['identity', 'gzip', 'br'].map((coding) =>
    fileResponse(file, new Headers({ 'Accept-Encoding': coding })).headers.get('etag'),
  );
  assert.equal(new Set(tags).size, 3);
  for (const tag of tags) assert.match(tag ?? '', /^"[\w-]+"$/);
});

test('conditional requests use the weak comparison, for files, the site and the description of the API', async () => {
  const fixture = createFixture();
  const { phoneMetadata } = (await (await fixture.request('/v1/site')).json()) as Site;
  for (const path of ['/v1/site', phoneMetadata, '/openapi.json']) {
    for (const coding of ['identity', 'gzip', 'br']) {
      const get = (tag?: string): Promise<Response> =>
        fixture.request(path, {
          headers: { 'Accept-Encoding': coding, ...(tag !== undefined && { 'If-None-Match': tag }) },
        });
      const tag = (await get()).headers.get('etag') ?? '';
      const full = await get();
      for (const same of [
        tag,
        `W/${tag}`,
        `"x", W/"y" ,W/${tag}`,
        `"x",${tag}`,
        '*',
        ' * ',
        `,,\t${tag} ,`,
        `"a,b",${tag}`,
        `"a,*,b", W/${tag}`,
        `x, "y"z, ${tag}`,
      ]) {
        const known = await get(same);
        assert.equal(known.status, 304, `${path} ${coding} ${same}`);
        for (const name of ['etag', 'vary', 'cache-control', 'access-control-allow-origin'])
          assert.equal(known.headers.get(name), full.headers.get(name), `${path} ${coding} ${name}`);
      }
      // A tag may contain commas, an asterisk and, between commas, another tag's text; `*` is never an item of a list.
      for (const other of [
        '',
        '""',
        '"*"',
        'W/',
        `w/${tag}`,
        tag.slice(1),
        tag.slice(0, -1),
        `"x${tag.slice(1)}`,
        '"a,*,b"',
        '"a", *',
        '*, *',
        'W/*',
        `"a,${tag.slice(1, -1)},b"`,
        `"a, ${tag}`,
        `"a,${tag},b"`,
        `${tag}x`,
        `W/W/${tag}`,
        `W/ ${tag}`.replace('"', '" '),
      ])
        assert.equal((await get(other)).status, 200, `${path} ${coding} ${other}`);
    }
  }
});

test('the script is served under its plain and its hashed name; the demo never serves its source', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-assets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['polyai-callback.js', 'polyai-callback.0123456789ab.js'])
    for (const suffix of ['', '.br', '.gz']) writeFileSync(join(folder, name + suffix), `${name}${suffix}`);
  writeFileSync(
    join(folder, 'assets.json'),
    JSON.stringify({ 'polyai-callback.js': { hashed: 'polyai-callback.0123456789ab.js', bytes: 1 } }),
  );
  const assets = widgetAssets(folder);
  assert.deepEqual([...assets.keys()], ['/polyai-callback.js', '/polyai-callback.0123456789ab.js']);
  assert.match(assets.get('/polyai-callback.js')?.cacheControl ?? '', /max-age=600/);
  assert.match(assets.get('/polyai-callback.0123456789ab.js')?.cacheControl ?? '', /immutable/);

  mkdirSync(join(folder, 'demo', 'sub'), { recursive: true });
  for (const name of ['index.html', 'demo.css', 'secret.ts', 'tsconfig.json', '.env', 'sub/more.js'])
    writeFileSync(join(folder, 'demo', name), 'x');
  const demo = demoAssets(join(folder, 'demo'));
  assert.deepEqual([...demo.keys()].sort(), ['/', '/demo.css', '/sub/more.js']);
  assert.match(
    demo.get('/')?.headers?.['Content-Security-Policy'] ?? '',
    /default-src 'none'; script-src 'self'; style-src 'self';/,
  );
});

const servedTo = (env: Record<string, string>): ReturnType<typeof readServedFiles> =>
  readServedFiles(new URL('../../../src/proxy/main.ts', import.meta.url).href, readConfig(env), 8787, silentLog);

test('with a credential the example page is served only if the operator allowed its origin', () => {
  const hasDemo = (env: Record<string, string>): boolean => servedTo(env).has('/');
  assert.equal(hasDemo({}), true);
  assert.equal(hasDemo(realEnv), false);
  assert.equal(hasDemo({ ...realEnv, ALLOWED_ORIGINS: 'http://localhost:8788' }), false);
  assert.equal(hasDemo({ ...realEnv, ALLOWED_ORIGINS: `${origin},http://localhost:8787` }), true);
});

test('the configurator and the installation pages are served with a credential too, unless turned off', () => {
  const tools = [
    '/configurator.html',
    '/configurator.js',
    '/configurator/preview.html',
    '/install/index.html',
    '/demo.css',
  ];
  for (const env of [{}, realEnv]) for (const path of tools) assert.ok(servedTo(env).has(path), path);
  for (const path of ['/', '/demo.js', '/clock.js']) assert.ok(!servedTo(realEnv).has(path), path);
  for (const env of [{ CONFIGURATOR: 'false' }, { ...realEnv, CONFIGURATOR: 'false' }])
    for (const path of tools.slice(0, -1)) assert.ok(!servedTo(env).has(path), path);
  assert.ok(servedTo({ CONFIGURATOR: 'false' }).has('/demo.css'));
});

test("the proxy's own origins are what browsers send", () => {
  assert.deepEqual(ownOrigins(80, '0.0.0.0'), ['http://localhost', 'http://127.0.0.1', 'http://[::1]']);
  assert.deepEqual(ownOrigins(8787, '127.0.0.1').length, 3);
  assert.ok(ownOrigins(8787, 'demo.local').includes('http://demo.local:8787'));
  assert.ok(ownOrigins(8787, 'fd00::5').includes('http://[fd00::5]:8787'));
});
