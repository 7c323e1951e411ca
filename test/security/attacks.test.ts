// Attacks, slow upstreams and unlucky key rotations that no other test covers. Each test was written for a mutation in
// test/mutations that had survived.

import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/proxy/core/clock.js';
import { pingLifeMs } from '../../src/proxy/routes/health.js';
import { linesPerSecond } from '../../src/proxy/core/throttled-log.js';
import { StoreUnavailable } from '../../src/proxy/store/store.js';
import { createCallStreams } from '../../src/proxy/streams/call-streams.js';
import { createConnector } from '../../src/proxy/polyai/connector.js';
import { createSqliteStore } from '../../src/proxy/store/sqlite/sqlite-store.js';
import { acceptedOf, callRequest, origin, problemOf, createFixture } from '../proxy/fixtures/app.js';
import { manualClock, minute, reservation, reserved, withDeadline } from '../proxy/store/fixtures/stores.js';
import { wideOpen } from '../crash/proxy-process.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'connector-for-attacks' } as const;
const wide = Object.fromEntries(Object.entries(wideOpen).filter(([name]) => name.startsWith('LIMIT_')));

test('a call id cannot be guessed: more than 128 bits', async () => {
  const call = await acceptedOf(await createFixture().post());
  assert.match(call.id, /^[a-z]+$/);
  assert.ok(26 ** call.id.length > 2 ** 128);
});

test('a block of numbers has an allowance per day', async () => {
  const fixture = createFixture({ env: { ...wide, HOURS_PROFILE: 'off', LIMIT_PREFIX_PER_DAY: '4' } });
  for (let i = 0; i < 4; i += 1) {
    const { id } = await acceptedOf(await fixture.post(callRequest({ phone: `+44207946095${String(i)}` })));
    await fixture.store.append(id, [{ status: 'completed', at: fixture.clock.now() }]);
  }
  fixture.clock.advance(23 * 60 * minute);
  assert.equal((await problemOf(await fixture.post(callRequest({ phone: '+442079460959' })))).code, 'try-later');
  fixture.clock.advance(2 * 60 * minute);
  assert.equal((await fixture.post(callRequest({ phone: '+442079460959' }))).status, 202);
});

test('canceling without an Origin is refused', async () => {
  const fixture = createFixture();
  const call = await acceptedOf(await fixture.post());
  const headers = { Authorization: `Bearer ${call.token}` };
  const without = await fixture.request(`/v1/calls/${call.id}`, { method: 'DELETE', headers });
  assert.equal(without.status, 403);
  const framed = { ...headers, Origin: origin, 'Sec-Fetch-Mode': 'navigate' };
  assert.equal((await fixture.request(`/v1/calls/${call.id}`, { method: 'DELETE', headers: framed })).status, 403);
});

test('a callback to a number that was suppressed under another secret is not placed', async () => {
  const clock = manualClock();
  const store = createSqliteStore({ file: ':memory:', clock });
  const dueAt = clock.now() + 30 * minute;
  const slot = { at: new Date(dueAt).toISOString(), zone: 'Europe/London', wall: '2026-03-02T09:30' };
  const call = await reserved(
    store,
    reservation(clock.now(), { numberKeys: ['v2:n'], scheduled: { slot, dueAt, sealedRequest: 'sealed' } }),
  );
  // As the CLI writes it with the older secret alone: it finds no row of that call.
  await store.suppress(['v1:n'], 'operator');
  clock.advance(30 * minute);
  const [due] = await store.claimDue(1, 3_000);
  assert.ok(due);
  const checks = {
    numberKeys: ['v2:n', 'v1:n'],
    consumptions: [],
    concurrencySlots: [],
    dispatchDeadline: clock.now() + minute,
  };
  assert.deepEqual(await store.startScheduled(call.id, due.lease, checks), { kind: 'suppressed' });
  assert.equal((await store.read(call.id))?.stage, 'scheduled');
  await store.close();
});

/** Accepts connections and never responds. */
async function silentServer(t: TestContext): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a connection that is never established ends by the connect timeout, before the total one, and counts as not sent', async (t) => {
  const port = await silentServer(t);
  const baseUrl = `https://127.0.0.1:${String(port)}`;
  const polyai = createConnector({
    ...account,
    baseUrl,
    clock: systemClock,
    random: Math.random,
    connectMs: 50,
    wholeMs: 4_000,
  });
  t.after(() => polyai.close());
  // A deadline far beyond 50 ms: only the connect timeout can end this, because the total one starts with the connection.
  const outcome = await withDeadline(polyai.place('+442079460958', {}), 20_000);
  assert.deepEqual(outcome, { kind: 'not-sent', reason: 'connect-timed-out' });
});

test('repeated readiness checks do not each reach the disk', async () => {
  let pings = 0;
  let isWell = true;
  const ping = (): Promise<void> => {
    pings += 1;
    return isWell ? Promise.resolve() : Promise.reject(new StoreUnavailable('disk full'));
  };
  const fixture = createFixture({ store: (store) => ({ ...store, ping }) });
  const ready = async (): Promise<number> => (await fixture.request('/readyz')).status;
  const answers = await Promise.all(Array.from({ length: 50 }, ready));
  assert.deepEqual([...new Set(answers)], [200]);
  assert.equal(pings, 1);
  isWell = false;
  fixture.clock.advance(pingLifeMs);
  assert.equal(await ready(), 503);
  assert.equal(await ready(), 503);
  assert.equal(pings, 2);
  isWell = true;
  fixture.clock.advance(-pingLifeMs);
  assert.equal(await ready(), 200, 'a clock that is set back does not preserve a cached result');
});

test('a flood of unsigned webhooks logs only a few lines per second', async () => {
  const fixture = createFixture({ env: { WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}` } });
  const forged = {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'webhook-id': 'a',
      'webhook-timestamp': '1',
      'webhook-signature': 'v1,AAAA',
    },
    body: JSON.stringify({ type: 'number.suppressed', data: { number: '+442079460958' } }),
  };
  for (let i = 0; i < 100; i += 1)
    assert.equal((await fixture.request('/v1/webhooks/suppressions', forged)).status, 400);
  const lines = fixture.lines.filter((line) => line.includes('webhook-refused'));
  assert.equal(lines.length, linesPerSecond);
});

test('a Last-Event-ID from the future gets the whole history', async (t) => {
  const clock = manualClock();
  const store = createSqliteStore({ file: ':memory:', clock });
  t.after(() => store.close());
  const callStreams = createCallStreams({ store, clock, random: () => 0.5 });
  const call = await reserved(store, reservation(clock.now()));
  const outcome = callStreams.follow({ call, address: 'a', lastEventId: '99' });
  assert.ok(outcome.kind === 'open' && outcome.response.body !== null);
  const reader = outcome.response.body.getReader();
  let text = '';
  while (!text.includes('event: snapshot')) {
    const { value, done } = await withDeadline(reader.read(), 10_000);
    assert.ok(!done);
    text += Buffer.from(value).toString();
  }
  assert.match(text, /"status":"requested"/);
  await reader.cancel();
});
