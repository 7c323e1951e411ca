// The endpoints file: what is accepted, and that no message shows a secret. Mutations that turn it red: quote what was found; allow http.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWebhooksFile } from '../../../src/proxy/config/files/webhooks-file.js';
import { webhookEvents } from '../../../src/proxy/store/outbox.js';

const secret = `whsec_${Buffer.from('canary secret of an endpoint ...').toString('base64')}`;
const good = { name: 'crm', url: 'https://hooks.example.com/x', secret };
const parse = (content: unknown): ReturnType<typeof parseWebhooksFile> =>
  parseWebhooksFile('hooks.json', () => (typeof content === 'string' ? content : JSON.stringify(content)));

test('an endpoint has all events, no number and no private address by default', () => {
  assert.deepEqual(parse({ endpoints: [good] }), {
    ok: true,
    value: [
      {
        name: 'crm',
        url: 'https://hooks.example.com/x',
        secrets: [secret],
        events: [...webhookEvents],
        number: false,
        private: false,
        headers: {},
      },
    ],
  });
});

test('two secrets during a rotation, http where private is allowed, and a template', () => {
  const parsed = parse({
    endpoints: [
      { ...good, secret: [secret, secret], url: 'http://10.0.0.1/', private: true, body: { a: ['{{type}}'] } },
    ],
  });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  assert.deepEqual(parsed.value[0]?.secrets, [secret, secret]);
  assert.deepEqual(parsed.value[0]?.body, { a: ['{{type}}'] });
});

const wrong: readonly (readonly [what: string, content: unknown])[] = [
  ['not JSON', `{"endpoints": [${secret}`],
  ['no endpoints', { endpoints: [] }],
  ['an unknown key', { endpoints: [good], secret }],
  ['an unknown key of an endpoint', { endpoints: [{ ...good, token: secret }] }],
  ['no secret', { endpoints: [{ name: 'crm', url: good.url }] }],
  ['a short secret', { endpoints: [{ ...good, secret: 'whsec_canary' }] }],
  ['an unknown event', { endpoints: [{ ...good, events: ['call.canary'] }] }],
  ['no events', { endpoints: [{ ...good, events: [] }] }],
  ['http', { endpoints: [{ ...good, url: 'http://hooks.example.com/canary' }] }],
  ['another scheme', { endpoints: [{ ...good, url: 'file:///canary' }] }],
  ['a URL with a password', { endpoints: [{ ...good, url: 'https://a:canary@hooks.example.com/' }] }],
  ['two with one name', { endpoints: [good, good] }],
  ['a name with spaces', { endpoints: [{ ...good, name: 'canary name' }] }],
  ['a header of the delivery', { endpoints: [{ ...good, headers: { 'Webhook-Id': 'canary' } }] }],
  ['a header with a line break', { endpoints: [{ ...good, headers: { 'X-A': 'canary\r\nX-B: c' } }] }],
];
for (const [what, content] of wrong)
  test(`${what}: refused, and the message shows no value`, () => {
    const parsed = parse(content);
    assert.equal(parsed.ok, false);
    assert.doesNotMatch(JSON.stringify(parsed), /canary|Y2FuYXJ5/);
  });
