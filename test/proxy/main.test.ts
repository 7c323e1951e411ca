// The composition root on real sockets: the sandbox from startup to a completed call, mistakes at startup, shutdown.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallAccepted, CallSnapshot, Site } from '../../src/contract.js';
import { ConfigError } from '../../src/proxy/config/mistake.js';
import { type RunningProxy, startProxy } from '../../src/proxy/main.js';
import { apiGenerations } from '../../src/proxy/polyai/api-access.js';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { callRequest, newKey, realEnv } from './fixtures/app.js';
import { withDeadline } from './store/fixtures/stores.js';

interface Started extends RunningProxy {
  readonly logged: string[];
  readonly printed: string[];
  post(phone: string, key?: string): Promise<Response>;
}

async function start(t: TestContext, env: Record<string, string> = {}): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-main-'));
  const logged: string[] = [];
  const printed: string[] = [];
  const proxy = await startProxy(
    { PORT: '0', CHALLENGE: 'none', SANDBOX_TIME_SCALE: '50', DATABASE_URL: `file:${folder}/test.db`, ...env },
    { writeLog: (line) => logged.push(line), print: (line) => printed.push(line) },
  );
  t.after(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const post = (phone: string, key = newKey()): Promise<Response> =>
    fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: proxy.url, 'Idempotency-Key': key },
      body: JSON.stringify(callRequest({ phone, country: 'US' })),
    });
  return { ...proxy, logged, printed, post };
}

test('without a credential a call goes from requested to completed, and no number, token or key is printed', async (t) => {
  const proxy = await start(t);
  const site = (await (await fetch(`${proxy.url}/v1/site`)).json()) as Site;
  assert.equal(site.sandbox, true);
  assert.ok((site.testNumbers?.length ?? 0) > 10);
  assert.deepEqual([...site.countries].sort(), ['AU', 'CA', 'DE', 'FR', 'GB', 'SE', 'US']);
  assert.equal(site.callingCodes?.['GB'], '44');

  const key = newKey();
  const response = await proxy.post('+14155550100', key);
  assert.equal(response.status, 202);
  const call = (await response.json()) as CallAccepted;
  const stream = await fetch(`${proxy.url}/v1/calls/${call.id}/events`, {
    headers: { Authorization: `Bearer ${call.token}`, Origin: proxy.url },
  });
  assert.equal(stream.headers.get('content-type'), 'text/event-stream');
  assert.equal(stream.headers.get('access-control-allow-origin'), proxy.url);
  assert.equal(stream.headers.get('x-content-type-options'), 'nosniff');
  assert.match(stream.headers.get('x-request-id') ?? '', /^[a-z]{16}$/);
  const text = await withDeadline(stream.text());
  assert.match(text, /"status":"completed"/);

  const atOneUrl = await fetch(`${proxy.url}/v1/calls`, {
    headers: { Authorization: `Bearer ${call.id}.${call.token}`, Origin: proxy.url, Accept: 'text/event-stream' },
  });
  assert.equal(atOneUrl.headers.get('content-type'), 'text/event-stream');
  assert.match(await withDeadline(atOneUrl.text()), /"status":"completed"/);

  const snapshot = await fetch(`${proxy.url}/v1/calls/${call.id}`, {
    headers: { Authorization: `Bearer ${call.token}` },
  });
  const { status, history } = (await snapshot.json()) as CallSnapshot;
  assert.equal(status, 'completed');
  assert.deepEqual(
    history.map((item) => item.status),
    ['requested', 'created', 'queued', 'ringing', 'in-progress', 'completed'],
  );

  const output = [...proxy.logged, ...proxy.printed].join('\n');
  for (const secret of ['4155550100', call.token, key]) assert.ok(!output.includes(secret));
  assert.match(output, /no real phone rings/);
});

test("the sandbox's own pages may always use it, whatever ALLOWED_ORIGINS lists", async (t) => {
  const proxy = await start(t, { ALLOWED_ORIGINS: 'http://localhost:3000' });
  for (const Origin of [proxy.url, `http://localhost:${String(proxy.port)}`, 'http://localhost:3000'])
    assert.equal((await fetch(`${proxy.url}/v1/site`, { headers: { Origin } })).status, 200, Origin);
  assert.equal((await proxy.post('+14155550100')).status, 202);
  assert.equal((await fetch(`${proxy.url}/v1/site`, { headers: { Origin: 'http://localhost:3001' } })).status, 403);
});

test("the fake PolyAI's refusals and unknown outcomes reach the visitor as such", async (t) => {
  const proxy = await start(t);
  const limited = await proxy.post('+14155550112');
  assert.equal(limited.status, 429);
  assert.equal(((await limited.json()) as { code: string }).code, 'visitor-limit');
  const rejected = await proxy.post('+14155550111');
  assert.equal(rejected.status, 429);
  assert.equal(((await rejected.json()) as { code: string }).code, 'busy');
  const unclear = await proxy.post('+14155550107');
  assert.equal(unclear.status, 202);
  assert.equal(((await unclear.json()) as CallAccepted).status, 'unknown');
});

test('a challenge is required by default, and the proxy issues one', async (t) => {
  const proxy = await start(t, { CHALLENGE: 'altcha' });
  const refused = await proxy.post('+14155550100');
  assert.equal(refused.status, 403);
  assert.equal(((await refused.json()) as { code: string }).code, 'challenge-required');
  const challenge = await fetch(`${proxy.url}/v1/challenge`, { headers: { Origin: proxy.url } });
  assert.equal(challenge.status, 200);
  assert.equal((await fetch(`${proxy.url}/v1/challenge`)).status, 403);
  const sameOrigin = await fetch(`${proxy.url}/v1/challenge`, { headers: { 'Sec-Fetch-Site': 'same-origin' } });
  assert.equal(sameOrigin.status, 200);
});

test('the proxy does not start on a port in use or with an invalid configuration', async (t) => {
  const proxy = await start(t);
  await assert.rejects(start(t, { PORT: String(proxy.port) }), { code: 'EADDRINUSE' });
  await assert.rejects(start(t, { POLYAI_REGION: 'uk' }), ConfigError);
  await assert.rejects(start(t, { SECRET_KEYS: 'short' }), { code: 'KEYS_MALFORMED' });
  await assert.rejects(start(t, { DATABASE_URL: 'file:/dev/null/x.db' }), { name: 'StoreOpenError' });
});

test('with a credential there is no fake PolyAI, no test number and no demo', async (t) => {
  const proxy = await start(t, { ...realEnv, POLYAI_REGION: '', POLYAI_BASE_URL: 'http://127.0.0.1:9' });
  const site = (await (await fetch(`${proxy.url}/v1/site`)).json()) as Site;
  assert.equal(site.sandbox, false);
  assert.equal(site.testNumbers, undefined);
  assert.equal((await fetch(`${proxy.url}/`)).status, 404);
  assert.match(proxy.printed.join('\n'), /Worst case per day/);
  assert.doesNotMatch(proxy.printed.join('\n'), /connector-canary|SANDBOX/);
});

test('a wrong credential is detected at startup by one status request, and the page learns that no call is possible', async (t) => {
  const account = { accountId: 'acme', projectId: 'callbacks' };
  const fakePolyAi = await createFakePolyAi({ ...account, connectorId: 'connector-right-0001' });
  t.after(() => fakePolyAi.close());
  const proxy = await start(t, { ...realEnv, POLYAI_REGION: '', POLYAI_BASE_URL: fakePolyAi.url });
  const opening = async (): Promise<Site['opening']> =>
    ((await (await fetch(`${proxy.url}/v1/site`)).json()) as Site).opening;
  while ((await opening()).open) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await opening(), { open: false, mode: 'hide' });
  assert.match(proxy.logged.join('\n'), /"level":"error","event":"credential-refused","advice":".*POLYAI_CONNECTOR_ID/);
  assert.deepEqual(fakePolyAi.triggers(), []);
  assert.equal((await fetch(`${proxy.url}/readyz`)).status, 503);
});

for (const api of apiGenerations)
  test(`a call can be placed with every generation of the API, and its credential is in no output: ${api}`, async (t) => {
    const secret = `${api}-canary-0001`;
    const fakePolyAi = await createFakePolyAi({
      accountId: 'acme',
      projectId: 'callbacks',
      connectorId: secret,
      authToken: secret,
      agents: { agentId: 'agent-1', apiKey: secret, environment: 'live' },
      timeScale: 50,
    });
    t.after(() => fakePolyAi.close());
    const credential = {
      connector: { POLYAI_ACCOUNT_ID: 'acme', POLYAI_PROJECT_ID: 'callbacks', POLYAI_CONNECTOR_ID: secret },
      token: { POLYAI_AUTH_TOKEN: secret },
      agents: { POLYAI_AGENT_ID: 'agent-1', POLYAI_API_KEY: secret },
    }[api];
    const page = { ALLOWED_ORIGINS: 'https://www.example.com', ALLOWED_COUNTRIES: 'US', HOURS_PROFILE: 'off' };
    const proxy = await start(t, { POLYAI_API: api, POLYAI_BASE_URL: fakePolyAi.url, ...credential, ...page });
    const response = await fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: page.ALLOWED_ORIGINS,
        'Idempotency-Key': newKey(),
      },
      body: JSON.stringify(callRequest({ phone: '+14155550101', country: 'US' })),
    });
    assert.equal(response.status, 202);
    const call = (await response.json()) as CallAccepted;
    const stream = await fetch(`${proxy.url}/v1/calls/${call.id}/events`, {
      headers: { Authorization: `Bearer ${call.token}` },
    });
    const events = await withDeadline(stream.text());
    assert.match(events, /"status":"no-answer"/);
    // Only one generation reports that the phone rings.
    assert.equal(/"status":"ringing"/.test(events), api === 'connector');
    const output = [...proxy.logged, ...proxy.printed, events].join('\n');
    assert.ok(!output.includes(secret), 'the credential was printed');
    assert.match(output, /"event":"call-ended"/);
  });

for (const api of apiGenerations)
  test(`the sandbox supports every generation: ${api}`, async (t) => {
    const proxy = await start(t, { POLYAI_API: api });
    assert.equal((await proxy.post('+14155550100')).status, 202);
  });

test("PolyAI's id of a call is in the log and in no response", async (t) => {
  const proxy = await start(t);
  const call = (await (await proxy.post('+14155550100')).json()) as CallAccepted;
  const stream = await fetch(`${proxy.url}/v1/calls/${call.id}/events`, {
    headers: { Authorization: `Bearer ${call.token}` },
  });
  const text = await withDeadline(stream.text());
  const log = proxy.logged.join('\n');
  const [, upstreamId = 'none'] = /"event":"call-placed",.*"upstreamId":"(OUT-[\da-f-]{36})"/.exec(log) ?? [];
  assert.match(log, new RegExp(`"event":"call-ended",.*"upstreamId":"${upstreamId}"`));
  assert.doesNotMatch(JSON.stringify(call) + text + proxy.printed.join(''), /OUT-/);
});

test('closing lets a trigger in flight finish, ends streams with a goodbye, and refuses new requests', async (t) => {
  const proxy = await start(t, { SANDBOX_TIME_SCALE: '1' });
  const call = (await (await proxy.post('+14155550105')).json()) as CallAccepted;
  const stream = await fetch(`${proxy.url}/v1/calls/${call.id}/events`, {
    headers: { Authorization: `Bearer ${call.token}` },
  });
  const text = stream.text();
  const closed = proxy.close();
  assert.match(await withDeadline(text), /event: goodbye/);
  await withDeadline(closed);
  await assert.rejects(fetch(`${proxy.url}/healthz`));
});

test('a body that is too large is refused on a real socket, whatever its stated length, and the connection is closed', async (t) => {
  const proxy = await start(t);
  const body = JSON.stringify(callRequest({ phone: '+14155550100' })) + ' '.repeat(100_000);
  const ask = (payload: BodyInit): Promise<Response> =>
    fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: proxy.url, 'Idempotency-Key': newKey() },
      body: payload,
      duplex: 'half',
    } as RequestInit & { duplex: 'half' });
  const chunked = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  for (const payload of [body, chunked]) {
    const response = await ask(payload);
    assert.equal(response.status, 413);
    assert.equal(response.headers.get('connection'), 'close');
    assert.equal(((await response.json()) as { code: string }).code, 'body-too-large');
  }
  assert.equal((await proxy.post('+14155550100')).status, 202);
});
