// The parser against bytes from the proxy's own encoder, split wherever a network may split them. Mutations that turn it red: decode without
// `stream: true`; drop the snapshot guard; accept events of any name.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CallSnapshot, heartbeatMs, silenceMs } from '../../../src/contract.js';
import { firstByteMs, readStream, silenceAllowedMs } from '../../../src/widget/api/event-stream.js';
import { encodeComment, encodeEvent } from '../../../src/proxy/streams/sse-encoder.js';

const call = (seq: number, more: object = {}): CallSnapshot =>
  ({
    id: 'a',
    status: 'ringing',
    seq,
    history: [{ seq, status: 'ringing', at: '2026-11-23T12:00:00.000Z' }],
    now: '2026-11-23T12:00:00.000Z',
    // Two, three and four bytes of UTF-8 each.
    note: 'é€😀',
    ...more,
  }) as CallSnapshot;

interface Read {
  readonly calls: CallSnapshot[];
  readonly retries: number[];
  bytes: number;
}

async function read(chunks: readonly Uint8Array[]): Promise<Read> {
  const seen: Read = { calls: [], retries: [], bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  await readStream(body, new AbortController().signal, {
    onSnapshot: (snapshot) => seen.calls.push(snapshot),
    onRetry: (ms) => seen.retries.push(ms),
    onBytes: () => (seen.bytes += 1),
  });
  return seen;
}

const eventOf = (snapshot: CallSnapshot): string =>
  encodeEvent({ event: 'snapshot', id: snapshot.seq, data: snapshot });
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const whole = [
  encodeComment('open'),
  eventOf(call(1)),
  encodeComment('beat'),
  eventOf(call(2)),
  encodeEvent({ event: 'goodbye', data: { retryMs: 2500 }, retryMs: 2500 }),
].join('');

describe('a stream split anywhere', () => {
  test('in two, at every byte', async () => {
    const bytes = encode(whole);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { calls, retries } = await read([bytes.slice(0, cut), bytes.slice(cut)]);
      assert.deepEqual(calls, [call(1), call(2)], `cut at ${String(cut)}`);
      assert.deepEqual(retries, [2500]);
    }
  });

  test('into single bytes', async () => {
    const { calls } = await read([...encode(whole)].map((byte) => Uint8Array.of(byte)));
    assert.deepEqual(calls, [call(1), call(2)]);
  });

  test('with carriage returns, at every byte', async () => {
    const bytes = encode(whole.replaceAll('\n', '\r\n'));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { calls } = await read([bytes.slice(0, cut), bytes.slice(cut)]);
      assert.deepEqual(calls, [call(1), call(2)], `cut at ${String(cut)}`);
    }
  });

  test('before its end: an incomplete event is not reported', async () => {
    const bytes = encode(eventOf(call(1)));
    for (let cut = 0; cut < bytes.length - 1; cut += 1) {
      const { calls } = await read([bytes.slice(0, cut)]);
      assert.deepEqual(calls, [], `cut at ${String(cut)}`);
    }
  });
});

describe('unrecognized input', () => {
  const good = eventOf(call(2));
  const cases: readonly (readonly [string, string])[] = [
    ['no JSON', 'event: snapshot\ndata: {"id":\n\n'],
    ['no snapshot', 'event: snapshot\ndata: {"id":"a"}\n\n'],
    ['a status that does not exist', `event: snapshot\ndata: ${JSON.stringify(call(1, { status: 'dreaming' }))}\n\n`],
    ['a history of something else', `event: snapshot\ndata: ${JSON.stringify(call(1, { history: [{}] }))}\n\n`],
    ['an event of another name', `event: message\ndata: ${JSON.stringify(call(1))}\n\n`],
    ['an event without a name', `data: ${JSON.stringify(call(1))}\n\n`],
    ['an unknown field', 'colour: red\n\n'],
    ['a retry that is no number', 'retry: soon\n\n'],
  ];
  for (const [what, text] of cases) {
    test(`${what} is skipped, and the next event is still reported`, async () => {
      const { calls, retries } = await read([encode(text), encode(good)]);
      assert.deepEqual(calls, [call(2)]);
      assert.deepEqual(retries, []);
    });
  }

  test('an endless event is dropped before it fills the memory', async () => {
    const chunk = encode(`data: ${'x'.repeat(10_000)}\n`);
    await assert.rejects(read(Array.from({ length: 20 }, () => chunk)));
  });

  test('the connection is closed when reading fails', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encode('x'.repeat(10_000))),
      cancel: () => {
        isCancelled = true;
      },
    });
    await assert.rejects(
      readStream(body, new AbortController().signal, { onSnapshot() {}, onRetry() {}, onBytes() {} }),
    );
    assert.ok(isCancelled);
  });
});

test('silence is allowed for more than two heartbeats; the first byte is due sooner', () => {
  assert.equal(silenceAllowedMs(true), silenceMs);
  assert.ok(silenceMs > 2 * heartbeatMs);
  assert.equal(silenceAllowedMs(false), firstByteMs);
});
