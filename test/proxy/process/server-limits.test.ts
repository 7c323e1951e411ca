// The server below the routes, on raw sockets: slow and malformed HTTP is cut off, and none of it reaches a gate. The limits
// are tiny here so that nothing waits; that the shipped ones are under 10 s is checked as a number.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Peer } from '../../../src/proxy/http/client-address.js';
import {
  screenRequests,
  type ServerLimits,
  serverLimits,
  serverOptions,
} from '../../../src/proxy/process/server-limits.js';
import { listen } from '../../../src/proxy/process/http-server.js';
import { until } from '../fixtures/call-streams.js';
import { withDeadline } from '../store/fixtures/stores.js';

const tiny: ServerLimits = { ...serverLimits, headersMs: 100, requestMs: 200, keepAliveMs: 100, checkMs: 20 };

/** For tests that are not about time. */
const patient: Partial<ServerLimits> = { headersMs: 60_000, requestMs: 60_000, keepAliveMs: 60_000 };

const fine = async (request: Request, seen: string[]): Promise<Response> => {
  const body = await request.text().catch(() => 'cut');
  seen.push(`${request.method} ${new URL(request.url).pathname} ${body}`);
  return new Response('fine');
};

async function serve(
  t: TestContext,
  limits: Partial<ServerLimits> = {},
  answer: (request: Request, seen: string[], env: HttpBindings) => Response | Promise<Response> = fine,
  readPeer?: () => Peer,
): Promise<{ port: number; seen: string[] }> {
  const server = await listen(0, '127.0.0.1', { ...tiny, ...limits }, readPeer);
  const seen: string[] = [];
  server.answerWith((request, env) => answer(request, seen, env));
  t.after(async () => {
    server.drop();
    await server.close();
  });
  return { port: server.port, seen };
}

/** Sends and collects until the other side closes. */
async function talk(port: number, text: string, more?: (socket: Socket) => void): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
  socket.on('error', () => {});
  socket.write(text);
  more?.(socket);
  await withDeadline(new Promise<void>((resolve) => socket.once('close', () => resolve())));
  return heard;
}

const trickle = (socket: Socket): void => {
  const timer = setInterval(() => socket.write('x'), 10);
  socket.once('close', () => clearInterval(timer));
};

test('the shipped limits cut off slow requests within ten seconds', () => {
  assert.ok(serverLimits.headersMs + serverLimits.checkMs < 10_000, 'headersMs');
  assert.ok(serverLimits.requestMs + serverLimits.checkMs < 10_000, 'requestMs');
  assert.ok(serverLimits.keepAliveMs < 10_000, 'keepAliveMs');
});

test('headers that trickle are cut off, long before a whole request would be', async (t) => {
  const { port, seen } = await serve(t, { requestMs: 120_000 });
  const heard = await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', trickle);
  assert.match(heard, /^HTTP\/1\.1 408 /);
  assert.deepEqual(seen, []);
});

test('a connection that says nothing is cut off', async (t) => {
  const { port } = await serve(t);
  await talk(port, '');
});

test('a body that trickles is cut off', async (t) => {
  const { port, seen } = await serve(t);
  await talk(port, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n', trickle);
  assert.ok(
    seen.every((line) => line.endsWith('cut')),
    seen.join(),
  );
});

test('an idle connection is closed after its response', async (t) => {
  const { port, seen } = await serve(t, { ...patient, keepAliveMs: 100 });
  const heard = await talk(port, 'GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(heard, /^HTTP\/1\.1 200 [^]*fine$/);
  assert.deepEqual(seen, ['GET /quick ']);
});

const aRequest = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** A connection that keeps its own side open whatever the server does. */
async function open(t: TestContext, port: number, text = ''): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
  socket.on('error', () => {});
  await withDeadline(new Promise<void>((resolve) => socket.once('connect', () => resolve())));
  socket.write(text);
  return { socket, heard: () => heard };
}

/** Resolves when the server has dropped the connection: a write to it fails. */
const letGo = (socket: Socket): Promise<void> =>
  withDeadline(
    new Promise<void>((resolve) => {
      const timer = setInterval(() => socket.write('x'), 10);
      socket.once('close', () => {
        clearInterval(timer);
        resolve();
      });
    }),
  );

for (const [what, bytes] of [
  ['says nothing', ''],
  ['sends garbage', 'X\r\n\r\n'],
  ['sends headers that are too large', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}`],
  ['never finishes a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['sends a chunk without a size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
] as const) {
  test(`a peer that ${what} and never closes its side is dropped`, async (t) => {
    const { port } = await serve(t);
    await letGo((await open(t, port, bytes)).socket);
  });
}

test('at the connection cap, a connection without a request is dropped to make room', async (t) => {
  const held: (() => void)[] = [];
  const { port } = await serve(t, { ...patient, connections: 3 }, (request) =>
    new URL(request.url).pathname === '/held'
      ? new Promise<Response>((resolve) => held.push(() => resolve(new Response('held'))))
      : new Response('fine'),
  );
  const busy = await open(t, port, 'GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
  const silent = await open(t, port);
  const other = await open(t, port);
  await until(() => held.length === 1);
  const gone = letGo(silent.socket);
  assert.match(await talk(port, aRequest), /^HTTP\/1\.1 200 /);
  await gone;
  assert.equal(other.socket.destroyed, false, 'only one is dropped for each new connection');
  held[0]?.();
  await until(() => busy.heard().endsWith('held'));
});

test('at the connection cap, when every connection is busy, the new one is dropped', async (t) => {
  let requests = 0;
  const { port } = await serve(t, { ...patient, connections: 2 }, () => {
    requests += 1;
    return new Promise<Response>(() => {});
  });
  for (const _ of [1, 2]) await open(t, port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => requests === 2);
  assert.equal(await talk(port, aRequest), '');
});

test('connections are capped for each address; other addresses and trusted proxies are served', async (t) => {
  let peer: Peer = { bucket: 'one', isTrustedProxy: false };
  const { port } = await serve(t, { ...patient, connectionsPerAddress: 3 }, fine, () => peer);
  const own = [];
  for (const _ of [1, 2, 3]) own.push(await open(t, port));
  assert.equal(await talk(port, aRequest), '');
  peer = { bucket: 'another', isTrustedProxy: false };
  assert.match(await talk(port, aRequest), /^HTTP\/1\.1 200 /);
  peer = { bucket: 'one', isTrustedProxy: true };
  assert.match(await talk(port, aRequest), /^HTTP\/1\.1 200 /);
  peer = { bucket: 'one', isTrustedProxy: false };
  own[0]?.socket.destroy();
  // The slot is freed as soon as the server has seen the end.
  let answer = '';
  while (answer === '') answer = await withDeadline(talk(port, aRequest));
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

test('a connection has at most four requests in flight', async (t) => {
  let requests = 0;
  const { port } = await serve(t, patient, () => {
    requests += 1;
    return new Promise<Response>(() => {});
  });
  const { socket } = await open(t, port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_500));
  await letGo(socket);
  assert.equal(requests, serverLimits.unanswered);
});

test('no objects are created for pipelined requests beyond the fourth', async (t) => {
  let events = 0;
  const server = createServer(
    serverOptions(serverLimits),
    screenRequests(serverLimits, () => {}),
  ).on('request', () => (events += 1));
  server.listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_500));
  assert.equal(events, serverLimits.unanswered + 1);
  assert.match(
    await talk(port, 'GET / HTTP/1.0\r\n'.repeat(2)),
    /^HTTP\/1\.1 400 /,
    'the parser works for the next one',
  );
});

test('unread responses stop at four on a connection, however many are requested', async (t) => {
  // More than the kernel buffers for a peer that does not read.
  const body = new Uint8Array(32 * 1_024 * 1_024);
  let requests = 0;
  const { port } = await serve(t, patient, () => {
    requests += 1;
    return new Response(body);
  });
  const { socket } = await open(t, port);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_500));
  await letGo(socket);
  assert.ok(requests <= serverLimits.unanswered, `${String(requests)} answers were made`);
});

test('many sequential requests on one connection are all answered', async (t) => {
  const { port, seen } = await serve(t, patient);
  const { socket, heard } = await open(t, port);
  for (let sent = 1; sent <= 20; sent += 1) {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => heard().split('fine').length === sent + 1);
  }
  assert.equal(seen.length, 20);
});

for (const rubbish of ['\r\n\r\nX\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}`]) {
  test(`nothing is written into a response that has begun: ${JSON.stringify(rubbish.slice(0, 20))}`, async (t) => {
    const { port } = await serve(t, patient, (_request, _seen, { outgoing }) => {
      outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' });
      outgoing.write(': open\n\n');
      return RESPONSE_ALREADY_SENT.clone();
    });
    const { socket, heard } = await open(t, port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => heard().includes(': open'));
    socket.write(rubbish);
    await letGo(socket);
    assert.equal(heard().split('HTTP/1.1 ').length, 2, heard());
  });
}

const ownForwarded = 'X-Forwarded-For: 198.51.100.1';
for (const count of [10, 50, 60, 64, 70, 100, 150, 200, 249, 260, 1_000]) {
  test(`no header is dropped silently: ${String(count)} of them around a forged X-Forwarded-For`, async (t) => {
    let forwarded: string | undefined;
    const { port } = await serve(t, patient, (request) => {
      forwarded = request.headers.get('x-forwarded-for') ?? undefined;
      return new Response('fine');
    });
    const others = Array.from({ length: count }, (_, index) => `A${String(index)}: 1`);
    // As HAProxy sends it: its own header line comes last.
    const lines = ['GET / HTTP/1.1', 'Host: x', ownForwarded, ...others, 'X-Forwarded-For: 203.0.113.9'];
    const heard = await talk(port, [...lines, 'Connection: close', '', ''].join('\r\n'));
    if (count + 4 > serverLimits.headerCount) {
      assert.match(heard, /^HTTP\/1\.1 431 /);
      assert.equal(forwarded, undefined);
    } else {
      assert.match(heard, /^HTTP\/1\.1 200 /);
      assert.equal(forwarded, '198.51.100.1, 203.0.113.9');
    }
  });
}

const unusual: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ['two Host headers', 'GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\nConnection: close\r\n\r\n', 400],
  ['the same Host twice', 'GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['HTTP/1.1 without Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['HTTP/1.0 without Host, as health checks send it', 'GET / HTTP/1.0\r\n\r\n', 200],
  ['HTTP/1.0 with Host', 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', 200],
  [
    'an offer to upgrade to h2c, as curl --http2 sends it',
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
    200,
  ],
  [
    'an offer to upgrade to another protocol',
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    200,
  ],
];
for (const [what, bytes, status] of unusual) {
  test(`${what}: ${String(status)}`, async (t) => {
    const { port } = await serve(t, patient);
    assert.match(await talk(port, bytes), new RegExp(`^HTTP/1\\.1 ${String(status)} `));
  });
}

test('the body of a request that offers h2c is read, because the first request of Java’s client offers it', async (t) => {
  const { port, seen } = await serve(t, patient);
  const offer = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA';
  const heard = await talk(port, `POST /x HTTP/1.1\r\nHost: x\r\n${offer}\r\nContent-Length: 2\r\n\r\nhi`);
  assert.match(heard, /^HTTP\/1\.1 200 /);
  assert.deepEqual(seen, ['POST /x hi']);
});

const garbage: readonly (readonly [what: string, bytes: string])[] = [
  ['bytes that are not HTTP', 'hello\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a negative length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['a header with NUL', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\n\r\n'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
  ['headers of 64 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['HTTP/2 from the start', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

for (const [what, bytes] of garbage) {
  test(`${what}: no 5xx, and the next visitor is served`, async (t) => {
    const { port } = await serve(t);
    const heard = await talk(port, bytes);
    assert.doesNotMatch(heard, /^HTTP\/1\.1 5/);
    assert.match(await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 200 /);
  });
}
