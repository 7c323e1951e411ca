// Which requests count as authentic. The signatures themselves are in standard-webhooks.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import * as v from 'valibot';
import { Webhook } from 'standardwebhooks';
import type { AppEnv } from '../../../src/proxy/http/context.js';
import { createWebhookReader, type WebhookCredentials } from '../../../src/proxy/http/webhook-request.js';

const secret = `whsec_${Buffer.from('a secret of more than 24 bytes').toString('base64')}`;
const token = 'a-token-of-more-than-thirty-two-characters';
const clock = { now: () => Date.UTC(2026, 2, 2) };
const body = '{"a":1}';
const schema = v.strictObject({ a: v.number() });

async function read(
  credentials: WebhookCredentials,
  headers: Record<string, string>,
  signingClock = clock,
): Promise<unknown> {
  const app = new Hono<AppEnv>();
  const reader = createWebhookReader(credentials, clock, signingClock);
  app.post('/', async (c) => c.json(await reader(c, schema)));
  const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } };
  return (await app.request('http://x/', init)).json();
}

const signed = (at = clock.now()): Record<string, string> => ({
  'webhook-id': 'm1',
  'webhook-timestamp': String(at / 1_000),
  'webhook-signature': new Webhook(secret).sign('m1', new Date(at), body),
});
const refused = { allowed: false, problem: { code: 'invalid-request' } };
const accepted = {
  allowed: true,
  value: { value: { a: 1 }, message: { id: 'm1', expiresAt: clock.now() + 3_600_000 } },
};

test('a signed request is read, and its id is to be kept for longer than the signature is valid', async () => {
  assert.deepEqual(await read({ secrets: [secret] }, signed()), accepted);
});

test('a token is accepted only where one is configured', async () => {
  const bearer = { Authorization: `Bearer ${token}` };
  assert.deepEqual(await read({ secrets: [secret], tokens: [token] }, bearer), {
    allowed: true,
    value: { value: { a: 1 } },
  });
  assert.deepEqual(await read({ secrets: [secret] }, bearer), refused);
  assert.deepEqual(await read({ secrets: [], tokens: [] }, {}), refused);
  assert.deepEqual(await read({ secrets: [], tokens: [] }, { Authorization: 'Bearer ' }), refused);
});

test('a valid token does not make up for a wrong signature', async () => {
  const both = { ...signed(), 'webhook-signature': 'v1,AAAA', Authorization: `Bearer ${token}` };
  assert.deepEqual(await read({ secrets: [secret], tokens: [token] }, both), refused);
});

test('signatures are dated by the machine’s clock, even where the sandbox has another', async () => {
  const machine = { now: () => Date.UTC(2026, 8, 9) };
  assert.deepEqual(await read({ secrets: [secret] }, signed(machine.now()), machine), accepted);
  assert.deepEqual(await read({ secrets: [secret] }, signed(), machine), refused);
});
