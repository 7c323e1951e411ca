// Turnstile against a fake of its service. The mutations that turn these red, each in src/proxy/challenge/turnstile.ts:
//   drop any of the checks of success, hostname (either half), action, isAlive, token length, 5xx, response length;
//   `isTurnstileTestKey` returns false; the race with the timeout dropped; `redirect: 'error'` dropped;
//   `isTokensFault` without `codes.length > 0` or with `some`; the id from anything but the token

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTurnstile,
  siteverifyTimeoutMs,
  siteverifyUrl,
  type TurnstileOptions,
} from '../../../src/proxy/challenge/turnstile.js';
import type { ChallengeBinding } from '../../../src/proxy/challenge/verification.js';
import type { Clock } from '../../../src/proxy/core/clock.js';

const minute = 60_000;
const start = Date.parse('2026-11-23T12:00:00Z');
const binding: ChallengeBinding = { site: 'https://shop.example', action: 'call', addressBucket: '203.0.113.9/32' };
const good = {
  success: true,
  challenge_ts: '2026-11-23T11:59:00.000Z',
  hostname: 'shop.example',
  action: 'call',
  'error-codes': [],
};
const secret = 'fake-secret';

type Fetch = TurnstileOptions['fetch'];

const answering =
  (body: unknown, status = 200): Fetch =>
  async () =>
    Response.json(body, { status });

/** A clock that the test advances. */
function manualClock() {
  const timers: { at: number; task: () => void; signal: AbortSignal | undefined }[] = [];
  const clock: Clock & { time: number; advance(ms: number): void; waiting(): number } = {
    time: start,
    now: () => clock.time,
    monotonic: () => clock.time,
    after: (delayMs, task, signal) => void timers.push({ at: clock.time + delayMs, task, signal }),
    advance(ms) {
      clock.time += ms;
      for (const timer of timers.splice(0)) {
        if (timer.signal?.aborted === true) continue;
        if (timer.at <= clock.time) timer.task();
        else timers.push(timer);
      }
    },
    waiting: () => timers.filter(({ signal }) => signal?.aborted !== true).length,
  };
  return clock;
}

function createFixture(fetch: Fetch = answering(good), options: Partial<TurnstileOptions> = {}) {
  const clock = manualClock();
  const turnstile = createTurnstile({
    secret,
    siteKey: 'fake-site-key',
    hostnames: ['shop.example', 'other.example'],
    fetch,
    clock,
    ...options,
  });
  return { clock, turnstile };
}

test('a token that the service confirms passes, and its id is the same each time', async () => {
  const seen: [unknown, RequestInit | undefined][] = [];
  const { turnstile, clock } = createFixture(async (url, init) => {
    seen.push([url, init]);
    return Response.json(good);
  });
  const first = await turnstile.verify('token-a', binding);
  assert.ok(first.ok, 'refused');
  assert.match(first.challengeId, /^turnstile:[0-9a-f]{64}$/);
  assert.ok(first.expiresAt > start + 24 * 60 * minute, 'forgotten too early');
  assert.deepEqual(await turnstile.verify('token-a', binding), first);
  const other = await turnstile.verify('token-b', binding);
  assert.ok(other.ok && other.challengeId !== first.challengeId, 'the id of another');
  const [url, init] = seen[0]!;
  assert.equal(url, siteverifyUrl);
  assert.equal(init?.method, 'POST');
  assert.equal(init.redirect, 'error');
  assert.deepEqual(JSON.parse(init.body as string), { secret, response: 'token-a' });
  assert.equal(clock.waiting(), 0, 'no timer is left behind');
});

const refusals: [string, object][] = [
  ['for another of our sites', { hostname: 'other.example' }],
  ['for a foreign site', { hostname: 'evil.example' }],
  ['for a look-alike site', { hostname: 'shop.example.evil.example' }],
  ['without a hostname', { hostname: undefined }],
  ['for another action', { action: 'login' }],
  ['without an action', { action: undefined }],
  ['older than 5 minutes', { challenge_ts: '2026-11-23T11:55:00.000Z' }],
  ['from the future', { challenge_ts: '2026-11-23T12:01:00.000Z' }],
  ['without a time', { challenge_ts: undefined }],
  ['with an unreadable time', { challenge_ts: 'yesterday' }],
  ['used before', { success: false, 'error-codes': ['timeout-or-duplicate'] }],
  ['that is invalid', { success: false, 'error-codes': ['invalid-input-response'] }],
];
for (const [what, change] of refusals)
  test(`a token ${what} is refused`, async () => {
    const result = await createFixture(answering({ ...good, ...change })).turnstile.verify('token', binding);
    assert.equal(result.ok, false);
    assert.equal(!result.ok && result.because, 'failed');
  });

test('a token for a site that is not ours is refused even when the page claims to be that site', async () => {
  const evil = { ...binding, site: 'https://evil.example' };
  const result = await createFixture(answering({ ...good, hostname: 'evil.example' })).turnstile.verify('token', evil);
  assert.deepEqual(result, { ok: false, because: 'failed', why: 'solved on another site' });
});

const doubts: [string, Fetch][] = [
  ['is down', async () => Promise.reject(new TypeError('fetch failed'))],
  ['answers 500, whatever it says', answering(good, 500)],
  ['answers HTML', async () => new Response('<!doctype html>')],
  ['answers another shape', answering({ ...good, success: 'yes' })],
  ['answers nothing', async () => new Response(null)],
  ['answers without end', async () => new Response(JSON.stringify(good) + ' '.repeat(20_000))],
  ['does not know our secret', answering({ success: false, 'error-codes': ['invalid-input-secret'] })],
  ['has an error of its own', answering({ success: false, 'error-codes': ['internal-error', 'timeout-or-duplicate'] })],
  ['refuses without a reason', answering({ success: false })],
];
for (const [what, fetch] of doubts)
  test(`a service that ${what} leaves the result unavailable, so there is no call`, async () => {
    const result = await createFixture(fetch).turnstile.verify('token', binding);
    assert.equal(!result.ok && result.because, 'unavailable');
  });

test('a slow service times out, even if the transport cannot be aborted', async () => {
  let signal: AbortSignal | null | undefined;
  const { turnstile, clock } = createFixture((_, init) => {
    signal = init?.signal;
    return new Promise(() => {});
  });
  const result = turnstile.verify('token', binding);
  clock.advance(siteverifyTimeoutMs - 1);
  assert.equal(signal?.aborted, false);
  clock.advance(1);
  assert.equal(signal.aborted, true);
  assert.deepEqual(await result, { ok: false, because: 'unavailable', why: 'the service gave no answer' });
  assert.equal(siteverifyTimeoutMs, 3_000);
});

test('a body that does not end in time times out', async () => {
  const { turnstile, clock } = createFixture(async () => new Response(new ReadableStream({ start() {} })));
  const result = turnstile.verify('token', binding);
  await Promise.resolve();
  clock.advance(siteverifyTimeoutMs);
  assert.equal((await result).ok, false);
});

test('a value that cannot be a token is not sent', async () => {
  const { turnstile } = createFixture(async () => assert.fail('the service was called'));
  for (const token of ['', 'x'.repeat(2_049)])
    assert.deepEqual(await turnstile.verify(token, binding), { ok: false, because: 'failed', why: 'malformed' });
});

test("Cloudflare's test keys are refused unless a test allows them", () => {
  const secrets = ['1', '2', '3'].map((digit) => `${digit}x0000000000000000000000000000000AA`);
  const siteKeys = [
    '1x00000000000000000000AA',
    '2x00000000000000000000AB',
    '3x00000000000000000000FF',
    '1x00000000000000000000BB',
  ];
  for (const key of secrets) assert.throws(() => createFixture(undefined, { secret: key }), /test key/);
  for (const key of siteKeys) assert.throws(() => createFixture(undefined, { siteKey: key }), /test key/);
  assert.throws(() => createFixture(undefined, { secret: ` ${secrets[0]!.toLowerCase()}\n` }), /test key/);
  for (const key of secrets) assert.doesNotThrow(() => createFixture(undefined, { secret: key, allowTestKeys: true }));
});

test('a missing key or missing hostnames are refused at startup', () => {
  assert.throws(() => createFixture(undefined, { secret: '' }), /a secret and a site key/);
  assert.throws(() => createFixture(undefined, { siteKey: '' }), /a secret and a site key/);
  assert.throws(() => createFixture(undefined, { hostnames: [] }), /hostnames/);
});
