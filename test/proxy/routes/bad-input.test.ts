// Bad input of every kind gets a 4xx with a problem code and never reaches PolyAI.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProblemBody, type ProblemCode } from '../../../src/contract.js';
import * as v from 'valibot';
import { parseBody } from '../../../src/proxy/http/json-body.js';
import { callRequest, origin, problemOf, type RequestOver, createFixture } from '../fixtures/app.js';

const good = callRequest();
const text = JSON.stringify(good);
const without = (field: string): unknown => Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));

interface Bad {
  readonly what: string;
  readonly body?: unknown;
  readonly over?: RequestOver;
  readonly code: ProblemCode;
}

const header = (name: string, value: string | undefined): RequestOver => ({ headers: { [name]: value } });

const bad: readonly Bad[] = [
  // Content type: a form can be sent across origins without a preflight.
  { what: 'a form', over: header('Content-Type', 'application/x-www-form-urlencoded'), code: 'unsupported-media-type' },
  { what: 'plain text', over: header('Content-Type', 'text/plain'), code: 'unsupported-media-type' },
  {
    what: 'plain text with a charset',
    over: header('Content-Type', 'text/plain;charset=UTF-8'),
    code: 'unsupported-media-type',
  },
  {
    what: 'no content type',
    body: new TextEncoder().encode(text),
    over: header('Content-Type', undefined),
    code: 'unsupported-media-type',
  },
  {
    what: 'JSON in another charset',
    over: header('Content-Type', 'application/json; charset=utf-16'),
    code: 'unsupported-media-type',
  },
  {
    what: 'two content types',
    over: header('Content-Type', 'application/json, text/plain'),
    code: 'unsupported-media-type',
  },
  { what: 'a compressed body', over: header('Content-Encoding', 'gzip'), code: 'unsupported-media-type' },
  // Idempotency-Key.
  { what: 'no idempotency key', over: header('Idempotency-Key', undefined), code: 'idempotency-key-missing' },
  { what: 'an empty idempotency key', over: header('Idempotency-Key', ''), code: 'idempotency-key-invalid' },
  { what: 'a short idempotency key', over: header('Idempotency-Key', 'abc'), code: 'idempotency-key-invalid' },
  { what: 'a long idempotency key', over: header('Idempotency-Key', 'a'.repeat(65)), code: 'idempotency-key-invalid' },
  {
    what: 'an idempotency key with spaces',
    over: header('Idempotency-Key', 'a b'.repeat(10)),
    code: 'idempotency-key-invalid',
  },
  // Bytes.
  { what: 'no body', body: '', code: 'invalid-request' },
  { what: 'not JSON', body: '{', code: 'invalid-request' },
  { what: 'JSON with something after it', body: `${text} x`, code: 'invalid-request' },
  { what: 'a byte order mark', body: `\uFEFF${text}`, code: 'invalid-request' },
  {
    what: 'bytes that are not UTF-8',
    // Valid in every other way: the byte is in the middle of the consent text.
    body: Uint8Array.from(new TextEncoder().encode(text), (byte) => (byte === 'E'.charCodeAt(0) ? 0xff : byte)),
    code: 'invalid-request',
  },
  {
    what: 'a body over 8 KB',
    body: {
      ...good,
      consent: { text: 'é'.repeat(3_900), source: 'page' },
      page: `https://x.example/${'p'.repeat(2_000)}`,
    },
    code: 'body-too-large',
  },
  { what: 'spaces over 8 KB', body: text + ' '.repeat(8_192), code: 'body-too-large' },
  // JSON.
  { what: 'null', body: 'null', code: 'invalid-request' },
  { what: 'a list', body: '[]', code: 'invalid-request' },
  { what: 'a string', body: '"+442079460958"', code: 'invalid-request' },
  { what: 'deep nesting', body: text.replace('{', '{"metadata":{"a":{"b":{"c":{"d":1}}}},'), code: 'invalid-request' },
  { what: 'very deep nesting', body: '['.repeat(4_000), code: 'invalid-request' },
  { what: '__proto__', body: text.replace('{', '{"__proto__":{"international":true},'), code: 'invalid-request' },
  { what: '__proto__ in a record', body: text.replace('{', '{"metadata":{"__proto__":"x"},'), code: 'invalid-request' },
  { what: 'constructor', body: text.replace('{', '{"metadata":{"constructor":"x"},'), code: 'invalid-request' },
  { what: 'half a surrogate pair', body: text.replace('Example may', '\\ud83d may'), code: 'invalid-request' },
  // Fields.
  { what: 'an unknown field', body: { ...good, admin: true }, code: 'invalid-request' },
  { what: 'a phone that is a number', body: { ...good, phone: 442_079_460_958 }, code: 'invalid-request' },
  { what: 'a phone that is a list', body: { ...good, phone: ['+442079460958'] }, code: 'invalid-request' },
  {
    what: 'a phone that is too long to be one',
    body: { ...good, phone: `+${'1'.repeat(70)}` },
    code: 'invalid-request',
  },
  { what: 'no phone', body: without('phone'), code: 'invalid-request' },
  { what: 'no locale', body: without('locale'), code: 'invalid-request' },
  { what: 'international as text', body: { ...good, international: 'yes' }, code: 'invalid-request' },
  { what: 'a country in lower case', body: { ...good, country: 'gb' }, code: 'invalid-request' },
  { what: 'a locale with a line break', body: { ...good, locale: 'en\r\nX: y' }, code: 'invalid-request' },
  { what: 'a zone that traverses folders', body: { ...good, timeZone: '../../etc/passwd' }, code: 'invalid-request' },
  { what: 'a page that is not a web address', body: { ...good, page: 'data:text/html,x' }, code: 'invalid-request' },
  { what: 'a widget version with spaces', body: { ...good, widgetVersion: '1 2' }, code: 'invalid-request' },
  { what: 'an invalid time', body: { ...good, scheduleAt: 'tomorrow' }, code: 'invalid-request' },
  {
    what: 'consent with a control character',
    body: { ...good, consent: { text: 'a\u0000b', source: 'page' } },
    code: 'invalid-request',
  },
  {
    what: 'consent from nowhere',
    body: { ...good, consent: { text: 'a', source: 'elsewhere' } },
    code: 'invalid-request',
  },
  {
    what: 'too much metadata',
    body: { ...good, metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${String(i)}`, 'v'])) },
    code: 'invalid-request',
  },
  { what: 'metadata that is not text', body: { ...good, metadata: { a: 1 } }, code: 'invalid-request' },
  // Consent.
  { what: 'no consent', body: without('consent'), code: 'consent-required' },
  { what: 'blank consent', body: { ...good, consent: { text: ' \n', source: 'page' } }, code: 'consent-required' },
  {
    what: 'consent of another version',
    body: { ...good, consent: { text: 'a', version: '0123456789abcdef', source: 'page' } },
    code: 'consent-outdated',
  },
  {
    what: 'a site text that the site does not have',
    body: { ...good, consent: { text: 'a', source: 'site' } },
    code: 'consent-outdated',
  },
];

for (const { what, body = good, over = {}, code } of bad) {
  test(`${what}: ${code}, and nothing reaches PolyAI`, async () => {
    const { post, triggers } = createFixture();
    const response = await post(body, over);
    const problem = await problemOf(response);
    assert.equal(problem.code, code);
    assert.ok(response.status >= 400 && response.status < 500);
    assert.equal(response.status, problem.status);
    assert.ok(isProblemBody(problem));
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.equal(response.headers.get('x-request-id'), problem.requestId);
    assert.equal(response.headers.get('access-control-allow-origin'), origin);
    assert.deepEqual(triggers, []);
  });
}

test('the length a client states cannot make the proxy read more', async () => {
  const { app, triggers } = createFixture();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      if (sent > 200) return controller.close();
      controller.enqueue(new Uint8Array(1_024).fill(32));
    },
  });
  const request = new Request('http://proxy.example/v1/calls', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: origin,
      'Idempotency-Key': 'a'.repeat(22),
      'Content-Length': '10',
    },
    body: endless,
    duplex: 'half',
  } as RequestInit & { duplex: 'half' });
  const response = await app.request(request);
  assert.equal(response.status, 413);
  assert.ok(sent <= 12, `read ${String(sent)} KB`);
  assert.deepEqual(triggers, []);
});

test('a body is refused by its stated length before a byte is read', async () => {
  const { post } = createFixture();
  const response = await post(good, header('Content-Length', '9000'));
  assert.equal((await problemOf(response)).code, 'body-too-large');
});

test('an unknown path and a wrong method return problems too', async () => {
  const { request } = createFixture();
  const unknown = await request('/v1/everything');
  assert.equal((await problemOf(unknown)).code, 'not-found');
  const wrong = await request('/v1/calls', { method: 'PUT' });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get('allow'), 'POST, GET, PATCH, DELETE');
  assert.equal((await problemOf(wrong)).code, 'method-not-allowed');
});

test('nesting is bounded whatever the schema says', () => {
  const nested = (depth: number): Uint8Array => new TextEncoder().encode('['.repeat(depth) + ']'.repeat(depth));
  assert.ok(parseBody(nested(4), v.unknown()).allowed);
  assert.ok(!parseBody(nested(5), v.unknown()).allowed);
});
