// A black-box test of any deployment against its own API description. `npm run test:conformance` starts a sandbox; with BASE_URL it
// tests that deployment, and places no call unless CALL_NUMBER is set. Requests that could be placed never carry consent.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import {
  type CallAccepted,
  type CallSnapshot,
  canFollow,
  type Challenge,
  problemStatuses,
  type Site,
} from '../../src/contract.js';
import { keyFinder } from '../../src/widget/challenge/pbkdf2-search.js';
import { describe, type Description, openTarget, problemIn, type Target } from './target.js';

let target: Target;
let api: Description;

before(async () => {
  target = await openTarget();
  const response = await fetch(`${target.baseUrl}/openapi.json`);
  assert.equal(response.status, 200, 'no /openapi.json: is this a polyai-callback proxy?');
  api = describe((await response.json()) as Description['document']);
});
after(() => target.close());

const foreign = 'https://not-allowed.example';
const url = (path: string): string => target.baseUrl + path;
const newKey = (): string => randomBytes(16).toString('base64url');

/** A request body that every deployment refuses: it contains no valid number and no consent. */
const impossible = { phone: 'x', international: true, country: 'US', locale: 'en', widgetVersion: '0.0.0' };

function post(path: string, body: unknown, headers: Record<string, string | undefined> = {}): Promise<Response> {
  const all = { 'Content-Type': 'application/json', Origin: target.origin, 'Idempotency-Key': newKey(), ...headers };
  return fetch(url(path), {
    method: 'POST',
    headers: Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    ),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function refused(response: Response, code: keyof typeof problemStatuses): Promise<void> {
  const problem = await problemIn(response, api);
  assert.equal(problem.code, code);
  assert.equal(response.status, problemStatuses[code]);
  assert.match(response.headers.get('cache-control') ?? '', /no-store/);
  assert.equal(response.headers.get('x-request-id'), problem.requestId);
  assert.doesNotMatch(JSON.stringify(problem), /OUT-|connector|\bat \/|node_modules/i);
}

const site = async (): Promise<Site> => {
  const response = await fetch(url('/v1/site'), { headers: { Origin: target.origin } });
  assert.equal(response.status, 200, `ORIGIN ${target.origin} is not allowed there`);
  return (await response.json()) as Site;
};

test('the API description is OpenAPI 3.1, describes every problem code, and every reference in it resolves', () => {
  const { document } = api;
  assert.match(document.openapi, /^3\.1\./);
  const text = JSON.stringify(document);
  const codes = JSON.stringify(document.components.schemas['Problem']);
  for (const code of Object.keys(problemStatuses)) assert.ok(codes.includes(`"${code}"`), code);
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(document.components.schemas[name] !== undefined, name);
  for (const path of [
    '/v1/site',
    '/v1/calls',
    '/v1/calls/{id}',
    '/v1/calls/{id}/events',
    '/v1/slots',
    '/healthz',
    '/readyz',
  ])
    assert.ok(document.paths[path] !== undefined, path);
});

test('the health routes report that it is alive and whether it is ready', async () => {
  const alive = await fetch(url('/healthz'));
  assert.equal(alive.status, 200);
  assert.deepEqual(api.mistakesIn('Health', await alive.json()), []);
  const ready = await fetch(url('/readyz'));
  assert.ok([200, 503].includes(ready.status), String(ready.status));
  assert.deepEqual(api.mistakesIn('Health', await ready.json()), []);
});

test('an allowed page reads the site as described, with CORS, and again only when it changed', async () => {
  const response = await fetch(url('/v1/site'), { headers: { Origin: target.origin } });
  assert.equal(response.status, 200, `ORIGIN ${target.origin} is not allowed there`);
  assert.deepEqual(api.mistakesIn('Site', await response.json()), []);
  assert.equal(response.headers.get('access-control-allow-origin'), target.origin);
  assert.match(response.headers.get('vary') ?? '', /Origin/);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  const etag = response.headers.get('etag') ?? '';
  assert.notEqual(etag, '');
  const again = await fetch(url('/v1/site'), { headers: { Origin: target.origin, 'If-None-Match': etag } });
  assert.equal(again.status, 304);
});

test('a page of another origin reads and changes nothing, whatever it sends', async () => {
  for (const origin of [foreign, 'null', `${target.origin}.evil.example`, target.origin.replace('://', '://x.')]) {
    const read = await fetch(url('/v1/site'), { headers: { Origin: origin } });
    assert.equal(read.headers.get('access-control-allow-origin'), null, origin);
    await refused(read, 'origin-not-allowed');
    await refused(await post('/v1/calls', 'not even JSON', { Origin: origin }), 'origin-not-allowed');
  }
  await refused(await post('/v1/calls', impossible, { Origin: undefined }), 'origin-not-allowed');
  const preflight = { method: 'OPTIONS', headers: { Origin: foreign, 'Access-Control-Request-Method': 'POST' } };
  const response = await fetch(url('/v1/calls'), preflight);
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('access-control-allow-origin'), null);
});

test('preflight requests from an allowed page succeed', async () => {
  const response = await fetch(url('/v1/calls'), {
    method: 'OPTIONS',
    headers: {
      Origin: target.origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type,idempotency-key',
    },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get('access-control-allow-origin'), target.origin);
  assert.match(response.headers.get('access-control-allow-headers') ?? '', /idempotency-key/i);
});

test('a malformed request is refused with its own code, before anything else happens', async () => {
  await refused(await post('/v1/calls', impossible, { 'Idempotency-Key': undefined }), 'idempotency-key-missing');
  await refused(await post('/v1/calls', impossible, { 'Idempotency-Key': 'short' }), 'idempotency-key-invalid');
  await refused(await post('/v1/calls', impossible, { 'Content-Type': 'text/plain' }), 'unsupported-media-type');
  await refused(await post('/v1/calls', '{'), 'invalid-request');
  await refused(await post('/v1/calls', { ...impossible, more: 1 }), 'invalid-request');
  await refused(await post('/v1/calls', { ...impossible, phone: 7 }), 'invalid-request');
  await refused(await post('/v1/calls', '{"__proto__":{"x":1}}'), 'invalid-request');
  await refused(await post('/v1/calls', JSON.stringify(impossible) + ' '.repeat(9_000)), 'body-too-large');
});

test('text that is not a phone number is refused, and no call is placed', async () => {
  await refused(await post('/v1/calls', impossible), 'number-refused');
  await refused(await post('/v1/slots', { phone: '911' }), 'number-refused');
});

test('a wrong ID and a wrong token get identical responses', async () => {
  const token = randomBytes(32).toString('base64url');
  const answers: unknown[] = [];
  for (const [path, authorization] of [
    [`/v1/calls/${'a'.repeat(28)}`, `Bearer ${token}`],
    [`/v1/calls/${'b'.repeat(28)}`, undefined],
    ['/v1/calls/..%2f..%2fetc%2fpasswd', `Bearer ${token}`],
    ['/v1/calls', `Bearer ${'a'.repeat(28)}.${token}`],
    [`/v1/calls/${'a'.repeat(28)}/events`, `Bearer ${token}`],
  ] as const) {
    const headers = { Origin: target.origin, ...(authorization !== undefined && { Authorization: authorization }) };
    const response = await fetch(url(path), { headers });
    const { requestId: _, ...problem } = await problemIn(response, api);
    answers.push(problem);
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal((answers[0] as { code: string }).code, 'not-found');
});

test('an unknown path and method are refused as such', async () => {
  await refused(await fetch(url('/v1/nothing')), 'not-found');
  const response = await fetch(url('/v1/site'), { method: 'PUT', headers: { Origin: target.origin } });
  assert.match(response.headers.get('allow') ?? '', /GET/);
  await refused(response, 'method-not-allowed');
});

test('the element and the phone metadata are served, and the challenge is as described', async () => {
  const { phoneMetadata, challenge } = await site();
  const metadata = await fetch(url(phoneMetadata));
  assert.equal(metadata.status, 200);
  assert.match(metadata.headers.get('cache-control') ?? '', /immutable/);
  const script = await fetch(url('/polyai-callback.js'));
  // A proxy started from the sources has no built script.
  if (script.status === 200) assert.match(script.headers.get('content-type') ?? '', /javascript/);
  if (challenge.kind !== 'altcha') return;
  const response = await fetch(url('/v1/challenge'), { headers: { Origin: target.origin } });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('cache-control') ?? '', /no-store/);
  assert.deepEqual(api.mistakesIn('Challenge', await response.json()), []);
});

test('one call: placed once for its key, followed to its end, every event as described', async (t) => {
  const { number } = target;
  if (number === undefined) return t.skip('no CALL_NUMBER: no call is placed');
  const { challenge, consent } = await site();
  const { kind } = challenge;
  if (kind === 'turnstile') return t.skip('Turnstile is solved by people');
  const country = parsePhoneNumberFromString(number)?.country;
  const solved = kind === 'altcha' ? { challenge: { kind, payload: await solve() } } : {};
  const agreed = consent ?? { text: 'I agree to be called.', version: undefined };
  const { text, version } = agreed;
  const given = { text, source: consent ? 'site' : 'page', ...(version !== undefined && { version }) };
  const request = { ...impossible, phone: number, country, consent: given, ...solved };
  const key = newKey();
  const response = await post('/v1/calls', request, { 'Idempotency-Key': key });
  assert.equal(response.status, 202, await response.clone().text());
  const call = (await response.json()) as CallAccepted;
  assert.deepEqual(api.mistakesIn('CallAccepted', call), []);

  const replay = await post('/v1/calls', request, { 'Idempotency-Key': key });
  assert.equal(replay.headers.get('idempotency-replayed'), 'true');
  assert.equal(((await replay.json()) as CallAccepted).id, call.id);
  const otherRequest = { ...request, metadata: { another: 'request' } };
  await refused(await post('/v1/calls', otherRequest, { 'Idempotency-Key': key }), 'idempotency-key-reused');

  const headers = { Authorization: `Bearer ${call.token}`, Origin: target.origin };
  const stream = await fetch(url(`/v1/calls/${call.id}/events`), { headers, signal: AbortSignal.timeout(60_000) });
  assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
  const events = await stream.text();
  const snapshots = [...events.matchAll(/^event: snapshot\n(?:id: \d+\n)?data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as CallSnapshot,
  );
  assert.ok(snapshots.length > 0, events);
  for (const [index, snapshot] of snapshots.entries()) {
    assert.deepEqual(api.mistakesIn('CallSnapshot', snapshot), []);
    const before = snapshots[index - 1];
    if (before !== undefined)
      assert.ok(canFollow(before.status, snapshot.status), `${before.status} → ${snapshot.status}`);
  }
  assert.doesNotMatch(events, /OUT-|connector/i);
  const end = await fetch(url(`/v1/calls/${call.id}`), { headers });
  assert.deepEqual(((await end.json()) as CallSnapshot).status, snapshots.at(-1)?.status);
});

/** Solves one of the deployment's challenges. */
async function solve(): Promise<string> {
  const response = await fetch(url('/v1/challenge'), { headers: { Origin: target.origin } });
  const challenge = (await response.json()) as Challenge;
  const solution = await keyFinder(crypto.subtle)(challenge.parameters, () => false);
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}
