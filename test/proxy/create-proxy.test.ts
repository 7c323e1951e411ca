// The library: a proxy mounted in another Hono app, with a store and a client of the host's own.
// Mutations that turn it red: serve files by the whole path; close a store that was passed in; ignore `peerAddress`; generate keys for
// a store that was passed in.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { Hono } from 'hono';
import { ConfigError } from '../../src/proxy/config/mistake.js';
import { type CallbackProxy, createProxy, type CreateProxyOptions } from '../../src/proxy/create-proxy.js';
import type { PolyAi } from '../../src/proxy/polyai/polyai.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import type { Store } from '../../src/proxy/store/store.js';
import { acceptedOf, callRequest, newKey, officeHours, origin, problemOf } from './fixtures/app.js';
import { manualClock } from './store/fixtures/stores.js';

const settings = {
  ALLOWED_ORIGINS: origin,
  ALLOWED_COUNTRIES: 'GB,US',
  CHALLENGE: 'none',
  SECRET_KEYS: `v1:${randomBytes(32).toString('base64')}`,
};

interface Mounted {
  readonly proxy: CallbackProxy;
  readonly store: Store;
  /** Numbers passed to the host's client. */
  readonly called: string[];
  readonly logged: string[];
}

async function open(t: TestContext, over: Partial<CreateProxyOptions> = {}): Promise<Mounted> {
  const clock = manualClock(officeHours);
  const store = createSqliteStore({ file: ':memory:', clock });
  const called: string[] = [];
  const logged: string[] = [];
  const polyai: PolyAi = {
    place: async (number) => {
      called.push(number);
      return { kind: 'accepted', upstreamId: `OUT-${String(called.length)}` };
    },
    status: async () => ({ kind: 'missing' }),
    close: () => Promise.reject(new Error('the client is the host’s to close')),
  };
  const proxy = await createProxy({ settings, store, polyai, clock, writeLog: (line) => logged.push(line), ...over });
  t.after(async () => {
    await proxy.close();
    await store.close();
  });
  return { proxy, store, called, logged };
}

const placing = (headers: Record<string, string> = {}, phone = '+442079460123'): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Origin: origin, 'Idempotency-Key': newKey(), ...headers },
  body: JSON.stringify(callRequest({ phone, country: 'GB' })),
});

for (const [how, mount] of [
  ['route()', (proxy: CallbackProxy) => new Hono().route('/callback', proxy)],
  ['mount()', (proxy: CallbackProxy) => new Hono().mount('/callback', proxy.fetch)],
] as const) {
  test(`mounted below a path with ${how}, it serves the script and places a call with the host's client and store`, async (t) => {
    const { proxy, store, called } = await open(t);
    const host = mount(proxy);
    host.get('/', (c) => c.text('the host'));
    const script = await host.request('/callback/polyai-callback.js');
    assert.equal(script.status, 200);
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/);
    const accepted = await acceptedOf(await host.request('/callback/v1/calls', placing()));
    assert.deepEqual(called, ['+442079460123']);
    assert.equal((await store.read(accepted.id))?.stage, 'accepted');
    const snapshot = await host.request('/callback/v1/calls', {
      headers: { Authorization: `Bearer ${accepted.id}.${accepted.token}`, Origin: origin },
    });
    assert.equal(snapshot.status, 200);
    assert.equal(await (await host.request('/')).text(), 'the host');
    assert.equal((await host.request('/v1/site')).status, 404);
  });
}

test('its pages are not served below the host’s path, and no origin is allowed but those of the settings', async (t) => {
  const { proxy } = await open(t);
  for (const path of ['/', '/configurator.html', '/demo.css'])
    assert.equal((await proxy.request(path)).status, 404, path);
  const site = await proxy.request('/v1/site', { headers: { Origin: 'http://127.0.0.1:8787' } });
  assert.equal(site.status, 403);
});

test('closing it leaves the host’s store and client open, and refuses further calls', async (t) => {
  const { proxy, store, called, logged } = await open(t);
  await proxy.close();
  assert.ok(!logged.some((line) => line.includes('close-failed')), logged.join('\n'));
  assert.equal(await store.read('c_unknown'), undefined);
  const refused = await problemOf(await proxy.request('/v1/calls', placing()));
  assert.equal(refused.code, 'shutting-down');
  assert.deepEqual(called, []);
});

test('limits per visitor count by the address that the host reports', async (t) => {
  const { proxy } = await open(t, {
    settings: { ...settings, LIMIT_ATTEMPTS_PER_10_MINUTES: '1' },
    peerAddress: (c) => c.req.header('x-test-peer'),
  });
  const attempt = async (peer: string, phone: string): Promise<number> =>
    (await proxy.request('/v1/calls', placing({ 'x-test-peer': peer }, phone))).status;
  assert.equal(await attempt('203.0.113.1', '+442079460123'), 202);
  assert.equal(await attempt('203.0.113.1', '+442079460124'), 429);
  assert.equal(await attempt('198.51.100.1', '+442079460124'), 202);
});

test('a store of the host’s own needs keys from the settings, and a client of its own the allow-lists', async (t) => {
  const clock = manualClock(officeHours);
  const store = createSqliteStore({ file: ':memory:', clock });
  t.after(() => store.close());
  const { SECRET_KEYS: _, ...withoutKeys } = settings;
  const mistakeOf = (options: CreateProxyOptions): Promise<string> =>
    createProxy(options).then(
      () => 'it started',
      (error: unknown) => (error instanceof ConfigError ? error.message : String(error)),
    );
  assert.match(await mistakeOf({ settings: withoutKeys, store }), /SECRET_KEYS/);
  const polyai = { place: assert.fail, status: assert.fail, close: assert.fail } as unknown as PolyAi;
  const wrong = await mistakeOf({ settings: { SECRET_KEYS: settings.SECRET_KEYS }, store, polyai });
  assert.match(wrong, /ALLOWED_ORIGINS/);
  assert.match(wrong, /ALLOWED_COUNTRIES/);
});

test('what the limits allow is logged at the start, for all instances together', async (t) => {
  const { logged } = await open(t, {
    settings: {
      ...settings,
      DATABASE_URL: 'postgres://proxy@127.0.0.1/callback',
      INSTANCES: '4',
      LIMIT_SITE_IN_FLIGHT: '100',
      LIMIT_ALL_IN_FLIGHT: '100',
      LIMIT_POLLS_PER_SECOND: '40',
    },
  });
  const late = logged.find((line) => line.includes('poll-rate-too-low')) ?? '';
  assert.match(
    late,
    /LIMIT_POLLS_PER_SECOND=40 is too low for LIMIT_(?:ALL|SITE)_IN_FLIGHT=100: .*every 3 s.*Set it to 52,/,
  );
  for (const event of ['worst-case', 'scheduling-limit', 'limit-raised'])
    assert.ok(
      logged.some((line) => line.includes(event)),
      event,
    );
  assert.ok(!logged.some((line) => line.includes('"listening"')), 'it does not listen');
});
