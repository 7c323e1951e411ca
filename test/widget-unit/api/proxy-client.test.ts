// The routes as the widget calls them: one key per press, which requests may be retried, and responses that make no sense.
// Mutations that turn it red: a new key for each attempt; retrying a refusal; trusting a body that is not a problem document.

import type { Result } from '../../../src/widget/api/result.js';
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { type CallRequest, headers, problemStatuses, type ProblemCode, routes } from '../../../src/contract.js';
import { createProxyClient, newIdempotencyKey, type ProxyClient } from '../../../src/widget/api/proxy-client.js';
import { endpoint, FakeProxy, problem } from '../../widget/fixtures/fake-proxy.js';
import { FakeTab, settle } from '../../widget/fixtures/fake-browser.js';

const request: CallRequest = {
  phone: '+442079460958',
  international: true,
  country: 'GB',
  consent: { text: 'I agree.', source: 'page' },
  locale: 'en',
  widgetVersion: '0.0.0',
};

let tab: FakeTab;
let proxy: FakeProxy;
let client: ProxyClient;
let leaving: AbortController;

beforeEach(() => {
  tab = new FakeTab();
  proxy = new FakeProxy(tab);
  client = createProxyClient(`${endpoint}/`, tab);
  leaving = new AbortController();
});

const sends = (): readonly (string | null)[] =>
  proxy.requestsTo('POST', routes.calls).map((one) => one.headers.get(headers.idempotencyKey));

/** Sends a request and advances the clock until there is a response. */
async function createCall(): Promise<Awaited<ReturnType<ProxyClient['createCall']>>> {
  const answers: Awaited<ReturnType<ProxyClient['createCall']>>[] = [];
  void client.createCall(request, 'k'.repeat(32), leaving.signal).then((given) => answers.push(given));
  for (let turn = 0; turn < 200 && answers.length === 0; turn += 1) await tab.advance(1_000);
  const [answer] = answers;
  assert.ok(answer, 'no answer');
  assert.equal(tab.timers, 0);
  return answer;
}

const code = (answer: Result<unknown>): string => (answer.ok ? 'ok' : answer.problem.code);

describe('requesting a call', () => {
  test('a call that is accepted is requested once', async () => {
    const answer = await createCall();
    assert.ok(answer.ok && answer.value.id === 'call-1' && answer.value.token === 'token-call-1');
    assert.deepEqual(sends(), ['k'.repeat(32)]);
    assert.deepEqual(proxy.callRequests, [request]);
  });

  test('a dropped connection is retried under the same key, and one call is placed', async () => {
    // The first request arrives, but its response is lost.
    const { answer: real } = tab;
    let lost = 0;
    tab.answer = async (url, init) => {
      const given = await real(url, init);
      if (lost++ < 2) throw new TypeError('reset');
      return given;
    };
    const answer = await createCall();
    assert.ok(answer.ok);
    assert.equal(new Set(sends()).size, 1);
    assert.equal(sends().length, 3);
    assert.equal(proxy.placed.size, 1);
  });

  test('it gives up after four attempts', async () => {
    proxy.callAnswers.push('drop', 'drop', 'drop', 'drop');
    assert.equal(code(await createCall()), 'unreachable');
    assert.equal(sends().length, 4);
    proxy.isUp = false;
    tab.isOnline = false;
    assert.equal(code(await createCall()), 'offline');
  });

  test('a request without a response is aborted after twenty seconds and retried', async () => {
    proxy.callAnswers.push('never');
    assert.ok((await createCall()).ok);
    assert.equal(new Set(sends()).size, 1);
    assert.equal(sends().length, 2);
  });

  test('while the first attempt is in progress it waits as long as the proxy says', async () => {
    proxy.callAnswers.push(problem('request-in-progress', { retryAfterSeconds: 3 }));
    const start = tab.clock;
    assert.ok((await createCall()).ok);
    assert.ok(tab.clock - start >= 3_000);
    assert.equal(new Set(sends()).size, 1);
  });

  test('it does not wait forever', async () => {
    for (let n = 0; n < 100; n += 1) proxy.callAnswers.push(problem('request-in-progress', { retryAfterSeconds: 1 }));
    assert.equal(code(await createCall()), 'request-in-progress');
    assert.ok(sends().length < 20);
  });

  for (const refused of Object.keys(problemStatuses) as ProblemCode[]) {
    if (refused === 'request-in-progress') continue;
    test(`${refused} is final: nothing is retried`, async () => {
      proxy.callAnswers.push(problem(refused));
      assert.equal(code(await createCall()), refused);
      assert.equal(sends().length, 1);
    });
  }

  test('after a press is canceled, nothing more is sent', async () => {
    proxy.callAnswers.push('drop', 'drop');
    void client.createCall(request, 'k'.repeat(32), leaving.signal);
    await settle();
    leaving.abort();
    await tab.advance(60_000);
    assert.equal(sends().length, 1);
    assert.equal(tab.timers, 0);
  });
});

describe('responses', () => {
  test('a refusal carries what the visitor needs', async () => {
    const slot = { at: '2026-11-24T09:00:00Z', zone: 'Europe/London', wall: '2026-11-24T09:00' };
    proxy.callAnswers.push(
      problem('number-refused', { reason: 'too-short', country: 'GB', lengths: [9, 10], retryAfterSeconds: 60 }),
      problem('outside-hours', { slots: [slot] }),
    );
    const start = tab.clock;
    const first = await createCall();
    assert.deepEqual(first, {
      ok: false,
      problem: {
        code: 'number-refused',
        requestId: 'r-1',
        reason: 'too-short',
        country: 'GB',
        lengths: [9, 10],
        retryAt: start + 60_000,
      },
    });
    const second = await createCall();
    assert.ok(!second.ok);
    assert.deepEqual(second.problem.slots, [slot]);
  });

  const nonsense: readonly (readonly [string, () => Response])[] = [
    ['an error page', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['an unknown problem', () => Response.json({ code: 'bored', status: 400 }, { status: 400 })],
    ['a problem without a status', () => Response.json({ code: 'busy' }, { status: 429 })],
    ['null', () => Response.json(null)],
    ['a list', () => Response.json([])],
    ['no token', () => Response.json({ id: 'a', status: 'queued', seq: 1, now: 'x', history: [] })],
    ['an unknown status', () => Response.json({ id: 'a', token: 't', status: 'bored', seq: 1, now: 'x', history: [] })],
    ['half of it', () => new Response('{"id":"a"')],
  ];
  for (const [what, answer] of nonsense) {
    test(`${what} is not accepted as a response`, async () => {
      proxy.override = answer;
      assert.equal(code(await createCall()), 'unreachable');
    });
  }

  test('slots with extra fields are rejected', async () => {
    proxy.override = () => Response.json({ openNow: true, slots: [{ at: 1 }] });
    assert.equal(code(await client.slots({ phone: '+442079460958' }, leaving.signal)), 'unreachable');
  });

  test('a snapshot of another call is rejected', async () => {
    await createCall();
    proxy.override = () => Response.json({ ...proxy.call, id: 'other' });
    const key = { id: 'call-1', token: 'token-call-1' };
    assert.equal(code(await client.snapshot(key, leaving.signal)), 'unreachable');
  });

  test('all requests about a call share one URL, so that the browser sends one preflight', async () => {
    proxy.status = 'scheduled';
    proxy.scheduledFor = { at: 'a', zone: 'z', wall: 'w' };
    await client.challenge(leaving.signal);
    assert.ok((await client.slots({ phone: '+442079460958' }, leaving.signal)).ok, 'no slots');
    await createCall();
    const key = { id: 'call-1', token: 'token-call-1' };
    const stream = await client.stream(key, 0, leaving.signal);
    assert.ok(stream.ok, 'no stream');
    assert.ok((await client.snapshot(key, leaving.signal)).ok, 'no snapshot');
    assert.ok((await client.cancelCall(key, leaving.signal)).ok, 'not canceled');
    // Fetch, "CORS-safelisted method" and "CORS-safelisted request-header".
    const preflighted = proxy.received.filter(
      ({ method, headers: sent }) =>
        method === 'DELETE' ||
        [...sent].some(
          ([name, value]) =>
            !['accept', 'accept-language'].includes(name) &&
            !(name === 'content-type' && value.toLowerCase() === 'text/plain;charset=utf-8'),
        ),
    );
    assert.equal(preflighted.length, 4);
    assert.deepEqual([...new Set(preflighted.map(({ path }) => path))], [routes.calls]);
  });

  test('a cached JSON snapshot is not accepted as a stream', async () => {
    await createCall();
    proxy.override = () => Response.json(proxy.call);
    const key = { id: 'call-1', token: 'token-call-1' };
    assert.equal(code(await client.stream(key, 0, leaving.signal)), 'unreachable');
  });

  test('canceling a callback succeeds or fails', async () => {
    proxy.status = 'scheduled';
    proxy.scheduledFor = { at: 'a', zone: 'z', wall: 'w' };
    await createCall();
    const key = { id: 'call-1', token: 'token-call-1' };
    const answer = await client.cancelCall(key, leaving.signal);
    assert.ok(answer.ok && answer.value.endedBecause === 'taken-back');
    assert.equal(code(await client.cancelCall(key, leaving.signal)), 'not-cancellable');
    assert.equal(code(await client.cancelCall({ ...key, token: 'x' }, leaving.signal)), 'not-found');
  });
});

test('keys are 128 bits, as the contract requires, and never repeat', () => {
  const keys = Array.from({ length: 1_000 }, newIdempotencyKey);
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});
