// Following a call over a network that fails in every possible way, with a fake clock. Mutations that turn it red: no
// watchdog; no listener for one of the page's events; trusting old state after waking up; no limit on failures; no Last-Event-ID.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { heartbeatMs, silenceMs, type CallStatus } from '../../../src/contract.js';
import { type FollowInput, followCall } from '../../../src/widget/call/follow-call.js';
import { createProxyClient } from '../../../src/widget/api/proxy-client.js';
import { firstByteMs } from '../../../src/widget/api/event-stream.js';
import { endpoint, eventOf, FakeProxy, problem } from '../../widget/fixtures/fake-proxy.js';
import { FakeTab, settle } from '../../widget/fixtures/fake-browser.js';

let tab: FakeTab;
let proxy: FakeProxy;
let inputs: FollowInput[];
let leaving: AbortController;
let isDone: boolean;

beforeEach(async () => {
  tab = new FakeTab();
  proxy = new FakeProxy(tab);
  inputs = [];
  leaving = new AbortController();
  isDone = false;
  await fetch2('/v1/calls', { method: 'POST', headers: { 'Idempotency-Key': 'k'.repeat(22) }, body: '{}' });
  proxy.received.length = 0;
});

afterEach(async () => {
  leaving.abort();
  await settle();
  // Whatever happened, nothing is left behind.
  assert.ok(isDone);
  assert.equal(tab.timers, 0);
  assert.equal(tab.listeners, 0);
  assert.equal(proxy.openStreams.length, 0);
});

const fetch2 = (path: string, init: RequestInit): Promise<Response> => tab.fetch(endpoint + path, init);

async function follow({ fresh = true }: { fresh?: boolean } = {}): Promise<void> {
  const { call } = proxy;
  assert.ok(call);
  void followCall({
    key: { id: call.id, token: `token-${call.id}` },
    seq: fresh ? call.seq : 0,
    fresh,
    client: createProxyClient(endpoint, tab),
    browser: tab,
    signal: leaving.signal,
    report: (input) => inputs.push(input),
  }).then(() => (isDone = true));
  await settle();
}

const statuses = (): CallStatus[] => inputs.flatMap((input) => (input.type === 'snapshot' ? [input.call.status] : []));
const types = (): string[] => inputs.map(({ type }) => type);
const isStream = ({ headers }: RequestInit): boolean => new Headers(headers).get('accept') === 'text/event-stream';
const snapshotCount = (): number => proxy.snapshotRequests.length;

describe('a stream that works', () => {
  test('every phase is reported as it arrives, and the end closes the stream', async () => {
    await follow();
    for (const status of ['queued', 'ringing', 'in-progress', 'completed'] as const) {
      proxy.move(status);
      await settle();
    }
    assert.deepEqual(statuses(), ['queued', 'ringing', 'in-progress', 'completed']);
    assert.ok(isDone);
    assert.equal(proxy.streams.length, 1);
    assert.equal(snapshotCount(), 0);
    assert.ok(!types().includes('lost'));
  });

  test('a new call requests what follows its snapshot; a resumed one requests the snapshot first', async () => {
    await follow();
    assert.equal(proxy.streams[0]?.lastEventId, '1');
    leaving.abort();
    await settle();
    leaving = new AbortController();
    isDone = false;
    proxy.move('ringing', { silently: true });
    await follow({ fresh: false });
    assert.equal(snapshotCount(), 1);
    assert.deepEqual(statuses(), ['ringing']);
    assert.equal(proxy.streams[1]?.lastEventId, '2');
  });

  test('heartbeats keep it open for as long as they arrive', async () => {
    await follow();
    for (let beat = 0; beat < 20; beat += 1) {
      await tab.advance(heartbeatMs);
      proxy.streams[0]?.send(': beat\n\n');
      await settle();
    }
    assert.equal(proxy.streams.length, 1);
    assert.ok(!types().includes('lost'));
  });

  test('the capability is sent in a header, never in a URL, and no cookie is sent', async () => {
    const inits: RequestInit[] = [];
    const urls: string[] = [];
    const { answer } = tab;
    tab.answer = (url, init) => {
      urls.push(url);
      inits.push(init);
      return answer(url, init);
    };
    await follow({ fresh: false });
    assert.ok(urls.length >= 2);
    for (const url of urls) assert.ok(!url.includes('token-'), url);
    for (const init of inits) {
      assert.equal(init.credentials, 'omit');
      assert.equal(init.redirect, 'error');
      // Chromium would ask for a preflight each time; every response of the proxy says `no-store` itself.
      assert.equal(init.cache, undefined);
      assert.equal(new Headers(init.headers).get('authorization'), 'Bearer call-1.token-call-1');
    }
  });
});

describe('a stream that fails', () => {
  test('one that breaks is followed by a snapshot request and reopened where it stopped', async () => {
    await follow();
    proxy.move('queued');
    await settle();
    proxy.streams[0]?.break();
    await settle();
    assert.equal(types().at(-1), 'lost');
    proxy.move('ringing', { silently: true });
    await tab.advance(2_000);
    assert.equal(statuses().at(-1), 'ringing');
    assert.equal(proxy.streams[1]?.lastEventId, '3');
    assert.ok(types().lastIndexOf('found') > types().lastIndexOf('lost'));
  });

  test('one that is cut every three seconds shows every state once and the end, and is found again after each cut', async () => {
    await follow();
    const shown = ['created', 'queued', 'calling', 'ringing', 'in-progress', 'completed'] as const;
    for (let cut = 0; cut < 30; cut += 1) {
      // Every fourth time the call has moved on, every other time of these while no stream was open.
      const next = cut % 4 === 1 ? shown[Math.floor(cut / 4)] : undefined;
      if (next !== undefined) proxy.move(next, { silently: cut % 8 === 1 });
      await settle();
      for (const stream of proxy.openStreams) stream.break();
      await tab.advance(3_000);
    }
    assert.deepEqual(
      statuses().filter((status, index, all) => status !== all[index - 1]),
      ['requested', ...shown],
    );
    assert.ok(isDone, 'it did not end');
    assert.ok(types().filter((type) => type === 'lost').length > 1, 'it was never cut');
  });

  test('one that falls silent is detected after 35 seconds', async () => {
    await follow();
    proxy.move('queued');
    await tab.advance(silenceMs - 1);
    assert.equal(proxy.streams.length, 1);
    assert.ok(!types().includes('lost'));
    proxy.move('ringing', { silently: true });
    await tab.advance(1 + 2_000);
    assert.ok(types().includes('lost'));
    assert.equal(statuses().at(-1), 'ringing');
    assert.equal(proxy.streams.length, 2);
  });

  test('one that opens and never sends anything is detected sooner', async () => {
    const { answer } = tab;
    const silent = { headers: { 'Content-Type': 'text/event-stream' } };
    tab.answer = (url, init) =>
      isStream(init) ? Promise.resolve(new Response(new ReadableStream({}), silent)) : answer(url, init);
    await follow();
    await tab.advance(firstByteMs + 2_000);
    assert.ok(types().includes('lost'));
    assert.ok(snapshotCount() >= 1);
  });

  test('a buffered one is supplemented by a poll after three seconds, and does not count as lost yet', async () => {
    proxy.override = ({ isStream }) => (isStream ? 'never' : undefined);
    await follow();
    proxy.move('ringing', { silently: true });
    await tab.advance(3_000);
    assert.deepEqual(types(), ['snapshot']);
    assert.deepEqual(statuses(), ['ringing']);
  });

  test('one that is buffered until the call has ended is not waited for', async () => {
    proxy.override = ({ isStream }) => (isStream ? 'never' : undefined);
    await follow();
    proxy.move('completed', { silently: true });
    await tab.advance(3_000);
    assert.deepEqual(statuses(), ['completed']);
    assert.ok(isDone);
  });

  test('a page whose fetch cannot stream is polled from the start', async () => {
    const { Response: real } = globalThis;
    // Node's own `Response.json` needs the real class, so only the feature check is faked.
    const body = Object.getOwnPropertyDescriptor(real.prototype, 'body');
    assert.ok(body);
    Reflect.deleteProperty(real.prototype, 'body');
    try {
      await follow();
      proxy.move('ringing', { silently: true });
      await tab.advance(5_000);
      assert.equal(statuses().at(-1), 'ringing');
      await tab.advance(60_000);
      assert.equal(proxy.streamRequests.length, 0);
      proxy.move('completed', { silently: true });
      await tab.advance(5_000);
      assert.ok(isDone);
      assert.ok(!types().includes('lost'));
    } finally {
      Object.defineProperty(real.prototype, 'body', body);
    }
  });

  test('to a cache that respects the proxy’s Vary, no two snapshot requests are the same', async () => {
    proxy.streamStatus = 502;
    await follow();
    await tab.advance(30_000);
    const accepted = proxy.snapshotRequests.map(({ headers }) => headers.get('accept'));
    assert.ok(accepted.length > 3, String(accepted.length));
    assert.equal(new Set(accepted).size, accepted.length);
  });

  test('a connection that never opens is abandoned', async () => {
    proxy.override = ({ isStream }) => (isStream ? 'never' : undefined);
    await follow();
    await tab.advance(firstByteMs + 2_000);
    assert.ok(types().includes('lost'));
    assert.ok(snapshotCount() >= 1);
  });

  test('after three failures in a row it polls every five seconds and retries the stream occasionally', async () => {
    proxy.streamStatus = 502;
    await follow();
    await tab.advance(20_000);
    const connections = proxy.streamRequests.length;
    const before = snapshotCount();
    await tab.advance(30_000);
    assert.equal(snapshotCount() - before, 6);
    const tried = proxy.streamRequests.length - connections;
    assert.ok(tried >= 1 && tried <= 2, String(tried));
    proxy.move('ringing', { silently: true });
    await tab.advance(5_000);
    assert.equal(statuses().at(-1), 'ringing');
    proxy.streamStatus = 200;
    for (let turn = 0; turn < 8 && proxy.openStreams.length === 0; turn += 1) await tab.advance(5_000);
    assert.equal(proxy.openStreams.length, 1);
    const quiet = snapshotCount();
    await tab.advance(10_000);
    assert.equal(snapshotCount(), quiet);
    proxy.move('completed');
    await settle();
    assert.ok(isDone);
  });

  test('polling alone reports the end', async () => {
    proxy.streamStatus = 502;
    await follow();
    await tab.advance(20_000);
    proxy.move('busy', { silently: true });
    await tab.advance(5_000);
    assert.equal(statuses().at(-1), 'busy');
    assert.ok(isDone);
  });

  test('without any network it keeps trying, and never reports the call as over', async () => {
    proxy.isUp = false;
    tab.isOnline = false;
    await follow();
    await tab.advance(10 * 60_000);
    assert.ok(!isDone);
    assert.deepEqual([...new Set(types())], ['lost']);
    proxy.isUp = true;
    tab.isOnline = true;
    proxy.move('ringing', { silently: true });
    await tab.advance(5_000);
    assert.equal(statuses().at(-1), 'ringing');
  });

  test('the waits between connections are between half a second and ten', async () => {
    const { answer } = tab;
    for (const random of [0, 0.999]) {
      const at: number[] = [];
      tab.randomValue = random;
      tab.answer = (url, init) => {
        if (isStream(init)) at.push(tab.clock);
        return answer(url, init);
      };
      leaving = new AbortController();
      isDone = false;
      await follow();
      for (let turn = 0; turn < 6; turn += 1) {
        proxy.openStreams[0]?.end();
        await tab.advance(11_000);
      }
      const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
      for (const wait of waits) assert.ok(wait >= 500 && wait <= 11_000, String(wait));
      leaving.abort();
      await settle();
    }
  });
});

describe('what the proxy says about itself', () => {
  test('a stream that closes cleanly with a retry hint is reopened on time and is not lost', async () => {
    await follow();
    proxy.streams[0]?.send('retry: 4000\n\nevent: goodbye\ndata: {}\n\n');
    proxy.streams[0]?.end();
    await tab.advance(3_999);
    assert.equal(proxy.streams.length, 1);
    await tab.advance(1);
    assert.equal(proxy.streams.length, 2);
    assert.ok(!types().includes('lost'));
  });

  test('an absurd hint is ignored', async () => {
    await follow();
    proxy.streams[0]?.send('retry: 999999999\n\n');
    proxy.streams[0]?.end();
    await tab.advance(60_000);
    assert.equal(proxy.streams.length, 2);
  });

  test('204 means that the call has ended: the snapshot says how', async () => {
    proxy.move('no-answer');
    await follow();
    assert.deepEqual(statuses(), ['no-answer']);
    assert.equal(snapshotCount(), 1);
    assert.ok(isDone);
  });

  test('a call that the proxy no longer knows is forgotten', async () => {
    proxy.override = ({ method }) => (method === 'GET' ? problem('not-found') : undefined);
    await follow();
    assert.deepEqual(types(), ['forgotten']);
    assert.ok(isDone);
  });

  test('a 404 that is not from the proxy counts as a broken network', async () => {
    proxy.override = () => new Response('<h1>Welcome to the hotel</h1>', { status: 404 });
    await follow();
    await tab.advance(5_000);
    assert.ok(!types().includes('forgotten'));
    assert.ok(types().includes('lost'));
  });

  test('a captive portal’s page is not a snapshot', async () => {
    proxy.override = () => new Response('<h1>Welcome to the hotel</h1>');
    await follow({ fresh: false });
    await tab.advance(30_000);
    assert.deepEqual(statuses(), []);
    assert.ok(!isDone);
  });

  test('with too many streams it polls, and is not lost', async () => {
    const full = problem('too-many-streams', { retryAfterSeconds: 30 });
    proxy.override = ({ isStream }) => (isStream ? full.clone() : undefined);
    await follow();
    proxy.move('ringing', { silently: true });
    await tab.advance(5_000);
    assert.equal(statuses().at(-1), 'ringing');
    assert.ok(!types().includes('lost'));
  });

  test('a snapshot of another call is not reported', async () => {
    await follow();
    const { call } = proxy;
    assert.ok(call);
    proxy.streams[0]?.send(eventOf({ ...call, id: 'other', status: 'completed', seq: 9 }));
    await settle();
    assert.deepEqual(statuses(), []);
    assert.ok(!isDone);
  });
});

describe('a suspended page', () => {
  const wakes: readonly (readonly [string, () => void])[] = [
    ['becomes visible', () => tab.fire('visibilitychange')],
    ['comes from the back-forward cache', () => tab.fire('pageshow', { persisted: true })],
    ['is online again', () => tab.fire('online')],
  ];
  for (const [what, wake] of wakes) {
    test(`when it ${what}, it trusts nothing: a snapshot at once, and a new stream`, async () => {
      await follow();
      // The socket is dead, and nothing reported it.
      const dead = proxy.streams[0];
      proxy.move('ringing', { silently: true });
      wake();
      await settle();
      assert.equal(snapshotCount(), 1);
      assert.equal(statuses().at(-1), 'ringing');
      assert.equal(dead?.isOpen, false);
      assert.equal(proxy.openStreams.length, 1);
      assert.equal(proxy.streams[1]?.lastEventId, '2');
      assert.ok(!types().includes('lost'));
    });
  }

  test('a call that ended in the meantime is reported at once', async () => {
    await follow();
    proxy.move('no-answer', { silently: true });
    tab.fire('visibilitychange');
    await settle();
    assert.deepEqual(statuses(), ['no-answer']);
    assert.ok(isDone);
  });

  test('a page that is hidden, or shown for the first time, changes nothing', async () => {
    await follow();
    tab.isVisible = false;
    tab.fire('visibilitychange');
    tab.fire('pageshow', { persisted: false });
    await settle();
    assert.equal(snapshotCount(), 0);
    assert.equal(proxy.streams.length, 1);
  });

  test('waking up cuts a wait short', async () => {
    proxy.streamStatus = 502;
    await follow();
    await tab.advance(20_000);
    proxy.streamStatus = 200;
    const before = snapshotCount();
    tab.fire('online');
    await settle();
    assert.equal(snapshotCount(), before + 1);
    assert.equal(proxy.openStreams.length, 1);
  });
});

describe('leaving', () => {
  const moments: readonly (readonly [string, () => void | Promise<void>])[] = [
    ['while reading', () => {}],
    ['while connecting', () => void (proxy.override = () => 'never')],
    ['while waiting', () => void (proxy.streamStatus = 502)],
  ];
  for (const [what, prepare] of moments) {
    test(`${what} stops everything at once`, async () => {
      await prepare();
      await follow();
      leaving.abort();
      await settle();
      const { length } = proxy.received;
      const heard = inputs.length;
      proxy.move('ringing');
      tab.fire('online');
      await tab.advance(60_000);
      assert.equal(proxy.received.length, length);
      assert.equal(inputs.length, heard);
    });
  }
});
