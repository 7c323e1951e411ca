// One exchange against raw TCP servers: interim responses of any number and kind, and connections kept alive between two requests.
// Mutations that turn a test red: channel.ts: take the first head for the response; drop the 'upgrade' listener, `connections.ready()`,
// or `isConnected = true`; connections.ts: drop either listener for idle connections; never take the spare one, or keep it whatever it says; hand a connection over before 'secureConnect'

import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { type Channel, type ChannelOptions, createChannel, type Exchange } from '../../../src/proxy/polyai/channel.js';

interface Upstream {
  readonly port: number;
  /** Requests read in full, by connection. */
  readonly requests: number[];
  readonly sockets: readonly Socket[];
}

/** A server that reads whole requests; `answer` writes to the socket and receives how many requests came before, on all connections. */
async function upstream(t: TestContext, answer: (socket: Socket, before: number) => void): Promise<Upstream> {
  const sockets: Socket[] = [];
  const requests: number[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const index = sockets.push(socket) - 1;
    requests[index] = 0;
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (!text.endsWith('\r\n\r\n{}')) return;
        text = '';
        const before = requests.reduce((sum, one) => sum + one, 0);
        requests[index] = (requests[index] ?? 0) + 1;
        answer(socket, before);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, requests, sockets };
}

function channelTo(t: TestContext, origin: string, options: Partial<ChannelOptions> = {}): Channel {
  const channel = createChannel({ origin, ...options });
  t.after(() => channel.drop());
  return channel;
}

const send = (channel: Channel): Promise<Exchange> =>
  channel.send({ method: 'POST', path: '/', headers: {}, body: '{}', reads: () => true });

const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
const answered = (body: string): Exchange => ({ kind: 'answered', httpStatus: 200, body });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const interim: readonly (readonly [name: string, text: string])[] = [
  ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nRetry-After: 9\r\n\r\n'],
  ['an unregistered one', 'HTTP/1.1 199 Odd\r\nX-Odd: yes\r\n\r\n'],
  ['100 twice', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(2)],
  ['all kinds, mixed', 'HTTP/1.1 103 \r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nA: b\r\n\r\n'.repeat(5)],
  ['five hundred of a thousand bytes', `HTTP/1.1 100 Continue\r\nX: ${'x'.repeat(1_000)}\r\n\r\n`.repeat(500)],
];

for (const [name, text] of interim) {
  test(`interim responses are skipped: ${name}`, async (t) => {
    const { port, requests } = await upstream(t, (socket) => socket.write(text + ok('yes')));
    const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
    assert.deepEqual(await send(channel), answered('yes'));
    assert.deepEqual(await send(channel), answered('yes'));
    assert.deepEqual(requests, [2], 'each sent once, on the same connection');
  });
}

test('an interim response that comes long before the final one, in fragments, is skipped', async (t) => {
  const { port } = await upstream(t, (socket) => {
    const fragments = [
      'HTTP/1.1 100 Con',
      'tinue\r\n',
      '\r\n',
      'HTTP/1.1 100 \r\n\r\nHTTP/1.1 2',
      '00 OK\r\n',
      ok('yes').slice(17),
    ];
    void (async () => {
      for (const fragment of fragments) {
        await new Promise<void>((resolve) => socket.write(fragment, () => resolve()));
        await turn();
      }
    })();
  });
  assert.deepEqual(await send(channelTo(t, `http://127.0.0.1:${String(port)}`)), answered('yes'));
});

test('interim responses and then nothing: the exchange times out with an unknown outcome', async (t) => {
  const { port } = await upstream(t, (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`, { wholeMs: 200 });
  assert.deepEqual(await send(channel), { kind: 'broken', reason: 'timed-out' });
});

test('endless interim responses: the exchange times out with an unknown outcome, and its connection is closed', async (t) => {
  let written = 0;
  let stop = (): void => {};
  const closed = new Promise<void>((resolve) => (stop = resolve));
  const { port } = await upstream(t, (socket) => {
    const flood = (): void => {
      if (socket.destroyed) return;
      written += 1;
      socket.write(`HTTP/1.1 103 Early Hints\r\nX: ${'x'.repeat(1_000)}\r\n\r\n`, () => setImmediate(flood));
    };
    socket.once('close', stop);
    flood();
  });
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`, { wholeMs: 200 });
  assert.deepEqual(await send(channel), { kind: 'broken', reason: 'timed-out' });
  await closed;
  assert.ok(written > 1, 'the flood went on');
});

for (const [name, text] of [
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n'],
  ['a head that is too long', `HTTP/1.1 100 Continue\r\nX: ${'x'.repeat(20_000)}\r\n\r\n${ok('yes')}`],
  ['a broken head', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/9 200 OK\r\n\r\n'],
] as const) {
  test(`the outcome is unknown when a request is answered by ${name}`, async (t) => {
    const { port, requests } = await upstream(t, (socket) => socket.write(text));
    const channel = channelTo(t, `http://127.0.0.1:${String(port)}`, { wholeMs: 60_000 });
    assert.deepEqual(await send(channel), { kind: 'broken', reason: 'connection-broken' });
    assert.deepEqual(requests, [1]);
  });
}

test('a peer that silently hangs up after each response gets each request on a new connection', async (t) => {
  const { port, requests } = await upstream(t, (socket, before) => socket.end(ok(`answer ${String(before)}`)));
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
  for (let i = 0; i < 20; i += 1) assert.deepEqual(await send(channel), answered(`answer ${String(i)}`));
  assert.deepEqual(requests, Array<number>(20).fill(1));
});

test('a kept connection that is cut when the next request arrives leaves that request unknown, and it is not resent', async (t) => {
  const { port, requests } = await upstream(t, (socket, before) =>
    before === 0 ? socket.write(ok('yes')) : socket.resetAndDestroy(),
  );
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
  assert.deepEqual(await send(channel), answered('yes'));
  assert.deepEqual(await send(channel), { kind: 'broken', reason: 'connection-broken' });
  assert.deepEqual(requests, [2]);
});

test('a response that nobody requested is not taken for the response to the next request', async (t) => {
  let idle: Socket | undefined;
  const { port, requests } = await upstream(t, (socket, before) => {
    idle ??= socket;
    socket.write(ok(`answer ${String(before)}`));
  });
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
  assert.deepEqual(await send(channel), answered('answer 0'));
  await new Promise<void>((resolve) => idle?.write(ok('of another call'), () => resolve()));
  for (let i = 0; i < 20; i += 1) await turn();
  assert.deepEqual(await send(channel), answered('answer 1'));
  assert.deepEqual(requests, [1, 1]);
});

test('exchanges beyond the connection limit wait their turn; one that times out first has not been sent', async (t) => {
  const held: Socket[] = [];
  const { port } = await upstream(t, (socket) => void held.push(socket));
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`, { connections: 2, wholeMs: 300 });
  const outcomes = await Promise.all([1, 2, 3].map(() => send(channel)));
  assert.deepEqual(outcomes, [
    { kind: 'broken', reason: 'timed-out' },
    { kind: 'broken', reason: 'timed-out' },
    { kind: 'not-sent', reason: 'timed-out' },
  ]);
  assert.equal(held.length, 2);
  const next = send(channel);
  while (held.length < 3) await turn();
  held[2]?.write(ok('yes'));
  assert.deepEqual(await next, answered('yes'));
});

test('a request whose name resolution outlasts the deadline has not been sent', async (t) => {
  const channel = channelTo(t, 'http://polyai.invalid', { wholeMs: 50, connectMs: 60_000, lookup: () => {} });
  assert.deepEqual(await send(channel), { kind: 'not-sent', reason: 'timed-out' });
});

test('closing lets an exchange in flight finish; dropping aborts it', async (t) => {
  const held: Socket[] = [];
  const { port } = await upstream(t, (socket) => void held.push(socket));
  const origin = `http://127.0.0.1:${String(port)}`;
  const [closing, dropping] = [createChannel({ origin }), createChannel({ origin })];
  const first = send(closing);
  while (held.length < 1) await turn();
  const second = send(dropping);
  while (held.length < 2) await turn();
  const closed = closing.close();
  await dropping.drop();
  assert.deepEqual(await second, { kind: 'broken', reason: 'closing' });
  assert.deepEqual(await send(closing), { kind: 'not-sent', reason: 'closing' });
  held[0]?.write(ok('yes'));
  assert.deepEqual(await first, answered('yes'));
  await closed;
});

test('a connection that was opened in advance carries the next request', async (t) => {
  const { port, requests } = await upstream(t, (socket) => socket.write(ok('yes')));
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
  channel.warmUp();
  channel.warmUp();
  // Once the other side has it, both have.
  while (requests.length === 0) await turn();
  await turn();
  assert.deepEqual(await send(channel), answered('yes'));
  assert.deepEqual(requests, [1], 'one connection');
  channel.warmUp();
  assert.deepEqual(await send(channel), answered('yes'));
  assert.deepEqual(requests, [2], 'an idle one is enough');
});

test('a request takes a connection that is still being opened in advance', async (t) => {
  const { port, requests } = await upstream(t, (socket) => socket.write(ok('yes')));
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
  channel.warmUp();
  assert.deepEqual(await send(channel), answered('yes'));
  assert.deepEqual(requests, [1]);
});

test('a connection opened in advance that says something, or ends, carries no request', async (t) => {
  for (const spoil of [(socket: Socket) => socket.write(ok('another call')), (socket: Socket) => socket.end()]) {
    const { port, requests, sockets } = await upstream(t, (socket) => socket.write(ok('yes')));
    const channel = channelTo(t, `http://127.0.0.1:${String(port)}`);
    channel.warmUp();
    while (requests.length === 0) await turn();
    const [socket] = sockets;
    if (socket) spoil(socket);
    for (let count = 0; count < 20; count += 1) await turn();
    assert.deepEqual(await send(channel), answered('yes'));
    assert.deepEqual(requests, [0, 1]);
  }
});

test('a connection that cannot be opened in advance is no error, and nothing was sent', async (t) => {
  const { port } = await upstream(t, () => {});
  const channel = channelTo(t, `http://127.0.0.1:${String(port)}`, {
    lookup: (_host, _options, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []),
  });
  channel.warmUp();
  for (let count = 0; count < 5; count += 1) await turn();
  await channel.close();
  assert.equal((await send(channel)).kind, 'not-sent');
});
