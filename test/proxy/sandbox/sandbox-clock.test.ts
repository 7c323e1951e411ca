// The settable clock, which exists only in the sandbox. Mutations that turn a test red: app.ts always mounts the route;
// config.ts accepts SANDBOX_CLOCK along with a credential; sandbox-clock.ts without `isOwnPage`, or without `inEra`.

import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test, type TestContext } from 'node:test';
import type { CallSnapshot, ProblemBody, Site } from '../../../src/contract.js';
import { readConfig } from '../../../src/proxy/config/config.js';
import { type ProxyOverrides, type RunningProxy, startProxy } from '../../../src/proxy/main.js';
import { callRequest, newKey, realEnv, createFixture } from '../fixtures/app.js';
import { temporaryFolder } from '../store/fixtures/stores.js';

async function start(
  t: TestContext,
  env: Record<string, string>,
  overrides: ProxyOverrides = {},
): Promise<RunningProxy & { readonly printed: string[] }> {
  const folder = temporaryFolder();
  const printed: string[] = [];
  const proxy = await startProxy(
    { PORT: '0', CHALLENGE: 'none', DATABASE_URL: `file:${folder.path}/test.db`, ...env },
    { ...overrides, writeLog: () => {}, print: (line) => printed.push(line) },
  );
  t.after(async () => {
    await proxy.close();
    folder.remove();
  });
  return { ...proxy, printed };
}

const path = '/sandbox/clock';

const setClock = (
  { url }: RunningProxy,
  body: unknown,
  headers: Record<string, string> = { Origin: url },
): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const ask = ({ url }: RunningProxy, phone: string, scheduleAt?: string): Promise<Response> =>
  fetch(`${url}/v1/calls`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url, 'Idempotency-Key': newKey() },
    body: JSON.stringify(callRequest({ phone, ...(scheduleAt !== undefined && { scheduleAt }) })),
  });

const problem = async (answer: Promise<Response>): Promise<ProblemBody> => (await (await answer).json()) as ProblemBody;

test('SANDBOX_CLOCK sets the time of the whole sandbox and enforces the hours', async (t) => {
  // The night when London's clocks skip from 01:00 to 02:00.
  const proxy = await start(t, { SANDBOX_CLOCK: '2026-03-29T00:30:00Z' });
  assert.match(proxy.printed.join('\n'), /SANDBOX_CLOCK: .*2026-03-29T00:30:00/);
  const refused = await problem(ask(proxy, '+442079460000'));
  assert.equal(refused.code, 'outside-hours');
  assert.deepEqual(refused.slots?.[0], {
    at: '2026-03-29T07:00:00.000Z',
    zone: 'Europe/London',
    wall: '2026-03-29T08:00',
  });
  const state = (await (await fetch(proxy.url + path)).json()) as { now: string; hours: string };
  assert.match(state.now, /^2026-03-29T00:3/);
  assert.equal(state.hours, 'requested');
});

test('a call scheduled at night is placed when the clock reaches its time, and missed when the clock is set past it', async (t) => {
  const proxy = await start(t, { SANDBOX_TIME_SCALE: '1000' });
  assert.equal((await ask(proxy, '+442079460002')).status, 202, 'the sandbox enforces no hours by default');
  const schedule = async (phone: string): Promise<{ id: string; token: string; at: number }> => {
    assert.equal((await setClock(proxy, { at: '2026-03-02T23:00:00Z', hours: 'requested' })).status, 200);
    const { slots = [] } = await problem(ask(proxy, phone));
    const at = slots[0]?.at ?? '';
    const answer = (await (await ask(proxy, phone, at)).json()) as { id: string; token: string; status: string };
    assert.equal(answer.status, 'scheduled');
    return { ...answer, at: Date.parse(at) };
  };
  const endOf = async ({ id, token }: { id: string; token: string }): Promise<CallSnapshot> => {
    const stream = await fetch(`${proxy.url}/v1/calls/${id}/events`, {
      headers: { Authorization: `Bearer ${token}`, Origin: proxy.url },
    });
    const text = await stream.text();
    return JSON.parse(text.slice(text.lastIndexOf('data: ') + 6).split('\n', 1)[0] ?? '') as CallSnapshot;
  };
  const rung = await schedule('+442079460000');
  await setClock(proxy, { at: new Date(rung.at).toISOString() });
  const { status, history } = await endOf(rung);
  assert.equal(status, 'completed');
  assert.equal(history[0]?.status, 'scheduled');
  const missed = await schedule('+442079460001');
  await setClock(proxy, { at: new Date(missed.at + 2 * 3_600_000).toISOString() });
  assert.equal((await endOf(missed)).endedBecause, 'slot-missed');
});

test('calls placed in a future that was set back do not count against any limit', async (t) => {
  const proxy = await start(t, { LIMIT_ADDRESS_PER_MINUTE: '1' });
  await setClock(proxy, { at: '2040-01-02T12:00:00Z' });
  assert.equal((await ask(proxy, '+442079460000')).status, 202);
  assert.equal((await problem(ask(proxy, '+442079460001'))).code, 'visitor-limit');
  await setClock(proxy, { at: null });
  assert.equal((await ask(proxy, '+442079460001')).status, 202);
});

for (const closed of ['hide', 'message', 'schedule'] as const)
  test(`a closed Sunday can be set: ${closed}`, async (t) => {
    const proxy = await start(t, {});
    await setClock(proxy, { at: '2026-03-01T11:00:00Z', hours: 'requested', closed, timeZone: 'Europe/London' });
    const response = await fetch(`${proxy.url}/v1/site`);
    assert.match(response.headers.get('cache-control') ?? '', /max-age=0/);
    const { opening } = (await response.json()) as Site;
    assert.deepEqual(opening, { open: false, mode: closed, next: '2026-03-02T09:00:00.000Z' });
    const refused = await problem(ask(proxy, '+442079460000'));
    assert.equal(refused.code, 'outside-hours');
    assert.equal((refused.slots ?? []).length > 0, closed === 'schedule');
    await setClock(proxy, { at: null, hours: 'off' });
    assert.deepEqual(((await (await fetch(`${proxy.url}/v1/site`)).json()) as Site).opening, { open: true });
  });

test('only the proxy’s own page can set the clock', async (t) => {
  const proxy = await start(t, {});
  const at = '2026-03-02T23:00:00Z';
  for (const headers of [
    {},
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: proxy.url.replace(/\d+$/, '1') },
  ])
    assert.equal((await setClock(proxy, { at }, headers)).status, 403, JSON.stringify(headers));
  // Another page on the same machine: a browser sends this header, which fetch does not allow here.
  const status = await new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(proxy.url);
    const headers = {
      Host: host,
      Origin: proxy.url,
      'Sec-Fetch-Site': 'same-site',
      'Content-Type': 'application/json',
    };
    httpRequest({ hostname, port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end(JSON.stringify({ at }));
  });
  assert.equal(status, 403);
  for (const body of [{ at: 'tomorrow' }, { hours: 'never' }, { closed: 'hide', timeZone: 'Nowhere' }, { more: 1 }, []])
    assert.equal((await setClock(proxy, body)).status, 400, JSON.stringify(body));
  const { isSet } = (await (await fetch(proxy.url + path)).json()) as { isSet: boolean };
  assert.equal(isSet, false);
});

test('with a credential the route does not exist', async (t) => {
  const { POLYAI_REGION: _, ...env } = realEnv;
  const proxy = await start(t, { ...env, POLYAI_BASE_URL: 'http://127.0.0.1:9' });
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(proxy.url + path, {
      method,
      headers: { Origin: proxy.url, 'Content-Type': 'application/json' },
      ...(method === 'POST' && { body: '{"at":"2026-03-02T23:00:00Z"}' }),
    });
    assert.equal(answer.status, 404, method);
  }
  assert.equal((await createFixture().request(path)).status, 404);
});

test('SANDBOX_CLOCK with a credential, or with a value that is not an instant, refuses to start', () => {
  assert.throws(
    () => readConfig({ ...realEnv, SANDBOX_CLOCK: '2026-03-29T00:30:00Z' }),
    /SANDBOX_CLOCK is set, and so is a credential/,
  );
  assert.throws(() => readConfig({ SANDBOX_CLOCK: 'tonight' }), /malformed: SANDBOX_CLOCK/);
  assert.equal(readConfig({ SANDBOX_CLOCK: '2026-03-29T00:30Z' }).hours.profile, 'requested');
  assert.equal(readConfig({}).hours.profile, 'off');
});
