// The deployment files match the program they start: its path, its routes, its shutdown time and the folders it may write to.
// Mutations that turn it red: run as root; drop the volume; name another path; a grace period shorter than a shutdown.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { routes } from '../../src/contract.js';
import { settingNames } from '../../src/proxy/config/settings.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const unit = 'docs/operations/systemd/polyai-callback-proxy.service';
const manifests = 'docs/operations/kubernetes/proxy.yaml';
/** The program's path in the package, whose folder has the package's name. */
const main = 'polyai-callback-proxy/dist/proxy/main.js';

test('every file starts the program directly, by its path in the package', () => {
  assert.ok(existsSync(`${root}dist/packages/${main}`), 'dist/packages is missing: run `npm run build` first');
  for (const file of ['Dockerfile', unit]) assert.ok(read(file).includes(`node_modules/${main}`), file);
  assert.match(read('Dockerfile'), /^CMD \["node", /m);
});

test('the container runs as an unprivileged user with one volume, and its health check is /readyz', () => {
  const [, runtime = ''] = read('Dockerfile').split(/^FROM .*slim$/m);
  assert.match(runtime, /^USER node$/m);
  assert.deepEqual(runtime.match(/^VOLUME .*$/gm), ['VOLUME /data']);
  assert.match(runtime, /DATABASE_URL=file:\/data\//);
  assert.ok(runtime.includes(routes.ready), 'the health check does not ask /readyz');
  // Without libsql, so its Node must have an SQLite of its own.
  assert.match(read('Dockerfile'), /--omit=optional/);
  for (const [, major] of read('Dockerfile').matchAll(/^FROM node:(\d+)/gm)) assert.ok(Number(major) >= 24, major);
  assert.match(read('docs/operations/compose.yaml'), /read_only: true[\s\S]*calls:\/data/);
});

test('in a cluster there is one replica with a read-only root, and with probes that the proxy answers', () => {
  const text = read(manifests);
  for (const line of ['replicas: 1', 'type: Recreate', 'runAsNonRoot: true', 'readOnlyRootFilesystem: true'])
    assert.ok(text.includes(line), `without ${line}`);
  assert.ok(text.includes(`readinessProbe:\n            httpGet: { path: ${routes.ready}`), 'readiness');
  assert.ok(text.includes(`livenessProbe:\n            httpGet: { path: ${routes.health}`), 'liveness');
});

test('the platforms’ files name settings that exist, the port, the volume and /readyz', () => {
  const fly = read('docs/operations/fly.toml');
  const render = parse(read('docs/operations/render.yaml')) as {
    services: [
      { healthCheckPath: string; numInstances: number; disk: { mountPath: string }; envVars: { key: string }[] },
    ];
  };
  const [service] = render.services;
  const known = new Set<string>(settingNames);
  const named = [...fly.matchAll(/^([A-Z_]+) = /gm)].map(([, name = '']) => name);
  for (const name of [...named, ...service.envVars.map(({ key }) => key)]) assert.ok(known.has(name), name);
  assert.match(fly, /^internal_port = 8787$/m);
  assert.ok(fly.includes(`path = "${routes.ready}"`) && fly.includes('destination = "/data"'), 'fly.toml');
  assert.match(fly, /^auto_stop_machines = "off"$/m);
  assert.deepEqual([service.healthCheckPath, service.disk.mountPath, service.numInstances], [routes.ready, '/data', 1]);
});

test('two proxies on one PostgreSQL: nginx names both, both have the same settings, and all of these exist', () => {
  const compose = parse(read('docs/operations/postgres/compose.yaml')) as {
    services: Record<string, { environment?: Record<string, string>; read_only?: boolean }>;
  };
  const nginx = read('docs/operations/postgres/nginx.conf');
  const proxies = [...nginx.matchAll(/^ {2}server (\w+):8787 /gm)].map(([, name = '']) => name);
  assert.equal(proxies.length, 2);
  for (const name of proxies) {
    const proxy = compose.services[name];
    assert.deepEqual(proxy, compose.services[proxies[0] ?? '']);
    assert.equal(proxy?.read_only, true);
    for (const setting of Object.keys(proxy?.environment ?? {}))
      assert.ok((settingNames as readonly string[]).includes(setting), setting);
  }
  assert.equal(compose.services[proxies[0] ?? '']?.environment?.['INSTANCES'], '2');
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  assert.ok(
    read('Dockerfile').includes(` pg@${devDependencies['pg'] ?? ''}\n`),
    'the image has another driver than the tests',
  );
});

test('every file allows more time than a shutdown takes', () => {
  const seconds = [
    /stop_grace_period: (\d+)s/.exec(read('docs/operations/compose.yaml')),
    /stop_grace_period: (\d+)s/.exec(read('docs/operations/postgres/compose.yaml')),
    /TimeoutStopSec=(\d+)/.exec(read(unit)),
    /terminationGracePeriodSeconds: (\d+)/.exec(read(manifests)),
    /kill_timeout = "(\d+)s"/.exec(read('docs/operations/fly.toml')),
    /maxShutdownDelaySeconds: (\d+)/.exec(read('docs/operations/render.yaml')),
  ];
  for (const found of seconds) assert.ok(Number(found?.[1]) > 12, found?.input.slice(0, 60) ?? 'missing');
});

test('systemd accepts the unit', (t) => {
  if (!existsSync('/usr/bin/systemd-analyze')) return t.skip('no systemd-analyze');
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-unit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'polyai-callback-proxy.service');
  writeFileSync(file, read(unit).replace('/usr/bin/node', process.execPath));
  const output = execFileSync('systemd-analyze', ['verify', file], { encoding: 'utf8', stdio: 'pipe' });
  assert.equal(output, '');
});
