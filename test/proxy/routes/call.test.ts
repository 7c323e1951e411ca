// Reading and canceling a call: only with its capability, and a missing call is indistinguishable from someone else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallSnapshot } from '../../../src/contract.js';
import { acceptedOf, callRequest, origin, problemOf, type Fixture, createFixture } from '../fixtures/app.js';

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}`, Origin: origin });

async function bodyOf(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'x-request-id');
  return JSON.stringify([response.status, headers, (await response.text()).replace(/"requestId":"[a-z]{16}"/, '')]);
}

test('an unknown id, a wrong token, no token and a malformed id get the same answer', async () => {
  const { post, request } = createFixture();
  const call = await acceptedOf(await post());
  const other = await acceptedOf(await post(callRequest({ phone: '+442079460001' })));
  const attempts: readonly (readonly [id: string, headers: Record<string, string>])[] = [
    ['a'.repeat(28), bearer(call.token)],
    [call.id, bearer(other.token)],
    [call.id, bearer(`${call.token.startsWith('A') ? 'B' : 'A'}${call.token.slice(1)}`)],
    [call.id, bearer(`${call.token}A`)],
    [call.id, { Origin: origin }],
    [call.id, { Origin: origin, Authorization: `Basic ${call.token}` }],
    [call.id.toUpperCase(), bearer(call.token)],
    [`${call.id}%00`, bearer(call.token)],
    ['..%2F..%2Fadmin', bearer(call.token)],
    ["'%20OR%201=1--", bearer(call.token)],
  ];
  for (const path of ['', '/events']) {
    const answers = [];
    for (const [id, headers] of attempts)
      answers.push(await bodyOf(await request(`/v1/calls/${id}${path}`, { headers })));
    assert.equal(new Set(answers).size, 1, answers.join('\n'));
    assert.match(answers[0] ?? '', /not-found/);
  }
});

test('a token in the URL is not accepted', async () => {
  const { post, request } = createFixture();
  const call = await acceptedOf(await post());
  assert.equal((await request(`/v1/calls/${call.id}?token=${call.token}&access_token=${call.token}`)).status, 404);
});

test('a wrong token never reaches the store', async () => {
  let reads = 0;
  const { post, request } = createFixture({
    store: (store) => ({ ...store, read: (id) => ((reads += 1), store.read(id)) }),
  });
  const call = await acceptedOf(await post());
  await request(`/v1/calls/${call.id}`, { headers: bearer('A'.repeat(43)) });
  assert.equal(reads, 0);
});

test('a snapshot holds the history and no internal data', async () => {
  const { post, request, store, clock } = createFixture();
  const call = await acceptedOf(await post());
  await store.append(call.id, [{ status: 'ringing', at: clock.now() }]);
  const response = await request(`/v1/calls/${call.id}`, { headers: bearer(call.token) });
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const text = await response.text();
  assert.doesNotMatch(text, /OUT-|upstream|connector|7946|stage|origin/);
  assert.deepEqual(
    (JSON.parse(text) as CallSnapshot).history.map(({ status }) => status),
    ['requested', 'ringing'],
  );
});

/** A request made at night for the next morning. */
async function scheduled(fixture: Fixture): Promise<{ id: string; token: string; at: string }> {
  const night = await fixture.post();
  const { code, slots } = await problemOf(night);
  assert.equal(code, 'outside-hours');
  const at = slots?.[0]?.at ?? '';
  const call = await acceptedOf(await fixture.post(callRequest({ scheduleAt: at })));
  assert.equal(call.status, 'scheduled');
  assert.equal(call.scheduledFor?.at, at);
  assert.equal(call.canTakeBack, true);
  return { ...call, at };
}

const night = Date.UTC(2026, 2, 2, 23, 0, 0);

test('canceling a scheduled call is idempotent, and the call is then never placed', async () => {
  const fixture = createFixture({ start: night });
  const call = await scheduled(fixture);
  for (let i = 0; i < 2; i += 1) {
    const response = await fixture.request(`/v1/calls/${call.id}`, { method: 'DELETE', headers: bearer(call.token) });
    assert.equal(response.status, 200);
    const snapshot = (await response.json()) as CallSnapshot;
    assert.equal(snapshot.status, 'cancelled');
    assert.equal(snapshot.endedBecause, 'taken-back');
  }
  assert.equal(fixture.triggers.length, 0);
});

test('canceling needs an allowed page as well as the capability, and a call already placed stays', async () => {
  const fixture = createFixture({ start: night });
  const call = await scheduled(fixture);
  const foreign = await fixture.request(`/v1/calls/${call.id}`, {
    method: 'DELETE',
    headers: { ...bearer(call.token), Origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403);
  const guessed = await fixture.request(`/v1/calls/${call.id}`, { method: 'DELETE', headers: bearer('A'.repeat(43)) });
  assert.equal(guessed.status, 404);
  const day = createFixture();
  const placed = await acceptedOf(await day.post());
  const late = await day.request(`/v1/calls/${placed.id}`, { method: 'DELETE', headers: bearer(placed.token) });
  assert.equal(late.status, 409);
  assert.equal((await problemOf(late)).code, 'not-cancellable');
});

test('an ended call says when another request will be accepted, and it is accepted then', async () => {
  const fixture = createFixture({ env: { LIMIT_NUMBER_PER_10_MINUTES: '2', LIMIT_NUMBER_PER_DAY: '3' } });
  const address = '198.51.100.7';
  const waits: (number | undefined)[] = [];
  for (let round = 0; round < 3; round += 1) {
    const began = fixture.clock.now();
    const { id, token, tryAgainAt } = await acceptedOf(await fixture.post(callRequest(), { address }));
    assert.equal(tryAgainAt, undefined, 'given before the call ended');
    fixture.clock.advance(11_000);
    await fixture.store.append(id, [{ status: 'no-answer', at: fixture.clock.now() }]);
    const ended = (await (await fixture.request(`/v1/calls/${id}`, { headers: bearer(token) })).json()) as CallSnapshot;
    const againAt = Date.parse(ended.tryAgainAt ?? '');
    waits.push((againAt - began) / 1_000);
    fixture.clock.advance(againAt - fixture.clock.now() - 2_000);
    if (round === 0) assert.equal((await fixture.post(callRequest(), { address })).status, 429, 'two seconds early');
    fixture.clock.advance(2_000);
  }
  // The address's one a minute; the number's two in ten minutes; its three a day.
  assert.deepEqual(waits, [60, 600, 86_400]);
});

test('when nothing would refuse another request, no time is given', async () => {
  const fixture = createFixture({ env: { LIMIT_ADDRESS_PER_MINUTE: '5' } });
  const { id, token } = await acceptedOf(await fixture.post(callRequest(), { address: '198.51.100.7' }));
  await fixture.store.append(id, [{ status: 'busy', at: fixture.clock.now() }]);
  const ended = (await (await fixture.request(`/v1/calls/${id}`, { headers: bearer(token) })).json()) as CallSnapshot;
  assert.equal(ended.tryAgainAt, undefined);
});

test('a call is read and canceled at one URL for all calls, with its id prefixed to its token', async () => {
  const { post, request } = createFixture();
  const call = await acceptedOf(await post());
  const other = await acceptedOf(await post(callRequest({ phone: '+442079460001' })));
  const read = (id: string, token: string, method = 'GET'): Promise<Response> =>
    request('/v1/calls', { method, headers: bearer(`${id}.${token}`) });
  assert.equal(((await (await read(call.id, call.token)).json()) as CallSnapshot).id, call.id);
  assert.equal((await problemOf(await read(call.id, call.token, 'DELETE'))).code, 'not-cancellable');
  const answers = [];
  for (const [id, token] of [
    [call.id, other.token],
    [other.id, call.token],
    ['a'.repeat(28), call.token],
    ['', call.token],
    [call.id.toUpperCase(), call.token],
  ] as const)
    answers.push(await bodyOf(await read(id, token)));
  answers.push(await bodyOf(await request('/v1/calls', { headers: bearer(call.token) })));
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
  assert.match(answers[0] ?? '', /not-found/);
  const { headers } = await read(call.id, call.token);
  assert.equal(headers.get('vary'), 'Origin, Authorization, Accept', 'no cache takes one call for another');
});

test('whatever the answer about a call, no cache keeps it, and none takes it for that of another', async () => {
  // The widget does not ask for that itself: Chromium would send a preflight each time.
  const { post, request } = createFixture();
  const call = await acceptedOf(await post());
  const right = bearer(`${call.id}.${call.token}`);
  const answers = [
    await request('/v1/calls', { headers: right }),
    await request('/v1/calls', { headers: { ...right, Accept: 'text/event-stream' } }),
    await request('/v1/calls'),
    await request('/v1/calls', { headers: { ...right, Origin: 'https://other.example.com' } }),
    await request('/v1/calls', { method: 'DELETE', headers: right }),
    await request('/v1/calls', { method: 'PATCH', headers: right }),
    await request('/v1/calls', { method: 'PUT', headers: right }),
  ];
  for (const { status, headers } of answers) {
    assert.match(headers.get('cache-control') ?? '', /\bno-store\b/, String(status));
    assert.equal(headers.get('vary'), 'Origin, Authorization, Accept', String(status));
  }
});

test('the preflight of the request that places a call covers reading, following and canceling it', async () => {
  const { headers, status } = await createFixture().request('/v1/calls', {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type,idempotency-key',
    },
  });
  assert.equal(status, 204);
  assert.equal(headers.get('access-control-allow-methods'), 'GET, POST, PATCH, DELETE');
  for (const name of ['authorization', 'last-event-id', 'content-type', 'idempotency-key'])
    assert.ok(headers.get('access-control-allow-headers')?.split(', ').includes(name), name);
  assert.ok(Number(headers.get('access-control-max-age')) >= 600, 'for at least ten minutes');
});
