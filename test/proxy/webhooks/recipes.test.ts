// The recipes of docs/webhooks.md against a real receiver: the whole proxy, the fake PolyAI, its database file and sockets. Only the
// host is another.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { CallAccepted } from '../../../src/contract.js';
import { createFakePolyAi } from '../../../src/proxy/sandbox/fake-polyai.js';
import { startProxy } from '../../../src/proxy/main.js';
import { fastClock, officeHours } from '../../fixtures/clock.js';
import { callRequest, newKey, origin } from '../fixtures/app.js';
import { until } from '../fixtures/call-streams.js';
import { type Received, type Receiver, startReceiver } from './fixture.js';
import { credential, settingsFor } from '../../fixtures/polyai-account.js';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
const secret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const token = 'outcomes-token-with-enough-characters-01';

/** The settings under a heading of the documentation, sent to the receiver instead. */
function recipe(heading: string, { port }: Receiver): string {
  const section = docs.split(`### ${heading}\n`)[1]?.split('\n### ')[0] ?? '';
  const json = /```json\n([\s\S]+?)```/.exec(section)?.[1] ?? '';
  const { endpoints } = JSON.parse(json) as { endpoints: { url: string }[] };
  return JSON.stringify({
    endpoints: endpoints.map((endpoint) => {
      const { pathname } = new URL(endpoint.url);
      return Object.assign({}, endpoint, { url: `http://127.0.0.1:${String(port)}${pathname}`, private: true });
    }),
  });
}

interface Running {
  readonly receiver: Receiver;
  /** Places a call and reports its outcome after the end. */
  call(number: string): Promise<CallAccepted>;
  /** The first message that arrives. */
  first(): Promise<Received>;
  restart(): Promise<void>;
}

async function start(t: TestContext, heading: string): Promise<Running> {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-webhooks-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, recipe(heading, receiver));
  const clock = fastClock(20, officeHours);
  const fakePolyAi = await createFakePolyAi({ ...credential, now: clock.now });
  t.after(() => fakePolyAi.close());
  const open = () =>
    startProxy(
      {
        ...settingsFor(fakePolyAi),
        ALLOWED_ORIGINS: origin,
        ALLOWED_COUNTRIES: 'GB',
        HOURS_PROFILE: 'off',
        CHALLENGE: 'none',
        PORT: '0',
        DATABASE_URL: `file:${folder}/callback.db`,
        WEBHOOKS_FILE: file,
        OUTCOMES_TOKEN: token,
      },
      { writeLog: () => {}, print: () => {}, clock },
    );
  let proxy = await open();
  t.after(() => proxy.close());
  return {
    receiver,
    restart: async () => {
      await proxy.close();
      proxy = await open();
    },
    first: async () => {
      await until(() => receiver.received.length > 0);
      return receiver.received[0]!;
    },
    call: async (phone) => {
      const response = await fetch(`${proxy.url}/v1/calls`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: origin, 'Idempotency-Key': newKey() },
        body: JSON.stringify(callRequest({ phone })),
      });
      assert.equal(response.status, 202);
      const call = (await response.json()) as CallAccepted;
      const data = {
        call_id: call.id,
        answered_by: 'person',
        disposition: 'resolved',
        agreed: ['Done "now".', 'Thanks.'],
      };
      const reported = await fetch(`${proxy.url}/v1/webhooks/outcomes`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ type: 'call.outcome', data }),
      });
      assert.equal(reported.status, 204);
      return call;
    },
  };
}

const bodyOf = ({ body }: Received): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

test('a catch hook gets the event as it is, signed, without a number', async (t) => {
  const { call, first, receiver } = await start(t, 'Zapier, Make, n8n');
  const { id } = await call('+442079460000');
  await until(() => receiver.received.length === 2);
  const one = await first();
  assert.equal(one.path, '/hooks/catch/000000/abcdef/');
  // The reference implementation compares with the machine's clock, and the proxy's is another: the signature alone is checked.
  const headers = one.headers as Record<string, string>;
  const signedAt = new Date(Number(headers['webhook-timestamp']) * 1_000);
  assert.equal(headers['webhook-signature'], new Webhook(secret).sign(headers['webhook-id'] ?? '', signedAt, one.body));
  const types = receiver.received.map((each) => bodyOf(each)['type']);
  assert.deepEqual(new Set(types), new Set(['call.ended', 'call.outcome']));
  const outcome = receiver.received.map(bodyOf).find(({ type }) => type === 'call.outcome');
  const data = outcome?.['data'] as { callId: string; outcome: { agreed: string[] } };
  assert.equal(data.callId, id);
  assert.deepEqual(data.outcome.agreed, ['Done "now".', 'Thanks.']);
  for (const { body } of receiver.received) assert.doesNotMatch(body, /7946|OUT-/);
});

test('Slack gets one line of text', async (t) => {
  const { call, first } = await start(t, 'Slack');
  const { id } = await call('+442079460001');
  const body = bodyOf(await first());
  assert.deepEqual(Object.keys(body), ['text']);
  assert.match(
    String(body['text']),
    /^Missed callback \(no-answer\) from https:\/\/www\.example\.com, requested at 2026/,
  );
  assert.ok(String(body['text']).endsWith(`\`${id}\``), 'names the call');
});

test('HubSpot gets the properties of a call, its token and the number', async (t) => {
  const { call, first } = await start(t, 'HubSpot');
  await call('+442079460000');
  const one = await first();
  assert.equal(one.path, '/crm/v3/objects/calls');
  assert.equal(one.headers.authorization, 'Bearer pat-na1-00000000');
  const { properties } = bodyOf(one) as { properties: Record<string, unknown> };
  assert.match(String(properties['hs_timestamp']), /^2026-.*Z$/);
  const { hs_timestamp: _, ...rest } = properties;
  assert.deepEqual(rest, {
    hs_call_title: 'Callback: resolved',
    hs_call_body: 'Agreed: Done "now". Thanks.',
    hs_call_direction: 'OUTBOUND',
    hs_call_status: 'COMPLETED',
    hs_call_to_number: '+442079460000',
  });
});

test('Salesforce gets the fields of a task, with a duration that is a number', async (t) => {
  const { call, first } = await start(t, 'Salesforce');
  await call('+442079460000');
  const task = bodyOf(await first());
  assert.equal(task['Subject'], 'Callback: completed');
  assert.equal(typeof task['CallDurationInSeconds'], 'number');
  assert.equal(task['CallType'], 'Outbound');
});

test('what was not delivered before a restart is delivered after it', async (t) => {
  const { call, receiver, restart } = await start(t, 'Slack');
  receiver.answer = (_, response) => response.writeHead(503).end();
  await call('+442079460001');
  await until(() => receiver.received.length > 0);
  receiver.answer = (_, response) => response.writeHead(204).end();
  const before = receiver.received.length;
  await restart();
  await until(() => receiver.received.length > before);
  const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
  assert.equal(ids.size, 1);
});
