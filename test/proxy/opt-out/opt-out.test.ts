// “Who called me? Stop it.”: what an opt-out on the page does, for how long, who may, how often, and that its answer reveals nothing.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import type { CallAccepted, Challenge } from '../../../src/contract.js';
import { type OptOutTexts, optOutTexts } from '../../../src/proxy/opt-out/opt-out-texts.js';
import { languages } from '../../../src/widget/i18n/languages.js';
import { keyFinder } from '../../../src/widget/challenge/pbkdf2-search.js';
import { callRequest, createFixture, type Fixture, type FixtureOptions } from '../fixtures/app.js';

const number = '+442079460958';
const day = 86_400_000;

const opened = (options: FixtureOptions = {}): Fixture =>
  createFixture({ ...options, env: { OPT_OUT_PAGE: 'true', ...options.env } });

interface Sent {
  readonly address?: string;
  readonly headers?: Record<string, string>;
  readonly fields?: Record<string, string>;
}

/** Submits the form; time passes until it is answered. */
async function submit(fixture: Fixture, typed = number, { address, headers, fields }: Sent = {}): Promise<Response> {
  const answer = fixture.request('/me', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      ...headers,
    },
    body: new URLSearchParams({ number: typed, country: 'GB', ...fields }).toString(),
    ...(address !== undefined && { address }),
  });
  const state = { isAnswered: false };
  void answer.finally(() => (state.isAnswered = true));
  for (let n = 0; n < 100_000 && !state.isAnswered; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    fixture.clock.advance(1);
  }
  return answer;
}

/** Solves the challenge in a page, as its script does. */
async function solutionIn(html: string): Promise<string> {
  const text = /data-challenge="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  const challenge = JSON.parse(text) as Challenge;
  const solution = await keyFinder(webcrypto.subtle as SubtleCrypto)(challenge.parameters, () => false);
  return btoa(JSON.stringify({ challenge, solution }));
}

/** Whether a call to the number is refused, from an address of its own. */
async function isRefused(fixture: Fixture, address: string): Promise<boolean> {
  const response = await fixture.post(callRequest({ phone: number, country: 'GB' }), { address });
  assert.ok(response.status === 202 || response.status === 429, `${String(response.status)} ${await response.text()}`);
  return response.status === 429;
}

test('without the setting there is no page', async () => {
  assert.equal((await createFixture().request('/me')).status, 404);
  assert.equal((await submit(createFixture())).status, 404);
});

test('a number that is opted out is not called for 30 days, and then may be again', async () => {
  const fixture = opened();
  const response = await submit(fixture, '020 7946 0958');
  assert.equal(response.status, 200);
  assert.match(await response.text(), /will not call this number for at least 30 days/);
  assert.equal(await isRefused(fixture, '198.51.100.1'), true);
  fixture.clock.advance(30 * day - 60_000);
  assert.equal(await isRefused(fixture, '198.51.100.2'), true);
  fixture.clock.advance(120_000);
  await fixture.store.deleteExpired();
  assert.equal(await isRefused(fixture, '198.51.100.3'), false);
});

test('the capability of a call to the number confirms it for good; another one, or a forged one, does not', async () => {
  const fixture = opened();
  const mine = (await (await fixture.post(callRequest({ phone: number, country: 'GB' }))).json()) as CallAccepted;
  const other = (await (
    await fixture.post(callRequest({ phone: '+442079460959', country: 'GB' }), { address: '198.51.100.9' })
  ).json()) as CallAccepted;
  for (const [call, lasts] of [
    [`${mine.id}.${other.token}`, false],
    [`${other.id}.${other.token}`, false],
    [`${mine.id}.${mine.token}`, true],
  ] as const) {
    fixture.clock.advance(2 * day);
    await submit(fixture, number, { fields: { call } });
    assert.equal((await fixture.store.exportNumber(fixture.keyring.numberKeys(number))).suppressed, true);
    fixture.clock.advance(31 * day);
    const { suppressed } = await fixture.store.exportNumber(fixture.keyring.numberKeys(number));
    assert.equal(suppressed, lasts, call);
  }
});

test('an opt-out that does not end is not shortened, and one that ends is extended by the agent’s', async () => {
  const fixture = opened();
  const keys = fixture.keyring.numberKeys(number);
  await submit(fixture);
  await fixture.store.suppress(keys, 'webhook');
  await submit(fixture, number, { address: '198.51.100.1' });
  fixture.clock.advance(31 * day);
  await fixture.store.deleteExpired();
  assert.equal((await fixture.store.exportNumber(keys)).suppressed, true);
});

test('the answer is the same, byte for byte, and comes after the same time, whether or not a call exists', async () => {
  const answers: string[] = [];
  for (const [index, hasCall] of [true, false].entries()) {
    const fixture = opened();
    if (hasCall) await fixture.post(callRequest({ phone: number, country: 'GB' }));
    const start = fixture.clock.now();
    const response = await submit(fixture, number, { address: `198.51.100.${String(index)}` });
    const took = fixture.clock.now() - start;
    answers.push(`${String(response.status)} ${String(took >= 400 && took < 600)} ${await response.text()}`);
  }
  assert.equal(answers[0], answers[1]);
  assert.match(answers[0] ?? '', /^200 true /);
});

test('an address can opt out twenty numbers a day, a network two hundred, and nobody uses them up for others', async () => {
  const fixture = opened();
  const consumed: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    // Attempts are limited too, and refill.
    fixture.clock.advance(60_000);
    consumed.push((await submit(fixture, `+4477009${String(10_000 + n)}`, { address: '192.0.2.1' })).status);
  }
  assert.deepEqual(consumed, [...Array<number>(20).fill(200), ...Array<number>(5).fill(429)]);
  for (let n = 0; n < 250; n += 1)
    assert.equal(
      (await submit(fixture, `+4477009${String(20_000 + n)}`, { address: `10.1.${String(n)}.1` })).status,
      200,
    );
  const person = await submit(fixture, number, { address: '198.51.100.9' });
  assert.equal(person.status, 200);
  const { suppressed } = await fixture.store.exportNumber(fixture.keyring.numberKeys(number));
  assert.ok(suppressed, 'a person opts out after hundreds of strangers');
});

test('whoever repeats it for one number gets the same answer', async () => {
  const fixture = opened();
  const texts = new Set<string>();
  for (let n = 0; n < 6; n += 1)
    texts.add(await (await submit(fixture, number, { address: `10.2.${String(n)}.1` })).text());
  assert.equal(texts.size, 1);
});

test('a repetition counts after calls to the number were allowed again', async () => {
  const fixture = opened();
  for (const n of [1, 2, 3]) await submit(fixture, number, { address: `198.51.100.${String(n)}` });
  await fixture.store.unsuppress(fixture.keyring.numberKeys(number));
  assert.match(await (await submit(fixture, number, { address: '203.0.113.9' })).text(), /will not call this number/);
  assert.equal(await isRefused(fixture, '203.0.113.77'), true);
});

test('only the page’s own form is accepted', async () => {
  const fixture = opened();
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Content-Type': 'application/json' },
  ] as const)
    assert.equal((await submit(fixture, number, { headers })).status, 403, JSON.stringify(headers));
  const old = await fixture.request('/me', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://evil.example' },
    body: 'number=%2B442079460958',
  });
  assert.equal(old.status, 403);
  assert.equal(await isRefused(fixture, '198.51.100.1'), false);
});

test('text that is no number is asked for again, without repeating it', async () => {
  const fixture = opened();
  for (const typed of ['', '12', '"><script>alert(1)</script>', '9'.repeat(60)]) {
    const response = await submit(fixture, typed);
    assert.equal(response.status, 422, typed);
    assert.doesNotMatch(await response.text(), /alert\(1\)|9999999/);
  }
});

test('with proof of work, each solution works once and only from the address that it was made for', async () => {
  const fixture = opened({ env: { CHALLENGE: 'altcha' } });
  assert.equal((await submit(fixture)).status, 403);
  const html = await (await fixture.request('/me', { address: '198.51.100.1' })).text();
  assert.match(html, /<noscript>/);
  const solution = await solutionIn(html);
  assert.equal((await submit(fixture, number, { fields: { solution }, address: '198.51.100.2' })).status, 403);
  assert.equal((await submit(fixture, number, { fields: { solution }, address: '198.51.100.1' })).status, 200);
  const again = await submit(fixture, '+442079460959', { fields: { solution }, address: '198.51.100.1' });
  assert.equal(again.status, 403);
});

test('the page has a strict policy, and nothing on it comes from the request', async () => {
  const fixture = opened({ env: { BUSINESS_NAME: 'A & <B>', BUSINESS_PHONE: '+442079460958' } });
  const response = await fixture.request('/me?number=%22%3E%3Cscript%3E', {
    headers: { 'Accept-Language': '__proto__, constructor' },
  });
  assert.equal(response.status, 200);
  const html = await response.text();
  assert.match(html, /A &amp; &lt;B>|A &amp; &lt;B&gt;/);
  assert.match(html, /tel:\+442079460958/);
  assert.match(html, /<html lang="en">/);
  assert.match(
    response.headers.get('content-security-policy') ?? '',
    /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
  );
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('the page speaks the element’s languages, and every text keeps its placeholders', async () => {
  assert.deepEqual(Object.keys(optOutTexts).sort(), ['en', ...Object.keys(languages)].sort());
  const { en } = optOutTexts;
  const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
  for (const [lang, texts] of Object.entries(optOutTexts))
    for (const key of Object.keys(texts) as (keyof OptOutTexts)[])
      assert.deepEqual(placeholders(texts[key]), placeholders(en?.[key] ?? ''), `${lang}: ${key}`);
  const fixture = opened();
  for (const [accepted, lang] of [
    ['de-CH,de;q=0.9,en;q=0.8', 'de'],
    ['no', 'nb'],
    ['xx, ar', 'ar" dir="rtl'],
    ['', 'en'],
  ] as const) {
    const html = await (await fixture.request('/me', { headers: { 'Accept-Language': accepted } })).text();
    assert.ok(html.includes(`<html lang="${lang}">`), accepted);
  }
});

test('neither the number nor the capability is logged', async () => {
  const fixture = opened();
  await submit(fixture, number, { fields: { call: 'abc.token-canary' } });
  assert.match(fixture.lines.join('\n'), /"event":"opt-out".*"outcome":"done"/);
  assert.doesNotMatch(fixture.lines.join('\n'), /2079460958|canary/);
});
