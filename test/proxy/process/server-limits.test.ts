// The server below the routes, on raw sockets: slow and malformed HTTP is cut, and nothing of it reaches a gate. The limits
// are tiny here, so that nobody waits; that the shipped ones are under 10 s is a number.

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { type ServerLimits, serverLimits } from '../../../src/proxy/process/server-limits.js';
import { listen } from '../../../src/proxy/process/http-server.js';
import { soon } from '../store/fixtures/stores.js';

const tiny: ServerLimits = { ...serverLimits, headersMs: 100, requestMs: 200, keepAliveMs: 100, checkMs: 20 };

async function serve(t: TestContext, limits: Partial<ServerLimits> = {}): Promise<{ port: number; seen: string[] }> {
  const server = await listen(0, '127.0.0.1', { ...tiny, ...limits });
  const seen: string[] = [];
  server.answerWith(async (request) => {
    const body = await request.text().catch(() => 'cut');
    seen.push(`${request.method} ${new URL(request.url).pathname} ${body}`);
    return new Response('fine');
  });
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
  await soon(new Promise<void>((resolve) => socket.once('close', () => resolve())));
  return heard;
}

const trickle = (socket: Socket): void => {
  const timer = setInterval(() => socket.write('x'), 10);
  socket.once('close', () => clearInterval(timer));
};

test('the shipped limits cut slow requests within ten seconds', () => {
  assert.ok(serverLimits.headersMs + serverLimits.checkMs < 10_000);
  assert.ok(serverLimits.requestMs + serverLimits.checkMs < 10_000);
  assert.ok(serverLimits.keepAliveMs < 10_000);
});

test('headers that trickle are cut, long before a whole request would be', async (t) => {
  const { port, seen } = await serve(t, { requestMs: 120_000 });
  const heard = await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', trickle);
  assert.match(heard, /^HTTP\/1\.1 408 /);
  assert.deepEqual(seen, []);
});

test('a connection that says nothing is cut', async (t) => {
  const { port } = await serve(t);
  await talk(port, '');
});

test('a body that trickles is cut', async (t) => {
  const { port, seen } = await serve(t);
  await talk(port, 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n', trickle);
  assert.ok(seen.every((line) => line.endsWith('cut')));
});

test('an idle connection is closed after its answer', async (t) => {
  const { port, seen } = await serve(t);
  const heard = await talk(port, 'GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(heard, /^HTTP\/1\.1 200 [^]*fine$/);
  assert.deepEqual(seen, ['GET /quick ']);
});

test('more connections than allowed are dropped', async (t) => {
  const { port } = await serve(t, { connections: 1, keepAliveMs: 60_000, headersMs: 60_000, requestMs: 60_000 });
  const first = connect(port, '127.0.0.1');
  t.after(() => first.destroy());
  await soon(new Promise<void>((resolve) => first.once('connect', () => resolve())));
  assert.equal(await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '');
});

const garbage: readonly (readonly [what: string, bytes: string])[] = [
  ['no HTTP', 'hello\r\n\r\n'],
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
  ['a method nobody knows', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
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
