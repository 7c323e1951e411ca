// The requested number, and nothing else, is removed from the consent record, in every common spelling.
// Mutations that turn a test red: mask-number.ts: drop the separators, the other scripts' digits, the codes before the number, or the search for its digits

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskNumber, maskNumberInPath } from '../../../src/proxy/gates/mask-number.js';
import { acceptedOf, callRequest, createFixture } from '../fixtures/app.js';

const e164 = '+442079460958';

for (const spelled of [
  '+442079460958',
  '00442079460958',
  '020 7946 0958',
  '+44 (0)20 7946 0958',
  '(020) 7946-0958',
  '020.7946.0958',
  '+44–20–7946–0958',
  '2079460958',
  '٠٢٠٧٩٤٦٠٩٥٨',
  '０２０ ７９４６ ０９５８',
]) {
  test(`${spelled} is masked`, () => {
    assert.equal(maskNumber(`Call me on ${spelled}, please.`, e164), 'Call me on [number], please.');
  });
}

test('other digits stay: dates, other numbers, and the surrounding text', () => {
  const text = 'On 3 March 2026 at 10:30, offer 4420, call +44 20 7946 0000 or 020 7946 0957.';
  assert.equal(maskNumber(text, e164), text);
});

test('every occurrence is masked, and a text full of digits is processed quickly', () => {
  assert.equal(maskNumber('020 7946 0958 / 02079460958', e164).match(/\[number\]/g)?.length, 2);
  assert.equal(maskNumber('0'.repeat(4_000), e164), '0'.repeat(4_000));
  assert.equal(maskNumber('+4 '.repeat(1_000), e164), '+4 '.repeat(1_000));
});

test('a text without the number compiles no pattern', (t) => {
  const original = globalThis.RegExp;
  let compiled = 0;
  globalThis.RegExp = new Proxy(original, {
    construct: (target, values) => {
      // Not a literal, which some transpilers write like this.
      if (String(values[0]).includes('\\p{L}')) compiled += 1;
      return Reflect.construct(target, values) as RegExp;
    },
  });
  t.after(() => (globalThis.RegExp = original));
  for (const text of [
    'Example may call me with an AI voice now.',
    'On 3 March 2026 at 10:30, offer 4420.',
    '020 7946 0957',
  ])
    assert.equal(maskNumber(text, e164), text);
  assert.equal(compiled, 0);
  assert.equal(maskNumber('020 7946 0958', e164), '[number]');
  assert.equal(compiled, 1);
});

test('an address is masked even when its number is escaped', () => {
  for (const path of ['/call/%2B442079460958', '/call/020%207946%200958', '/call/02079460958'])
    assert.equal(maskNumberInPath(`https://a.example${path}/x`, e164), 'https://a.example/call/%5Bnumber%5D/x', path);
  assert.equal(maskNumberInPath('https://a.example/b%20c/%E0%A4%A', e164), 'https://a.example/b%20c/%E0%A4%A');
});

test('the stored consent holds no number in clear', async () => {
  const fixture = createFixture();
  const consent = { text: 'Call me on 020 7946 0958.', source: 'page' } as const;
  const page = 'https://a.example/c/02079460958';
  const [locale, widgetVersion] = ['en-x-02079460-958', 'v+442079460958'];
  await acceptedOf(await fixture.post(callRequest({ consent, page, locale, widgetVersion })));
  const { calls } = await fixture.store.exportNumber(fixture.keyring.numberKeys(e164));
  assert.equal(calls[0]?.consent?.text, 'Call me on [number].');
  assert.equal(calls[0]?.consent?.page, 'https://a.example/c/%5Bnumber%5D');
  assert.equal(calls[0]?.consent?.locale, 'en-x-[number]');
  assert.equal(calls[0]?.consent?.widgetVersion, 'v[number]');
  assert.match(calls[0]?.consent?.hash ?? '', /^[0-9a-f]{16}$/);
});
