// The configurator's check of whether an origin is allowed. Mutations that turn it red: respond with the list; compare hosts
// instead of origins; add CORS headers; serve it without the configurator; suggest another port.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFixture } from '../fixtures/app.js';

const origins = ['https://www.example.com', 'https://shop.example.com:8443', 'http://plain.example.com'];
const env = { ALLOWED_ORIGINS: origins.join(',') };
const check = (origin: string) => `/configurator/origin?origin=${encodeURIComponent(origin)}`;

test('an origin is allowed exactly as configured', async () => {
  const { request } = createFixture({ env });
  for (const origin of origins) {
    const response = await request(check(origin));
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { allowed: true });
  }
  for (const origin of ['https://example.org', 'https://shop.example.com', 'https://evil-www.example.com'])
    assert.deepEqual(await (await request(check(origin))).json(), { allowed: false }, origin);
});
test('an allowed origin that differs in www or the scheme is suggested, but not one with another port', async () => {
  const { request } = createFixture({ env });
  const near = async (origin: string): Promise<unknown> =>
    ((await (await request(check(origin))).json()) as { near?: string }).near;
  assert.equal(await near('https://example.com'), 'https://www.example.com');
  assert.equal(await near('http://www.example.com'), 'https://www.example.com');
  assert.equal(await near('http://example.com'), 'https://www.example.com');
  assert.equal(await near('https://plain.example.com'), 'http://plain.example.com');
  assert.equal(await near('https://shop.example.com'), undefined);
  assert.equal(await near('https://shop.example.com:9000'), undefined);
});

test('what is not an origin is refused', async () => {
  const { request } = createFixture({ env });
  for (const text of [
    '',
    'null',
    'https://www.example.com/',
    'https://WWW.example.com',
    'data:text/html,x',
    `https://${'a'.repeat(300)}.com`,
  ])
    assert.equal((await request(check(text))).status, 400, text);
  assert.equal((await request('/configurator/origin')).status, 400);
});

test('pages of other origins cannot read the response, and nothing is cached', async () => {
  const { request } = createFixture({ env });
  const response = await request(check('https://www.example.com'), { headers: { origin: 'https://www.example.com' } });
  assert.equal(response.headers.get('access-control-allow-origin'), null);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal((await request(check('https://www.example.com'), { method: 'POST' })).status, 405);
});

test('the route does not exist without the configurator', async () => {
  const { request } = createFixture({ env: { ...env, CONFIGURATOR: 'false' } });
  assert.equal((await request(check('https://www.example.com'))).status, 404);
});
