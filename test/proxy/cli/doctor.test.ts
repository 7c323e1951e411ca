// `doctor`: what it finds, and that it says what to do. PolyAI is the fake; no call is placed.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runDoctor } from '../../../src/proxy/cli/doctor.js';
import { checkClock, checkTimeZones } from '../../../src/proxy/cli/doctor/clock.js';
import { checkCredential } from '../../../src/proxy/cli/doctor/credential.js';
import { checkDatabase, kindOf } from '../../../src/proxy/cli/doctor/database.js';
import type { Finding } from '../../../src/proxy/cli/doctor/finding.js';
import { checkOrigins, checkProxyTrust } from '../../../src/proxy/cli/doctor/network.js';
import { checkPublicUrl } from '../../../src/proxy/cli/doctor/public-url.js';
import { checkStreaming } from '../../../src/proxy/cli/doctor/streaming.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { createFakePolyAi } from '../../../src/proxy/sandbox/fake-polyai.js';
import { realEnv } from '../fixtures/app.js';

const levels = (findings: readonly Finding[]): string[] => findings.map(({ level, subject }) => `${level} ${subject}`);

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-doctor-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function doctor(env: Record<string, string>, options: Record<string, string | boolean> = {}) {
  const lines: string[] = [];
  const send = (() =>
    Promise.resolve(new Response(null, { headers: { date: new Date().toUTCString() } }))) as typeof fetch;
  const code = await runDoctor({
    env,
    options: { json: true, ...options },
    print: (line) => lines.push(line),
    fetch: send,
  });
  return { code, findings: lines.map((line) => JSON.parse(line) as Finding), text: lines.join('\n') };
}

test('every mistake in the settings is a finding with what to set, and no secret is shown', async () => {
  const { code, findings, text } = await doctor({ ...realEnv, ALLOWED_ORIGINS: '', POLYAI_API: 'token' });
  assert.equal(code, 1);
  assert.ok(findings.filter(({ level }) => level === 'fail').length >= 3, text);
  assert.ok(
    findings.every(({ level, fix }) => level === 'ok' || fix !== undefined),
    text,
  );
  assert.doesNotMatch(text, /canary/);
});

test('PolyAI gets a status request for a call that cannot exist, and no call is placed', async (t) => {
  const folder = folderOf(t);
  const fake = await createFakePolyAi({
    accountId: 'acme',
    projectId: 'callbacks',
    connectorId: realEnv.POLYAI_CONNECTOR_ID,
  });
  t.after(() => fake.close());
  const env = {
    ...realEnv,
    POLYAI_REGION: '',
    POLYAI_BASE_URL: fake.url,
    DATABASE_URL: `file:${folder}/x.db`,
    TRUSTED_PROXIES: '127.0.0.1',
  };
  const well = await doctor(env);
  assert.deepEqual(
    well.findings.filter(({ subject }) => subject === 'PolyAI').map(({ level }) => level),
    ['ok'],
    well.text,
  );
  const refused = await doctor({ ...env, POLYAI_CONNECTOR_ID: 'another-connector-1' });
  assert.equal(refused.code, 1);
  assert.match(refused.text, /"fail","subject":"PolyAI"[^\n]*refuses the credential[^\n]*POLYAI_CONNECTOR_ID/);
  const away = await doctor({ ...env, POLYAI_BASE_URL: 'http://127.0.0.1:9' });
  assert.match(away.text, /"fail","subject":"PolyAI"[^\n]*refused/);
  assert.deepEqual(fake.triggers(), []);
  assert.equal(fake.statusRequests(), 1);
});

test('a placeholder or a whole header is no credential', () => {
  const found = (secret: string): string[] =>
    levels(checkCredential(readConfig({ ...realEnv, POLYAI_CONNECTOR_ID: secret })));
  for (const secret of ['changeme', 'your-connector-id', '<connector-id>', 'xxxxxxxxxx', 'Bearer-abcdefgh'])
    assert.deepEqual(found(secret), ['fail credential'], secret);
  assert.deepEqual(found('b1e7c0de-1234-4321-9999-0123456789ab'), ['ok credential']);
});

test('a database that would not last is found by its file system', async (t) => {
  const folder = folderOf(t);
  const check = async (kind: string, sandbox = false): Promise<string[]> =>
    levels(
      await checkDatabase(
        { database: { kind: 'file', path: join(folder, 'x.db') }, keys: undefined, sandbox },
        `none / ext4 rw\nnone ${folder} ${kind} rw\n`,
      ),
    );
  assert.ok((await check('tmpfs')).includes('fail durability'));
  assert.ok((await check('overlay')).includes('fail durability'));
  assert.ok((await check('nfs4')).includes('fail durability'));
  assert.ok((await check('tmpfs', true)).includes('warn durability'));
  assert.ok((await check('ext4')).includes('ok durability'));
  assert.equal(kindOf('/data/x', 'a / ext4\nb /data tmpfs\nc /database nfs'), 'tmpfs');
  assert.equal(kindOf('/with space/x', 'a / ext4\nb /with\\040space tmpfs'), 'tmpfs');
});

test('a database without its keys, a damaged one and a folder that cannot be written are found', async (t) => {
  const folder = folderOf(t);
  const check = async (name: string): Promise<Finding[]> => [
    ...(await checkDatabase(
      { database: { kind: 'file', path: join(folder, name) }, keys: undefined, sandbox: false },
      'none / ext4 rw',
    )),
  ];
  writeFileSync(join(folder, 'a.db'), '');
  assert.ok(levels(await check('a.db')).includes('fail keys'));
  writeFileSync(join(folder, 'b.db'), 'x'.repeat(10_000));
  writeFileSync(join(folder, 'b.db.keys'), `v1:${Buffer.alloc(32, 1).toString('base64')}\n`);
  assert.ok(levels(await check('b.db')).includes('fail database'));
  mkdirSync(join(folder, 'new'));
  assert.ok(levels(await check('new/c.db')).includes('ok database'));
});

test('the clock, the time-zone data, the origins and the trust in proxies', async () => {
  const config = readConfig(realEnv);
  const at =
    (date: string): typeof fetch =>
    () =>
      Promise.resolve(new Response(null, { headers: { date } }));
  const now = (): number => Date.UTC(2026, 2, 2, 12);
  const clock = async (date: string): Promise<string[]> => levels(await checkClock(config, at(date), now));
  assert.deepEqual(await clock('Mon, 02 Mar 2026 12:00:02 GMT'), ['ok clock']);
  assert.deepEqual(await clock('Mon, 02 Mar 2026 12:00:20 GMT'), ['warn clock']);
  assert.deepEqual(await clock('Mon, 02 Mar 2026 13:00:00 GMT'), ['fail clock']);
  assert.deepEqual(await clock(''), ['warn clock']);
  assert.deepEqual(levels(checkTimeZones('2019a')), ['warn time zones']);
  assert.deepEqual(levels(checkTimeZones('2099a')), ['ok time zones']);
  assert.deepEqual(levels(checkOrigins({ origins: ['https://www.example.com'] })), ['warn origins']);
  assert.deepEqual(levels(checkOrigins({ origins: ['https://www.example.com', 'https://example.com'] })), [
    'ok origins',
  ]);
  assert.deepEqual(levels(checkOrigins({ origins: ['http://shop.example.com'] })), ['warn origins']);
  const trust = (kind: object, host: string): string[] =>
    levels(checkProxyTrust({ ...config, host, trustedProxies: kind as typeof config.trustedProxies }));
  assert.deepEqual(trust({ kind: 'none' }, '127.0.0.1'), ['fail proxy trust']);
  assert.deepEqual(trust({ kind: 'none' }, '0.0.0.0'), ['warn proxy trust']);
  assert.deepEqual(trust({ kind: 'hops', hops: 1 }, '0.0.0.0'), ['warn proxy trust']);
  assert.deepEqual(trust({ kind: 'ranges', ranges: ['10.0.0.0/8'] }, '0.0.0.0'), ['ok proxy trust']);
});

const noCall = () => Promise.resolve(undefined);

test('the public URL has to be https, this proxy, ready, and open to the first origin', async () => {
  const config = readConfig(realEnv);
  const answering =
    (over: Record<string, Response>): typeof fetch =>
    (input) => {
      const path = new URL(input as string).pathname;
      const cors = { 'access-control-allow-origin': 'https://www.example.com' };
      const usual: Record<string, Response> = {
        '/healthz': new Response('{"status":"alive"}'),
        '/readyz': new Response('{"status":"ready"}'),
        '/polyai-callback.js': new Response(''),
        '/v1/site': new Response('{}', { headers: cors }),
      };
      return Promise.resolve(over[path] ?? usual[path] ?? new Response(null, { status: 404 }));
    };
  const check = async (url: string, over: Record<string, Response> = {}): Promise<string[]> =>
    levels(await checkPublicUrl(url, config, answering(over), noCall));
  assert.deepEqual(await check('https://calls.example.com'), ['ok TLS', 'warn streaming']);
  assert.deepEqual(await check('http://calls.example.com'), ['fail TLS', 'warn streaming']);
  assert.deepEqual(await check('calls'), ['fail TLS']);
  assert.deepEqual(await check('https://calls.example.com', { '/healthz': new Response('<html>') }), [
    'fail public URL',
  ]);
  assert.deepEqual(await check('https://calls.example.com', { '/readyz': new Response('{}', { status: 503 }) }), [
    'ok TLS',
    'fail ready',
    'warn streaming',
  ]);
  assert.deepEqual(await check('https://calls.example.com', { '/v1/site': new Response('{}') }), [
    'ok TLS',
    'fail origins',
    'warn streaming',
  ]);
  const fails = (() =>
    Promise.reject(
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }) }),
    )) as typeof fetch;
  const [expired] = await checkPublicUrl('https://calls.example.com', config, fails, noCall);
  assert.match(expired?.found ?? '', /CERT_HAS_EXPIRED/);
});

/** What arrives through a front: pieces, `wait` (time passes) and `end`. */
type Step = 'piece' | 'wait' | 'end';

test('a front that buffers streams is found, and a call that has not ended is what it takes', async () => {
  const call = { id: 'abc', token: 'secret' };
  const check = async (steps: readonly Step[], headers: object = {}, status = 200): Promise<string> => {
    const queue = [...steps];
    let wake = (): void => {};
    const passed: (() => void)[] = [];
    // Time passes when nothing more arrives before the next `wait`.
    const advance = (): void => {
      if (queue[0] !== 'wait' && queue.length > 0) return;
      queue.shift();
      for (const pass of passed.splice(0)) pass();
      wake();
    };
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          while (queue[0] === 'wait' || queue.length === 0) {
            setImmediate(advance);
            await new Promise<void>((resolve) => (wake = resolve));
            if (queue.length === 0 && passed.length === 0) return;
          }
          const step = queue.shift();
          if (step === 'piece') controller.enqueue(new Uint8Array([10]));
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    let sent: RequestInit = {};
    const send = ((_: string, init: RequestInit) => {
      sent = init;
      return Promise.resolve(
        new Response(body, { status, headers: { 'content-type': 'text/event-stream', ...headers } }),
      );
    }) as typeof fetch;
    const sleep = (): Promise<void> => new Promise((resolve) => passed.push(resolve));
    const { level, found } = await checkStreaming('https://calls.example.com', call, send, sleep);
    assert.equal(new Headers(sent.headers).get('authorization'), 'Bearer abc.secret');
    assert.equal(sent.signal?.aborted, true, 'the stream stays open');
    assert.doesNotMatch(found, /secret/);
    return level;
  };
  assert.equal(await check(['piece', 'wait', 'piece', 'wait']), 'ok');
  assert.equal(await check(['piece', 'piece', 'wait', 'piece', 'wait']), 'ok');
  assert.equal(await check(['piece', 'wait', 'piece', 'wait'], { 'content-encoding': 'gzip' }), 'warn');
  // Only what was sent with the head arrives, or nothing at all, or everything at the end.
  assert.equal(await check(['piece', 'wait', 'wait']), 'fail');
  assert.equal(await check(['wait']), 'fail');
  assert.equal(await check(['piece', 'wait', 'piece', 'end']), 'warn');
  assert.equal(await check(['piece', 'end']), 'warn');
  assert.equal(await check([], {}, 502), 'fail');
  assert.equal(await check([], { 'content-type': 'text/html' }), 'fail');
});
