// One attempt over a real socket. Mutations that turn each red: follow a redirect; no time limit; read the whole response; resolve
// the name again when connecting; let an endpoint's own headers replace the signature.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../../src/proxy/core/clock.js';
import { attemptMs, createSender } from '../../../src/proxy/webhooks/send-message.js';
import { manualClock, withDeadline } from '../store/fixtures/stores.js';
import { until } from '../fixtures/call-streams.js';
import { endpointAt, type Receiver, secret, startReceiver } from './fixture.js';

const message = { id: 'abc.call.ended', body: '{"type":"call.ended","text":"Grüße"}' };
const send = createSender(systemClock);

async function receiver(t: TestContext): Promise<Receiver> {
  const started = await startReceiver();
  t.after(() => started.close());
  return started;
}

test('a message arrives with its body, a stable id and a signature that the reference implementation verifies', async (t) => {
  const { url, received } = await receiver(t);
  const headers = { Authorization: 'Bearer x' };
  assert.deepEqual(await send(endpointAt(url, { headers }), message), { kind: 'accepted' });
  const [one] = received;
  assert.equal(one?.body, message.body);
  assert.equal(one.headers['webhook-id'], message.id);
  assert.equal(one.headers['content-type'], 'application/json');
  assert.equal(one.headers.authorization, 'Bearer x');
  assert.match(one.headers['user-agent'] ?? '', /^polyai-callback-proxy\//);
  new Webhook(secret).verify(one.body, one.headers as Record<string, string>);
});

test('a redirect is not followed', async (t) => {
  const target = await receiver(t);
  const first = await receiver(t);
  first.answer = (_, response) => response.writeHead(307, { Location: target.url }).end();
  assert.deepEqual(await send(endpointAt(first.url), message), { kind: 'failed', error: 'redirect' });
  assert.equal(target.received.length, 0);
});

test('a refusal is told apart from an end, and Retry-After is read', async (t) => {
  const started = await receiver(t);
  const answering = async (status: number, headers = {}): Promise<unknown> => {
    started.answer = (_, response) => response.writeHead(status, headers).end('{}');
    return send(endpointAt(started.url), message);
  };
  assert.deepEqual(await answering(500), { kind: 'failed', error: 'http-500' });
  assert.deepEqual(await answering(429, { 'Retry-After': '120' }), {
    kind: 'failed',
    error: 'http-429',
    retryAfterSeconds: 120,
  });
  assert.deepEqual(await answering(410), { kind: 'gone' });
  assert.deepEqual(await answering(204), { kind: 'accepted' });
});

test('an endless response is dropped', async (t) => {
  const started = await receiver(t);
  const stream = { isClosed: false };
  started.answer = (_, response) => {
    response.on('close', () => (stream.isClosed = true));
    response.on('error', () => {});
    const flood = (): void => {
      while (!stream.isClosed && response.write('x'.repeat(65_536)));
      if (!stream.isClosed) response.once('drain', flood);
    };
    flood();
  };
  assert.deepEqual(await withDeadline(send(endpointAt(started.url), message)), { kind: 'accepted' });
  await until(() => stream.isClosed);
});

test('an endpoint that does not answer is given up on', async (t) => {
  const started = await receiver(t);
  started.answer = () => {};
  const clock = manualClock();
  const sent = createSender(clock)(endpointAt(started.url), message);
  await until(() => started.received.length === 1);
  clock.advance(attemptMs);
  assert.deepEqual(await withDeadline(sent), { kind: 'failed', error: 'timeout' });
});

test('the address that was checked is the one that is connected to, whatever the name resolves to', async (t) => {
  const started = await receiver(t);
  let lookups = 0;
  const resolve = () => {
    lookups += 1;
    return Promise.resolve([{ address: '127.0.0.1', family: 4 as const }]);
  };
  const url = `http://rebinding.invalid:${String(started.port)}/hook`;
  assert.deepEqual(await createSender(systemClock, resolve)(endpointAt(url), message), { kind: 'accepted' });
  assert.equal(lookups, 1);
  assert.equal(started.received[0]?.headers.host, `rebinding.invalid:${String(started.port)}`);
});

test('a private address is not connected to unless that is allowed', async (t) => {
  const started = await receiver(t);
  const closed = endpointAt(started.url, { private: false });
  assert.deepEqual(await send(closed, message), { kind: 'failed', error: 'private-address' });
  assert.equal(started.received.length, 0);
});

test('nobody listening is a failure, not an error', async (t) => {
  const started = await receiver(t);
  await started.close();
  assert.deepEqual(await send(endpointAt(started.url), message), { kind: 'failed', error: 'connection-failed' });
});
