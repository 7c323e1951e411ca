// The connector API against the fake PolyAI and against misbehaving servers, on real sockets: one test for each class of outcome.
// Mutations that turn a test red:
//   channel.ts: drop the line with `unconnected.has(error)`, or the `unconnected.has(error)` in it alone
//   channel.ts: drop `if (bytes > maxBytes) return undefined`; never abort at the deadline; drop the check of `closing`
//   connector.ts: `statusRequests = triggers`; drop either `idPattern.test`; add 500 to `refusals`; `resendOn500 = true`
//   connector.ts: drop `typeof fieldOf(…, 'error') === 'string'`; `statusRequests.close()` for `statusRequests.drop()`

import { probeCredential } from '../../../src/proxy/polyai/probe-credential.js';
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import {
  createFakePolyAi,
  errorAnswer,
  type FakePolyAi,
  type FakePolyAiOptions,
  faultNumbers,
} from '../../../src/proxy/sandbox/fake-polyai.js';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { longestPlaceMs } from '../../../src/proxy/polyai/api-client.js';
import { type ConnectorOptions, createConnector } from '../../../src/proxy/polyai/connector.js';
import type { StatusOutcome, PolyAi } from '../../../src/proxy/polyai/polyai.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const connect = (baseUrl: string, options: Partial<ConnectorOptions> = {}): PolyAi => {
  const polyai = createConnector({
    baseUrl,
    accountId: 'acme',
    projectId: 'callbacks',
    connectorId: 'secret',
    clock: systemClock,
    random: () => 0,
    ...options,
  });
  cleanups.push(() => polyai.close());
  return polyai;
};

const start = async (options: Partial<FakePolyAiOptions> = {}): Promise<FakePolyAi> => {
  const fake = await createFakePolyAi({ accountId: 'acme', projectId: 'callbacks', connectorId: 'secret', ...options });
  cleanups.push(() => fake.close());
  return fake;
};

/** A raw TCP server: what it does with each connection, and how many bytes it received on all of them. */
const raw = async (
  serve: (socket: Socket) => void,
): Promise<{ port: number; bytes: () => number; connections: () => number }> => {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('data', (chunk) => (bytes += chunk.length));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, bytes: () => bytes, connections: () => sockets.size };
};

const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const numberThat = (shows: string): string => {
  const found = faultNumbers.find((entry) => entry.shows === shows);
  assert.ok(found, shows);
  return found.number;
};

test('a call that PolyAI accepts is accepted, with the exact number and metadata', async () => {
  const fake = await start();
  const outcome = await connect(fake.url).place('+14155550100', { metadata: { customer_name: 'Ada' } });
  assert.equal(outcome.kind, 'accepted');
  assert.match((outcome as { upstreamId: string }).upstreamId, /^OUT-/);
  const [trigger] = fake.triggers();
  assert.deepEqual(
    { ...trigger, at: 0 },
    { number: '+14155550100', metadata: { customer_name: 'Ada' }, at: 0, rings: true },
  );
});

test('a base URL may have a path and a trailing slash', async () => {
  const seen: string[] = [];
  const server = await raw((socket) =>
    socket.on('data', (chunk) => {
      seen.push(chunk.toString().split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    }),
  );
  await connect(`http://127.0.0.1:${server.port}/polyai/`, { accountId: 'a/b' }).place('+14155550100', {});
  assert.deepEqual(seen, ['POST /polyai/api/v1/a%2Fb/callbacks/outbound-call/trigger HTTP/1.1']);
});

for (const httpStatus of [400, 401, 403, 404, 413, 422]) {
  test(`a trigger answered ${httpStatus} is rejected`, async () => {
    const fake = await start();
    const outcome = await connect(fake.url).place(numberThat(`trigger: ${httpStatus}`), {});
    const isRefused = httpStatus === 401 || httpStatus === 403;
    assert.deepEqual(outcome, { kind: 'rejected', httpStatus, ...(isRefused && { credential: 'refused' }) });
  });
}

for (const body of ['<h1>Forbidden</h1>', '{"message":"Forbidden"}', '', '{']) {
  test(`a 403 that PolyAI did not write concerns only one request: ${body}`, async () => {
    const server = await raw((socket) =>
      socket.on('data', () =>
        socket.end(
          `HTTP/1.1 403 Forbidden\r\nContent-Length: ${String(body.length)}\r\nConnection: close\r\n\r\n${body}`,
        ),
      ),
    );
    const polyai = connect(`http://127.0.0.1:${server.port}`);
    assert.deepEqual(await polyai.place('+14155550100', {}), {
      kind: 'rejected',
      httpStatus: 403,
      credential: 'doubtful',
    });
    assert.deepEqual(await polyai.status('OUT-1'), { kind: 'failed', reason: 'http-403' });
    assert.equal(await probeCredential(polyai), 'unclear');
  });
}

test('the credential is checked by a status request for a call that cannot exist', async () => {
  const fake = await start();
  assert.equal(await probeCredential(connect(fake.url)), 'works');
  assert.equal(await probeCredential(connect(fake.url, { connectorId: 'another' })), 'refused');
  assert.equal(fake.triggers().length, 0);
});

test('a 429 is rejected with its Retry-After, capped when absurd', async () => {
  const fake = await start();
  const polyai = connect(fake.url);
  assert.deepEqual(await polyai.place('+14155550111', {}), {
    kind: 'rejected',
    httpStatus: 429,
    retryAfterSeconds: 30,
  });
  assert.deepEqual(await polyai.place(numberThat('trigger: 429 with an absurd Retry-After'), {}), {
    kind: 'rejected',
    httpStatus: 429,
    retryAfterSeconds: 3_600,
  });
});

test('nothing was sent when the connection was refused', async () => {
  const port = await closedPort();
  assert.deepEqual(await connect(`http://127.0.0.1:${port}`).place('+14155550100', {}), {
    kind: 'not-sent',
    reason: 'refused',
  });
});

test('nothing was sent to a name that does not resolve', async () => {
  const polyai = connect('http://polyai.invalid', {
    lookup: (_host, _options, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 4),
  });
  assert.deepEqual(await polyai.place('+14155550100', {}), { kind: 'not-sent', reason: 'name-not-found' });
});

test('nothing was sent on a connection that was never established', async () => {
  // The TLS handshake is never answered, so connecting times out.
  const server = await raw(() => {});
  const outcome = await connect(`https://127.0.0.1:${server.port}`, { connectMs: 50 }).place('+14155550100', {});
  assert.deepEqual(outcome, { kind: 'not-sent', reason: 'connect-timed-out' });
});

test('nothing was sent on a connection opened in advance whose certificate has not been verified', async () => {
  let isConnected = (): void => {};
  const connected = new Promise<void>((resolve) => (isConnected = resolve));
  const server = await raw(() => isConnected());
  const polyai = connect(`https://127.0.0.1:${server.port}`, { connectMs: 50, wholeMs: 500 });
  polyai.warmUp?.();
  await connected;
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await polyai.place('+14155550100', {}), { kind: 'not-sent', reason: 'connect-timed-out' });
});

test('nothing was sent after a TLS failure, or when the peer resets during the handshake', async () => {
  const plain = await raw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  assert.deepEqual(await connect(`https://127.0.0.1:${plain.port}`).place('+14155550100', {}), {
    kind: 'not-sent',
    reason: 'tls-failed',
  });
  const resetting = await raw((socket) => socket.on('data', () => socket.resetAndDestroy()));
  const outcome = await connect(`https://127.0.0.1:${resetting.port}`).place('+14155550100', {});
  assert.equal(outcome.kind, 'not-sent');
});

for (const [shows, reason] of [
  ['trigger: 502 with HTML', 'http-502'],
  ['trigger: truncated', 'unreadable-answer'],
  ['trigger: id of a wrong shape', 'unreadable-answer'],
  ['trigger: a body of 10 MB', 'unreadable-answer'],
  ['trigger: a gzip bomb', 'unreadable-answer'],
  ['trigger: reset after the request was read', 'connection-broken'],
  ['trigger: redirected to another host', 'http-307'],
  ['trigger: an id that climbs out of the path', 'unreadable-answer'],
  ['trigger: an id that is a number', 'unreadable-answer'],
  ['trigger: 503 with an absurd Retry-After', 'http-503'],
  ['trigger: no content', 'unreadable-answer'],
] as const) {
  test(`unknown, and sent once: ${shows}`, async () => {
    const fake = await start();
    const outcome = await connect(fake.url).place(numberThat(shows), {});
    assert.deepEqual(outcome, { kind: 'unknown', reason });
    assert.equal(fake.triggers().length, 1);
  });
}

test('a response over 64 KB is not read, whatever it says', async () => {
  const fake = await start();
  const body = (size: number): string => JSON.stringify({ conversation_id: 'OUT-1', more: 'x'.repeat(size) });
  fake.failNext('trigger', { kind: 'answer', status: 200, body: body(65_000) });
  fake.failNext('trigger', { kind: 'answer', status: 200, body: body(65_536) });
  const polyai = connect(fake.url);
  assert.equal((await polyai.place('+14155550100', {})).kind, 'accepted');
  assert.deepEqual(await polyai.place('+14155550100', {}), { kind: 'unknown', reason: 'unreadable-answer' });
});

test('unknown: garbage, and a 500', async () => {
  const fake = await start();
  const polyai = connect(fake.url);
  assert.deepEqual(await polyai.place('+14155550109', {}), { kind: 'unknown', reason: 'unreadable-answer' });
  assert.deepEqual(await polyai.place('+14155550107', {}), { kind: 'unknown', reason: 'http-500' });
  assert.equal(fake.triggers().length, 2);
});

test('unknown: no response, or one that never ends, before the deadline', async () => {
  const fake = await start();
  const polyai = connect(fake.url, { wholeMs: 150 });
  assert.deepEqual(await polyai.place('+14155550108', {}), { kind: 'unknown', reason: 'timed-out' });
  assert.deepEqual(await polyai.place(numberThat('trigger: one byte a second'), {}), {
    kind: 'unknown',
    reason: 'unreadable-answer',
  });
  assert.equal(fake.triggers().length, 2);
});

test('a reset before the request was read is indistinguishable from one after, and nothing is sent again', async () => {
  let requests = 0;
  const server = await raw((socket) =>
    socket.on('data', () => {
      requests += 1;
      // The first request warms the connection, so that the reset hits a kept one.
      if (requests === 1) socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      else socket.resetAndDestroy();
    }),
  );
  const polyai = connect(`http://127.0.0.1:${server.port}`);
  await polyai.place('+14155550100', {});
  assert.deepEqual(await polyai.place('+14155550100', {}), { kind: 'unknown', reason: 'connection-broken' });
  assert.equal(requests, 2);
});

test('a redirect is not followed: the credential goes to one host', async () => {
  const other = await raw(() => {});
  const fake = await start();
  fake.failNext('trigger', {
    kind: 'answer',
    status: 307,
    body: '',
    headers: { Location: `http://127.0.0.1:${other.port}/` },
  });
  fake.failNext('status', {
    kind: 'answer',
    status: 302,
    body: '',
    headers: { Location: `http://127.0.0.1:${other.port}/` },
  });
  const polyai = connect(fake.url);
  assert.equal((await polyai.place('+14155550100', {})).kind, 'unknown');
  assert.deepEqual(await polyai.status('OUT-1'), { kind: 'failed', reason: 'http-302' });
  assert.equal(other.connections(), 0);
});

test('a 500 is sent again only when the operator enabled it, only once, and only for an error PolyAI wrote', async () => {
  const instant = { now: () => Date.now(), monotonic: () => 0, after: (_ms: number, task: () => void) => task() };
  const fake = await start();
  const polyai = connect(fake.url, { resendOn500: true, clock: instant });
  fake.failNext('trigger', errorAnswer(500, 'failed to queue call', 'internal_error'));
  assert.equal((await polyai.place('+14155550100', {})).kind, 'accepted');
  assert.equal(fake.triggers().length, 2);
  assert.equal((await polyai.place('+14155550107', {})).kind, 'unknown');
  assert.equal(fake.triggers().length, 4);
  fake.failNext('trigger', { kind: 'answer', status: 500, body: '<html>proxy error</html>' });
  assert.equal((await polyai.place('+14155550100', {})).kind, 'unknown');
  assert.equal(fake.triggers().length, 5);
  assert.equal((await polyai.place(numberThat('trigger: 502 with HTML'), {})).kind, 'unknown');
  assert.equal(fake.triggers().length, 6);
});

test('a resend waits two to six seconds, at random', async () => {
  const waits: number[] = [];
  const clock = { now: () => 0, monotonic: () => 0, after: (ms: number, task: () => void) => (waits.push(ms), task()) };
  const fake = await start();
  for (const chance of [0, 0.5, 0.999]) {
    await connect(fake.url, { resendOn500: true, clock, random: () => chance }).place('+14155550107', {});
  }
  assert.deepEqual(waits, [2_000, 4_000, 5_996]);
  assert.equal(longestPlaceMs({ resendOn500: true }), 26_000);
  assert.equal(longestPlaceMs({}), 10_000);
});

const placeThenPoll = async (fake: FakePolyAi, number: string, age: number, options = {}): Promise<StatusOutcome> => {
  const polyai = connect(fake.url, options);
  const outcome = await polyai.place(number, {});
  assert.ok(outcome.kind === 'accepted');
  fake.advance(age);
  return polyai.status(outcome.upstreamId);
};

test('a status request returns the status and everything that happened before it', async () => {
  const fake = await start();
  fake.setClock(Date.parse('2026-03-15T10:00:00Z'));
  const outcome = await placeThenPoll(fake, '+14155550100', 9_500);
  assert.ok(outcome.kind === 'seen');
  assert.equal(outcome.status, 'in-progress');
  assert.deepEqual(
    outcome.history.map(({ status }) => status),
    ['created', 'queued', 'ringing', 'in-progress'],
  );
  assert.equal(outcome.history[0]?.at, Date.parse('2026-03-15T10:00:00Z'));
});

for (const [shows, expected] of [
  ['status: garbage', { kind: 'failed', reason: 'unreadable-answer' }],
  ['status: always 404', { kind: 'missing' }],
  ['status: 502 with HTML', { kind: 'failed', reason: 'http-502' }],
  ['status: a body of 10 MB', { kind: 'failed', reason: 'unreadable-answer' }],
  [
    'status: wrong types everywhere',
    { kind: 'failed', reason: 'unfamiliar-status', unfamiliar: { length: 0, form: 'none' } },
  ],
  ['status: the credential stopped working', { kind: 'denied' }],
] as const) {
  test(`a status request for ${shows}`, async () => {
    assert.deepEqual(await placeThenPoll(await start(), numberThat(shows), 0), expected);
  });
}

test('a status request that hangs fails, and does not block placing a call', async () => {
  const fake = await start();
  const polyai = connect(fake.url, { wholeMs: 400, connections: 2 });
  const outcome = await polyai.place(numberThat('status: hangs'), {});
  assert.ok(outcome.kind === 'accepted');
  const requests = [1, 2, 3].map(() => polyai.status(outcome.upstreamId));
  assert.equal((await polyai.place('+14155550100', {})).kind, 'accepted');
  for (const outcome of await Promise.all(requests)) assert.deepEqual(outcome, { kind: 'failed', reason: 'timed-out' });
});

test('undocumented statuses leave the last known status', async () => {
  const outcome = await placeThenPoll(await start(), numberThat('status: words nobody documented'), 3_000);
  assert.ok(outcome.kind === 'seen');
  assert.equal(outcome.status, 'queued');
});

test('a 503 passes on its Retry-After', async () => {
  const fake = await start();
  fake.failNext('status', errorAnswer(503, 'busy', 'busy', { 'Retry-After': '7' }));
  assert.deepEqual(await connect(fake.url).status('OUT-1'), {
    kind: 'failed',
    reason: 'http-503',
    retryAfterSeconds: 7,
  });
});

test('an id that would escape its path is never sent', async () => {
  const fake = await start();
  for (const id of ['OUT-../../admin', 'OUT-1?x=1', '', 'OUT-', `OUT-${'a'.repeat(81)}`, 'OUT-1\r\nX: y']) {
    assert.deepEqual(await connect(fake.url).status(id), { kind: 'failed', reason: 'malformed-id' });
  }
  assert.equal(fake.statusRequests(), 0);
});

test('closing waits for a trigger in flight, but not for a status request', async () => {
  const fake = await start();
  const polyai = connect(fake.url, { wholeMs: 60_000 });
  const outcome = await polyai.place(numberThat('status: hangs'), {});
  assert.ok(outcome.kind === 'accepted');
  const request = polyai.status(outcome.upstreamId);
  while (fake.statusRequests() === 0) await new Promise((resolve) => setImmediate(resolve));
  fake.failNext('trigger', { kind: 'drip', everyMs: 5 });
  const place = polyai.place('+14155550100', {});
  while (fake.triggers().length < 2) await new Promise((resolve) => setImmediate(resolve));
  await polyai.close();
  assert.equal((await request).kind, 'failed');
  assert.equal((await place).kind, 'accepted');
});

test('after closing nothing is sent', async () => {
  const fake = await start();
  const polyai = connect(fake.url);
  await polyai.place('+14155550100', {});
  await polyai.close();
  assert.deepEqual(await polyai.place('+14155550100', {}), { kind: 'not-sent', reason: 'closing' });
  assert.equal(fake.triggers().length, 1);
});
