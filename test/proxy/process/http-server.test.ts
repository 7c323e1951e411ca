// The server between its first connection and the app.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { listen } from '../../../src/proxy/process/http-server.js';
import { serverLimits } from '../../../src/proxy/process/server-limits.js';
import { until } from '../fixtures/call-streams.js';

test('a request that arrives before the app is answered by it', async (t) => {
  const server = await listen(0, '127.0.0.1', serverLimits);
  t.after(() => server.close());
  const sent = request({ port: server.port, method: 'POST', headers: { Expect: '100-continue' }, agent: false });
  const answered = once(sent, 'response');
  sent.flushHeaders();
  // The server has read the request.
  await once(sent, 'continue');
  sent.end('early');
  server.answerWith(async (request) => new Response(`app: ${await request.text()}`));
  const [response] = (await answered) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  let body = '';
  for await (const chunk of response) body += String(chunk);
  assert.equal(body, 'app: early');
});

test('if there will be no app, what waits is told so, and the server closes', async () => {
  const server = await listen(0, '127.0.0.1', serverLimits);
  const sent = request({ port: server.port, method: 'POST', headers: { Expect: '100-continue' }, agent: false });
  const answered = once(sent, 'response');
  sent.flushHeaders();
  // The server has read the request.
  await once(sent, 'continue');
  const closed = server.close();
  sent.end();
  const [response] = (await answered) as [IncomingMessage];
  assert.equal(response.statusCode, 503);
  server.drop();
  await closed;
});

test('a server that closes sends its last responses, and takes no further request on any connection', async () => {
  const server = await listen(0, '127.0.0.1', { ...serverLimits, keepAliveMs: 60_000 });
  const ends: (() => void)[] = [];
  let begun = 0;
  server.answerWith(async (asked) => {
    begun += 1;
    const isStream = asked.url.endsWith('/stream');
    if (!isStream) await new Promise<void>((resolve) => ends.push(resolve));
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('first'));
        ends.push(() => controller.close());
      },
    });
    return isStream ? new Response(body) : new Response('answer');
  });
  const open = (path?: string) => {
    const socket = connect(server.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    if (path !== undefined) socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return { heard: () => heard, closed, connected: once(socket, 'connect') };
  };
  const fresh = open();
  const pending = open('/pending');
  const stream = open('/stream');
  await fresh.connected;
  await until(() => begun === 2 && stream.heard().includes('first'));

  const closed = server.close();
  await fresh.closed;
  for (const end of ends) end();
  await pending.closed;
  await stream.closed;
  assert.match(pending.heard(), /connection: close[^]*answer/i);
  assert.ok(stream.heard().endsWith('0\r\n\r\n'), 'the stream is complete');
  await closed;
});
