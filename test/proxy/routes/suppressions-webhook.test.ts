// "Don't call me again": the signed webhook and the operator's commands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { runNumberCommand } from '../../../src/proxy/cli/number-commands.js';
import {
  acceptedOf,
  callRequest,
  officeHours,
  origin,
  problemOf,
  type Fixture,
  createFixture,
} from '../fixtures/app.js';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const made = (): Fixture => createFixture({ env: { WEBHOOK_SECRET: secret } });
const event = JSON.stringify({
  type: 'number.suppressed',
  timestamp: '2026-03-02T15:00:00Z',
  data: { number: '+442079460958' },
});

interface Sent {
  readonly body?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly signedBody?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

function send(
  fixture: Fixture,
  {
    body = event,
    id = 'msg_1',
    at = new Date(fixture.clock.now()),
    signedBody = body,
    key = secret,
    headers = {},
  }: Sent = {},
): Promise<Response> {
  return fixture.request('/v1/webhooks/suppressions', {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign(id, at, signedBody),
      ...headers,
    },
  });
}

const isCalled = async (fixture: Fixture): Promise<boolean> => (await fixture.post()).status === 202;

test('a signed event puts the number on the list at once, and the answer to its visitor reveals nothing', async () => {
  const fixture = made();
  assert.equal((await send(fixture)).status, 204);
  const refused = await fixture.post();
  assert.equal((await problemOf(refused)).code, 'try-later');
  assert.equal(fixture.triggers.length, 0);
  assert.doesNotMatch(fixture.lines.join(''), /7946/);
});

const minutesAgo = (minutes: number): Date => new Date(officeHours - minutes * 60_000);
const refusals: readonly (readonly [what: string, sent: Sent])[] = [
  ['another secret', { key: `whsec_${Buffer.from('another secret of 32 bytes......').toString('base64')}` }],
  ['another body', { signedBody: event.replace('0958', '0959') }],
  ['a signature from six minutes ago', { at: minutesAgo(6) }],
  ['a signature from six minutes in the future', { at: minutesAgo(-6) }],
  ['no signature', { headers: { 'webhook-signature': '' } }],
  ['no id', { headers: { 'webhook-id': '' } }],
  ['an invalid timestamp', { headers: { 'webhook-timestamp': 'now' } }],
  ['an unknown version', { headers: { 'webhook-signature': 'v9,AAAA' } }],
  ['another event', { body: event.replace('suppressed', 'unsuppressed') }],
  ['no number', { body: event.replace('+442079460958', 'x') }],
  ['a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
];

for (const [what, sent] of refusals) {
  test(`${what}: refused, and the list is unchanged`, async () => {
    const fixture = made();
    const response = await send(fixture, sent);
    assert.ok(response.status >= 400 && response.status < 500, String(response.status));
    assert.equal(await isCalled(fixture), true);
  });
}

for (const number of ['+442079', '+44123', '+120255501', '+999123456', 'tomorrow']) {
  test(`a number that cannot be called is not acknowledged: ${number}`, async () => {
    const fixture = made();
    const body = JSON.stringify({ type: 'number.suppressed', timestamp: '2026-03-02T15:00:00Z', data: { number } });
    assert.equal((await send(fixture, { body })).status, 422);
    assert.match(fixture.lines.join(''), /"level":"warn","event":"suppression-number-refused"/);
    assert.equal(fixture.lines.join('').includes(number), false);
    assert.equal((await send(fixture)).status, 204, 'its id was used up');
  });
}

test('a Mexican mobile in its old format is the same phone', async () => {
  const fixture = createFixture({ env: { WEBHOOK_SECRET: secret, ALLOWED_COUNTRIES: 'GB,MX', HOURS_PROFILE: 'off' } });
  const body = JSON.stringify({
    type: 'number.suppressed',
    timestamp: '2026-03-02T15:00:00Z',
    data: { number: '+5215512345678' },
  });
  assert.equal((await send(fixture, { body })).status, 204);
  const refused = await fixture.post(callRequest({ phone: '+525512345678', country: 'MX' }));
  assert.equal((await problemOf(refused)).code, 'try-later');
});

test('an id works once: a replay after the number was removed does not add it again', async () => {
  const fixture = made();
  await send(fixture);
  await fixture.store.unsuppress(fixture.keyring.numberKeys('+442079460958'));
  assert.equal((await send(fixture)).status, 204);
  assert.equal(await isCalled(fixture), true);
});

test('a retry after a store failure is not taken for a replay', async () => {
  let isBroken = true;
  const fixture = createFixture({
    env: { WEBHOOK_SECRET: secret },
    store: (store) => ({
      ...store,
      suppress: (...values) => (isBroken ? Promise.reject(new Error('full')) : store.suppress(...values)),
    }),
  });
  assert.equal((await send(fixture)).status, 500);
  isBroken = false;
  assert.equal((await send(fixture)).status, 204);
  assert.equal(await isCalled(fixture), false);
});

test('without a secret there is no webhook', async () => {
  const fixture = createFixture();
  assert.equal((await send(fixture)).status, 404);
});

test("an operator's commands suppress, release, export and erase", async () => {
  const fixture = createFixture();
  const printed: string[] = [];
  const run = (command: 'suppress' | 'unsuppress' | 'export' | 'erase', number = '+442079460958'): Promise<number> =>
    runNumberCommand(command, number, {
      store: fixture.store,
      keyring: fixture.keyring,
      sealsNumbers: false,
      print: (text) => printed.push(text),
      note: (text) => printed.push(text),
    });

  const call = await acceptedOf(
    await fixture.post(callRequest({ page: 'https://www.example.com/offer?utm_source=x#y' })),
  );
  await fixture.store.append(call.id, [{ status: 'completed', at: fixture.clock.now() }]);
  await run('export');
  const exported = JSON.parse(printed.pop() ?? '') as {
    calls: { consent: Record<string, unknown> }[];
    suppressed: boolean;
  };
  const [{ consent } = { consent: {} }] = exported.calls;
  assert.equal(consent['text'], 'Example may call me with an AI voice now.');
  assert.match(String(consent['hash']), /^[0-9a-f]{16}$/);
  assert.equal(consent['page'], 'https://www.example.com/offer');
  assert.equal(consent['origin'], origin);
  assert.equal(consent['locale'], 'en-GB');
  assert.equal(consent['widgetVersion'], '0.1.0');
  assert.match(String(consent['addressTruncated']), /\.0\/24$/);

  assert.equal(await run('suppress'), 0);
  assert.equal(await isCalled(fixture), false);
  assert.equal(await run('unsuppress'), 0);
  assert.equal(await isCalled(fixture), true);
  assert.equal(await run('erase'), 0);
  await run('export');
  assert.deepEqual(JSON.parse(printed.pop() ?? ''), { calls: [], consents: [], suppressed: false });
  assert.equal(await run('suppress', '020 7946 0958'), 2);
  assert.doesNotMatch(printed.join(''), /7946 ?0958(?!\b)|\+44207946095[0-79]/);
});
