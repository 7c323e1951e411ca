// Streams on real sockets: readers that vanish, stall, or are cut off and reconnect.
// Mutations that turn a test red:
//   sink.ts: `new Response(null)` instead of the clone. call-streams.ts: `afterSeq = 0`; drop the branch for HEAD;
//     `await emptied` instead of the race when draining; drop the last `destroy()` of draining

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { CallStatus } from '../../../src/contract.js';
import { createCallStreams } from '../../../src/proxy/streams/call-streams.js';
import { createSqliteStore } from '../../../src/proxy/store/sqlite/sqlite-store.js';
import {
  callWith,
  connectReader,
  type SocketReader,
  scriptedStore,
  serveCallStreams,
  snapshotIn,
  until,
} from '../fixtures/call-streams.js';
import { acceptedCall, manualClock, withDeadline, temporaryFolder } from '../store/fixtures/stores.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const scripted = async () => {
  const clock = manualClock();
  const store = scriptedStore();
  const callStreams = createCallStreams({ store, clock, random: () => 0.5, caps: { perCall: 5 } });
  const server = await serveCallStreams(callStreams, async () => callWith(['requested']));
  cleanups.push(() => server.close());
  return { clock, store, callStreams, url: `${server.url}/events/a` };
};

test('the head and the first byte arrive at once, with headers set by others', async () => {
  const { url } = await scripted();
  const reader = await connectReader(url, { 'Accept-Encoding': 'gzip, br' });
  void reader.next();
  await until(() => reader.comments.length > 0);
  assert.equal(reader.response.statusCode, 200);
  const { headers } = reader.response;
  assert.equal(headers['content-type'], 'text/event-stream');
  assert.equal(headers['cache-control'], 'no-store, no-transform');
  assert.equal(headers['x-accel-buffering'], 'no');
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers['access-control-allow-origin'], 'https://site.example');
  assert.equal(headers['x-request-id'], 'r1');
  assert.equal(headers['transfer-encoding'], 'chunked');
  assert.match(headers.date ?? '', / GMT$/);
});

test('a reader on HTTP/1.0, the default of nginx, gets the stream without chunked encoding', async () => {
  const { url, store, callStreams } = await scripted();
  const { port, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.write(`GET ${pathname} HTTP/1.0\r\nHost: x\r\n\r\n`);
  await until(() => store.followers() === 1);
  store.push(callWith(['requested', 'busy']));
  await withDeadline(new Promise((resolve) => socket.once('close', resolve)));
  const [head = '', body = ''] = heard.split('\r\n\r\n');
  assert.doesNotMatch(head, /transfer-encoding/i);
  assert.match(body, /^: open\n\nid: 2\nevent: snapshot\ndata: \{[^\n]*\}\n\n$/);
  await until(() => callStreams.open() === 0);
});

test('a stream pipelined behind another request on its connection comes after that response', async () => {
  const { url, store } = await scripted();
  const { port, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.write(`HEAD ${pathname} HTTP/1.1\r\nHost: x\r\n\r\nGET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await until(() => store.followers() === 1);
  store.push(callWith(['requested', 'busy']));
  await until(() => heard.includes('"busy"'));
  assert.deepEqual(heard.match(/HTTP\/1\.1 200 OK|: open|event: \w+/g), [
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200 OK',
    ': open',
    'event: snapshot',
  ]);
  socket.destroy();
});

test('HEAD gets the head and occupies no place', async () => {
  const { url, callStreams } = await scripted();
  const response = await withDeadline(fetch(url, { method: 'HEAD' }));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(callStreams.open(), 0);
});

test('events arrive one by one, and the connection ends after the last', async () => {
  const { url, store, callStreams } = await scripted();
  const reader = await connectReader(url);
  for (const statuses of [
    ['requested', 'ringing'],
    ['requested', 'ringing', 'no-answer'],
  ] as CallStatus[][]) {
    await until(() => store.followers() === 1);
    store.push(callWith(statuses));
    assert.equal(snapshotIn(await reader.next()).status, statuses.at(-1));
  }
  assert.equal(await reader.next(), undefined);
  await until(() => callStreams.open() === 0);
});

test('a reader that vanishes frees its place', async () => {
  const { url, store, callStreams } = await scripted();
  for (let round = 0; round < 3; round += 1) {
    const reader = await connectReader(url);
    await until(() => callStreams.open() === 1);
    reader.destroy();
    await until(() => callStreams.open() === 0 && store.followers() === 0);
  }
});

test('a phone that changed networks gets its place again: the streams it left behind are replaced', async () => {
  const { url, store, callStreams } = await scripted();
  // Five peers that vanished silently: they read nothing and close nothing.
  const left = await Promise.all([1, 2, 3, 4, 5].map(() => connectReader(url)));
  await until(() => store.followers() === 5);
  for (let index = 0; index < 100; index += 1) store.push({ ...large });
  const back = await connectReader(url);
  assert.equal(back.response.statusCode, 200);
  await until(() => store.followers() >= 5);
  store.push(callWith(['requested', 'ringing']));
  assert.equal(snapshotIn(await back.next()).status, 'ringing');
  // However often it comes back, what it left behind counts toward nothing.
  const more: SocketReader[] = [];
  for (let times = 0; times < 20; times += 1) {
    const again = await connectReader(url);
    assert.equal(again.response.statusCode, 200, `time ${String(times)}`);
    more.push(again);
  }
  for (const reader of [...left, back, ...more]) reader.destroy();
  await until(() => callStreams.open() === 0);
});

const large = callWith(['requested'], { id: 'x'.repeat(200_000) });

test('a reader that stops reading delays nobody, and is dropped after five seconds', async () => {
  const { url, store, clock, callStreams } = await scripted();
  const stalled = await connectReader(url);
  const lively = await connectReader(url);
  await until(() => store.followers() === 2);
  // More than the buffers between both ends can hold.
  for (let index = 0; index < 100; index += 1) {
    store.push({ ...large });
    assert.equal(snapshotIn(await lively.next()).seq, 1);
  }
  assert.equal(callStreams.open(), 2);
  clock.advance(5_000);
  await until(() => callStreams.open() === 1);
  store.push({ ...large });
  assert.equal(snapshotIn(await lively.next()).seq, 1);
  stalled.destroy();
});

test('a half-open peer is dropped at the latest when the life of its stream ends', async () => {
  const { url, store, clock, callStreams } = await scripted();
  const stalled = await connectReader(url);
  await until(() => store.followers() === 1);
  for (let second = 0; second < 700 && callStreams.open() === 1; second += 15) {
    clock.advance(15_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  clock.advance(5_000);
  await until(() => callStreams.open() === 0);
  stalled.destroy();
});

test('draining sends goodbye on real sockets and resolves', async () => {
  const { url, store, callStreams } = await scripted();
  const readers = await Promise.all([1, 2, 3].map(() => connectReader(url)));
  await until(() => store.followers() === 3);
  const drained = callStreams.drain();
  for (const reader of readers) {
    assert.equal((await reader.next())?.event, 'goodbye');
    assert.equal(await reader.next(), undefined);
  }
  await withDeadline(drained);
  const late = (await connectReader(url)).response;
  assert.deepEqual([late.statusCode, late.headers['content-type']], [200, 'text/event-stream']);
});

test('draining does not wait for a reader that stopped reading', async () => {
  const { url, store, clock, callStreams } = await scripted();
  const stalled = await connectReader(url);
  await until(() => store.followers() === 1);
  for (let index = 0; index < 100; index += 1) {
    store.push({ ...large });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const drained = callStreams.drain();
  clock.advance(2_000);
  await withDeadline(drained);
  await until(() => callStreams.open() === 0);
  stalled.destroy();
});

test('a stream that is cut after every event and resumed has no gaps and no duplicates', async () => {
  const folder = temporaryFolder();
  cleanups.push(() => folder.remove());
  const clock = manualClock();
  const store = createSqliteStore({ file: join(folder.path, 'calls.db'), clock });
  cleanups.push(() => store.close());
  const call = await acceptedCall(store, clock.now());
  const callStreams = createCallStreams({ store, clock, random: Math.random });
  const server = await serveCallStreams(callStreams, () => store.read(call.id));
  cleanups.push(() => server.close());

  const fromTheFuture = await connectReader(`${server.url}/events/a`, { 'Last-Event-ID': '99' });
  assert.equal((await fromTheFuture.next())?.id, '1');
  fromTheFuture.destroy();
  await until(() => callStreams.open() === 0);

  const steps = ['created', 'queued', 'calling', 'ringing', 'in-progress', 'completed'] as const;
  const ids: number[] = [];
  let lastEventId: string | undefined;
  let history: unknown;
  for (const [index, status] of [undefined, ...steps].entries()) {
    // Every other change happens while no reader is connected.
    if (status !== undefined && index % 2 === 0) await store.append(call.id, [{ status, at: clock.now() }]);
    const reader = await connectReader(
      `${server.url}/events/a`,
      lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
    );
    if (status !== undefined && index % 2 === 1) await store.append(call.id, [{ status, at: clock.now() }]);
    const event = await reader.next();
    ids.push(Number(event?.id));
    lastEventId = event?.id;
    history = snapshotIn(event).history.map((item) => item.status);
    reader.destroy();
    await until(() => callStreams.open() === 0);
  }
  assert.deepEqual(ids, [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(history, ['requested', ...steps]);
  const after = await connectReader(`${server.url}/events/a`, { 'Last-Event-ID': '7' });
  assert.equal(after.response.statusCode, 204);
});
