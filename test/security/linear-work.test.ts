// Every parser of untrusted or upstream text does work linear in the length of the text, whatever the text is. Counted in steps,
// at the largest size that can reach the parser. Mutations that turn it red: split(/\s*,\s*/) in list-headers.ts; no length
// limit in front of an expensive parser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { readAltchaPayload } from '../../src/proxy/challenge/altcha-payload.js';
import { cleanAttribution } from '../../src/proxy/calls/attribution.js';
import { cleanMetadata } from '../../src/proxy/calls/metadata.js';
import { readConfig } from '../../src/proxy/config/config.js';
import { createLog } from '../../src/proxy/core/log.js';
import { isCallId } from '../../src/proxy/core/random-id.js';
import { maskNumber, maskNumberInPath } from '../../src/proxy/gates/mask-number.js';
import { createNumberGate } from '../../src/proxy/gates/number.js';
import { createOriginGate } from '../../src/proxy/gates/origin.js';
import { createAddressReader, createPeerReader, parseAddress } from '../../src/proxy/http/client-address.js';
import { isJsonRequest, maxBodyBytes, parseBody } from '../../src/proxy/http/json-body.js';
import { acceptsCoding, matchesEtag } from '../../src/proxy/http/list-headers.js';
import { callSchema, idempotencyKeyOf, slotsSchema, suppressionSchema } from '../../src/proxy/http/request-schemas.js';
import { serverLimits } from '../../src/proxy/process/server-limits.js';
import { silentLog } from '../../src/proxy/core/log.js';
import { readConnectorStatus } from '../../src/proxy/polyai/connector-status.js';
import { parseRetryAfter } from '../../src/proxy/polyai/retry-after.js';
import { readShortStatus } from '../../src/proxy/polyai/short-status.js';
import { fileResponse } from '../../src/proxy/static/static-file.js';
import { parseLastEventId } from '../../src/proxy/streams/sse-encoder.js';
import { TooMuchWork, workOf } from '../fixtures/work.js';
import { callRequest, createFixture, realEnv } from '../proxy/fixtures/app.js';

/** The server limits the headers' total size: a single one can be that long. */
const header = serverLimits.headerBytes;
/** The longest list header that is read; beyond it counts as absent. */
const listHeader = 4_096;
const upstreamBody = 65_536;
const now = Date.UTC(2026, 2, 2);

/** Headers whose every value is the text. */
const headersOf = (text: string): Headers => ({ get: () => text, has: () => true }) as unknown as Headers;
const bytesOf = (text: string): Uint8Array => Buffer.from(text).subarray(0, maxBodyBytes);
const read = createAddressReader({ kind: 'ranges', ranges: ['10.0.0.0/24'] }, silentLog);
const readHops = createAddressReader({ kind: 'hops', hops: 2 }, silentLog);
const readPeer = createPeerReader({ kind: 'none' });
const origins = createOriginGate(['https://www.example.com']);
const number = createNumberGate(readConfig({ ...realEnv }));
const log = createLog({ write: () => {}, clock: { now: () => now }, secrets: ['secret-of-the-operator'] });
const file = {
  body: new Uint8Array(1),
  brotli: new Uint8Array(1),
  gzip: new Uint8Array(1),
  type: 'text/plain',
  cacheControl: 'no-store',
  etag: '"etag"',
};

/** The whole app up to its first await: the router, the middleware, and the route's own parsing of path, query and headers. */
const { app } = createFixture();
const get = (url: string, headers: Readonly<Record<string, string>> = {}): unknown =>
  app.fetch({
    url: `http://x${url}`,
    method: 'GET',
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
  } as unknown as Request);
const reader = (text: string): unknown => get('/v1/calls', { authorization: `Bearer ${text}`, accept: text });

const webhook = new Webhook('a'.repeat(32), { format: 'raw' });
const signature = (text: string): unknown => {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  try {
    return webhook.verify('{}', { 'webhook-id': 'a', 'webhook-timestamp': timestamp, 'webhook-signature': text });
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    return undefined;
  }
};
const shortStatus = (word: string, reason: string): unknown =>
  readShortStatus({ sid: undefined, word, body: { reason }, upstreamId: 'OUT-1', now });
/** A number of which a text of ones is full. */
const ones = '+15551111111';

const parsers: readonly (readonly [
  name: string,
  longest: number,
  parse: (text: string) => unknown,
  /** Maximum steps for any length, if a length limit bounds work that is not linear. */
  bounded?: number,
])[] = [
  ['Accept-Encoding', listHeader, (text) => acceptsCoding(text, 'br')],
  ['If-None-Match', listHeader, (text) => matchesEtag(text, '"etag"')],
  ['a request for a file', listHeader, (text) => fileResponse(file, headersOf(text))],
  ['X-Forwarded-For of trusted ranges', header, (text) => read('10.0.0.7', text)],
  ['X-Forwarded-For of hops', header, (text) => readHops('10.0.0.7', text)],
  ['an address', header, parseAddress],
  ['the address of a peer', header, readPeer],
  ['Origin and Fetch Metadata of a write', header, (text) => origins.toChange(headersOf(text))],
  ['Origin of a read', header, (text) => origins.toRead(headersOf(text))],
  ['Origin of a site', header, (text) => origins.siteOf(headersOf(text))],
  ['Origin of a preflight', header, (text) => origins.preflight(headersOf(text))],
  ['Content-Type and Content-Encoding', header, (text) => isJsonRequest(headersOf(text))],
  ['Idempotency-Key', header, (text) => idempotencyKeyOf(headersOf(text))],
  ['Last-Event-ID', header, parseLastEventId],
  ['a call id', header, isCallId],
  ['Retry-After', header, (text) => parseRetryAfter(text, now)],
  ['a body that may not be JSON', maxBodyBytes, (text) => parseBody(bytesOf(text), callSchema)],
  ['a string in a body', maxBodyBytes, (text) => parseBody(bytesOf(JSON.stringify({ phone: text })), slotsSchema)],
  [
    'a webhook',
    maxBodyBytes,
    (text) => parseBody(bytesOf(JSON.stringify({ data: { number: text } })), suppressionSchema),
  ],
  ...(['phone', 'country', 'locale', 'timeZone', 'page', 'widgetVersion', 'scheduleAt'] as const).map(
    (field) =>
      [
        `${field} of a call`,
        maxBodyBytes - 600,
        (text: string) => parseBody(bytesOf(JSON.stringify({ ...callRequest(), [field]: text })), callSchema),
      ] as const,
  ),
  ['a challenge', maxBodyBytes, readAltchaPayload],
  // One of libphonenumber's patterns is quadratic: 64² steps at this length, times ten. Under a millisecond.
  ['a number', 64, (text) => number({ ...callRequest(), phone: text.slice(0, 64) }), 50_000],
  ['a path', header, (text) => get(`/${text}`)],
  ['a path below a call', header, (text) => get(`/v1/calls/${text}`)],
  ['a query', header, (text) => get(`/configurator/origin?${text}`)],
  ['an origin to check', header, (text) => get(`/configurator/origin?origin=${encodeURIComponent(`https://${text}`)}`)],
  ['Authorization and Accept', header, reader],
  ['Webhook-Signature', header, signature],
  ['a consent text with the number', 4_000, (text) => maskNumber(text, ones)],
  ['a page that names the number', 1_024, (text) => maskNumberInPath(`https://a.example/${text}`, ones)],
  ['metadata', 512, (text) => cleanMetadata({ topic: text }, ['topic'])],
  ['attribution', 512, (text) => cleanAttribution({ utm_source: text, gclid: text }, '+442079460958')],
  [
    'a PolyAI status',
    upstreamBody,
    (text) => readConnectorStatus({ id: text, status: text, history: text }, 'OUT-1', now),
  ],
  ['a status of the short generations', upstreamBody, (text) => shortStatus(text, '')],
  ['a reason of the short generations', upstreamBody, (text) => shortStatus('failure', text)],
  ['a log line', header, (text) => log.info(text.slice(0, 20), { value: text })],
];

const filled = ([prefix, pump, suffix]: readonly [string, string, string], size: number): string =>
  (prefix + pump.repeat(Math.ceil(size / pump.length))).slice(0, Math.max(0, size - suffix.length)) + suffix;

/** Allowed steps per character and per call: generous next to the measured values, far below quadratic work. */
const perCharacter = 80;
const fixed = 20_000;

const alphabet = [
  ' ',
  '\t',
  ',',
  ';',
  '=',
  '"',
  'W/',
  '*',
  'a',
  'A',
  '0',
  '1',
  '.',
  ':',
  '-',
  '+',
  '(',
  '%',
  '/',
  '[',
  ']',
  '{',
  'é',
  ', ',
  '::',
  '1.',
  'q=0;',
  'OUT-',
];
const short = fc.array(fc.constantFrom(...alphabet), { maxLength: 3 }).map((parts) => parts.join(''));
const pump = fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
/** Shapes known to make parsers quadratic; always tried. */
const known: readonly [readonly [string, string, string]][] = alphabet.map((text) => [['a', text, 'b']]);

for (const [name, longest, parse, bounded] of parsers) {
  test(`${name}: work is linear in the length`, () => {
    const shapes = fc.tuple(short, pump, short);
    const measured = (shape: readonly [string, string, string], size: number): number => {
      const text = filled(shape, size);
      try {
        return workOf(() => parse(text));
      } catch (error) {
        if (error instanceof TooMuchWork) assert.fail(`${JSON.stringify(shape)} × ${String(size)}: ${error.message}`);
        if (!(error instanceof RangeError)) throw error;
        // The counter is recursive. If the parser itself is not, the shape is left out.
        parse(text);
        return fc.pre(false) as never;
      }
    };
    fc.assert(
      fc.property(shapes, (shape) => {
        const whole = measured(shape, longest);
        const half = measured(shape, Math.floor(longest / 2));
        const shown = `${JSON.stringify(shape)}: ${String(half)} steps for half the length, ${String(whole)} for all of it`;
        if (bounded !== undefined) return assert.ok(whole <= bounded, shown);
        assert.ok(whole <= perCharacter * longest + fixed, shown);
        assert.ok(whole <= 2.5 * half + fixed, shown);
      }),
      { numRuns: 60, examples: [...known] as [[string, string, string]][] },
    );
  });
}

test('the count distinguishes a linear parser from a quadratic one', () => {
  const blanks = (size: number): string => `a${' '.repeat(size)}b`;
  const linear = (size: number): number =>
    workOf(() =>
      blanks(size)
        .split(',')
        .map((item) => item.trim()),
    );
  const quadratic = (size: number): number => workOf(() => blanks(size).split(/\s*,\s*/));
  assert.ok(linear(2_000) < 2.1 * linear(1_000), 'linear');
  assert.ok(quadratic(2_000) > 3.5 * quadratic(1_000), 'quadratic');
  assert.throws(() => quadratic(11_000), TooMuchWork);
});
