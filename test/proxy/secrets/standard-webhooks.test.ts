// Signatures of Standard Webhooks, compared with the reference implementation and the specification's example.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { isSame, isWebhookSecret, signatureOf, verifiedId } from '../../../src/proxy/secrets/standard-webhooks.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const older = `whsec_${Buffer.from('older secret of 24 bytes').toString('base64')}`;
const body = '{"test": 2432232314}';
const timestamp = 1_614_265_330;
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const now = timestamp * 1_000;
const headers = { id, timestamp: String(timestamp), signature };
const verify = (over: Partial<typeof headers>, at = now, secrets = [secret]): string | undefined =>
  verifiedId(secrets, { ...headers, ...over }, Buffer.from(body), at);

test('a signature equals that of the specification’s example and of the reference implementation', () => {
  assert.equal(signatureOf([secret], { id, timestamp, body }), signature);
  const text = 'Grüße, 世界';
  assert.equal(
    signatureOf([older], { id: 'a.b', timestamp, body: text }),
    new Webhook(older).sign('a.b', new Date(now), text),
  );
});

test('during a rotation either secret signs, and one right signature among several is enough', () => {
  assert.equal(verify({}, now, [older, secret]), id);
  assert.equal(verify({ signature: signatureOf([older, secret], { id, timestamp, body }) }), id);
  assert.equal(verify({}, now, [older]), undefined);
});

for (const [what, over, at] of [
  ['another version', { signature: signature.replace('v1', 'v1a') }, now],
  ['no version', { signature: signature.replace('v1,', '') }, now],
  ['another id', { id: `${id}x` }, now],
  ['an id with a space', { id: 'a b' }, now],
  ['an hexadecimal timestamp', { timestamp: '0x60379672' }, now],
  ['a timestamp with a fraction', { timestamp: `${String(timestamp)}.5` }, now],
  ['a timestamp from the future', {}, now - 301_000],
  ['an old timestamp', {}, now + 301_000],
  ['a cut signature', { signature: signature.slice(0, -2) }, now],
  ['a right signature after many wrong ones', { signature: `${'v1,x '.repeat(8)}${signature}` }, now],
] as const)
  test(`${what} is not verified`, () => {
    assert.equal(verify(over, at), undefined);
  });

test('a signature is valid for five minutes in both directions', () => {
  for (const offset of [-300_000, 0, 300_000]) assert.equal(verify({}, now + offset), id);
});

test('a secret has at least 24 bytes', () => {
  assert.equal(isWebhookSecret(secret), true);
  assert.equal(isWebhookSecret(secret.slice(6)), true);
  assert.equal(isWebhookSecret('whsec_c2hvcnQ='), false);
  assert.equal(isWebhookSecret('whsec_not base64 at all, but long enough'), false);
});

test('texts of different lengths can be compared', () => {
  assert.equal(isSame('secret', 'secret'), true);
  assert.equal(isSame('secret', ''), false);
});
