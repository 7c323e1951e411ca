// The trigger path: what is accepted, what each refusal says, and that a refused request never reaches PolyAI.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCallAccepted } from '../../../src/contract.js';
import { acceptedOf, callRequest, createFixture, freshNumber, newKey, origin, problemOf } from '../fixtures/app.js';

test('a request that passes every gate rings one phone and returns its capability', async () => {
  const { post, triggers, request } = createFixture();
  const response = await post();
  const call = await acceptedOf(response);
  assert.ok(isCallAccepted(call));
  assert.equal(call.status, 'requested');
  assert.match(call.token, /^[\w-]{43}$/);
  assert.deepEqual(triggers, [{ number: '+442079460958' }]);
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://www.example.com');
  assert.match(response.headers.get('vary') ?? '', /Origin/);
  assert.equal(response.headers.get('cache-control'), 'no-store');

  const snapshot = await request(`/v1/calls/${call.id}`, { headers: { Authorization: `Bearer ${call.token}` } });
  assert.equal(snapshot.status, 200);
  assert.equal(((await snapshot.json()) as { id: string }).id, call.id);
});

test('repeating a key and request returns the same answer and places no second call', async () => {
  const { post, triggers } = createFixture();
  const key = newKey();
  const first = await acceptedOf(await post(callRequest(), { key }));
  const again = await post(callRequest(), { key });
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.deepEqual(await acceptedOf(again), first);
  assert.equal(triggers.length, 1);
});

test('the same key with another request is refused', async () => {
  const { post, triggers } = createFixture();
  const key = newKey();
  await post(callRequest(), { key });
  const other = await post(callRequest({ phone: '+442079460959' }), { key });
  assert.equal(other.status, 422);
  assert.equal((await problemOf(other)).code, 'idempotency-key-reused');
  assert.equal(triggers.length, 1);
});

test('the same key while the first call is being placed gets a request to wait', async () => {
  const fixture = createFixture();
  let answer = (): void => {};
  fixture.answers = [
    () => new Promise((resolve) => (answer = () => resolve({ kind: 'accepted', upstreamId: 'OUT-1' }))),
  ];
  const key = newKey();
  const first = fixture.post(callRequest(), { key });
  while (fixture.triggers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = await fixture.post(callRequest(), { key });
  assert.equal(second.status, 409);
  assert.equal(second.headers.get('retry-after'), '1');
  assert.equal((await problemOf(second)).code, 'request-in-progress');
  answer();
  assert.equal((await first).status, 202);
  assert.equal(fixture.triggers.length, 1);
});

test('a known key is answered before any check that may have changed since', async () => {
  const fixture = createFixture();
  const key = newKey();
  const first = await acceptedOf(await fixture.post(callRequest(), { key }));
  fixture.answers = [{ kind: 'rejected', httpStatus: 401, credential: 'refused' }];
  await fixture.post(callRequest({ phone: '+442079460001' }));
  assert.equal((await problemOf(await fixture.post(callRequest({ phone: '+442079460002' })))).code, 'calls-paused');
  const again = await fixture.post(callRequest(), { key });
  assert.deepEqual(await acceptedOf(again), first, 'the credential was refused since');
  fixture.clock.advance(9 * 3_600_000);
  assert.equal((await fixture.post(callRequest(), { key })).status, 202, 'and it is midnight');
  assert.equal(fixture.triggers.length, 2);
});

test('a refusal that may not concern the number does not blame it, and the log says what else to check', async () => {
  const fixture = createFixture();
  const errorId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  fixture.answers = [
    { kind: 'rejected', httpStatus: 400 },
    { kind: 'rejected', httpStatus: 400, mayConcern: 'metadata' },
    { kind: 'rejected', httpStatus: 400, mayConcern: 'configuration', errorId },
  ];
  const codes: string[] = [];
  for (let index = 0; index < 3; index += 1)
    codes.push((await problemOf(await fixture.post(callRequest({ phone: freshNumber() })))).code);
  assert.deepEqual(codes, ['number-refused', 'upstream-rejected', 'upstream-rejected']);
  const placed = fixture.lines.filter((line) => line.includes('"call-placed"'));
  assert.doesNotMatch(placed[0] ?? '', /advice/);
  assert.match(placed[1] ?? '', /"advice":"[^"]*METADATA_KEYS/);
  assert.match(placed[2] ?? '', new RegExp(`"errorId":"${errorId}","advice":"[^"]*POLYAI_ENVIRONMENT`));
});

test('a stored refusal by PolyAI is replayed unchanged', async () => {
  const fixture = createFixture();
  fixture.answers = [{ kind: 'rejected', httpStatus: 429, retryAfterSeconds: 30 }];
  const key = newKey();
  const first = await fixture.post(callRequest(), { key });
  const again = await fixture.post(callRequest(), { key });
  assert.equal(again.status, 429);
  assert.equal((await problemOf(again.clone())).code, 'busy');
  assert.equal(again.headers.get('retry-after'), '30');
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.deepEqual(await again.json(), await first.json());
  assert.equal(fixture.triggers.length, 1);
});

test('the campaign is logged; both it and click IDs are stored only if the operator keeps them, click IDs encrypted', async () => {
  const attribution = { utm_campaign: 'spring', gclid: 'EAIaIQobChMI-example_01', other: 'x' };
  for (const kept of [false, true]) {
    const fixture = createFixture({ env: kept ? { KEEP_ATTRIBUTION: 'true' } : {} });
    await acceptedOf(await fixture.post(callRequest({ attribution })));
    const log = fixture.lines.join('');
    assert.match(log, /"utm_campaign":"spring"/);
    assert.doesNotMatch(log, /EAIaIQobChMI/);
    const { calls } = await fixture.store.exportNumber(fixture.keyring.numberKeys(callRequest().phone));
    const stored = calls[0]?.attribution;
    assert.equal(stored?.campaign, kept ? 'spring' : undefined);
    assert.doesNotMatch(JSON.stringify(calls), /EAIaIQobChMI/);
    if (!stored) continue;
    assert.deepEqual(JSON.parse(fixture.keyring.open(stored.sealed)), {
      utm_campaign: 'spring',
      gclid: 'EAIaIQobChMI-example_01',
    });
  }
});

test('PolyAI is connected to when a page is about to request a call, not for a page that may not', async () => {
  let warmUps = 0;
  const { request } = createFixture({ parts: { warmUp: () => (warmUps += 1) } });
  const preflight = (from: string, path = '/v1/calls'): Promise<Response> =>
    request(path, {
      method: 'OPTIONS',
      headers: { Origin: from, 'Access-Control-Request-Method': 'POST' },
    });
  await preflight('https://elsewhere.example');
  await preflight(origin, '/v1/slots');
  assert.equal(warmUps, 0);
  await preflight(origin);
  assert.equal(warmUps, 1);
});

test('other work is told while a call is being placed, and that it is over, whatever happens', async () => {
  let underWay = 0;
  const seen: number[] = [];
  const begin = (): (() => void) => {
    underWay += 1;
    return () => (underWay -= 1);
  };
  const { post, answers } = createFixture({ parts: { urgent: { begin } } });
  answers.push(() => {
    seen.push(underWay);
    return Promise.resolve({ kind: 'accepted', upstreamId: 'OUT-1' });
  });
  assert.equal((await post()).status, 202);
  assert.deepEqual([seen, underWay], [[1], 0]);
  assert.equal((await post('not JSON')).status, 400);
  assert.equal(underWay, 0);
});
