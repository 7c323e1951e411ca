// The built proxy is killed (SIGKILL) while the phone rings and started again: the page shows the call's end, and PolyAI got one
// trigger. Killed while a trigger is unanswered, it reports the call as unknown, and no second trigger follows.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createFakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { childEnv } from '../fixtures/child-env.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';

const built = fileURLToPath(new URL('../../dist/proxy/main.js', import.meta.url));
let pages: PageSource;
before(async () => {
  assert.ok(existsSync(built), 'dist/proxy is missing: run `npm run build` first');
  pages = await openBrowser();
});
after(() => pages.close());

test('killed while the phone rings, the proxy resumes the call and the page shows its end', {
  timeout: 120_000,
}, async (t) => {
  const fixture = await killable(t, 3);
  const page = await pages.page({ timezoneId: 'America/Los_Angeles' });
  await page.goto(fixture.url);
  const widget = page.locator('polyai-callback');
  await widget.getByLabel('Phone number').fill('+1 415 555 0100');
  await widget.getByRole('checkbox').check();
  await widget.getByRole('button', { name: 'Call me now' }).click();
  await widget.getByRole('heading', { name: /Answer your phone|on the call/ }).waitFor();
  await fixture.kill();
  await fixture.start();
  await widget.getByRole('heading', { name: 'The call has ended' }).waitFor();
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('killed while the trigger is unanswered, nobody is called twice and the visitor learns that the outcome is unknown', {
  timeout: 120_000,
}, async (t) => {
  const fixture = await killable(t, 1);
  const key = 'a-key-of-one-press-0000001';
  const requestCall = (): Promise<Response> =>
    fetch(`${fixture.url}/v1/calls`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: fixture.url, 'Idempotency-Key': key },
      body: JSON.stringify({
        phone: '+14155550108',
        international: true,
        country: 'US',
        consent: { text: 'I agree.', source: 'page' },
        locale: 'en',
        timeZone: 'America/Los_Angeles',
        widgetVersion: '0',
      }),
    });
  const cut = requestCall().then(
    (response) => `answered ${String(response.status)}`,
    () => 'cut',
  );
  while (fixture.fakePolyAi.triggers().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await fixture.kill();
  assert.equal(await cut, 'cut');
  await fixture.start();

  let status = '';
  while (status !== 'unknown') {
    const replay = await requestCall();
    assert.ok(replay.status === 202 || replay.status === 409, String(replay.status));
    status = ((await replay.json()) as { status: string }).status;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
});

test('killed while a callback is scheduled, several processes on its file restart and place it once, not before its time', {
  timeout: 120_000,
}, async (t) => {
  const fixture = await killable(t, 20);
  const slotAt = Date.now() + 6_000;
  const headers = { 'Content-Type': 'application/json', Origin: fixture.url };
  const answer = await fetch(`${fixture.url}/v1/calls`, {
    method: 'POST',
    headers: { ...headers, 'Idempotency-Key': 'a-key-of-one-press-0000002' },
    body: JSON.stringify({
      phone: '+14155550100',
      international: true,
      country: 'US',
      consent: { text: 'I agree.', source: 'page' },
      locale: 'en',
      timeZone: 'America/Los_Angeles',
      widgetVersion: '0',
      scheduleAt: new Date(slotAt).toISOString(),
    }),
  });
  const call = (await answer.json()) as { id: string; token: string; status: string; canTakeBack?: boolean };
  assert.deepEqual([answer.status, call.status, call.canTakeBack], [202, 'scheduled', true]);
  await fixture.kill();
  await fixture.start();
  await fixture.startAnother();
  await fixture.startAnother();
  // The restarted proxy's stream starts with a snapshot: the scheduled call, or whatever it has become by now.
  const stream = await fetch(`${fixture.url}/v1/calls/${call.id}/events`, {
    headers: { Origin: fixture.url, Authorization: `Bearer ${call.token}` },
  });
  const snapshots = [...(await stream.text()).matchAll(/^data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as { status: string; history: { status: string; at: string }[] },
  );
  const last = snapshots.at(-1);
  assert.equal(last?.status, 'completed');
  assert.equal(last.history[0]?.status, 'scheduled');
  assert.equal(fixture.fakePolyAi.triggers().length, 1);
  const rangAt = fixture.fakePolyAi.triggers()[0]?.at ?? 0;
  assert.ok(rangAt >= slotAt, 'not before its time');
});

interface Killable {
  readonly url: string;
  readonly fakePolyAi: Awaited<ReturnType<typeof createFakePolyAi>>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Another process on the same database file, on its own port. */
  startAnother(): Promise<void>;
}

async function killable(t: TestContext, timeScale: number): Promise<Killable> {
  const fakePolyAi = await createFakePolyAi({ ...credential, timeScale });
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-killed-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  let child: ChildProcess | undefined;
  const others: ChildProcess[] = [];
  const run = async (onPort: number): Promise<ChildProcess> => {
    const started = spawn(process.execPath, [built], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...childEnv,
        PORT: String(onPort),
        ...settingsFor(fakePolyAi),
        ALLOWED_ORIGINS: url,
        ALLOWED_COUNTRIES: 'US',
        HOURS_PROFILE: 'off',
        CHALLENGE: 'none',
        LIMIT_ATTEMPTS_PER_10_MINUTES: '1000',
        LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '1000',
        DATABASE_URL: `file:${folder}/killed.db`,
      },
    });
    await new Promise<void>((resolve, reject) => {
      started.once('exit', () => reject(new Error('the proxy exited on startup')));
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('listens on')) resolve();
      });
    });
    return started;
  };
  const start = async (): Promise<void> => {
    child = await run(port);
  };
  const kill = async (killed = child): Promise<void> => {
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return;
    const gone = new Promise((resolve) => killed.once('close', resolve));
    killed.kill('SIGKILL');
    await gone;
  };
  t.after(async () => {
    for (const one of [child, ...others]) await kill(one);
    await fakePolyAi.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url,
    fakePolyAi,
    kill: () => kill(),
    start,
    startAnother: async () => void others.push(await run(await freePort())),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
