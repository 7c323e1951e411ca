// A flood of refusals must cost next to nothing: what makes one expensive is counted here, on the real server. Mutations that turn
// it red: `overrideGlobalObjects: false` in http-server.ts; `fromWeb` alone in bounded-body.ts; headers set on the response in
// app.ts; another reading of the clock.

import assert from 'node:assert/strict';
import { Agent, request as send } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Readable } from 'node:stream';
import { createPeerReader } from '../../../src/proxy/http/client-address.js';
import { listen } from '../../../src/proxy/process/http-server.js';
import { serverLimits } from '../../../src/proxy/process/server-limits.js';
import { callRequest, createFixture, newKey, origin } from '../fixtures/app.js';

interface Counts {
  /** Response bodies or request bodies that passed through a web stream. */
  streams: number;
  /** Headers objects that were made or changed. */
  headers: number;
  /** Readings of the wall clock. */
  clock: number;
}

/** Counts what the process does from now on. */
function countWork(t: TestContext, clock: { now(): number }): Counts {
  const counts: Counts = { streams: 0, headers: 0, clock: 0 };
  const count = (owner: object, name: string, key: keyof Counts): void => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    const method = descriptor?.value as ((...values: unknown[]) => unknown) | undefined;
    if (descriptor === undefined || method === undefined) throw new Error(`no method ${name}`);
    // oxlint-disable-next-line func-names
    const counted = function (this: unknown, ...values: unknown[]): unknown {
      counts[key] += 1;
      return Reflect.apply(method, this, values);
    };
    Object.defineProperty(owner, name, { ...descriptor, value: counted });
    t.after(() => Object.defineProperty(owner, name, descriptor));
  };
  count(ReadableStream.prototype, 'getReader', 'streams');
  count(Readable, 'toWeb', 'streams');
  count(Headers.prototype, 'set', 'headers');
  count(Headers.prototype, 'append', 'headers');
  count(Headers.prototype, 'entries', 'headers');
  count(clock, 'now', 'clock');
  return counts;
}

const requests = 50;

async function flood(
  t: TestContext,
  { from = origin, body }: { from?: string; body: string },
  expected: number,
): Promise<Counts> {
  const fixture = createFixture({ env: { LIMIT_ATTEMPTS_PER_10_MINUTES: '2' } });
  const server = await listen(0, '127.0.0.1', serverLimits, createPeerReader({ kind: 'none' }));
  server.answerWith(fixture.app.fetch);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(async () => {
    agent.destroy();
    server.drop();
    await server.close();
    await fixture.store.close();
  });
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json', Origin: from, 'Idempotency-Key': newKey() };
      send({ port: server.port, path: '/v1/calls', method: 'POST', headers, agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end(body);
    });
  // The attempts, and the lines of log of this second.
  for (let index = 0; index < 25; index += 1) await once();
  const counts = countWork(t, fixture.clock);
  for (let index = 0; index < requests; index += 1) assert.equal(await once(), expected, `request ${String(index)}`);
  return counts;
}

test('a refused page costs no stream, no headers object and two readings of the clock', async (t) => {
  const counts = await flood(t, { from: 'https://other.example.com', body: JSON.stringify(callRequest()) }, 403);
  assert.deepEqual(counts, { streams: 0, headers: 0, clock: 2 * requests });
});

test('an address without attempts costs no stream, no headers object and two readings of the clock', async (t) => {
  const counts = await flood(t, { body: JSON.stringify(callRequest({ phone: 'nonsense' })) }, 429);
  assert.deepEqual(counts, { streams: 0, headers: 0, clock: 2 * requests });
});

test('a malformed body is read from the socket, and costs no stream and no headers object', async (t) => {
  const counts = await flood(t, { body: '{"phone":' }, 400);
  assert.deepEqual(counts, { streams: 0, headers: 0, clock: 2 * requests });
});
