// Arbitrary upstream responses over a real socket: a call is accepted only for a valid id in a valid response, rejected only for an
// explicit refusal, and a trigger is sent once. Mutations that turn it red: retry; accept any 2xx; accept any id.

import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { callStatuses } from '../../src/contract.js';
import { systemClock } from '../../src/proxy/core/clock.js';
import { createConnector } from '../../src/proxy/polyai/connector.js';

const refusals = [400, 401, 403, 404, 413, 422, 429];
const goodId = 'OUT-11111111-2222-3333-4444-555555555555';

interface RawUpstream {
  readonly port: number;
  /** Requests read in full. */
  requests: number;
  reply: Uint8Array;
  close(): void;
}

/** Reads whole requests, replies with the given bytes, then closes the connection. */
async function rawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let seen = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
      const head = seen.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(seen)?.[1] ?? 0);
      if (head < 0 || seen.length < head + 4 + length) return;
      seen = '';
      self.requests += 1;
      socket.end(self.reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: RawUpstream = {
    port: (server.address() as AddressInfo).port,
    requests: 0,
    reply: new Uint8Array(),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return self;
}

const json = (body: unknown): string => JSON.stringify(body) ?? '';
const id = fc.oneof(
  fc.constant(goodId),
  fc.constantFrom('OUT-../../admin', 'OUT-', 'out-1', 'OUT-a b', 'OUT-a\r\nX: y', `OUT-${'a'.repeat(81)}`),
  fc.string(),
  fc.jsonValue(),
);
const date = fc.oneof(
  fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
  fc.string(),
  fc.jsonValue(),
);
const word = fc.oneof(
  fc.constantFrom('CREATED', 'queued', 'ringing', 'in-progress', 'completed', 'busy', 'CONSTRUCTOR', '__proto__'),
  fc.string(),
);
const statusBody = fc.record(
  {
    call_sid: fc.oneof(fc.constant(goodId), fc.jsonValue()),
    status: fc.oneof(word, fc.jsonValue()),
    last_updated: date,
    event_history: fc.oneof(fc.array(fc.dictionary(word, date), { maxLength: 5 }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.constant(json({ conversation_id: goodId })),
  id.map((conversationId) => json({ conversation_id: conversationId })),
  statusBody.map(json),
  fc.jsonValue().map(json),
  fc.string({ unit: 'binary' }),
  fc.constant(''),
);
const header = fc.tuple(
  fc.constantFrom(
    'Retry-After',
    'Location',
    'Content-Encoding',
    'Connection',
    'X-Odd',
    'Transfer-Encoding',
    'Content-Type',
  ),
  fc.oneof(
    fc.constantFrom('gzip', 'chunked', 'close', 'http://127.0.0.1:9/', '1e99', '-1', 'application/json'),
    fc.string(),
  ),
);
const statusCode = fc.oneof(
  fc.constant(200),
  fc.constantFrom(200, 201, 202, 204, 206, 301, 302, 307, 308, 500, 502, 503, ...refusals),
  fc.integer({ min: 0, max: 999 }),
);

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
}

const reply: fc.Arbitrary<Reply> = fc
  .record({
    version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', 'ICY'),
    status: statusCode,
    headers: fc.array(header, { maxLength: 3 }),
    text: body,
    lie: fc.constantFrom(0, 0, 0, 0, 7, -3),
  })
  .map(({ version, status, headers, text, lie }) => {
    const length = Math.max(0, Buffer.byteLength(text) + lie);
    const head = [
      `${version} ${String(status)} Odd`,
      `Content-Length: ${String(length)}`,
      ...headers.map((pair) => pair.join(': ')),
    ];
    return { status, text, bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`) };
  });
const garbage: fc.Arbitrary<Reply> = fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ status: 0, text: '', bytes }));

const seed = 20260302;

test('a trigger is accepted only for a valid id in a valid response, and sent once whatever comes back', async () => {
  const upstream = await rawUpstream();
  const polyai = createConnector({
    baseUrl: `http://127.0.0.1:${String(upstream.port)}`,
    accountId: 'a',
    projectId: 'p',
    connectorId: 'connector',
    clock: systemClock,
    random: Math.random,
  });
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof({ arbitrary: reply, weight: 4 }, garbage), async ({ status, text, bytes }) => {
      upstream.reply = bytes;
      upstream.requests = 0;
      const outcome = await polyai.place('+442079460958', {});
      kinds.add(outcome.kind);
      assert.equal(upstream.requests, 1, 'sent once');
      if (outcome.kind === 'accepted') {
        assert.match(outcome.upstreamId, /^OUT-[A-Za-z0-9-]{1,80}$/);
        assert.ok(status >= 200 && status <= 299 && text.includes(outcome.upstreamId));
      } else if (outcome.kind === 'rejected') {
        assert.equal(outcome.httpStatus, status);
        assert.ok(refusals.includes(status));
        if (outcome.retryAfterSeconds !== undefined) assert.ok(outcome.retryAfterSeconds <= 3_600);
      } else
        assert.equal(outcome.kind, 'unknown', 'a connection was established, so nothing proves that it was not sent');
    }),
    { numRuns: 400, seed },
  );
  assert.deepEqual([...kinds].sort(), ['accepted', 'rejected', 'unknown']);
  await polyai.close();
  upstream.close();
});

test('a status request yields only known statuses, in order, for this call', async () => {
  const upstream = await rawUpstream();
  const polyai = createConnector({
    baseUrl: `http://127.0.0.1:${String(upstream.port)}`,
    accountId: 'a',
    projectId: 'p',
    connectorId: 'connector',
    clock: systemClock,
    random: Math.random,
  });
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof({ arbitrary: reply, weight: 4 }, garbage), async ({ status, bytes }) => {
      upstream.reply = bytes;
      const outcome = await polyai.status(goodId);
      kinds.add(outcome.kind);
      switch (outcome.kind) {
        case 'seen': {
          assert.equal(status, 200);
          const ranks = outcome.history.map((item) => callStatuses.indexOf(item.status));
          assert.ok(ranks.every((rank, index) => rank >= 0 && (index === 0 || rank > (ranks[index - 1] ?? -1))));
          assert.ok(outcome.history.every(({ at }) => Number.isFinite(at)));
          break;
        }
        case 'missing':
          assert.equal(status, 404);
          break;
        case 'denied':
          assert.ok(status === 401 || status === 403);
          break;
        case 'failed':
          assert.match(outcome.reason, /^[a-z0-9-]{1,40}$/, 'reasons come from our own list');
      }
    }),
    { numRuns: 400, seed },
  );
  assert.ok(kinds.has('seen') && kinds.has('failed'));
  await polyai.close();
  upstream.close();
});
