// Which pages may send requests: exact origins, checked before the body is read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callRequest, origin, problemOf, createFixture } from '../fixtures/app.js';

const lookAlikes: readonly (string | undefined)[] = [
  undefined,
  '',
  'null',
  'https://evil.example',
  'https://www.example.com.evil.example',
  'https://evil.example/www.example.com',
  'https://evil-www.example.com',
  'https://wwww.example.com',
  'https://www.example.com:444',
  'https://www.example.com:443',
  'https://www.example.com.',
  'https://www.example.com/',
  'http://www.example.com',
  'HTTPS://www.example.com',
  'https://WWW.example.com',
  'https://www.example.com@evil.example',
  'https://user@www.example.com',
  'https://www.example.com#',
  'https://www.example.com?',
  'https://www.example.com https://evil.example',
  'https://www.example.com, https://evil.example',
  'https://xn--www-example-com.evil.example',
  'https://xn--www-exmple-9bb.com',
  'https://example.com',
  'https://*.example.com',
  '*',
  'file://',
  'chrome-extension://abcdefghijklmnop',
];

for (const origin of lookAlikes) {
  test(`Origin ${String(origin)} is refused, and its body is not read`, async () => {
    const { app, triggers } = createFixture();
    let isRead = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          isRead = true;
          controller.enqueue(new TextEncoder().encode(JSON.stringify(callRequest())));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Idempotency-Key': 'a'.repeat(22) };
    if (origin !== undefined) headers['Origin'] = origin;
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit & { duplex: 'half' };
    const response = await app.request(new Request('http://proxy.example/v1/calls', init));
    assert.equal(response.status, 403);
    assert.equal((await problemOf(response)).code, 'origin-not-allowed');
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.equal(isRead, false);
    assert.deepEqual(triggers, []);
  });
}

const fetchMetadata = [
  { name: 'Sec-Fetch-Site', value: 'none', why: 'a typed address' },
  { name: 'Sec-Fetch-Mode', value: 'navigate', why: 'a form' },
  { name: 'Sec-Fetch-Mode', value: 'no-cors', why: 'an image or beacon' },
  { name: 'Sec-Fetch-Dest', value: 'document', why: 'a page' },
  { name: 'Sec-Fetch-Dest', value: 'iframe', why: 'a frame' },
] as const;

for (const { name, value, why } of fetchMetadata) {
  test(`${why} (${name}: ${value}) is refused`, async () => {
    const { post, triggers } = createFixture();
    const response = await post(callRequest(), { headers: { [name]: value } });
    assert.equal((await problemOf(response)).code, 'origin-not-allowed');
    assert.deepEqual(triggers, []);
  });
}

test("a page's own fetch passes with the headers browsers send", async () => {
  const { post } = createFixture();
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };
  assert.equal((await post(callRequest(), { headers })).status, 202);
});

test('a preflight from an allowed page is answered, and one from another page refused', async () => {
  const { request } = createFixture();
  const ask = (from: string): Promise<Response> =>
    request('/v1/calls', { method: 'OPTIONS', headers: { Origin: from, 'Access-Control-Request-Method': 'POST' } });
  const allowed = await ask(origin);
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /idempotency-key/);
  assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
  assert.match(allowed.headers.get('vary') ?? '', /^Origin, Access-Control-Request-Method/);
  const foreign = await ask('https://evil.example');
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
});

test('a foreign page can read neither the site nor a call; a request without Origin can', async () => {
  const { request, post } = createFixture();
  const call = (await (await post()).json()) as { id: string; token: string };
  for (const path of ['/v1/site', `/v1/calls/${call.id}`, `/v1/calls/${call.id}/events`]) {
    const headers = { Origin: 'https://evil.example', Authorization: `Bearer ${call.token}` };
    assert.equal((await request(path, { headers })).status, 403, path);
  }
  assert.equal((await request('/v1/site')).status, 200);
});
