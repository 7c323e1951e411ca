// Two built proxies on one PostgreSQL behind nginx, as docs/operations/postgresql.md sets them up. One is killed while phones ring: the
// other polls its calls to their end, and every page sees that end without gap or repeat. Skipped where nginx is not installed.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { killLeftovers, startProcess } from '../crash/proxy-process.js';
import { follow, type Follower } from '../fixtures/follower.js';
import { freePort, isListening } from '../fixtures/ports.js';
import { startPostgres } from '../fixtures/postgres-server.js';
import { withDeadline } from '../proxy/store/fixtures/stores.js';

const account = { accountId: 'two', projectId: 'two', connectorId: 'connector-for-two' } as const;
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };
const skip = spawnSync('sh', ['-c', 'command -v nginx'], { env }).status === 0 ? false : 'nginx is not installed';

test('one of two instances is killed while phones ring: every call reaches its end on its page, and each phone rang once', {
  skip,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-instances-'));
  const postgres = await startPostgres();
  const fakePolyAi = await createFakePolyAi({ ...account, timeScale: 3 });
  const settings = {
    POLYAI_BASE_URL: fakePolyAi.url,
    POLYAI_ACCOUNT_ID: account.accountId,
    POLYAI_PROJECT_ID: account.projectId,
    POLYAI_CONNECTOR_ID: account.connectorId,
    DATABASE_URL: await postgres.createDatabase(),
    SECRET_KEYS: `v1:${randomBytes(32).toString('base64')}`,
  };
  const instances = [startProcess(settings), startProcess(settings)];
  const ports = await Promise.all(instances.map(({ listening }) => listening));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'config'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1; events { worker_connections 128; }
    http { access_log off; ${temporary}
    upstream callback { ${ports.map((one) => `server 127.0.0.1:${String(one)} max_fails=1 fail_timeout=2s;`).join(' ')} }
    server { listen 127.0.0.1:${String(port)};
    location / { proxy_pass http://callback; proxy_set_header X-Forwarded-For $remote_addr; } } }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'config'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
    env,
  });
  const broken: string[] = [];
  const pages: Follower[] = [];
  t.after(async () => {
    for (const page of pages) page.stop();
    killLeftovers();
    nginx.kill('SIGTERM');
    while (nginx.exitCode === null && nginx.signalCode === null) await sleep(20);
    await postgres.stop();
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  assert.ok(
    ports.every((one) => one !== undefined),
    instances.map((one) => one.complaints()).join('\n'),
  );
  while (!(await isListening(port))) assert.equal(nginx.exitCode, null, 'nginx did not start');

  for (let n = 0; n < 6; n += 1) {
    const phone = `+4420310${String(10_000 + n * 1_001)}`;
    // Each instance places three; pages follow their calls through nginx, at whichever instance it chooses.
    const answer = await instances[n % 2]?.requestCall(randomBytes(16).toString('base64url'), phone);
    assert.equal(answer?.status, 202, JSON.stringify(answer));
    pages.push(
      follow(
        { port, id: String(answer.body['id']), token: String(answer.body['token']) },
        { onBroken: (what) => broken.push(what), onReconnect: () => {} },
      ),
    );
  }
  instances[0]?.kill('SIGKILL');
  await instances[0]?.gone;
  await withDeadline(
    (async () => {
      while (pages.some((page) => page.ended() === undefined) && broken.length === 0) await sleep(50);
    })(),
    90_000,
  );
  assert.deepEqual(broken, []);
  assert.deepEqual(
    pages.map((page) => page.ended()),
    Array<string>(6).fill('completed'),
  );
  assert.equal(fakePolyAi.triggers().length, 6, 'no phone rang twice');
});
