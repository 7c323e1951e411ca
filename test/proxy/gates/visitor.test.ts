// Attempts: how many an address and its network prefix get, counted in memory; and in the whole app, a flood reaches neither
// the store nor the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVisitorGate, rememberedAddresses, type VisitorGate } from '../../../src/proxy/gates/visitor.js';
import { linesPerSecond } from '../../../src/proxy/core/throttled-log.js';
import { callRequest, origin, problemOf, createFixture } from '../fixtures/app.js';
import { type ManualClock, manualClock } from '../store/fixtures/stores.js';

const minute = 60_000;
const addressOf = (bucket: string, networkPrefix = bucket) => ({
  bucket,
  networkPrefix,
  providerPrefix: networkPrefix,
  isPrivate: false,
});

function gateOf(perAddress = 3, perNetworkPrefix = 5): { gate: VisitorGate; clock: ManualClock } {
  const clock = manualClock();
  const rule = (limit: number) => ({ kind: 'gcra', limit, windowMs: 10 * minute }) as const;
  return {
    clock,
    gate: createVisitorGate({ clock, perAddress: rule(perAddress), perNetworkPrefix: rule(perNetworkPrefix) }),
  };
}

test('an address has its burst, then attempts at a steady rate', () => {
  const { gate, clock } = gateOf();
  const address = addressOf('a');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    assert.equal(gate.check(address).allowed, true);
    assert.equal(gate.consume(address).allowed, true);
  }
  const refused = { allowed: false, problem: { code: 'visitor-limit', retryAfterSeconds: 200 } };
  assert.deepEqual(gate.check(address), refused);
  assert.deepEqual(gate.consume(address), refused);
  clock.advance(199_999);
  assert.equal(gate.consume(address).allowed, false);
  clock.advance(1);
  assert.equal(gate.consume(address).allowed, true);
  assert.equal(gate.consume(address).allowed, false);
});

test('a check consumes nothing, and neither does a refusal', () => {
  const { gate, clock } = gateOf(1, 1);
  for (let index = 0; index < 10; index += 1) assert.equal(gate.check(addressOf('a')).allowed, true);
  assert.equal(gate.consume(addressOf('a')).allowed, true);
  for (let index = 0; index < 10; index += 1) gate.consume(addressOf('a'));
  clock.advance(10 * minute);
  assert.equal(gate.consume(addressOf('a')).allowed, true);
});

test('addresses in one network prefix share its allowance; refusals cost them nothing', () => {
  const { gate, clock } = gateOf();
  for (let index = 0; index < 5; index += 1)
    assert.equal(gate.consume(addressOf(`2001:db8:1:${String(index)}::/64`, '2001:db8:1::/48')).allowed, true);
  const next = addressOf('2001:db8:1:ffff::/64', '2001:db8:1::/48');
  assert.equal(gate.check(next).allowed, false);
  for (let index = 0; index < 9; index += 1) assert.equal(gate.consume(next).allowed, false);
  assert.equal(
    gate.consume(addressOf('2001:db8:2::/64', '2001:db8:2::/48')).allowed,
    true,
    'another address in the prefix is served',
  );
  clock.advance(10 * minute);
  for (let index = 0; index < 3; index += 1) assert.equal(gate.consume(next).allowed, true);
});

test('a limit of zero allows nothing', () => {
  const { gate } = gateOf(0);
  assert.equal(gate.consume(addressOf('a')).allowed, false);
});

test('a clock set back by hours locks nobody out', () => {
  const { gate, clock } = gateOf();
  for (let attempt = 0; attempt < 4; attempt += 1) gate.consume(addressOf('a'));
  clock.advance(-5 * 60 * minute);
  assert.equal(gate.consume(addressOf('a')).allowed, true);
});

test('a bounded number of addresses is remembered, the newest ones', () => {
  const { gate } = gateOf(1, 10);
  for (let index = 0; index <= rememberedAddresses; index += 1) gate.consume(addressOf(String(index)));
  assert.equal(gate.consume(addressOf(String(rememberedAddresses))).allowed, false);
  assert.equal(gate.consume(addressOf('0')).allowed, true, 'the oldest was forgotten');
});

const flooded = (env: Record<string, string> = {}) => {
  const touches: string[] = [];
  const fixture = createFixture({
    env,
    store: (store) =>
      new Proxy(store, {
        get(target, name, receiver) {
          touches.push(String(name));
          return Reflect.get(target, name, receiver) as unknown;
        },
      }),
  });
  touches.length = 0;
  return { fixture, touches };
};

test('a flood from 4,000 networks in one prefix is refused without touching the store', async () => {
  const { fixture, touches } = flooded({ LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '10' });
  const request = callRequest({ phone: 'x' });
  const send = (index: number): Promise<Response> =>
    fixture.post(request, { address: `2001:db8:7:${index.toString(16)}::1` });
  for (let index = 0; index < 10; index += 1) assert.equal((await problemOf(await send(index))).code, 'number-refused');
  touches.length = 0;
  for (let index = 10; index < 4_000; index += 1) assert.equal((await send(index)).status, 429);
  assert.deepEqual(touches, []);
  assert.equal(fixture.lines.filter((line) => line.includes('"call-refused"')).length, linesPerSecond);
});

test('an address without attempts is refused before its body is read', async () => {
  const { fixture, touches } = flooded({ LIMIT_ATTEMPTS_PER_10_MINUTES: '1' });
  const address = '203.0.113.50';
  await fixture.post(callRequest({ phone: 'x' }), { address });
  touches.length = 0;
  for (const path of ['/v1/calls', '/v1/slots'])
    assert.equal((await problemOf(await fixture.post('not JSON', { address, path }))).code, 'visitor-limit', path);
  assert.deepEqual(touches, []);
});

test('requests without a challenge, wherever they come from, log a few lines a second', async () => {
  const fixture = createFixture({ env: { CHALLENGE: 'altcha' } });
  for (let index = 0; index < 100; index += 1)
    assert.equal((await problemOf(await fixture.post())).code, 'challenge-required');
  for (const event of ['challenge-refused', 'call-refused'])
    assert.equal(fixture.lines.filter((line) => line.includes(`"${event}"`)).length, linesPerSecond, event);
});

test('a failing store logs a few lines a second', async () => {
  const fixture = createFixture({ store: (store) => ({ ...store, recall: () => Promise.reject(new Error('gone')) }) });
  for (let index = 0; index < 100; index += 1) assert.equal((await fixture.post()).status, 500);
  assert.equal(fixture.lines.filter((line) => line.includes('"request-failed"')).length, linesPerSecond);
});

test('every response carries its request id and nosniff, whatever produced it', async () => {
  const fixture = createFixture();
  const paths = ['/v1/site', '/v1/calls', '/healthz', '/readyz', '/nowhere', `/v1/calls/${'a'.repeat(28)}`];
  for (const path of paths)
    for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD', 'BREW']) {
      const { headers, status } = await fixture.request(path, { method, headers: { Origin: origin } });
      assert.match(headers.get('x-request-id') ?? '', /^[a-z]{16}$/, `${method} ${path} ${String(status)}`);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', `${method} ${path}`);
      if (path.startsWith('/v1/')) assert.match(headers.get('vary') ?? '', /^Origin/, `${method} ${path}`);
    }
});
