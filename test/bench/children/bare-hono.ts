// The least a Hono program does for the same refusals, on the same adapter as the proxy: no limits of the server, no checks, one
// header. The path says whether the body is parsed first.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const refusal = JSON.stringify({
  type: 'urn:bench:problem:refused',
  title: 'The least that a refusal can say about itself',
  status: 429,
  code: 'refused',
  requestId: 'abcdefghijklmnop',
  retryAfterSeconds: 30,
});
const refuse = (): Response =>
  new Response(refusal, { status: 429, headers: { 'Content-Type': 'application/problem+json' } });

const app = new Hono();
app.post('/unread', refuse);
app.post('/parsed', async (c) => {
  try {
    await c.req.json();
  } catch {
    // Refused like everything else.
  }
  return refuse();
});
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send?.({ port, pid: process.pid }));
