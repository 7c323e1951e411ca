// Real reverse proxies in front, configured with the snippets of docs/behind-a-proxy.md: a forged X-Forwarded-For never gets a
// fresh allowance, health checks pass, streams are not buffered. A front that is not installed is skipped. Mutations that turn it red:
// `server.maxHeadersCount = 60`; no `localhost` for HTTP/1.0 without Host.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallAccepted } from '../../src/contract.js';
import { startProxy } from '../../src/proxy/main.js';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { freePort, isListening } from '../fixtures/ports.js';
import { callRequest, newKey, origin } from '../proxy/fixtures/app.js';
import { until } from '../proxy/fixtures/call-streams.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';

const docs = readFileSync(new URL('../../docs/behind-a-proxy.md', import.meta.url), 'utf8');
const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-for-fronts' } as const;

interface Front {
  readonly name: 'nginx' | 'haproxy' | 'caddy' | 'apache';
  readonly command: string;
  readonly args: (folder: string) => string[];
  /** Everything around the snippet. */
  readonly config: (snippet: string, port: number, folder: string) => string;
}

const fronts: readonly Front[] = [
  {
    name: 'nginx',
    command: 'nginx',
    args: (folder) => ['-p', folder, '-c', join(folder, 'config'), '-e', join(folder, 'error.log')],
    config: (snippet, port, folder) =>
      `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events { worker_connections 64; }
      http { access_log off; client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
      gzip on; gzip_types text/javascript application/json; server { listen 127.0.0.1:${String(port)};\n${snippet}\n} }`,
  },
  {
    name: 'haproxy',
    command: 'haproxy',
    args: (folder) => ['-db', '-f', join(folder, 'config')],
    config: (snippet, port) =>
      `global\n  maxconn 64\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 75s\n  timeout server 75s\n  timeout check 5s
frontend front\n  bind 127.0.0.1:${String(port)}\n  default_backend callback\n${snippet}\n`,
  },
  {
    name: 'caddy',
    command: 'caddy',
    args: (folder) => ['run', '--adapter', 'caddyfile', '--config', join(folder, 'config')],
    config: (snippet, port) =>
      `{\n  admin off\n  auto_https off\n}\n${snippet.replace('callback.example.com {', `http://:${String(port)} {\n  bind 127.0.0.1`)}\n`,
  },
  {
    name: 'apache',
    command: 'apache2',
    args: (folder) => ['-X', '-f', join(folder, 'config')],
    config: (snippet, port, folder) =>
      `ServerName front.example\nServerRoot ${folder}\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log\nListen 127.0.0.1:${String(port)}
DefaultRuntimeDir ${folder}\nUser www-data\nGroup www-data\n${['mpm_event', 'authz_core', 'proxy', 'proxy_http']
        .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
        .join('\n')}\n${snippet}\n`,
  },
];

const isInstalled = (command: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore', env: { ...process.env, PATH: searchPath } })
    .status === 0;
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;

/** Starts the proxy with default limits behind the front; returns the front's port. */
async function start(t: TestContext, front: Front): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-front-'));
  const fakePolyAi = await createFakePolyAi({ ...account, timeScale: 1 });
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
      TRUSTED_PROXIES: '127.0.0.1/32',
      DATABASE_URL: `file:${folder}/front.db`,
    },
    { writeLog: () => {}, print: () => {} },
  );
  const port = await freePort();
  const snippet = new RegExp(`\`\`\`${front.name}\n([^]*?)\`\`\``).exec(docs)?.[1] ?? '';
  assert.match(snippet, /127\.0\.0\.1:8787/, 'the snippet is in the documentation');
  mkdirSync(join(folder, 'logs'));
  const adapted = snippet.replaceAll('127.0.0.1:8787', `127.0.0.1:${String(proxy.port)}`);
  writeFileSync(join(folder, 'config'), front.config(adapted, port, folder));
  const child: ChildProcess = spawn(front.command, front.args(folder), {
    stdio: 'ignore',
    env: { ...process.env, PATH: searchPath, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  t.after(async () => {
    const gone: Promise<unknown> = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
    child.kill('SIGTERM');
    await withDeadline(gone);
    await proxy.close();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await isListening(port))) assert.equal(child.exitCode, null, `${front.command} did not start`);
  return port;
}

/** Connects from an address outside the trusted range: one inside it may set any header. */
const visit = (port: number, onOpen: () => void): Socket =>
  connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }, onOpen);

/** Sends a request as raw bytes, to control the order of its headers. */
function send(port: number, lines: readonly string[], body: string): Promise<{ status: number; text: string }> {
  return withDeadline(
    new Promise((resolve) => {
      let text = '';
      const socket = visit(port, () =>
        socket.write([...lines, `Content-Length: ${String(Buffer.byteLength(body))}`, '', body].join('\r\n')),
      );
      socket.setEncoding('utf8').on('data', (more: string) => (text += more));
      socket.on('error', () => {});
      socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text }));
    }),
    20_000,
  );
}

let numbers = 0;
function call(port: number, forged: string, others: number): Promise<{ status: number; text: string }> {
  numbers += 1;
  return send(
    port,
    [
      'POST /v1/calls HTTP/1.1',
      'Host: callback.example',
      'Connection: close',
      `X-Forwarded-For: ${forged}`,
      ...Array.from({ length: others }, (_, index) => `A${String(index)}: 1`),
      `Origin: ${origin}`,
      'Content-Type: application/json',
      `Idempotency-Key: ${newKey()}`,
    ],
    JSON.stringify(callRequest({ phone: `+4420794609${String(10 + numbers)}` })),
  );
}

for (const front of fronts) {
  const skip = isInstalled(front.command) ? false : `${front.command} is not installed`;
  test(`behind ${front.name} a forged address gains nothing, and a stream is not buffered`, { skip }, async (t) => {
    const port = await start(t, front);
    // HAProxy serves no request before its own /readyz check has passed.
    while ((await send(port, ['GET /readyz HTTP/1.1', 'Host: x', 'Connection: close'], '')).status !== 200);
    const first = await call(port, '198.51.100.1', 0);
    assert.equal(first.status, 202, first.text);
    for (const others of [0, 10, 40, 55, 60, 64, 70, 90, 120, 200])
      for (const forged of ['198.51.100.2', '198.51.100.3, 198.51.100.4']) {
        const { status, text } = await call(port, forged, others);
        // The front or the proxy may refuse that many headers; the address has used its one call per minute.
        assert.ok([400, 403, 413, 429, 431].includes(status), `${String(others)} headers: ${String(status)} ${text}`);
      }
    const { id, token } = JSON.parse(/\{.*\}/.exec(first.text)?.[0] ?? '') as CallAccepted;
    let heard = '';
    const socket = visit(port, () =>
      socket.write(
        `GET /v1/calls/${id}/events HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      ),
    );
    t.after(() => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    await until(() => heard.includes(': open') && heard.includes('event: snapshot'));
    assert.doesNotMatch(heard, /content-encoding/i);
    socket.destroy();
  });
}
