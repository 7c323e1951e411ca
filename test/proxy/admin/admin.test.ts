// Metrics, traces and the admin listener on a running proxy: who may read them, what they count, and that nothing a client writes can
// become a label or an attribute.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import type { CallAccepted, SlotsOffered } from '../../../src/contract.js';
import { labelValues } from '../../../src/proxy/admin/metrics.js';
import { routeOf } from '../../../src/proxy/admin/observer.js';
import { createTracing } from '../../../src/proxy/admin/tracing.js';
import { startProxy } from '../../../src/proxy/main.js';
import { explainStartError } from '../../../src/proxy/process/start-error.js';
import type { OwnerSummary } from '../../../src/owner-contract.js';
import { createAdminSessions } from '../../../src/proxy/admin/admin-sessions.js';
import { callRequest, newKey } from '../fixtures/app.js';
import { manualClock, withDeadline } from '../store/fixtures/stores.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const token = 'admin-canary-0123456789';

async function start(t: TestContext, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-admin-'));
  const logged: string[] = [];
  const proxy = await startProxy(
    {
      PORT: '0',
      ADMIN_LISTEN: '0',
      CHALLENGE: 'none',
      SANDBOX_TIME_SCALE: '100',
      DATABASE_URL: `file:${folder}/test.db`,
      ...env,
    },
    { writeLog: (line) => logged.push(line), print: () => {} },
  );
  t.after(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const port = Number(/"event":"admin-listening".*"port":(\d+)/.exec(logged.join('\n'))?.[1]);
  const scrape = async (): Promise<string> => (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const post = (phone: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${proxy.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: proxy.url, 'Idempotency-Key': newKey(), ...headers },
      body: JSON.stringify(callRequest({ phone, country: 'US' })),
    });
  return { ...proxy, logged, adminPort: port, scrape, post };
}

/** A completed call, followed to its end. */
async function complete({ url, post }: Awaited<ReturnType<typeof start>>, phone = '+14155550101'): Promise<void> {
  const call = (await (await post(phone)).json()) as CallAccepted;
  const stream = await fetch(`${url}/v1/calls/${call.id}/events`, {
    headers: { Authorization: `Bearer ${call.token}` },
  });
  assert.match(await withDeadline(stream.text()), /"status":"no-answer"/);
}

/** The status of a raw request with any Host header. */
const statusWith = (port: number, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path: '/metrics', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

test('on this machine the listener needs no token, but a request under another host name is refused', async (t) => {
  const proxy = await start(t);
  assert.match(proxy.logged.join('\n'), /"event":"admin-listening","host":"127\.0\.0\.1"/);
  assert.equal(await statusWith(proxy.adminPort, { Host: `127.0.0.1:${String(proxy.adminPort)}` }), 200);
  assert.equal(await statusWith(proxy.adminPort, { Host: 'localhost' }), 200);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
    assert.equal(await statusWith(proxy.adminPort, { Host: host }), 403, host);
  assert.equal((await fetch(`${proxy.url}/metrics`)).status, 404, 'visitors can read the metrics');
  assert.equal((await fetch(`http://127.0.0.1:${String(proxy.adminPort)}/nothing`)).status, 404);
});

test('a callback that waits counts as scheduled, not as a call in flight', async (t) => {
  const { url, scrape } = await start(t);
  const send = (path: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: url, 'Idempotency-Key': newKey() },
      body: JSON.stringify(body),
    });
  const phone = '+14155550100';
  const { slots } = (await (await send('/v1/slots', { phone })).json()) as SlotsOffered;
  const booked = await send('/v1/calls', callRequest({ phone, country: 'US', scheduleAt: slots.at(-1)?.at ?? '' }));
  assert.equal(booked.status, 202, await booked.text());
  const text = await scrape();
  assert.match(text, /^polyai_callback_calls_scheduled 1$/m);
  assert.match(text, /^polyai_callback_calls_in_flight 0$/m);
});

test('with a token, every request needs it, and it appears in no output', async (t) => {
  const proxy = await start(t, { ADMIN_TOKEN: token });
  for (const authorization of [
    '',
    'Bearer',
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    token,
    `Basic ${token}`,
  ])
    assert.equal(
      await statusWith(proxy.adminPort, authorization === '' ? {} : { Authorization: authorization }),
      401,
      authorization,
    );
  assert.equal(await statusWith(proxy.adminPort, { Host: 'metrics.internal', Authorization: `Bearer ${token}` }), 200);
  assert.match(proxy.logged.join('\n'), /"event":"admin-refused","reason":"token"/);
  assert.doesNotMatch(proxy.logged.join('\n'), /admin-canary/);
});

test('the owner’s page and its data are on the listener, under a strict policy, and no other site can load them', async (t) => {
  const proxy = await start(t);
  const url = `http://127.0.0.1:${String(proxy.adminPort)}`;
  await complete(proxy);
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/,
  );
  assert.equal(page.headers.get('cross-origin-resource-policy'), 'same-origin');
  const summary = (await (await fetch(`${url}/api/summary?period=today`)).json()) as OwnerSummary;
  assert.deepEqual([summary.totals.calls, summary.totals['no-answer'], summary.groups.country[0]?.value], [1, 1, 'US']);
  assert.ok(
    (summary.allowances.find(({ setting }) => setting === 'LIMIT_ALL_PER_DAY')?.used ?? 0) > 0,
    'nothing is used',
  );
  assert.deepEqual(summary.upstream.triggers, [{ name: 'accepted', count: 1 }]);
  const call = await (await fetch(`${url}/api/call?id=${summary.calls[0]?.id ?? ''}`)).text();
  assert.match(call, /"polyAiId":"/);
  const csv = await (await fetch(`${url}/api/export.csv?period=today`)).text();
  assert.equal(csv.trim().split('\n').length, 2);
  for (const text of [JSON.stringify(summary), call, csv]) assert.doesNotMatch(text, /4155550101/);
  assert.equal((await fetch(`${proxy.url}/api/summary`)).status, 404, 'visitors can read the summary');

  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
  ])
    assert.equal((await fetch(`${url}/api/summary`, { headers })).status, 403, JSON.stringify(headers));
  assert.equal((await fetch(`${url}/api/summary`, { method: 'POST' })).status, 405);
  assert.equal(await statusWith(proxy.adminPort, { Host: 'evil.example' }), 403);
});

test('a browser signs in with the token; a forged, expired or foreign session is none, and guessing is slowed down', async (t) => {
  const proxy = await start(t, { ADMIN_TOKEN: token });
  const url = `http://127.0.0.1:${String(proxy.adminPort)}`;
  const signIn = (given: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ token: given }).toString(),
    });
  const summaryWith = async (cookie: string): Promise<number> =>
    (await fetch(`${url}/api/summary`, { headers: { Cookie: cookie } })).status;
  const page = await fetch(url);
  assert.equal(page.status, 401);
  assert.match(await page.text(), /Admin token/);
  assert.equal((await signIn(token, { Origin: 'https://evil.example' })).status, 403);
  assert.equal((await signIn('x'.repeat(5_000))).status, 400);
  const signedIn = await signIn(token);
  assert.equal(signedIn.status, 303);
  const [cookie = '', ...attributes] = (signedIn.headers.get('set-cookie') ?? '').split('; ');
  assert.deepEqual(attributes, ['Path=/', 'HttpOnly', 'SameSite=Strict', 'Max-Age=43200']);
  assert.doesNotMatch(cookie, /canary/);
  assert.equal(await summaryWith(cookie), 200);
  assert.equal(await summaryWith(`other=1; ${cookie}`), 200);
  const [name = '', value = ''] = cookie.split('=');
  const [expires = '', signature = ''] = value.split('.');
  const later = (Number.parseInt(expires, 36) + 1_000).toString(36);
  for (const forged of ['', `${later}.${signature}`, `${expires}.${'A'.repeat(43)}`, token, `${expires}.`])
    assert.equal(await summaryWith(`${name}=${forged}`), 401, forged);
  for (let n = 0; n < 10; n += 1) assert.equal((await signIn(`${token}${String(n)}`)).status, 401);
  assert.equal((await signIn(token)).status, 429);
  assert.doesNotMatch(proxy.logged.join('\n'), /admin-canary/);
});

test('wrong tokens pause signing in from their own address alone', () => {
  const clock = manualClock();
  const sessions = createAdminSessions(token, clock);
  for (const one of ['203.0.113.1', '2001:db8:1:2:3:4:5:6']) {
    for (let n = 0; n < 10; n += 1) assert.equal(sessions.signIn('wrong', false, one), 'wrong');
    assert.equal(sessions.signIn(token, false, one), 'later');
  }
  assert.equal(sessions.signIn(token, false, '2001:db8:1:2:ffff::1'), 'later', 'the same /64');
  assert.equal(sessions.signIn(token, false, '::ffff:203.0.113.1'), 'later', 'the same address');
  for (let n = 1; n <= 10; n += 1) sessions.signIn('wrong', false, `2001:db8::${String(n)}`);
  assert.equal(sessions.signIn(token, false, '2001:db8::b'), 'later', 'the same /64, in its short form');
  for (const other of ['203.0.113.2', '2001:db8:1:3::1'])
    assert.ok(typeof sessions.signIn(token, false, other) === 'object', other);
  clock.advance(60_000);
  assert.ok(typeof sessions.signIn(token, false, '203.0.113.1') === 'object', 'after a minute');
});

test('a session ends after twelve hours, and with its token', () => {
  const clock = manualClock();
  const sessions = createAdminSessions(token, clock);
  const signedIn = sessions.signIn(token, true, '192.0.2.1');
  assert.ok(typeof signedIn === 'object', 'not signed in');
  assert.match(signedIn.cookie, /; Secure$/);
  const [cookie] = signedIn.cookie.split(';');
  assert.equal(createAdminSessions(`${token}x`, clock).isSignedIn(cookie), false);
  clock.advance(12 * 3_600_000 - 1);
  assert.equal(sessions.isSignedIn(cookie), true);
  clock.advance(1);
  assert.equal(sessions.isSignedIn(cookie), false);
});

test('beyond this machine the proxy does not start without a token', async (t) => {
  for (const listen of ['0.0.0.0:0', '[::]:0', '10.0.0.5:9464'])
    await assert.rejects(
      start(t, { ADMIN_LISTEN: listen }),
      /ADMIN_TOKEN is not set; expected a token, because/,
      listen,
    );
  await assert.rejects(start(t, { ADMIN_LISTEN: '', ADMIN_TOKEN: token }), /ADMIN_LISTEN is not set/);
  await assert.rejects(start(t, { ADMIN_LISTEN: 'tcp://10.0.0.1:80' }), /ADMIN_LISTEN is "tcp/);
  await assert.rejects(start(t, { ADMIN_TOKEN: 'short' }), /ADMIN_TOKEN is set \(5 characters, not shown\)/);
});

test('a port in use is reported with the setting to change', async (t) => {
  const { adminPort } = await start(t);
  await assert.rejects(start(t, { ADMIN_LISTEN: String(adminPort) }), (error: Error) => {
    assert.match(explainStartError(error), /set ADMIN_LISTEN to a free port/);
    return true;
  });
});

test('one call is counted at each of its stages', async (t) => {
  const proxy = await start(t);
  await complete(proxy);
  await proxy.post('+14155550100', { 'Idempotency-Key': 'short' });
  const text = await proxy.scrape();
  const value = (series: string): number =>
    Number(new RegExp(`^${series.replace(/[{}."]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1]);
  assert.equal(value(`polyai_callback_calls_reserved_total{site="${proxy.url}",when="now"}`), 1);
  assert.equal(value('polyai_callback_triggers_total{outcome="accepted"}'), 1);
  assert.equal(value('polyai_callback_triggers_total{outcome="unknown"}'), 0);
  assert.equal(value('polyai_callback_calls_ended_total{ended="no-answer"}'), 1);
  assert.equal(value('polyai_callback_refusals_total{code="idempotency-key-invalid"}'), 1);
  assert.equal(value('polyai_callback_http_requests_total{method="POST",route="/v1/calls",status="2xx"}'), 1);
  assert.equal(value('polyai_callback_calls_in_flight'), 0);
  assert.equal(value('polyai_callback_credential_refused'), 0);
  assert.ok(value('polyai_callback_status_requests_total{result="seen"}') > 0, 'no status request was counted');
  assert.ok(value('polyai_callback_limit{limit="allPerDay"}') > 0, 'no limit is shown');
});

test('whatever clients send, every label has a value from its closed list, never a number, a foreign origin or a path', async (t) => {
  const proxy = await start(t);
  const number = '4155550177';
  const requests: [path: string, init: RequestInit][] = [
    [`/v1/calls/${number}`, {}],
    [`/v1/calls/${number}/events`, {}],
    [`/${number}`, {}],
    [`/v1/site?phone=${number}`, { headers: { Origin: `https://n${number}.evil.example` } }],
    ['/v1/calls', { method: 'PATCH', headers: { Origin: 'https://evil.example' } }],
    ['/v1/calls', { method: `X${number}` }],
    [`/v1/phone-metadata/${number}.json`, {}],
  ];
  for (const [path, init] of requests) await fetch(proxy.url + path, init).then((response) => response.text());
  await proxy.post(`+1${number}`, { Origin: 'https://evil.example' });
  await complete(proxy);
  const text = await proxy.scrape();
  assert.doesNotMatch(text, new RegExp(number));
  assert.doesNotMatch(text, /evil/);
  const own = text.split('\n').filter((line) => line.startsWith('polyai_callback_'));
  assert.ok(own.length > 100, 'the scrape is nearly empty');
  for (const line of own)
    for (const [, label = '', value = ''] of line.slice(0, line.lastIndexOf('} ')).matchAll(/[{,](\w+)="([^"]*)"/g)) {
      if (['le', 'version', 'api'].includes(label)) continue;
      const sites = ['127.0.0.1', 'localhost', '[::1]'].map((host) => proxy.url.replace('127.0.0.1', host));
      const values = label === 'site' ? sites : (labelValues[label] ?? []);
      assert.ok(values.includes(value), `${label}="${value}" in ${line}`);
    }
});

test('a route is a route of the contract, a file, or other', () => {
  const route = (path: string): string => routeOf(`http://x.example${path}`);
  assert.equal(route('/v1/calls'), '/v1/calls');
  assert.equal(route('/v1/calls?x=1'), '/v1/calls');
  assert.equal(route('/v1/calls/abc'), '/v1/calls/:id');
  assert.equal(route('/v1/calls/abc/events'), '/v1/calls/:id/events');
  assert.equal(route('/polyai-callback.js'), '/polyai-callback.js');
  assert.equal(route('/'), 'file');
  assert.equal(route('/v1/calls/abc/else'), 'other');
  assert.equal(route(''), 'other');
});

test('LOG_LEVEL drops less important lines, and nothing else', async (t) => {
  const proxy = await start(t, { LOG_LEVEL: 'warn' });
  assert.ok(Number.isNaN(proxy.adminPort), 'an info line was written');
  await proxy.post('+14155550107');
  const levels = proxy.logged.map((line) => (JSON.parse(line) as { level: string; event: string }).level);
  assert.ok(levels.includes('warn'), 'the unclear result is missing');
  assert.ok(!levels.includes('info'), 'an info line was written');
});

test('nothing is loaded unless it is configured: each package has one importer, which is imported on demand', () => {
  const files = readdirSync(join(root, 'src/proxy'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const importers = (pattern: RegExp): string[] =>
    files.filter((name) => pattern.test(readFileSync(join(root, 'src/proxy', name), 'utf8')));
  assert.deepEqual(importers(/from 'prom-client'/), ['admin/metrics.ts']);
  assert.deepEqual(importers(/from '@opentelemetry\//), ['admin/tracing.ts']);
  assert.deepEqual(importers(/^import (?!type)[^;]*'\.\/(?:admin\/)?(?:metrics|tracing|admin-server|admin)\.js'/m), []);
  assert.deepEqual(importers(/^import (?!type)[^;]*'\.\.?\/admin\/observer\.js'/m), []);
});

test('a trace contains the trigger and the durable writes inside the request, and nothing that a client sent', async (t) => {
  const exporter = new InMemorySpanExporter();
  const { observer, close } = createTracing({ endpoint: 'http://127.0.0.1:9', exporter });
  t.after(close);
  await observer.around(
    { kind: 'request', method: 'POST', route: '/v1/calls' },
    async () => {
      await observer.around(
        { kind: 'store', verb: 'reserve', callId: 'abc' },
        async () => 1,
        () => 'done',
      );
      await observer.around(
        { kind: 'trigger' },
        async () => 2,
        () => 'unknown',
      );
      return 3;
    },
    () => '202',
  );
  await observer.around(
    { kind: 'request', method: 'GET', route: '/healthz' },
    async () => 1,
    () => '200',
  );
  await observer.around(
    { kind: 'store', verb: 'claimDue' },
    async () => 1,
    () => 'done',
  );
  await assert.rejects(
    observer.around(
      { kind: 'status' },
      () => Promise.reject(new Error('about +14155550177')),
      () => '',
    ),
  );
  // Shutting down the provider empties the exporter, so the exported spans are read before that.
  const spans: { name: string; parent: string | undefined; attributes: object; text: string }[] = [];
  const exported = exporter.export.bind(exporter);
  exporter.export = (batch, done) => {
    for (const span of batch)
      spans.push({
        name: span.name,
        parent: span.parentSpanContext?.spanId,
        attributes: span.attributes,
        text: JSON.stringify([span.name, span.attributes, span.events, span.status]),
      });
    exported(batch, done);
  };
  await close();
  assert.deepEqual(spans.map(({ name }) => name).sort(), [
    'POST /v1/calls',
    'polyai status',
    'polyai trigger',
    'store reserve',
  ]);
  const request = spans.find(({ name }) => name === 'POST /v1/calls');
  assert.equal(request?.parent, undefined);
  assert.ok(spans.filter(({ parent }) => parent !== undefined).length === 2, 'the writes are not inside the request');
  assert.doesNotMatch(spans.map(({ text }) => text).join(), /4155550177/);
  assert.match(spans.map(({ text }) => text).join(), /"polyai_callback\.call_id":"abc"/);
});

test('traces reach a collector over OTLP', async (t) => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(`${request.url ?? ''} ${chunk.toString('latin1')}`));
    request.on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  t.after(() => collector.close());
  const { port } = collector.address() as AddressInfo;
  const proxy = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}/` });
  await complete(proxy);
  await proxy.close();
  const text = received.join('\n');
  assert.match(text, /^\/v1\/traces /m);
  for (const name of ['POST /v1/calls', 'polyai trigger', 'store reserve', 'store settle', 'polyai status'])
    assert.ok(text.includes(name), name);
  assert.doesNotMatch(text, /4155550101|OUT-/);
});

/** The metric names in a scrape, including the suffixes that Prometheus adds to histograms. */
function namesIn(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => /^([a-z0-9_]+)(?:\{| )/.exec(line)?.[1] ?? []));
}

const operations = (file: string): string => readFileSync(join(root, 'docs/operations', file), 'utf8');
const metricsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\b(?:polyai_callback|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)),
];

test('every metric that the dashboard and the alert rules name is in a real scrape, with the labels they select', async (t) => {
  const proxy = await start(t);
  await complete(proxy);
  const text = await proxy.scrape();
  const known = namesIn(text);
  const dashboard = operations('grafana-dashboard.json');
  const alerts = operations('alerts.yml');
  for (const [file, content] of [
    ['dashboard', dashboard],
    ['alerts', alerts],
  ] as const) {
    const names = metricsIn(content);
    assert.ok(names.length >= 8, `${file} names hardly any metric`);
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
      file,
    );
    for (const [, label = '', value = ''] of content.matchAll(/(\w+)(?:=|=~)\\?"([\w|.-]+)\\?"/g)) {
      const values = labelValues[label];
      if (values === undefined) continue;
      for (const one of value.split('|')) assert.ok(values.includes(one), `${file}: ${label}="${one}"`);
    }
  }
});

test('Grafana can import the dashboard, and every alert says what to do', () => {
  const dashboard = JSON.parse(operations('grafana-dashboard.json')) as {
    title: string;
    uid: string;
    schemaVersion: number;
    panels: { title: string; targets?: { expr: string }[]; gridPos: object }[];
  };
  assert.equal(dashboard.uid, 'polyai-callback');
  for (const { title, targets, gridPos } of dashboard.panels) {
    assert.ok(title !== '' && gridPos !== undefined, title);
    assert.ok((targets?.length ?? 0) > 0, title);
  }
  const rules = operations('alerts.yml')
    .split(/^\s+- alert: /m)
    .slice(1);
  assert.ok(rules.length >= 8, 'few alerts');
  for (const rule of rules)
    for (const part of [
      /^\s+expr: \S/m,
      /^\s+for: \d+[smh]/m,
      /severity: (?:page|ticket)/,
      /summary: \S/,
      /description: \S/,
    ])
      assert.match(rule, part, rule.split('\n')[0]);
});
