// The proxy's package: its command starts a proxy that places a call, and its library can be mounted in another app.
// Mutations that turn it red: drop `bin` or the first line of main.js; leave dist/widget out of the package; import the store in
// create-proxy's types from a package that is not installed; make libsql a dependency, or import it without a condition.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import type { CallAccepted } from '../../src/contract.js';
import { hasNodeSqlite, newerNode } from '../fixtures/newer-node.js';
import { callRequest, newKey } from '../proxy/fixtures/app.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';
import { createProject, pack, run } from './install.js';

const env = { CHALLENGE: 'none', SANDBOX_TIME_SCALE: '50', PORT: '0' };

/** Starts a command in a folder, and returns the URL from its log. */
async function urlOf(t: TestContext, folder: string, command: string, args: readonly string[]): Promise<string> {
  // A separate process group, because npx starts the proxy through a shell, which does not forward signals.
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  t.after(async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await withDeadline(closed);
  });
  let errors = '';
  child.stderr.on('data', (data) => (errors += String(data)));
  const listening = (async (): Promise<string> => {
    for await (const line of createInterface(child.stdout)) {
      const { event, url } = JSON.parse(line) as { event?: string; url?: string };
      if (event === 'listening' && url !== undefined) return url;
    }
    throw new Error(`it ended: ${errors}`);
  })();
  return withDeadline(listening, 60_000);
}

async function placesACall(url: string): Promise<void> {
  const response = await fetch(`${url}/v1/calls`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url, 'Idempotency-Key': newKey() },
    body: JSON.stringify(callRequest({ phone: '+14155550100', country: 'US' })),
  });
  assert.equal(response.status, 202);
  const call = (await response.json()) as CallAccepted;
  const events = await fetch(`${url}/v1/calls`, {
    headers: { Authorization: `Bearer ${call.id}.${call.token}`, Origin: url, Accept: 'text/event-stream' },
  });
  assert.match(await withDeadline(events.text()), /"status":"completed"/);
}

async function servesTheScript(url: string): Promise<void> {
  const script = await (await fetch(`${url}/polyai-callback.js`)).text();
  const [, notices = ''] = /^\/\*! See (\S+) \*\//.exec(script) ?? [];
  const text = await (await fetch(`${url}/${notices}`)).text();
  for (const name of ['lit-html', 'libphonenumber-js', 'hono'])
    assert.ok(text.includes(`${name} `), `no notice for ${name}`);
  const [hash = ''] = script.match(/\b[0-9a-f]{12}\b/) ?? [];
  assert.equal((await fetch(`${url}/polyai-callback-phone.${hash}.js`)).status, 200);
}

test('started as `node …/main.js`, without a build, it serves the script and its chunks and places a sandbox call', async (t) => {
  const project = await createProject('polyai-callback-proxy');
  t.after(() => project.remove());
  const { bin } = JSON.parse(readFileSync(join(project.home, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  const main = join(project.home, bin['polyai-callback-proxy'] ?? '');
  const url = await urlOf(t, project.folder, process.execPath, [main]);
  await servesTheScript(url);
  await placesACall(url);
});

/** Installs tarballs from the registry's cache or the registry; false, and skips the test, if that cannot be reached. */
async function installed(t: TestContext, cwd: string, words: readonly string[]): Promise<boolean> {
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--fetch-retries=0'];
  const failure = await run('npm', ['install', ...options, ...words], { cwd }).then(
    () => undefined,
    (error: { stderr: string }) => error.stderr,
  );
  if (failure !== undefined && /ENOTCACHED|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(failure)) {
    t.skip('the registry cannot be reached');
    return false;
  }
  assert.equal(failure, undefined);
  return true;
}

test('both tarballs install into an empty folder, where `npx polyai-callback-proxy` places a sandbox call', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-install-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const tarballs = [await pack('polyai-callback', folder), await pack('polyai-callback-proxy', folder)];
  if (!(await installed(t, folder, tarballs))) return;
  const url = await urlOf(t, folder, 'npx', ['--no-install', 'polyai-callback-proxy']);
  await servesTheScript(url);
  await placesACall(url);
});

test('a newer Node needs no other package: installed with --omit=optional, the proxy starts and places a sandbox call', async (t) => {
  const node = await newerNode();
  if ('missing' in node) return t.skip(node.missing);
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-install-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (!(await installed(t, folder, ['--omit=optional', await pack('polyai-callback-proxy', folder)]))) return;
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  assert.deepEqual(packages, ['polyai-callback-proxy']);
  const main = join(folder, 'node_modules/polyai-callback-proxy/dist/proxy/main.js');
  const url = await urlOf(t, folder, node.path, [main]);
  await placesACall(url);
});

test('a Node without SQLite and without libsql is told so in one sentence, and nothing is created', async (t) => {
  const project = await createProject('polyai-callback-proxy', { omitsOptional: true });
  t.after(() => project.remove());
  const flags = hasNodeSqlite ? ['--no-experimental-sqlite'] : [];
  const main = join(project.home, 'dist/proxy/main.js');
  for (const words of [[], ['migrate']]) {
    const failure = await run(process.execPath, [...flags, main, ...words], {
      cwd: project.folder,
      env: { ...process.env, ...env },
    }).then(
      () => undefined,
      (error: { code: number; stderr: string; stdout: string }) => error,
    );
    assert.equal(failure?.code, 1, words.join(' '));
    assert.match(
      failure.stderr,
      /^STORE_DRIVER_MISSING: This Node \(v[\d.]+\) has no SQLite of its own, and the npm package libsql is not installed .*Use Node 22\.13 or newer.*\n$/,
    );
    assert.equal(failure.stdout, '');
  }
  assert.deepEqual(readdirSync(project.folder).sort(), [
    'node_modules',
    'package.json',
    'polyai-callback-proxy-0.1.0.tgz',
  ]);
});

test('its library mounts below a path of another app, with types that need nothing but hono', async (t) => {
  const project = await createProject('polyai-callback-proxy');
  t.after(() => project.remove());
  project.link('hono');
  const app = (types: boolean): string => `
import { Hono } from 'hono';
import { createProxy${types ? ', type CallbackProxy, type PolyAi, type Store' : ''} } from 'polyai-callback-proxy';
const settings = { ALLOWED_ORIGINS: 'http://localhost:3000', SANDBOX: 'true', DATABASE_URL: 'file:./calls.db' };
const proxy${types ? ': CallbackProxy' : ''} = await createProxy({ settings, writeLog: () => {} });
const app = new Hono().route('/calls', proxy);
const script = await app.request('/calls/polyai-callback.js');
const site = await app.request('/calls/v1/site', { headers: { Origin: 'http://localhost:3000' } });
console.log(script.status, site.status);
await proxy.close();
`;
  project.write({
    'app.js': app(false),
    'app.ts': `${app(true)}
declare const console: { log(...values: readonly unknown[]): void };
export const own = (store: Store, polyai: PolyAi): Promise<CallbackProxy> => createProxy({ settings, store, polyai, peerAddress: (c) => c.req.header('x-peer') });
// @ts-expect-error settings are required
void createProxy({});
`,
  });
  assert.equal((await project.node('app.js')).stdout.trim(), '200 200');
  assert.equal(await project.errorsIn('app.ts', { lib: ['es2023', 'dom'], skipLibCheck: true }), '');
});
