// The operator sees which pages were refused and what to add, and nobody can flood the log or memory with origins.
// Mutations that turn it red: without the cap; without the one-minute memory; the raw text of the header.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/proxy/core/log.js';
import { createRefusedOriginLog, originsPerMinute } from '../../../src/proxy/gates/refused-origins.js';
import { callRequest, origin, problemOf, createFixture } from '../fixtures/app.js';
import { manualClock } from '../store/fixtures/stores.js';

interface Line {
  readonly event: string;
  readonly origin?: string;
  readonly advice?: string;
  readonly unlogged?: number;
}

function reporter(origins: readonly string[] = ['https://www.example.com']) {
  const clock = manualClock();
  const lines: Line[] = [];
  const log = createLog({ write: (line) => lines.push(JSON.parse(line) as Line), clock });
  return { clock, lines, report: createRefusedOriginLog(origins, log, clock) };
}

test('a refused origin is reported once a minute, with what to add', () => {
  const { clock, lines, report } = reporter();
  report('https://shop.example.net');
  report('https://shop.example.net');
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.origin, 'https://shop.example.net');
  assert.equal(lines[0].advice, 'Add https://shop.example.net to ALLOWED_ORIGINS if this is your page');
  clock.advance(60_000);
  report('https://shop.example.net');
  assert.equal(lines.length, 2);
});

const near: readonly (readonly [seen: string, advice: RegExp])[] = [
  ['https://example.com', /https:\/\/www\.example\.com is allowed, but with and without www are two origins$/],
  ['http://www.example.com', /is allowed, but http and https are two origins$/],
  ['https://www.example.com:8443', /is allowed, but another port is another origin$/],
  ['null', /opened from a file or in a sandboxed frame/],
];
for (const [seen, advice] of near)
  test(`${seen}: the log names what differs`, () => {
    const { lines, report } = reporter();
    report(seen);
    assert.match(lines[0]?.advice ?? '', advice);
  });

test('a flood of origins produces a few lines a minute, and the rest is counted', () => {
  const { clock, lines, report } = reporter();
  for (let index = 0; index < 5_000; index += 1) report(`https://a${String(index)}.example`);
  assert.equal(lines.length, originsPerMinute);
  clock.advance(60_000);
  report('https://b.example');
  assert.equal(lines.at(-1)?.unlogged, 5_000 - originsPerMinute);
});

test('anything that is not an origin counts as one entry, and its text is not logged', () => {
  const { lines, report } = reporter();
  for (const text of ['call +442079460958', 'data:text/html,x', `https://${'x'.repeat(200)}.example`, 'https://', null])
    report(text);
  assert.deepEqual(
    lines.map((line) => line.origin),
    ['malformed', 'none'],
  );
});

test('every reference shown to a visitor can be found in the log, with the limit that refused', async () => {
  const fixture = createFixture({ env: { LIMIT_ADDRESS_PER_MINUTE: '0' } });
  const found = (requestId: string): string => fixture.lines.find((line) => line.includes(requestId)) ?? '';
  const init = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin, ...headers },
    body: JSON.stringify(body),
  });
  const refused = await problemOf(await fixture.post());
  assert.match(
    found(refused.requestId),
    /"call-refused".*"code":"visitor-limit","limit":"address","retryAfterSeconds":\d+/,
  );
  const slots = await problemOf(await fixture.request('/v1/slots', init({ phone: 'nobody' })));
  assert.match(
    found(slots.requestId),
    /"request-refused","requestId":"[a-z]+","route":"\/v1\/slots","code":"number-refused"/,
  );
  const site = await problemOf(await fixture.request('/v1/site', { headers: { Origin: 'https://example.com' } }));
  assert.match(found(site.requestId), /"route":"\/v1\/site","code":"origin-not-allowed"/);
  assert.match(fixture.lines.join('\n'), /"origin-refused","origin":"https:\/\/example\.com".*with and without www/);
  const gone = await problemOf(
    await fixture.request(`/v1/calls/${'a'.repeat(28)}`, { method: 'DELETE', headers: { Origin: origin } }),
  );
  assert.match(found(gone.requestId), /"code":"not-found"/);
  const malformed = await problemOf(await fixture.post({ ...callRequest(), phone: 1 }));
  assert.match(found(malformed.requestId), /"call-refused".*"code":"invalid-request"/);
});
