// The encoder checked against an independent parser (eventsource-parser), whatever goes in and wherever the bytes are cut.
// Mutations that turn a test red:
//   sse-encoder.ts: drop any of the three `throw`, the `replaceAll` of comments, or loosen the pattern of Last-Event-ID

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import {
  encodeComment,
  encodeEvent,
  parseLastEventId,
  type StreamEvent,
} from '../../../src/proxy/streams/sse-encoder.js';

interface Read {
  events: { event: string | undefined; id: string | undefined; data: string }[];
  comments: string[];
  retries: number[];
  errors: number;
}

const read = (chunks: readonly Uint8Array[]): Read => {
  const seen: Read = { events: [], comments: [], retries: [], errors: 0 };
  const parser = createParser({
    onEvent: ({ event, id, data }) => seen.events.push({ event, id, data }),
    onComment: (comment) => seen.comments.push(comment),
    onRetry: (retry) => seen.retries.push(retry),
    onError: () => (seen.errors += 1),
  });
  const decoder = new TextDecoder();
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
  return seen;
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const anyEvent: fc.Arbitrary<StreamEvent> = fc.record(
  {
    event: fc.constantFrom('snapshot' as const, 'goodbye' as const),
    id: fc.nat(),
    data: fc.jsonValue(),
    retryMs: fc.nat(),
  },
  { requiredKeys: ['event', 'data'] },
);

test('any data survives encoding and parsing', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), (events) => {
      const seen = read([bytesOf(events.map(encodeEvent).join(encodeComment('x')))]);
      assert.equal(seen.errors, 0);
      assert.deepEqual(
        seen.events.map(({ event, data }) => ({ event, data: JSON.parse(data) as unknown })),
        events.map(({ event, data }) => ({ event, data: JSON.parse(JSON.stringify(data)) as unknown })),
      );
      assert.equal(seen.events.at(-1)?.id, events.at(-1)?.id?.toString());
      assert.deepEqual(
        seen.retries,
        events.flatMap(({ retryMs }) => (retryMs === undefined ? [] : [retryMs])),
      );
    }),
  );
});

test('a stream cut at any byte parses the same', () => {
  const text = `${encodeComment('open')}${encodeEvent({ event: 'snapshot', id: 7, data: { name: 'Zoë 👋\u2028\r\n' } })}${encodeEvent({ event: 'goodbye', data: {}, retryMs: 5 })}`;
  const whole = bytesOf(text);
  const expected = read([whole]);
  assert.equal(expected.events.length, 2);
  for (let cut = 0; cut <= whole.length; cut += 1) {
    assert.deepEqual(read([whole.subarray(0, cut), whole.subarray(cut)]), expected, `cut at byte ${cut}`);
  }
  assert.deepEqual(read([...whole].map((_, index) => whole.subarray(index, index + 1))), expected);
});

test('no value can start a new line', () => {
  const nasty = 'x\r\nevent: goodbye\rdata: {}\n\nid: 9\0';
  const text = encodeEvent({ event: 'snapshot', id: 1, data: { nasty, [nasty]: nasty } });
  assert.deepEqual(
    text.split(/\r\n|\r|\n/).map((line) => line.slice(0, 6)),
    ['id: 1', 'event:', 'data: ', '', ''],
  );
  assert.ok(!text.includes('\0'));
  assert.equal(encodeComment(nasty).split('\n').length, 3);
  assert.ok(!/[\r\0]/.test(encodeComment(nasty)));
});

test('an unlisted event name, an id that is not a sequence number and data that is not JSON are refused', () => {
  const right = { event: 'snapshot', id: 1, data: {} } as const;
  for (const wrong of [
    { event: 'error' },
    { event: 'snapshot\ndata: {}' },
    { id: -1 },
    { id: 1.5 },
    { id: Number.NaN },
    { id: '1\n' },
    { retryMs: Number.POSITIVE_INFINITY },
    { data: undefined },
  ]) {
    assert.throws(
      () => encodeEvent({ ...right, ...wrong } as unknown as StreamEvent),
      RangeError,
      JSON.stringify(wrong),
    );
  }
});

for (const [value, expected] of [
  [undefined, undefined],
  ['', undefined],
  ['0', 0],
  ['7', 7],
  ['007', undefined],
  ['-1', undefined],
  ['1.0', undefined],
  ['1e3', undefined],
  [' 1', undefined],
  ['1\n', undefined],
  ['999999999', 999_999_999],
  ['9'.repeat(10), undefined],
  ['abc', undefined],
] as const) {
  test(`Last-Event-ID ${JSON.stringify(value)} is ${expected}`, () => {
    assert.equal(parseLastEventId(value), expected);
  });
}
