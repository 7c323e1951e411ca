// The API description is generated from the validating schemas: it allows whatever they accept, and they refuse whatever it forbids.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { callSchema, slotsSchema } from '../../../src/proxy/http/request-schemas.js';
import { openApiDocument } from '../../../src/proxy/openapi/document.js';
import { callRequest, createFixture } from '../fixtures/app.js';

const document = openApiDocument() as {
  components: { schemas: Record<string, object> };
  paths: Record<string, object>;
};
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const allows = (name: string, value: unknown): boolean =>
  ajv.validate(document.components.schemas[name] ?? false, value);

/** A complete request and every way in which one of its fields can be wrong. */
const complete = {
  ...callRequest(),
  countryConfirmed: true,
  unambiguous: false,
  challenge: { kind: 'altcha', payload: 'abc' },
  timeZone: 'Europe/London',
  page: 'https://www.example.com/a',
  scheduleAt: '2026-03-02T15:00Z',
  attribution: { utm_source: 'x' },
  metadata: { plan: 'pro' },
} as const;
// No empty array: valibot accepts one as an empty record.
const values = [
  undefined,
  null,
  true,
  7,
  '',
  'x',
  'US',
  'ü'.repeat(5_000),
  ['x'],
  {},
  { a: 1 },
  '\u0000',
  'https://x.example',
];

test('what the proxy accepts, the description allows; what the description forbids, the proxy refuses', () => {
  let accepted = 0;
  let refused = 0;
  const check = (name: string, schema: v.GenericSchema, body: unknown): void => {
    const isAccepted = v.safeParse(schema, body).success;
    const isAllowed = allows(name, JSON.parse(JSON.stringify(body)));
    if (isAccepted) accepted += 1;
    else refused += 1;
    assert.ok(isAllowed || !isAccepted, `accepted, but not described: ${JSON.stringify(body).slice(-400)}`);
  };
  check('CallRequest', callSchema, complete);
  for (const name of Object.keys(complete))
    for (const value of values)
      check('CallRequest', callSchema, JSON.parse(JSON.stringify({ ...complete, [name]: value })));
  for (const value of values) check('SlotsRequest', slotsSchema, JSON.parse(JSON.stringify({ phone: value })));
  assert.ok(accepted > 20, String(accepted));
  assert.ok(refused > 60, String(refused));
});

test('the description is as strict as it can be: types, lengths, patterns and unknown fields', () => {
  assert.equal(allows('CallRequest', complete), true);
  for (const wrong of [
    { phone: 7 },
    { phone: 'x'.repeat(65) },
    { country: 'usa' },
    { more: 1 },
    { locale: '!' },
    { consent: { text: 'x' } },
  ])
    assert.equal(allows('CallRequest', { ...complete, ...wrong }), false, JSON.stringify(wrong).slice(0, 100));
});

test('it is served, readable from anywhere, and describes every route that answers', async () => {
  const { request } = createFixture();
  const response = await request('/openapi.json');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(openApiDocument())));
  for (const path of Object.keys(document.paths)) {
    const found = await request(path.replace('{id}', 'a'.repeat(28)), {
      headers: { Origin: 'https://www.example.com' },
    });
    const { code } = (await found
      .clone()
      .json()
      .catch(() => ({}))) as { code?: string };
    const isKnown = found.status !== 404 || code === 'not-found';
    assert.ok(isKnown, path);
  }
});
