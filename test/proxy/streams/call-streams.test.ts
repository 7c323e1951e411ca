// Streams on the web-standard body, without sockets: what is sent, when it ends, who is refused.
// Mutations that turn a test red:
//   call-streams.ts: drop `release()`, the check of `isDraining`, the 204, the `clock.after(stuckMs, …)`, the wait while `isBehind`,
//     the reuse of encodings, or their age; drop the end of a stream's life, the heartbeat, or the first comment; `isBeating = true`;
//     the same retry for all when draining. sink.ts: an unlimited `highWaterMark`

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { heartbeatMs } from '../../../src/contract.js';
import {
  createCallStreams,
  type StreamOutcome,
  type CallStreams,
  type CallStreamsOptions,
} from '../../../src/proxy/streams/call-streams.js';
import { callWith, scriptedStore, snapshotIn, until } from '../fixtures/call-streams.js';
import { type ManualClock, manualClock, withDeadline, startOfTime } from '../store/fixtures/stores.js';

interface Fixture {
  readonly clock: ManualClock;
  readonly store: ReturnType<typeof scriptedStore>;
  readonly callStreams: CallStreams;
}

const createFixture = (options: Partial<CallStreamsOptions> = {}): Fixture => {
  const clock = manualClock();
  const store = scriptedStore();
  return { clock, store, callStreams: createCallStreams({ store, clock, random: () => 0.5, ...options }) };
};

const responseOf = (outcome: StreamOutcome): Response => {
  assert.ok(outcome.kind === 'open');
  return outcome.response;
};

interface Reading {
  next(): Promise<EventSourceMessage | undefined>;
  /** Reads one chunk and returns the comments in it. */
  comments(): Promise<string[]>;
  readonly retries: number[];
  cancel(): Promise<void>;
}

const reading = (response: Response): Reading => {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const retries: number[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment.trim()),
    onRetry: (retry) => retries.push(retry),
  });
  const pull = async (): Promise<boolean> => {
    const { done, value } = await withDeadline(reader.read());
    if (value !== undefined) parser.feed(value);
    return !done;
  };
  return {
    retries,
    next: async () => {
      while (events.length === 0) if (!(await pull())) return undefined;
      return events.shift();
    },
    comments: async () => {
      await pull();
      return comments.splice(0);
    },
    cancel: () => reader.cancel(),
  };
};

test('a reader gets the current state, every change as a full snapshot, and the end', async () => {
  const { store, callStreams } = createFixture();
  const response = responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' }));
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.headers.get('cache-control'), 'no-store, no-transform');
  assert.equal(response.headers.get('x-accel-buffering'), 'no');
  assert.equal(response.headers.get('content-encoding'), null);
  const reader = reading(response);
  store.push(callWith(['requested', 'ringing']));
  const first = await reader.next();
  assert.equal(first?.event, 'snapshot');
  assert.equal(first.id, '2');
  assert.deepEqual(snapshotIn(first), {
    id: 'call-1',
    status: 'ringing',
    seq: 2,
    history: callWith(['requested', 'ringing']).history,
    now: new Date(startOfTime).toISOString(),
  });
  store.push(callWith(['requested', 'ringing', 'busy']));
  assert.equal(snapshotIn(await reader.next()).status, 'busy');
  assert.equal(await reader.next(), undefined);
  await until(() => callStreams.open() === 0 && store.followers() === 0);
});

test('no internal data is sent', async () => {
  const { store, callStreams } = createFixture();
  const response = responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' }));
  store.push(callWith(['requested', 'busy']));
  const text = await withDeadline(response.text());
  assert.ok(!text.includes('OUT-secret') && !text.includes('site.example'), text);
});

test('the first byte goes out at once, even when there is nothing new', async () => {
  const { callStreams } = createFixture();
  const reader = reading(
    responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a', lastEventId: '1' })),
  );
  assert.deepEqual(await reader.comments(), ['open']);
});

test('one change is encoded once, however many readers follow the call', async () => {
  const { store, callStreams } = createFixture({ caps: { perCall: 100, perAddress: 100 } });
  const call = callWith(['requested']);
  const readers = Array.from({ length: 20 }, () => reading(responseOf(callStreams.follow({ call, address: 'a' }))));
  let reads = 0;
  const busy = callWith(['requested', 'busy']);
  store.push(
    Object.defineProperty({ ...busy }, 'history', { get: () => ((reads += 1), busy.history), enumerable: true }),
  );
  const events = await Promise.all(readers.map((reader) => reader.next()));
  assert.equal(new Set(events.map((event) => event?.data)).size, 1);
  assert.ok(reads > 0 && reads <= 3, `encoding read the history ${reads} times`);
});

test('a later reader gets the time of its own snapshot', async () => {
  const { store, clock, callStreams } = createFixture();
  const call = callWith(['requested', 'in-progress']);
  const early = reading(responseOf(callStreams.follow({ call, address: 'a' })));
  store.push(call);
  await early.next();
  clock.advance(10_000);
  const late = reading(responseOf(callStreams.follow({ call, address: 'a' })));
  store.push(call);
  assert.equal(snapshotIn(await late.next()).now, new Date(startOfTime + 10_000).toISOString());
});

test('reconnecting after the end gets 204; a first connection gets the last snapshot', async () => {
  const { store, callStreams } = createFixture();
  const call = callWith(['requested', 'completed'], { stage: 'ended' });
  const again = responseOf(callStreams.follow({ call, address: 'a', lastEventId: '2' }));
  assert.equal(again.status, 204);
  assert.equal(again.body, null);
  assert.equal(again.headers.get('cache-control'), 'no-store');
  for (const lastEventId of [undefined, '1', '99', 'x']) {
    const reader = reading(responseOf(callStreams.follow({ call, address: 'a', lastEventId })));
    store.push(call);
    assert.equal(snapshotIn(await reader.next()).status, 'completed');
    assert.equal(await reader.next(), undefined);
  }
});

test('every stream gets a heartbeat every 15 seconds, from one timer', async () => {
  const clock = manualClock();
  let timers = 0;
  const counting = {
    ...clock,
    after: (...args: Parameters<typeof clock.after>) => ((timers += 1), clock.after(...args)),
  };
  const { callStreams } = createFixture({ clock: counting, caps: { perCall: 50, perAddress: 50 } });
  const call = callWith(['requested']);
  const readers = Array.from({ length: 50 }, () => reading(responseOf(callStreams.follow({ call, address: 'a' }))));
  await Promise.all(readers.map((reader) => reader.comments()));
  assert.equal(timers, 1);
  for (let beat = 0; beat < 3; beat += 1) {
    clock.advance(heartbeatMs);
    for (const reader of readers) assert.deepEqual(await reader.comments(), ['still here']);
  }
  assert.equal(timers, 1 + 3 * 15, 'one each second');
});

test('no timer is left when no stream is open', async () => {
  const clock = manualClock();
  let timers = 0;
  const counting = {
    ...clock,
    after: (...args: Parameters<typeof clock.after>) => ((timers += 1), clock.after(...args)),
  };
  const { callStreams } = createFixture({ clock: counting });
  const reader = reading(responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' })));
  await reader.comments();
  await reader.cancel();
  await until(() => callStreams.open() === 0);
  clock.advance(heartbeatMs);
  const before = timers;
  clock.advance(10 * heartbeatMs);
  assert.equal(timers, before);
});

for (const chance of [0, 0.5, 0.999]) {
  test(`a stream lasts ten minutes, give or take a tenth, and ends with a goodbye (${chance})`, async () => {
    const { clock, callStreams } = createFixture({ random: () => chance });
    const reader = reading(responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' })));
    let lived = 0;
    while (callStreams.open() === 1 && lived < 1_000) {
      clock.advance(1_000);
      lived += 1;
      if (lived % 15 === 0) await reader.comments();
    }
    assert.ok(lived >= 540 && lived <= 660, `${lived} s`);
    const goodbye = await reader.next();
    assert.equal(goodbye?.event, 'goodbye');
    assert.equal(goodbye.id, undefined);
    const { retryMs } = JSON.parse(goodbye.data) as { retryMs: number };
    assert.deepEqual(reader.retries, [retryMs]);
    assert.ok(retryMs >= 0 && retryMs <= 2_000);
    assert.equal(await reader.next(), undefined);
  });
}

test('the 21st stream of an address and the first one over the cap of the process are refused', async () => {
  const { callStreams } = createFixture({ caps: { perProcess: 24 } });
  const ask = (id: string, address: string): string =>
    callStreams.follow({ call: callWith(['requested'], { id }), address }).kind;
  assert.deepEqual([ask('one', 'a'), ask('one', 'b')], ['open', 'open']);
  const sameAddress = Array.from({ length: 21 }, (_, index) => ask(`call-${index}`, 'same'));
  assert.equal(sameAddress.filter((kind) => kind === 'open').length, 20);
  assert.equal(sameAddress[20], 'refused');
  assert.deepEqual([ask('x', 'x'), ask('y', 'y'), ask('z', 'z')], ['open', 'open', 'refused']);
});

test('the third stream of a call replaces the oldest, which is asked to reconnect later', async () => {
  const { store, clock, callStreams } = createFixture();
  const call = callWith(['requested']);
  const follow = (address: string): Reading => reading(responseOf(callStreams.follow({ call, address })));
  const [first, second] = [follow('a'), follow('b')];
  const third = follow('c');
  const goodbye = await first.next();
  assert.equal(goodbye?.event, 'goodbye');
  assert.deepEqual(first.retries, [30_000]);
  assert.equal(await first.next(), undefined);
  clock.advance(15_000);
  store.push(callWith(['requested', 'ringing']));
  for (const reader of [second, third]) assert.equal(snapshotIn(await reader.next()).status, 'ringing');
  assert.equal(callStreams.open(), 2);
});

test('an unread stream is replaced too, and its place is freed at once', async () => {
  const { callStreams } = createFixture({ caps: { perCall: 1, perAddress: 1 } });
  const call = callWith(['requested']);
  for (let round = 0; round < 5; round += 1)
    assert.equal(callStreams.follow({ call, address: 'a' }).kind, 'open', `round ${String(round)}`);
});

test('a stream that is refused for its address replaces none', async () => {
  const { store, callStreams } = createFixture({ caps: { perCall: 1, perAddress: 1 } });
  const call = callWith(['requested']);
  const first = reading(responseOf(callStreams.follow({ call, address: 'home' })));
  assert.equal(callStreams.follow({ call: callWith(['requested'], { id: 'other' }), address: 'office' }).kind, 'open');
  assert.equal(callStreams.follow({ call, address: 'office' }).kind, 'refused');
  store.push(callWith(['requested', 'ringing']));
  assert.equal(snapshotIn(await first.next()).status, 'ringing');
  assert.equal(callStreams.open(), 2);
});

test('heartbeats are spread over the whole interval', async () => {
  const { clock, callStreams } = createFixture({ caps: { perCall: 150, perAddress: 150 } });
  const call = callWith(['requested']);
  const heard = { now: 0 };
  for (let index = 0; index < 150; index += 1) {
    const response = responseOf(callStreams.follow({ call, address: 'a' }));
    void response.body?.pipeTo(new WritableStream({ write: () => void (heard.now += 1) }));
  }
  await until(() => heard.now === 150);
  for (let second = 1; second <= 30; second += 1) {
    clock.advance(1_000);
    await until(() => heard.now === 150 + second * 10);
  }
});

test('the end of a call reaches a reader that was behind, after everything before it', async () => {
  for (const end of ['terminal', 'forgotten'] as const) {
    const { store, callStreams } = createFixture();
    const reader = reading(responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' })));
    for (let index = 0; index < 40; index += 1) store.push(callWith(['requested']));
    store.push(callWith(end === 'terminal' ? ['requested', 'busy'] : ['requested', 'ringing']));
    store.end();
    let last: EventSourceMessage | undefined;
    for (let next = await reader.next(); next !== undefined; next = await reader.next()) last = next;
    assert.equal(snapshotIn(last).status, end === 'terminal' ? 'busy' : 'ringing');
    await until(() => callStreams.open() === 0);
  }
});

test('the caps match the documented ones', async () => {
  const { callStreams } = createFixture();
  let taken = 0;
  for (let index = 0; index < 5_001; index += 1) {
    const id = `call-${index}`;
    if (callStreams.follow({ call: callWith(['requested'], { id }), address: id }).kind === 'open') taken += 1;
  }
  assert.equal(taken, 5_000);
});

test('a finished stream frees its places, once', async () => {
  const { store, callStreams } = createFixture({ caps: { perCall: 1 } });
  const call = callWith(['requested']);
  for (let round = 0; round < 3; round += 1) {
    const reader = reading(responseOf(callStreams.follow({ call, address: 'a' })));
    await reader.comments();
    await reader.cancel();
    await until(() => callStreams.open() === 0);
  }
  const leaving = new AbortController();
  responseOf(callStreams.follow({ call, address: 'a', signal: () => leaving.signal }));
  leaving.abort();
  await until(() => callStreams.open() === 0 && store.followers() === 0);
});

test('a reader that is stuck for five seconds is dropped; one that catches up is not', async () => {
  const { store, clock, callStreams } = createFixture();
  const stuck = responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' }));
  const slow = reading(responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' })));
  for (let index = 0; index < 40; index += 1) {
    store.push(callWith(['requested']));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(callStreams.open(), 2);
  clock.advance(4_000);
  // Reading everything that is queued makes room again.
  for (let index = 0; index < 15; index += 1) await slow.next();
  clock.advance(1_000);
  await until(() => callStreams.open() === 1);
  await assert.rejects(withDeadline(stuck.text()));
  store.push(callWith(['requested', 'busy']));
  let last = await slow.next();
  while (snapshotIn(last).status !== 'busy') last = await slow.next();
});

test('for a reader that is behind only the newest event is queued, not all of them', async () => {
  const { store, callStreams } = createFixture();
  const response = responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' }));
  for (let index = 0; index < 500; index += 1) {
    store.push(
      callWith(['requested'], {
        scheduledFor: { at: new Date(index).toISOString(), zone: 'Etc/UTC', wall: '2026-03-02T10:00' },
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  const reader = reading(response);
  const seen: number[] = [];
  while (seen.at(-1) !== 499) seen.push(Date.parse(snapshotIn(await reader.next()).scheduledFor?.at ?? ''));
  assert.ok(seen.length <= 17, `${seen.length} events were kept for a reader that did not read`);
});

test('a failing store ends the stream with a retry hint, and the fault is reported', async () => {
  const faults: unknown[] = [];
  const { store, callStreams } = createFixture({ onFault: (error) => faults.push(error) });
  const reader = reading(responseOf(callStreams.follow({ call: callWith(['requested']), address: 'a' })));
  await reader.comments();
  await until(() => store.followers() === 1);
  store.fail(new Error('disk of +14155550100 is full'));
  const goodbye = await reader.next();
  assert.equal(goodbye?.event, 'goodbye');
  assert.ok(!goodbye.data.includes('disk'));
  assert.equal(await reader.next(), undefined);
  assert.equal(faults.length, 1);
});

test('draining ends every stream with a randomized retry and opens no more', async () => {
  let chance = 0;
  const { callStreams } = createFixture({ random: () => (chance += 0.09) % 1, caps: { perCall: 10 } });
  const call = callWith(['requested']);
  const readers = Array.from({ length: 10 }, () => reading(responseOf(callStreams.follow({ call, address: 'a' }))));
  const drained = callStreams.drain();
  const waits = await Promise.all(
    readers.map(async (reader) => {
      const goodbye = await reader.next();
      assert.equal(goodbye?.event, 'goodbye');
      assert.equal(await reader.next(), undefined);
      return (JSON.parse(goodbye.data) as { retryMs: number }).retryMs;
    }),
  );
  await withDeadline(drained);
  assert.ok(waits.every((wait) => wait >= 0 && wait <= 5_000));
  assert.ok(new Set(waits).size > 5, 'retries are not spread');
  const late = reading(responseOf(callStreams.follow({ call, address: 'a' })));
  assert.equal((await late.next())?.event, 'goodbye', 'one that arrives now is sent elsewhere');
  assert.equal(await late.next(), undefined);
});

test('where a report is expected, the stream stays open after the end until it arrives', async () => {
  const report = { answeredBy: 'person', disposition: 'other', agreed: [], links: [], reportedAt: '' } as const;
  const { store, callStreams } = createFixture({
    view: {
      outcomes: {
        read: ({ outcome }) => (outcome === undefined ? undefined : report),
        isPending: ({ outcome }) => outcome === undefined,
      },
      tokenOf: () => '',
    },
  });
  const ended = callWith(['requested', 'completed']);
  const follow = (lastEventId: string): Response =>
    responseOf(callStreams.follow({ call: ended, address: 'a', lastEventId }));
  const reader = reading(follow('1'));
  store.push(ended);
  assert.equal(snapshotIn(await reader.next()).outcomePending, true);
  assert.equal(callStreams.open(), 1);
  const again = reading(follow('2'));
  const outcome = { ...report, sealedText: '', reportedAt: startOfTime, revision: 1 };
  store.push({ ...ended, outcome });
  for (const one of [reader, again]) {
    const event = await one.next();
    assert.equal(event?.id, '3');
    assert.deepEqual(snapshotIn(event).outcome, report);
    assert.equal(await one.next(), undefined);
  }
  const late = callStreams.follow({ call: { ...ended, outcome }, address: 'a', lastEventId: '3' });
  assert.equal(responseOf(late).status, 204);
});

test('a stream that waits for a report ends when none is expected anymore', async () => {
  let isPending = true;
  const { clock, store, callStreams } = createFixture({
    view: { outcomes: { read: () => undefined, isPending: () => isPending }, tokenOf: () => '' },
  });
  const ended = callWith(['requested', 'completed']);
  const reader = reading(responseOf(callStreams.follow({ call: ended, address: 'a' })));
  store.push(ended);
  clock.advance(heartbeatMs);
  assert.equal(callStreams.open(), 1);
  isPending = false;
  clock.advance(heartbeatMs);
  await reader.next();
  assert.equal(await reader.next(), undefined);
  await until(() => callStreams.open() === 0);
});
