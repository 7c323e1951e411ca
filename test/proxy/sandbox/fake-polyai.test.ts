// The fake checked against PolyAI's documentation, over plain fetch: every other test relies on what it promises.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import {
  createFakePolyAi,
  type FakePolyAi,
  type FakePolyAiOptions,
  faultNumbers,
  limitTestNumber,
  testNumbers,
} from '../../../src/proxy/sandbox/fake-polyai.js';

const account = { accountId: 'acme', projectId: 'callbacks', connectorId: 'secret' } as const;
/** The machine's clock is frozen: time passes only through `advance`, however slow the machine is. */
const noon = Date.UTC(2026, 2, 15, 12);

const open: FakePolyAi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((fake) => fake.close()));
});

const start = async (options: Partial<FakePolyAiOptions> = {}): Promise<FakePolyAi> => {
  const fake = await createFakePolyAi({ ...account, now: () => noon, ...options });
  open.push(fake);
  return fake;
};

const post = (fake: FakePolyAi, body: unknown, connector = 'secret'): Promise<Response> =>
  fetch(`${fake.url}/api/v1/acme/callbacks/outbound-call/trigger`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CONNECTOR-ID': connector },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const place = async (fake: FakePolyAi, number: string): Promise<string> => {
  const answer = (await (await post(fake, { phone_number: number })).json()) as { conversation_id: string };
  return answer.conversation_id;
};

const getStatus = (fake: FakePolyAi, id: string, connector = 'secret'): Promise<Response> =>
  fetch(`${fake.url}/api/v1/acme/callbacks/outbound-call/status/${id}`, { headers: { 'X-CONNECTOR-ID': connector } });

const statusOf = async (fake: FakePolyAi, id: string): Promise<string> =>
  ((await (await getStatus(fake, id)).json()) as { status: string }).status;

test('every test number is valid, belongs to its stated country, and is listed once', () => {
  const all = [...testNumbers, ...faultNumbers];
  for (const { number, country } of all) {
    const parsed = parsePhoneNumberFromString(number, { extract: false });
    assert.equal(parsed?.isValid(), true, number);
    assert.equal(parsed.country, country, number);
  }
  assert.equal(new Set(all.map(({ number }) => number)).size, all.length);
  assert.ok(testNumbers.some(({ number }) => number === limitTestNumber));
});

test('a call goes through every documented phase as the clock advances', async () => {
  const fake = await start();
  fake.setClock(Date.parse('2026-03-15T10:00:00Z'));
  const id = await place(fake, '+14155550100');
  assert.match(id, /^OUT-[0-9a-f-]{36}$/);
  const seen = [await statusOf(fake, id)];
  for (const ms of [1_100, 2_000, 6_000, 15_000]) {
    fake.advance(ms);
    seen.push(await statusOf(fake, id));
  }
  assert.deepEqual(seen, ['CREATED', 'queued', 'ringing', 'in-progress', 'completed']);
  const body = (await (await getStatus(fake, id)).json()) as Record<string, unknown>;
  assert.deepEqual(
    (body['event_history'] as object[]).map((entry) => Object.keys(entry)[0]),
    ['CREATED', 'queued', 'ringing', 'in-progress', 'completed'],
  );
  assert.equal(body['call_sid'], id);
  assert.match(String(body['created_at']), /^2026-03-15T10:00:00Z$/);
});

for (const [number, end] of [
  ['+14155550101', 'no-answer'],
  ['+14155550102', 'busy'],
  ['+14155550103', 'failed'],
  ['+14155550104', 'cancelled'],
  ['+14155550105', 'queued'],
  ['+14155550106', 'completed'],
] as const) {
  test(`a call to ${number} ends ${end}`, async () => {
    const fake = await start({ timeScale: 100 });
    const id = await place(fake, number);
    fake.advance(60_000);
    assert.equal(await statusOf(fake, id), end);
  });
}

test('a wrong or missing credential is a 401 and triggers nothing', async () => {
  const fake = await start();
  assert.equal((await post(fake, { phone_number: '+14155550100' }, 'wrong')).status, 401);
  assert.equal((await getStatus(fake, 'OUT-1', '')).status, 401);
  assert.equal(fake.triggers().length, 0);
});

test('bad parameters are a 400 and trigger nothing', async () => {
  const fake = await start();
  for (const body of [
    'nope',
    '[]',
    'null',
    {},
    { phone_number: '415 555 0100' },
    { phone_number: '+14155550100', metadata: 1 },
  ]) {
    assert.equal((await post(fake, body)).status, 400);
  }
  assert.equal((await getStatus(fake, '..%2f..%2fadmin')).status, 400);
  assert.equal(fake.triggers().length, 0);
});

test('an unknown call, a call of another connector, and a call that ended over two hours ago are 404', async () => {
  const fake = await start({ otherConnectorId: 'other' });
  const id = await place(fake, '+14155550100');
  assert.equal((await getStatus(fake, 'OUT-1')).status, 404);
  assert.equal((await getStatus(fake, id, 'other')).status, 404);
  fake.advance(2 * 3_600_000);
  assert.equal((await getStatus(fake, id)).status, 200);
  fake.advance(60_000);
  assert.equal((await getStatus(fake, id)).status, 404);
});

test('another fake with the same credential reports on a call that this one placed, also after a restart', async () => {
  const first = await start();
  const id = await place(first, '+14155550100');
  const second = await start();
  second.advance(10_000);
  assert.equal(await statusOf(second, id), 'in-progress');
  const refused = await place(first, '+14155550102');
  second.advance(10_000);
  assert.equal(await statusOf(second, refused), 'busy');
  assert.equal((await getStatus(second, id.replace(/^OUT-\w/, 'OUT-_'))).status, 400);
  assert.equal((await getStatus(second, id.replace(/-7\w{3}-/, '-7fff-'))).status, 404);
});

test('triggers are recorded with their payload and whether a phone would ring', async () => {
  const fake = await start();
  await post(fake, { phone_number: '+14155550100', metadata: { name: 'Ada' } });
  assert.equal((await post(fake, { phone_number: '+14155550107' })).status, 500);
  const limited = await post(fake, { phone_number: '+14155550111' });
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get('retry-after'), '30');
  assert.deepEqual(
    fake.triggers().map(({ number, rings, metadata }) => ({ number, rings, metadata })),
    [
      { number: '+14155550100', rings: true, metadata: { name: 'Ada' } },
      { number: '+14155550107', rings: false, metadata: undefined },
      { number: '+14155550111', rings: false, metadata: undefined },
    ],
  );
});

test('a new call can be unknown at first, and a planned fault affects only the next request', async () => {
  const fake = await start();
  const id = await place(fake, '+14155550110');
  assert.equal((await getStatus(fake, id)).status, 404);
  fake.advance(10_100);
  assert.equal((await getStatus(fake, id)).status, 200);
  fake.failNext('trigger', { kind: 'reset-unread' });
  await assert.rejects(post(fake, { phone_number: '+14155550100' }));
  assert.equal(fake.triggers().length, 1);
  assert.equal((await post(fake, { phone_number: '+14155550100' })).status, 200);
});

test('every response identifies itself as the fake', async () => {
  const fake = await start();
  const answer = await post(fake, { phone_number: '+14155550100' });
  assert.equal(answer.headers.get('server'), 'fake-polyai');
});
