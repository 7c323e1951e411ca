// nginx in front, in the configurations that break event streams: as installed, with gzip for everything, with a short idle timeout,
// HTTP/1.0 to the proxy, HTTP/2 to the browser. A page is shown every state of its call once, in order, while it happens.
// Skipped where nginx is not installed. Mutations that turn it red: stream heads without X-Accel-Buffering; a heartbeat that carries an ID.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type CallAccepted, type CallSnapshot, isTerminal } from '../../src/contract.js';
import { startProxy } from '../../src/proxy/main.js';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { follow } from '../fixtures/follower.js';
import { freePort, isListening } from '../fixtures/ports.js';
import { callRequest, newKey, origin } from '../proxy/fixtures/app.js';
import { until } from '../proxy/fixtures/call-streams.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-for-nginx' } as const;
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`], { env }).status === 0;
const skip = has('nginx') && has('openssl') ? false : 'nginx or openssl is not installed';

interface Behind {
  /** nginx's port. */
  readonly port: number;
  /** Status requests that the fake PolyAI has received. */
  statusRequests(): number;
}

/** Starts the proxy behind nginx. `location`: directives of its one location; `listen`: what follows the port. */
async function start(t: TestContext, location: string, listen = ''): Promise<Behind> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-nginx-'));
  const fakePolyAi = await createFakePolyAi({ ...account, timeScale: 4 });
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
      DATABASE_URL: `file:${folder}/nginx.db`,
    },
    { writeLog: () => {}, print: () => {} },
  );
  const certificate = ['-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`, '-subj', '/CN=localhost'];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...certificate], { env });
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'config'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events { worker_connections 64; }
    http { access_log off; ${temporary} ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    server { listen 127.0.0.1:${String(port)}${listen};
    location / { proxy_pass http://127.0.0.1:${String(proxy.port)}; ${location} } } }`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'config'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
    env,
  });
  t.after(async () => {
    const gone: Promise<unknown> = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
    child.kill('SIGTERM');
    await withDeadline(gone);
    await proxy.close();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await isListening(port))) assert.equal(child.exitCode, null, 'nginx did not start');
  return { port, statusRequests: () => fakePolyAi.statusRequests() };
}

const callHeaders = () => ({ 'content-type': 'application/json', origin, 'idempotency-key': newKey() });

for (const { name, location, isCut } of [
  { name: 'as installed: HTTP/1.0 to the proxy, buffering on', location: '' },
  {
    name: 'with gzip for everything',
    location: 'gzip on; gzip_types *; gzip_proxied any; gzip_min_length 0; proxy_set_header Accept-Encoding gzip;',
  },
  { name: 'with HTTP/1.1 and kept connections', location: 'proxy_http_version 1.1; proxy_set_header Connection "";' },
  { name: 'with an idle timeout of a second', location: 'proxy_read_timeout 1s;', isCut: true },
])
  test(`nginx ${name}: every state arrives once, while it happens`, { skip }, async (t) => {
    const { port, statusRequests } = await start(t, location);
    const response = await fetch(`http://127.0.0.1:${String(port)}/v1/calls`, {
      method: 'POST',
      headers: callHeaders(),
      body: JSON.stringify(callRequest()),
    });
    assert.equal(response.status, 202);
    const { id, token } = (await response.json()) as CallAccepted;
    const broken: string[] = [];
    /** How often the call had been polled when each state was shown. */
    const polledWhenShown: number[] = [];
    let reconnects = 0;
    const page = follow(
      { port, id, token, headers: { 'Accept-Encoding': 'gzip' } },
      {
        onBroken: (what) => broken.push(what),
        onReconnect: () => (reconnects += 1),
        onSnapshot: () => polledWhenShown.push(statusRequests()),
      },
    );
    t.after(() => page.stop());
    await until(() => page.ended() !== undefined || broken.length > 0);
    assert.deepEqual(broken, []);
    assert.equal(page.ended(), 'completed');
    // A stream that is held back arrives all at once when it ends.
    assert.ok((polledWhenShown[0] ?? 0) < statusRequests(), 'the first state was shown before the last poll');
    assert.equal(reconnects > 0, isCut === true, `${String(reconnects)} reconnections`);
  });

test('nginx with HTTP/2 to the browser: every state arrives once, while it happens', { skip }, async (t) => {
  const { port, statusRequests } = await start(t, '', ' ssl http2');
  const session = connectHttp2(`https://127.0.0.1:${String(port)}`, { rejectUnauthorized: false });
  t.after(() => session.destroy());
  const exchange = (headers: Record<string, string>, body?: string, onText?: (text: string) => void): Promise<string> =>
    new Promise((resolve, reject) => {
      const stream = session.request(headers);
      let all = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        all += text;
        onText?.(text);
      });
      stream.on('end', () => resolve(all));
      stream.on('error', reject);
      stream.end(body);
    });
  const accepted = await exchange(
    { ':method': 'POST', ':path': '/v1/calls', ...callHeaders() },
    JSON.stringify(callRequest()),
  );
  const { id, token } = JSON.parse(accepted) as CallAccepted;
  const polledOnArrival: number[] = [];
  const text = await withDeadline(
    exchange({ ':path': `/v1/calls/${id}/events`, authorization: `Bearer ${token}`, origin }, undefined, (part) => {
      if (part.includes('event: snapshot')) polledOnArrival.push(statusRequests());
    }),
    60_000,
  );
  const calls = [...text.matchAll(/^event: snapshot\ndata: (.*)$|^data: (.*)$/gm)]
    .map(([, one, other]) => JSON.parse(one ?? other ?? 'null') as CallSnapshot)
    .filter((call) => 'seq' in call);
  const seqs = calls.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].sort((a, b) => a - b),
  );
  assert.ok(isTerminal(calls.at(-1)?.status ?? 'requested'), 'the end arrived');
  assert.ok((polledOnArrival[0] ?? 0) < statusRequests(), 'the first state arrived before the last poll');
});
